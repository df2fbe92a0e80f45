// The console over a running server, as a person uses it: node console.mjs LINK DRIVER-JAR VERSION [PICTURE-FOLDER]
// Prints one line for each thing that was seen; the first that fails ends it with its reason.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, violations } from './browser.mjs';

const [link, driver, version, pictures] = process.argv.slice(2);
const seen = (text) => console.log(`seen: ${text}`);
const check = (good, text) => {
  if (!good) throw new Error(text);
  seen(text);
};

async function accessible(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const found = await violations(page);
    check(found.length === 0, `${what}, ${colorScheme}: 0 violations${found.map((v) => `\n  ${v}`).join('')}`);
    if (pictures) await page.screenshot({ path: join(pictures, `${what.replaceAll(' ', '-')}-${colorScheme}.png`) });
  }
}

if (pictures) mkdirSync(pictures, { recursive: true });
const chrome = await openBrowser();
let page;
try {
  page = await chrome.page();
  page.setDefaultTimeout(20_000);

  const answer = await page.goto(new URL('/sessions/unknown', link).href);
  check(/default-src 'self'/.test(answer.headers()['content-security-policy']) && !/unsafe/.test(answer.headers()['content-security-policy']), 'a deep link is answered under a strict policy');
  await page.getByLabel('API token').waitFor();
  seen('without a login there is only the login');

  await page.goto(link);
  await page.locator('.call').first().waitFor();
  check(!page.url().includes('code='), 'the one-time link logs in and leaves no code in the address');
  await accessible(page, 'the list');

  // A connected call of two, found and opened with the keyboard alone.
  await page.getByRole('button', { name: /^Connected/ }).click();
  const name = (await page.locator('.call .party .address, .call .party .name').first().textContent()).trim();
  await page.keyboard.press('/');
  await page.keyboard.type(name.slice(0, 20));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2 }).waitFor();
  check(/\/sessions\/.+/.test(new URL(page.url()).pathname), 'the search and Enter open a call at an address of its own');
  await accessible(page, 'one call');

  const off = page.locator('.panel .button[aria-disabled=true]').first();
  await off.focus();
  check((await page.locator('.tip').textContent()).length > 5, 'a button that is off takes the focus and tells why');
  await page.keyboard.press('Escape');

  await page.keyboard.press('t');
  const to = page.getByLabel('To', { exact: true });
  await to.fill('6001');
  await page.locator('.verdict').first().waitFor();
  seen(`the plan before anything is sent: ${(await page.locator('.verdict').first().textContent()).trim()}`);
  await accessible(page, 'the transfer form');
  await to.press('Enter');
  await page.locator('.transfer').first().waitFor();
  seen('Enter sends it, and the call shows its transfer');
  await page.locator('.outcome', { hasText: 'Completed' }).waitFor();
  check((await page.locator('.outcome').textContent()).includes('Verified'), 'the transfer to 6001 is completed, verified');
  check((await page.locator('.panel .legs').textContent()).includes('6001'), '6001 is a party of the call');
  await accessible(page, 'the outcome');

  // Consulted, and taken back: 6003 rings for ever.
  await page.keyboard.press('t');
  await page.getByRole('radio', { name: 'Consult' }).click();
  await to.fill('6003');
  await page.locator('.verdict').first().waitFor();
  await to.press('Enter');
  await page.locator('.hint', { hasText: '6003 rings' }).waitFor();
  seen('a consultation says that 6003 rings');
  await page.getByRole('button', { name: 'Alternate', exact: true }).first().focus();
  await accessible(page, 'the consultation');
  await page.getByRole('group', { name: 'Steps of the transfer' }).getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.outcome', { hasText: 'Reverted' }).waitFor();
  check((await page.locator('.outcome').textContent()).includes('Verified'), 'the consultation of 6003 is cancelled: reverted, verified');

  await page.keyboard.press('Escape');
  await page.locator('.panel').waitFor({ state: 'detached' });
  seen('Escape closes the call');
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
  await accessible(page, 'the shortcuts');
  await page.keyboard.press('Escape');

  // Another version of the driver comes in under the calls, and goes again.
  await page.getByRole('button', { name: 'Drivers' }).click();
  const inUse = page.getByRole('list', { name: 'In use' });
  check(!(await inUse.textContent()).includes(version), `the PBX is not served by ${version} yet`);
  await page.locator('input[type=file]').setInputFiles(driver);
  await inUse.getByText(version).waitFor();
  await page.getByText('Took over').waitFor();
  seen(`the driver ${version} has taken over: ${(await inUse.textContent()).trim()}`);
  await accessible(page, 'the drivers');
  await page.getByRole('button', { name: 'Take out' }).click();
  await page.getByRole('button', { name: 'Take it out now?' }).click();
  await page.getByText('Taken out').first().waitFor();
  await inUse.getByText(version).waitFor({ state: 'detached' });
  seen(`the version before serves again: ${(await inUse.textContent()).trim()}`);
  check((await page.locator('.call').count()) > 0, 'the calls are there');
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
