// How every script here starts the browser: Debian's Chromium, which phones nobody.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none'];

export async function openBrowser() {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('No Chromium: install the package chromium, or name one in CHROMIUM.');
  const profile = mkdtempSync(join(tmpdir(), 'jackfield-browser-'));
  const browser = await chromium.launch({ executablePath, args: FLAGS, env: { ...process.env, HOME: profile } });
  return {
    browser,
    async page(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, reducedMotion: 'reduce', ...options });
      const page = await context.newPage();
      page.troubles = [];
      page.on('console', (m) => m.type() === 'error' && page.troubles.push(`${m.text()} ${m.location().url}`));
      page.on('pageerror', (e) => page.troubles.push(String(e)));
      return page;
    },
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** The first press asks, and the second acts within five seconds; who was too slow presses again. */
export async function confirm(page, name, question) {
  for (let tries = 0; tries < 10; tries++) {
    await page.getByRole('button', { name }).click();
    const pressed = await page.getByRole('button', { name: question }).click({ timeout: 4_000 }).then(
      () => true,
      () => false,
    );
    if (pressed) return;
  }
  throw new Error(`“${question}” could not be pressed in time`);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The violations of WCAG 2.0 to 2.2, A and AA, one line each. */
export async function violations(page) {
  // Evaluated by the debugger, so the page's content security policy stands as it is.
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join(', ')})`);
}

/**
 * A page used as a person uses it, for a test that reads what was seen: prints one line for each thing, and the first
 * that fails ends it with its reason.
 */
export async function visit(pictures, steps) {
  if (pictures) mkdirSync(pictures, { recursive: true });
  const seen = (text) => console.log(`seen: ${text}`);
  const check = (good, text) => {
    if (!good) throw new Error(text);
    seen(text);
  };
  const chrome = await openBrowser();
  let page;
  const accessible = async (what) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const found = await violations(page);
      check(found.length === 0, `${what}, ${colorScheme}: 0 violations${found.map((v) => `\n  ${v}`).join('')}`);
      if (pictures) await page.screenshot({ path: join(pictures, `${what.replaceAll(' ', '-')}-${colorScheme}.png`) });
    }
  };
  try {
    page = await chrome.page();
    page.setDefaultTimeout(90_000);
    await steps({ page, seen, check, accessible });
    const troubles = page.troubles.filter((t) => !t.includes('401'));
    check(troubles.length === 0, `the browser's console is empty${troubles.map((t) => `\n  ${t}`).join('')}`);
  } catch (e) {
    console.log(`failed: ${e.message}`);
    if (page) {
      const picture = join(pictures ?? '.', 'failed.png');
      await page.screenshot({ path: picture });
      console.log(`what the page showed is in ${picture}; the browser said: ${page.troubles.join(' | ') || 'nothing'}`);
    }
    process.exitCode = 1;
  } finally {
    await chrome.close();
  }
}
