// Pictures of the page over the fake server, in both themes, to be looked at: node look.mjs DIR
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startFake } from '../fake/server.mjs';
import { openBrowser, violations } from './browser.mjs';

const out = process.argv[2] ?? 'target/look';
mkdirSync(out, { recursive: true });
const chrome = await openBrowser();
let bad = 0;

async function shoot(page, name) {
  await page.screenshot({ path: join(out, `${name}.png`) });
  const found = await violations(page);
  for (const line of found) console.log(`${name}: ${line}`);
  bad += found.length;
}

for (const colorScheme of ['light', 'dark']) {
  const fake = await startFake();
  const empty = await startFake({ calls: 0 });
  try {
    const page = await chrome.page({ colorScheme });
    page.setDefaultTimeout(6000);
    await page.goto(`${fake.url}/`);
    await page.getByLabel('API token').waitFor();
    await shoot(page, `${colorScheme}-0-login`);
    await page.goto(`${fake.url}/?login=once`);
    await page.locator('.call').first().waitFor();
    await page.mouse.move(5, 5);
    await shoot(page, `${colorScheme}-1-busy`);

    await page.locator('.call', { hasText: 'Chiara' }).first().click();
    await page.getByRole('heading', { level: 2 }).waitFor();
    await shoot(page, `${colorScheme}-2-session`);
    await page.keyboard.press('t');
    await page.getByLabel('To', { exact: true }).fill('60');
    await page.locator('.target [role=option]').first().waitFor();
    await page.locator('.verdict').first().waitFor();
    await shoot(page, `${colorScheme}-3-form`);
    await page.getByRole('radio', { name: 'Consult' }).click();
    await page.getByLabel('To', { exact: true }).fill('6001');
    await page.waitForTimeout(500);
    await shoot(page, `${colorScheme}-4-plan`);
    await page.getByRole('button', { name: 'Transfer to 6001' }).click();
    await page.getByText('6001 answered').waitFor();
    await page.mouse.move(5, 5);
    await shoot(page, `${colorScheme}-5-consulting`);
    await page.getByRole('button', { name: 'Complete' }).click();
    await page.locator('.requested').waitFor();
    await page.mouse.move(5, 5);
    await shoot(page, `${colorScheme}-6-requested`);
    await page.locator('.outcome').waitFor();
    await shoot(page, `${colorScheme}-7-outcome`);
    await page.keyboard.press('Escape');
    await page.locator('.grid').hover();
    for (let i = 0; i < 3; i++) fake.newCall();
    fake.endCall();
    await page.locator('.pill').waitFor();
    await shoot(page, `${colorScheme}-8-held-still`);
    await page.locator('.jack').first().click();
    await page.getByRole('heading', { name: 'What this PBX can do' }).waitFor();
    await shoot(page, `${colorScheme}-9-provider`);
    await page.getByRole('button', { name: 'Drivers' }).click();
    await page.getByText('Taking the calls over').first().waitFor();
    await shoot(page, `${colorScheme}-9-drivers`);
    await page.getByRole('button', { name: 'Let the calls go' }).scrollIntoViewIfNeeded();
    await shoot(page, `${colorScheme}-9-shares`);
    await page.keyboard.press('?');
    await shoot(page, `${colorScheme}-a-keys`);
    await page.keyboard.press('Escape');
    await page.locator('.call', { hasText: 'Bob' }).first().click();
    fake.close();
    await page.locator('.stale').waitFor();
    await shoot(page, `${colorScheme}-b-gone`);

    const other = await chrome.page({ colorScheme });
    await other.goto(`${empty.url}/?login=once`);
    await other.locator('.empty').waitFor();
    await shoot(other, `${colorScheme}-c-empty`);
    await other.getByRole('button', { name: 'Drivers' }).click();
    await other.getByRole('heading', { name: 'Drivers' }).waitFor();
    await shoot(other, `${colorScheme}-c-empty-drivers`);

    const again = await startFake();
    again.restart();
    const third = await chrome.page({ colorScheme });
    await third.goto(`${again.url}/?login=once`);
    await third.locator('.recovering button').click();
    await third.locator('.transfer .recovered').waitFor();
    await third.mouse.move(5, 5);
    await shoot(third, `${colorScheme}-d-recovering`);
    again.close();
    for (const trouble of page.troubles.filter((t) => !/401|ERR_CONNECTION|ERR_SOCKET|INCOMPLETE/.test(t))) { console.log(`console: ${trouble}`); bad++; }
  } catch (e) {
    console.log(String(e).split('\n')[0]);
    for (const p of chrome.browser.contexts().flatMap((c) => c.pages())) console.log(p.troubles, await p.screenshot({ path: join(out, 'failed.png') }) && 'see failed.png');
    bad++;
  } finally {
    fake.close();
    empty.close();
  }
}
{
  const fake = await startFake();
  const page = await chrome.page({ colorScheme: 'light', viewport: { width: 390, height: 844 } });
  await page.goto(`${fake.url}/?login=once`);
  await page.locator('.call').first().waitFor();
  await shoot(page, 'small-1-list');
  await page.locator('.call').first().click();
  await page.getByRole('heading', { level: 2 }).waitFor();
  await shoot(page, 'small-2-session');
  fake.close();
}
await chrome.close();
console.log(`${bad} troubles`);
process.exitCode = bad ? 1 : 0;
