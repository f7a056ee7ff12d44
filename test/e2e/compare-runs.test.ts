/** A person ticks runs in the table and compares them: where they differ, and their curves over each other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
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
      await picture(page, `compare-curves-${theme}`);

      await page.getByRole('link', { name: 'run-3' }).click();
      await page.getByRole('heading', { name: 'run-3' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Compare 5 runs' }).waitFor();
      await page.goBack();
      await page.getByText('5 selected').waitFor();
    });
  }

  it('follows runs that still train, and switches the value that counts', async () => {
    const experiment = await createExperiment(server, 'still training');
    const ids = await createRuns(
      server,
      experiment,
      [0.5, 0.4].map((loss, index) => ({
        name: `live-${index}`,
        started: Date.now() + index,
        state: 'running' as const,
        params: { lr: String(10 ** -index), optimizer: index === 0 ? 'adamw' : 'sgd' },
        metrics: { val_loss: [loss, loss + 0.1] },
      })),
    );
    const page = await browser.open(`${server.url}/compare?runs=${ids.join()}`);
    const row = page.getByRole('row', { name: /^val_loss / });
    await eventually(async () => assert.match(await row.innerText(), /0\.5000\s+0\.4000\s+\(best\)/), page);
    await page.getByText('Live', { exact: true }).waitFor();
    await server.call('POST', `/runs/${ids[0]}/log`, {
      metrics: [{ key: 'val_loss', value: 0.2, step: 2, time: Date.now() }],
    });
    await eventually(async () => assert.match(await row.innerText(), /0\.2000\s+\(best\)\s+0\.4000/), page);
    const chart = page.getByRole('figure', { name: 'val_loss: 5 points' });
    await chart.scrollIntoViewIfNeeded();
    await eventually(async () => assert.equal(await chart.getAttribute('data-points'), '5'), page);

    await page.getByRole('button', { name: 'Max', exact: true }).click();
    await eventually(async () => assert.match(await row.innerText(), /0\.6000\s+0\.5000\s+\(best\)/), page);
    assert.equal(new URL(page.url()).searchParams.get('agg'), 'max');
  });

  it('compares 50 runs: groups their curves, places them by two columns, exports them', async () => {
    const experiment = await createExperiment(server, 'fifty');
    const ids = await createRuns(
      server,
      experiment,
      Array.from({ length: 50 }, (_, index) => {
        const [rate, optimizer] = [10 ** -(1 + (index % 10) / 3), ['adamw', 'sgd', 'lion'][index % 3]!];
        const end = 0.1 + Math.abs(Math.log10(rate) + 3) / 10 + (index % 3) / 50;
        return {
          name: `trial-${String(index).padStart(2, '0')}`,
          started: 1_700_000_000_000 + index * 1000,
          params: {
            lr: rate.toPrecision(3),
            optimizer,
            layers: String(2 + (index % 4)),
            seed: String(index),
          },
          metrics: {
            val_loss: Array.from({ length: 40 }, (_, step) => end + Math.exp(-step / (5 + (index % 7)))),
            epoch: Array.from({ length: 40 }, (_, step) => Math.floor(step / 4)),
          },
        };
      }),
    );
    const page = await browser.open(`${server.url}/compare?runs=${ids.join()}`, {
      width: 1920,
      height: 1080,
    });
    await page.getByRole('heading', { name: 'Compare 50 runs' }).waitFor();
    await page.getByRole('row', { name: /^val_loss / }).waitFor();
    const scatter = page.getByRole('figure', { name: 'val_loss against lr' });
    assert.equal(await scatter.locator('circle').count(), 50);
    await scatter.getByText('lr (log)').waitFor();
    await page.getByLabel('Column of the x axis').selectOption('params.optimizer');
    await page.getByRole('figure', { name: 'val_loss against optimizer' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('scatter'), 'params.optimizer~metrics.val_loss');
    const parallel = page.getByRole('figure', { name: 'Parameters against val_loss' });
    assert.equal(await parallel.locator('.run-line').count(), 50);
    await picture(page, 'compare-fifty');

    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const lines = readFileSync(await saved.path(), 'utf8').split('\r\n');
    assert.equal(lines.length, 51);
    assert.match(lines[0]!, /^run,id,Metrics: val_loss,.*Parameters: lr/);

    const chart = page.getByRole('figure', { name: 'val_loss: 2,000 points' });
    await chart.scrollIntoViewIfNeeded();
    await eventually(async () => assert.equal(await chart.getAttribute('data-points'), '2000'), page);
    // Where five lines are too many for the head, a table goes with the pointer and counts the others.
    const plot = (await chart.locator('.u-over').boundingBox())!;
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    await chart.getByText('and 41 more lines').waitFor();
    assert.equal(await chart.locator('.chart-hover .nearest').count(), 1);
    await picture(page, 'compare-hover');

    await page.getByLabel('Group').selectOption('params.optimizer');
    await chart.getByText('line: mean of the group, band: least to most').waitFor();
    const legend = page.getByRole('list', { name: 'Lines' }).first();
    assert.deepEqual(
      (await legend.getByRole('listitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()),
      ['adamw 17 runs', 'sgd 17 runs', 'lion 16 runs'],
    );
    await page.getByLabel('Metric on the horizontal axis').selectOption('epoch');
    await page.getByLabel('Log y').check();
    assert.equal(new URL(page.url()).searchParams.get('x'), 'metrics.epoch');
    await chart.hover();
    await chart.getByRole('button', { name: 'Enlarge val_loss' }).click();
    const large = page.getByRole('dialog', { name: 'val_loss' });
    await large.locator('canvas').waitFor();
    assert.equal(await page.getByText('did not load').count(), 0);
    await picture(page, 'compare-large');
    await page.keyboard.press('Escape');
    await large.waitFor({ state: 'detached' });
    await assertAccessible(page, 'fifty runs, grouped');

    // The link alone shows the same.
    const again = await browser.open(page.url(), { width: 1920, height: 1080, theme: 'dark' });
    await again.getByRole('list', { name: 'Lines' }).getByText('adamw').waitFor();
    assert.equal(await again.getByLabel('Log y').isChecked(), true);
    await assertAccessible(again, 'fifty runs, dark');
    await picture(again, 'compare-fifty-dark');
  });

  it('is read on a phone', async () => {
    const experiment = await createExperiment(server, 'small screen');
    const ids = await createRuns(
      server,
      experiment,
      [1, 2, 3].map((loss) => ({
        name: `run-${loss}`,
        params: { lr: `0.${loss}` },
        metrics: { loss: [loss, loss / 2] },
      })),
    );
    const page = await browser.open(`${server.url}/compare?runs=${ids.join()}`, {
      width: 390,
      height: 844,
      phone: true,
    });
    await page.getByRole('row', { name: /^loss / }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    await assertAccessible(page, 'a comparison on a phone');
    await picture(page, 'compare-phone');
  });

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
