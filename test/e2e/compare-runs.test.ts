/** A person ticks runs in the table and compares them: where they differ, and their curves over each other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { eventually, expectNames } from './run-table.ts';
import { createExperiment, createRuns, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();

describe('comparing runs', () => {
  for (const theme of themes) {
    it(`shows what differs, then what is equal, and the curves (${theme})`, async () => {
      const experiment = await createExperiment(server, `compare ${theme}`);
      await createRuns(
        server,
        experiment,
        [0.1, 0.2, 0.3, 0.4, 0.5].map((rate, index) => ({
          name: `run-${index}`,
          started: 1_700_000_000_000 + index * 1000,
          params: { lr: String(rate), optimizer: 'adamw' },
          metrics: {
            val_loss: Array.from({ length: 50 }, (_, step) => rate + Math.exp(-step / 10)),
            ...(index === 2 ? {} : { accuracy: [0.5, 0.9 - rate] }),
          },
        })),
      );
      const page = await browser.open(`${server.url}/experiments/${experiment}`, { theme });
      await expectNames(page, ['run-4', 'run-3', 'run-2', 'run-1', 'run-0']);
      await page.getByRole('checkbox', { name: 'Select all matching runs' }).click();
      await page.getByRole('button', { name: 'Compare 5' }).click();
      await page.getByRole('heading', { name: 'Compare 5 runs' }).waitFor();

      const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });
      await row('lr').waitFor();
      assert.equal(await row('optimizer').count(), 0);
      assert.match(await row('val_loss').innerText(), /0\.1074\s+\(best\)/);
      assert.match(await row('accuracy').innerText(), /not logged/);
      await page.getByRole('checkbox', { name: /^Also what is equal/ }).check();
      await row('optimizer').waitFor();

      const chart = page.getByRole('figure', { name: 'val_loss: 250 points' });
      await chart.scrollIntoViewIfNeeded();
      await eventually(async () => assert.equal(await chart.getAttribute('data-points'), '250'), page);
      await chart.locator('canvas').waitFor();
      await assertAccessible(page, `a comparison, ${theme}`);

      await page.getByRole('link', { name: 'run-3' }).click();
      await page.getByRole('heading', { name: 'run-3' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Compare 5 runs' }).waitFor();
      await page.goBack();
      await page.getByText('5 selected').waitFor();
    });
  }

  it('opens by key, and says what cannot be compared', async () => {
    const experiment = await createExperiment(server, 'two');
    await createRuns(server, experiment, [
      { name: 'a', started: 1e12 },
      { name: 'b', started: 1e12 + 1 },
    ]);
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await expectNames(page, ['b', 'a']);
    for (const key of ['j', 'x', 'j', 'x', 'c']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'Compare 2 runs' }).waitFor();
    await page.goto(`${server.url}/compare?runs=${'0'.repeat(32)}`);
    await page.getByRole('heading', { name: 'Nothing to compare' }).waitFor();
    await page.getByText('1 run is not here, or did not load.').waitFor();
  });
});
