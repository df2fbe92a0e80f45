// The console of a server that was killed while 1000 consulted 6001 for 1001, and does not find its PBX until this
// script gives the address back: node recovering.mjs LINK AWAY ADDRESS [PICTURE-FOLDER]
import { renameSync } from 'node:fs';
import { visit } from './browser.mjs';

const [link, away, address, pictures] = process.argv.slice(2);

await visit(pictures, async ({ page, seen, check, accessible }) => {
  await page.goto(link);
  const strip = page.getByRole('region', { name: 'Recovering after a restart' });
  await strip.waitFor();
  await strip.getByText('A transfer waits for the PBX').waitFor();
  seen('the page tells of a transfer that recovers');
  await strip.getByRole('button').click();
  const transfer = page.getByRole('region', { name: 'Transfer under way' });
  await transfer.getByText('Last known: consulting, 6001 answered').first().waitFor();
  seen('its call says what was known last');
  const complete = transfer.getByRole('button', { name: 'Complete' });
  await complete.focus();
  await page.locator('.tip', { hasText: 'Not before the PBX' }).waitFor();
  seen('no step may be taken until its PBX is back');
  await page.getByRole('heading', { level: 2 }).focus();
  await accessible('recovering');

  renameSync(away, address);
  const told = transfer.locator('.recovered');
  await told.getByText('it goes on, consulting').waitFor({ timeout: 120_000 });
  const lines = (await told.locator('.what').allTextContents()).join('\n');
  check(/^the server was started again.*\nthe PBX is back and shows .*6001: connected\n(.*not asked for again\n)+it goes on/.test(lines), 'what was found and decided is told');
  seen(lines);
  await strip.waitFor({ state: 'detached' });
  await page.locator('.call', { hasText: 'Transferring' }).waitFor();
  seen('the call is in the list again, under way');
  await accessible('recovered');

  await complete.click();
  const outcome = page.locator('.outcome', { hasText: 'Completed' });
  await outcome.waitFor();
  check((await outcome.textContent()).includes('Verified'), 'the transfer is completed, verified');
});
