/** A person deletes runs, takes it back, deletes again, and restores from the deleted ones. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { expectNames, grid, rowOf } from './run-table.ts';
import { createExperiment, createRuns, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();

describe('deleting and restoring runs', () => {
  for (const theme of themes) {
    it(`deletes what is ticked, undoes it, and restores from the deleted (${theme})`, async () => {
      const experiment = await createExperiment(server, `bin ${theme}`);
      const names = Array.from({ length: 6 }, (_, index) => `run-${index}`);
      await createRuns(
        server,
        experiment,
        names.map((name, index) => ({
          name,
          started: 1_700_000_000_000 + index * 1000,
          metrics: { loss: [index] },
        })),
      );
      const newestFirst = names.toReversed();
      const page = await browser.open(`${server.url}/experiments/${experiment}`, { theme });
      await expectNames(page, newestFirst);

      await page.getByRole('checkbox', { name: 'Select run-4' }).check();
      await page.getByRole('checkbox', { name: 'Select run-2' }).click({ modifiers: ['Shift'] });
      await page.getByText('3 selected').waitFor();
      await assertAccessible(page, `a selection, ${theme}`);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await expectNames(page, ['run-5', 'run-1', 'run-0']);

      await page.getByRole('button', { name: 'Undo' }).click();
      await expectNames(page, newestFirst);
      await page.getByText('Undone: 3 runs restored').waitFor();

      await rowOf(page, 'run-5').getByRole('rowheader').click();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Delete');
      await expectNames(page, ['run-4', 'run-3', 'run-2', 'run-1', 'run-0']);
      await page.getByText('1 run deleted').waitFor();
      await page.keyboard.press('u');
      await expectNames(page, newestFirst);

      await page.getByRole('checkbox', { name: 'Select all matching runs' }).click();
      await page.getByText('6 selected').waitFor();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('heading', { name: 'No runs yet' }).waitFor();

      await page.getByRole('button', { name: 'Deleted', exact: true }).click();
      await expectNames(page, newestFirst);
      assert.equal(new URL(page.url()).searchParams.get('view'), 'deleted');
      assert.equal(await grid(page).getAttribute('aria-label'), `Deleted runs of bin ${theme}`);
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.getByRole('button', { name: 'Restore', exact: true }).click();
      await expectNames(page, newestFirst.slice(1));
      await page.getByRole('button', { name: 'Active', exact: true }).click();
      await expectNames(page, ['run-5']);
    });
  }

  it('sees what somebody else deletes', async () => {
    const experiment = await createExperiment(server, 'two people');
    const [first] = await createRuns(server, experiment, [
      { name: 'theirs', started: 1_700_000_000_000 },
      { name: 'mine', started: 1_700_000_001_000 },
    ]);
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await expectNames(page, ['mine', 'theirs']);
    await page.getByText('Live', { exact: true }).waitFor();
    await server.call('DELETE', `/runs/${first}`);
    await expectNames(page, ['mine']);
    await page.getByText('1 run', { exact: true }).waitFor();
  });
});
