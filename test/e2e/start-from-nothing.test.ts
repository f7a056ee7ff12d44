/** A person opens a new server: the page says how to begin, asks for the token where there is one, and fills by itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { grid, rowOf } from './run-table.ts';
import { createRun, startServer } from './server.ts';

const token = 'a-token-of-some-length';
const server = await startServer();
const guarded = await startServer({ env: { CAIRN_TOKEN: token } });
const browser = await launchBrowser();

describe('starting from nothing', () => {
  for (const theme of themes) {
    it(`teaches the first lines (${theme})`, async () => {
      const page = await browser.open(server.url, { theme });
      await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
      const code = await page.locator('pre').innerText();
      assert.equal(code.trim().split('\n').length, 3);
      assert.ok(code.includes(`mlflow.set_tracking_uri("${server.url}")`));
      await assertAccessible(page, `the empty table, ${theme}`);
    });
  }

  it('fills by itself with the first run', async () => {
    const page = await browser.open(server.url);
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await createRun(server, '0', { name: 'the-first', metrics: { loss: [0.5, 0.25] } });
    await rowOf(page, 'the-first').waitFor();
    await grid(page).getByText('0.2500').waitFor();
  });

  it('pins a theme against the system, and keeps it', async () => {
    const page = await browser.open(server.url, { theme: 'light' });
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.getByRole('button', { name: 'Theme: As the system' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    const dark = await background();
    assert.notEqual(dark, light);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: Dark' }).waitFor();
    assert.equal(await background(), dark);
  });

  it('says what is not there', async () => {
    const page = await browser.open(`${server.url}/experiments/4711`);
    await page.getByRole('heading', { name: 'There is no experiment 4711 here' }).waitFor();
    await assertAccessible(page, 'an experiment that does not exist');
    await page.getByRole('link', { name: 'Open the most recent one' }).click();
    await page.getByRole('heading', { name: 'Default' }).waitFor();
  });

  it('asks for the token, refuses a wrong one, and goes on with the right one', async () => {
    await createRun(guarded, '0', { name: 'behind-the-door' });
    const page = await browser.open(guarded.url);
    await page.getByRole('heading', { name: 'This server asks for a token' }).waitFor();
    await assertAccessible(page, 'the token prompt');
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The server did not accept that token.').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await rowOf(page, 'behind-the-door').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.reload();
    await rowOf(page, 'behind-the-door').waitFor();
  });
});
