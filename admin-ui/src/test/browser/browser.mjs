// How every script here starts the browser: Debian's Chromium, which phones nobody.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The violations of WCAG 2.0 to 2.2, A and AA, one line each. */
export async function violations(page) {
  // Evaluated by the debugger, so the page's content security policy stands as it is.
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join(', ')})`);
}
