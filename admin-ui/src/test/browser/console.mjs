// The console over a running server, as a person uses it: node console.mjs LINK DRIVER-JAR VERSION NEXT-JAR [PICTURE-FOLDER]
// Prints one line for each thing that was seen; the first that fails ends it with its reason.
import { confirm, visit } from './browser.mjs';

const [link, driver, version, next, pictures] = process.argv.slice(2);

await visit(pictures, async ({ page, seen, check, accessible }) => {
  const answer = await page.goto(new URL('/sessions/unknown', link).href);
  check(/default-src 'self'/.test(answer.headers()['content-security-policy']) && !/unsafe/.test(answer.headers()['content-security-policy']), 'a deep link is answered under a strict policy');
  await page.getByLabel('API token').waitFor();
  seen('without a login there is only the login');

  await page.goto(link);
  await page.locator('.call').first().waitFor();
  check(!page.url().includes('code='), 'the one-time link logs in and leaves no code in the address');
  await accessible('the list');

  // A connected call of two, found and opened with the keyboard alone.
  await page.getByRole('button', { name: /^Connected/ }).click();
  const name = (await page.locator('.call .party .address, .call .party .name').first().textContent()).trim();
  await page.keyboard.press('/');
  await page.keyboard.type(name.slice(0, 20));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2 }).waitFor();
  check(/\/sessions\/.+/.test(new URL(page.url()).pathname), 'the search and Enter open a call at an address of its own');
  await accessible('one call');

  const off = page.locator('.panel .button[aria-disabled=true]').first();
  await off.focus();
  await page.locator('.tip').waitFor();
  check((await page.locator('.tip').textContent()).length > 5, 'a button that is off takes the focus and tells why');
  await page.keyboard.press('Escape');

  await page.keyboard.press('t');
  const to = page.getByLabel('To', { exact: true });
  await to.fill('6001');
  await page.locator('.verdict').first().waitFor();
  seen(`the plan before anything is sent: ${(await page.locator('.verdict').first().textContent()).trim()}`);
  await accessible('the transfer form');
  await to.press('Enter');
  await page.locator('.transfer').first().waitFor();
  seen('Enter sends it, and the call shows its transfer');
  await page.locator('.outcome', { hasText: 'Completed' }).waitFor();
  check((await page.locator('.outcome', { hasText: 'Completed' }).textContent()).includes('Verified'), 'the transfer to 6001 is completed, verified');
  await page.locator('.panel .legs', { hasText: '6001' }).waitFor();
  seen('6001 is a party of the call');
  await accessible('the outcome');

  // Consulted, and taken back: 6003 rings for ever.
  await page.keyboard.press('t');
  await page.getByRole('radio', { name: 'Consult' }).click();
  await to.fill('6003');
  await page.locator('.verdict').first().waitFor();
  await to.press('Enter');
  await page.locator('.hint', { hasText: '6003 rings' }).waitFor();
  seen('a consultation says that 6003 rings');
  await page.getByRole('button', { name: 'Alternate', exact: true }).first().focus();
  await accessible('the consultation');
  await page.getByRole('group', { name: 'Steps of the transfer' }).getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.outcome', { hasText: 'Reverted' }).waitFor();
  check((await page.locator('.outcome', { hasText: 'Reverted' }).textContent()).includes('Verified'), 'the consultation of 6003 is cancelled: reverted, verified');

  await page.keyboard.press('Escape');
  await page.locator('.panel').waitFor({ state: 'detached' });
  seen('Escape closes the call');
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
  await accessible('the shortcuts');
  await page.keyboard.press('Escape');

  // Another version of the driver comes in under the calls, and goes again.
  await page.getByRole('button', { name: 'Drivers' }).click();
  const inUse = page.getByRole('list', { name: 'In use' });
  check(!(await inUse.textContent()).includes(version), `the PBX is not served by ${version} yet`);
  await page.locator('input[type=file]').setInputFiles(driver);
  await inUse.getByText(version).waitFor();
  await page.getByText('Took over').waitFor();
  seen(`the driver ${version} has taken over: ${(await inUse.textContent()).trim()}`);
  await accessible('the drivers');
  await confirm(page, 'Take out', 'Take it out now?');
  await page.getByText('Taken out').first().waitFor();
  await inUse.getByText(version).waitFor({ state: 'detached' });
  seen(`the version before serves again: ${(await inUse.textContent()).trim()}`);

  // The next one is only checked, then serves a share of the new calls, and goes back when that is asked.
  await page.getByLabel('Only check it, and keep it for a rollout').check();
  await page.locator('input[type=file]').setInputFiles(next);
  await page.getByText('Waits for its rollout').first().waitFor();
  await page.getByRole('button', { name: /^Roll out/ }).click();
  const shares = page.getByRole('list', { name: 'Shares' });
  await shares.getByText('5 % of the new calls').waitFor();
  seen(`the calls are shared: ${(await shares.textContent()).trim()}`);
  await accessible('the shares');
  await confirm(page, 'Roll back', 'Go back now?');
  await shares.waitFor({ state: 'detached' });
  seen('the share is taken back');
  check((await page.locator('.call').count()) > 0, 'the calls are there');
});
