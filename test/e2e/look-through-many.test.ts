/** A person scrolls through more runs and more metrics than a screen, or a page of an answer, holds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { launchBrowser } from './browser.ts';
import { eventually, expectCell, grid, names, rowOf } from './run-table.ts';
import { createExperiment, createRun, createRuns, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();

describe('looking through many', () => {
  it('reaches any of 2,500 runs, and draws only those in sight', async () => {
    const experiment = await createExperiment(server, 'many runs');
    const count = 2500;
    for (let from = 0; from < count; from += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          server.call('POST', '/runs', {
            experiment,
            name: `run-${from + index}`,
            started: 1e12 + from + index,
          }),
        ),
      );
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await rowOf(page, `run-${count - 1}`).waitFor();
    await page.getByText('2,500 runs', { exact: true }).waitFor();
    assert.equal(await grid(page).getAttribute('aria-rowcount'), '2501');

    await grid(page).evaluate((element) => element.scrollTo(0, 1800 * 30));
    await rowOf(page, `run-${count - 1 - 1805}`).waitFor();
    await grid(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('G');
    await rowOf(page, 'run-0').waitFor();
    assert.equal((await names(page)).at(-1), 'run-0');
    assert.ok((await grid(page).getByRole('row').count()) < 80);

    // And back, to what was loaded before.
    await page.keyboard.press('g');
    await rowOf(page, `run-${count - 1}`).waitFor();
  });

  it('says that there are at least so many where counting stopped, and reads on behind them', async () => {
    const experiment = await createExperiment(server, 'uncounted');
    await createRuns(
      server,
      experiment,
      Array.from({ length: 250 }, (_, index) => ({ name: `run-${index}` })),
    );
    const page = await browser.open('about:blank');
    // As a server answers whose budget for counting ended at 120.
    await page.route('**/api/v1/runs/search*', async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      const stopped = 'total' in answer ? { total: 120, matching: 120, countComplete: false } : {};
      await route.fulfill({ response, json: { ...answer, ...stopped } });
    });
    await page.goto(`${server.url}/experiments/${experiment}`);
    await rowOf(page, 'run-249').waitFor();
    await page.getByText('120+ runs', { exact: true }).waitFor();
    assert.equal(await grid(page).getAttribute('aria-rowcount'), '-1');
    await eventually(async () => {
      await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
      assert.equal(await rowOf(page, 'run-0').count(), 1);
    }, page);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('finds one of 3,000 metrics, and draws only the columns in sight', async () => {
    const experiment = await createExperiment(server, 'many metrics');
    const metrics = (offset: number) =>
      Object.fromEntries(
        Array.from({ length: 900 }, (_, index) => [`layer.${index}.grad_norm`, [index + offset]]),
      );
    await createRuns(
      server,
      experiment,
      [0.25, 0.5].map((offset, index) => ({ name: `wide-${index}`, metrics: metrics(offset) })),
    );
    await createRun(server, experiment, { name: 'wide-2', metrics: { loss: [0.1] } });
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await rowOf(page, 'wide-2').waitFor();
    assert.ok((await grid(page).getByRole('columnheader').count()) <= 12, 'a handful of columns at first');

    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByText('There are more. Search finds them by name.').waitFor();
    await page.getByRole('searchbox').fill('layer.777.');
    await page.getByRole('checkbox', { name: /^layer\.777\.grad_norm/ }).check();
    await page.keyboard.press('Escape');
    await grid(page).evaluate((element) => element.scrollTo(element.scrollWidth, 0));
    await expectCell(page, 'wide-1', 'layer.777.grad_norm', '777.50');

    const all = Array.from({ length: 500 }, (_, index) => `metrics.layer.${index}.grad_norm.last`).join();
    await page.goto(`${server.url}/experiments/${experiment}?cols=${all}`);
    await rowOf(page, 'wide-2').waitFor();
    await eventually(async () => assert.ok((await grid(page).getByRole('gridcell').count()) < 80), page);
    await grid(page).evaluate((element) => element.scrollTo(element.scrollWidth, 0));
    await expectCell(page, 'wide-1', 'layer.499.grad_norm', '499.50');
  });

  it('finds any metric of a run that has more than its page shows', async () => {
    const experiment = await createExperiment(server, 'one wide run');
    const run = await createRun(server, experiment, { name: 'wide' });
    for (const from of [0, 600]) {
      const metrics = Array.from({ length: 600 }, (_, index) => {
        const layer = String(from + index).padStart(4, '0');
        return { key: `layer.${layer}.norm`, value: from + index, step: 0, time: 1 };
      });
      await server.call('POST', `/runs/${run}/log`, { metrics });
    }
    const page = await browser.open(`${server.url}/runs/${run}`);
    await page.getByText('more than 1,000 metrics: search finds those that are not shown').waitFor();
    const result = page.getByRole('region', { name: 'Result' });
    await page.getByRole('searchbox', { name: 'Search metrics by name' }).fill('LAYER.1199');
    await result.getByRole('rowheader', { name: 'layer.1199.norm' }).waitFor();
    assert.equal(await result.getByRole('rowheader').count(), 1);
    await page.getByRole('searchbox', { name: 'Search metrics by name' }).fill('nothing');
    await result.getByText('No metric is called “nothing”.').waitFor();
  });
});
