// The README's picture, from a running demo: node picture.mjs LINK FILE
import { openBrowser } from './browser.mjs';

const [link, file] = process.argv.slice(2);
const chrome = await openBrowser();
const page = await chrome.page({ colorScheme: 'dark' });
page.setDefaultTimeout(20_000);
await page.goto(link);
await page.locator('.call', { hasText: 'Connected' }).nth(2).click();
await page.keyboard.press('t');
await page.getByRole('radio', { name: 'Consult' }).click();
await page.getByLabel('To', { exact: true }).fill('6001');
await page.locator('.verdict').first().waitFor();
await page.keyboard.press('Enter');
await page.locator('.hint', { hasText: 'talks with 6001' }).waitFor();
await page.mouse.move(700, 5);
await page.screenshot({ path: file });
await chrome.close();
