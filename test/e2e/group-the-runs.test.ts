/** A person asks which setting is best: groups the runs, sorts by a figure, opens a group, and looks at its runs alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { eventually, expectNames } from './run-table.ts';
import { createExperiment, createRuns, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();

/** The heads of the rows that are no runs of an open group. */
function groups(page: Page): Promise<string[]> {
  return page.locator('.group-opener').allInnerTexts();
}

async function expectGroups(page: Page, expected: readonly string[]): Promise<void> {
  await eventually(async () => {
    const found = (await groups(page)).map((text) => text.replace(/\s+/g, ' ').trim());
    assert.deepEqual(found, expected);
  }, page);
}

describe('grouping runs', () => {
  for (const theme of themes) {
    it(`by one setting, by two, with figures of each group (${theme})`, async () => {
      const experiment = await createExperiment(server, `groups ${theme}`);
      await createRuns(
        server,
        experiment,
        Array.from({ length: 60 }, (_, index) => ({
          name: `run-${String(index).padStart(2, '0')}`,
          started: 1e12 + index * 60_000,
          user: index % 2 === 0 ? 'ada' : 'bob',
          params: { optimizer: ['adam', 'sgd', 'lion'][index % 3]!, lr: index < 30 ? '0.1' : '0.01' },
          ...(index % 3 === 2 ? {} : { tags: { team: 'vision' } }),
          metrics: { loss: [1, 0.1 + (index % 3) * 0.2 + index / 1000], accuracy: [0.9 - (index % 3) / 10] },
        })),
      );
      const cols = 'run.state,metrics.loss.min,metrics.accuracy.max,params.optimizer,params.lr,tags.team';
      const page = await browser.open(`${server.url}/experiments/${experiment}?cols=${cols}&charts=off`, {
        theme,
      });
      await page.getByLabel('Group by').selectOption({ label: 'optimizer' });
      await expectGroups(page, ['adam', 'lion', 'sgd']);
      const row = (name: string) =>
        page.getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });
      assert.match(
        (await row('adam').innerText()).replace(/\s+/g, ' '),
        /^adam 20 .* 0\.1000 0\.1285 0\.1570/,
      );

      // By a figure, the worst first, then the best.
      await page.getByRole('button', { name: 'Sort by loss mean' }).click();
      await expectGroups(page, ['adam', 'sgd', 'lion']);
      await page.getByRole('button', { name: 'Sort by loss mean' }).click();
      await expectGroups(page, ['lion', 'sgd', 'adam']);
      await page.getByLabel('then by').selectOption({ label: 'team' });
      await expectGroups(page, ['lion not set', 'sgd vision', 'adam vision']);
      assert.equal(new URL(page.url()).searchParams.get('by'), 'params.optimizer,tags.team');

      // A group opens to its runs, by keyboard.
      await page.locator('.group-opener').first().focus();
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'run-59' }).waitFor();
      assert.equal(await page.getByRole('rowheader', { name: /^run-/ }).count(), 20);
      await assertAccessible(page, `groups, ${theme}`);
      await picture(page, `groups-${theme}`);

      await page.getByRole('button', { name: 'Only these, as a table' }).click();
      await page.getByRole('grid').waitFor();
      await eventually(async () => assert.match(page.url(), /optimizer/), page);
      await page.getByText('20 matching of 60 runs').waitFor();
      await page.goBack();
      await expectGroups(page, ['lion not set', 'sgd vision', 'adam vision']);
    });
  }

  it('says so where nothing passes the filter, and groups on a phone', async () => {
    const experiment = await createExperiment(server, 'few groups');
    await createRuns(server, experiment, [
      { name: 'a', params: { lr: '1' }, metrics: { loss: [1] } },
      { name: 'b', params: { lr: '2' }, metrics: { loss: [2] }, state: 'failed' },
    ]);
    const page = await browser.open(`${server.url}/experiments/${experiment}?by=run.state`, {
      phone: true,
      width: 390,
    });
    await expectGroups(page, ['FINISHED', 'FAILED']);
    await picture(page, 'groups-phone');
    await page.goto(`${server.url}/experiments/${experiment}?sort=run.name`);
    await expectNames(page, ['a', 'b']);
  });
});
