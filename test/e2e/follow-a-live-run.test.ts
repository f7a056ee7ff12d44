/** A person watches runs arrive and change while an MLflow client trains, and while the server goes away and comes back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { eventually, expectCell, expectNames, grid, names, rowOf } from './run-table.ts';
import { startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();

/** What an MLflow client sends, in its order. */
class MlflowRun {
  id = '';

  async start(experiment: string, name: string, params: Record<string, string>): Promise<this> {
    const { run } = await server.mlflow<{ run: { info: { run_id: string } } }>('runs/create', {
      experiment_id: experiment,
      run_name: name,
      start_time: Date.now(),
    });
    this.id = run.info.run_id;
    for (const [key, value] of Object.entries(params))
      await server.mlflow('runs/log-parameter', { run_id: this.id, key, value });
    return this;
  }

  log(key: string, value: number, step: number): Promise<unknown> {
    // As the client writes it: JSON has no NaN.
    const sent = Number.isNaN(value) ? 'NaN' : value;
    return server.mlflow('runs/log-metric', {
      run_id: this.id,
      key,
      value: sent,
      step,
      timestamp: Date.now(),
    });
  }

  end(): Promise<unknown> {
    return server.mlflow('runs/update', { run_id: this.id, status: 'FINISHED', end_time: Date.now() });
  }
}

async function createExperiment(name: string): Promise<string> {
  const created = await server.mlflow<{ experiment_id: string }>('experiments/create', { name });
  return created.experiment_id;
}

describe('following a live run', () => {
  for (const theme of themes) {
    it(`shows new runs and values as they are logged (${theme})`, async () => {
      const experiment = await createExperiment(`live ${theme}`);
      const first = await new MlflowRun().start(experiment, 'first-run', { lr: '0.1' });
      await first.log('val_loss', 0.9, 0);

      const page = await browser.open(`${server.url}/`, { theme });
      await page.getByRole('heading', { name: `live ${theme}` }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await expectCell(page, 'first-run', 'State', 'running, step 0');
      await expectCell(page, 'first-run', 'val_loss', '0.9000');

      await first.log('val_loss', 0.5, 10);
      await expectCell(page, 'first-run', 'val_loss', '0.5000');
      await expectCell(page, 'first-run', 'State', 'running, step 10');

      // The ticked row and the active one stay what they are when rows arrive above.
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      const second = await new MlflowRun().start(experiment, 'second-run', { lr: '0.2' });
      await second.log('val_loss', 0.7, 0);
      await expectNames(page, ['second-run', 'first-run']);
      assert.equal(await rowOf(page, 'first-run').getAttribute('aria-selected'), 'true');
      assert.equal(await rowOf(page, 'second-run').getAttribute('aria-selected'), 'false');
      const active = await grid(page).getAttribute('aria-activedescendant');
      assert.equal(await page.locator(`#${active}`).innerText(), 'first-run');

      // A metric nobody had logged becomes a column by itself.
      await second.log('accuracy', 0.81, 1);
      await expectCell(page, 'second-run', 'accuracy', '0.8100 (best)');

      // What is best is marked, and moves.
      await expectCell(page, 'first-run', 'val_loss', '0.5000 (best)');
      await second.log('val_loss', 0.25, 2);
      await expectCell(page, 'second-run', 'val_loss', '0.2500 (best)');

      await second.end();
      await eventually(
        async () => assert.match(await rowOf(page, 'second-run').innerText(), /finished after/),
        page,
      );
    });
  }

  for (const [theme, width, height] of [
    ['light', 1280, 800],
    ['dark', 1920, 1080],
  ] as const) {
    it(`follows a run from the table to its chart, beside it and on its page (${theme}, ${width})`, async () => {
      const experiment = await createExperiment(`curves ${width}`);
      for (let index = 0; index < 12; index++) {
        const done = await new MlflowRun().start(experiment, `done-${index}`, {
          lr: String(10 ** -(index % 4)),
        });
        for (let step = 0; step < 12; step++)
          await done.log('val_loss', 1 / (1 + step / (1 + index / 4)), step);
        await done.end();
      }
      const live = await new MlflowRun().start(experiment, 'training-now', { lr: '0.3' });
      await live.log('val_loss', 0.9, 0);
      const page = await browser.open(`${server.url}/experiments/${experiment}`, { theme, width, height });
      await expectCell(page, 'training-now', 'val_loss', '0.9000');
      // Where the screen is wide they are there by themselves.
      const panel = page.getByRole('complementary', { name: 'Charts' });
      if (width < 1600) await page.getByRole('button', { name: 'Charts', exact: true }).click();
      await panel.getByRole('heading', { name: '10 in sight' }).waitFor();
      const beside = panel.getByRole('figure', { name: /^val_loss: / });
      await beside.locator('canvas').waitFor();
      await eventually(async () => assert.equal(await beside.getAttribute('data-points'), '109'), page);
      await live.log('val_loss', 0.45, 1);
      await expectCell(page, 'training-now', 'val_loss', '0.4500');
      await eventually(async () => assert.equal(await beside.getAttribute('data-points'), '110'), page);
      await assertAccessible(page, `charts beside the table, ${theme}`);
      await picture(page, `table-and-charts-${width}`);

      // The selected ones instead, and what a link holds.
      for (const name of ['training-now', 'done-3'])
        await page.getByRole('checkbox', { name: `Select ${name}` }).check();
      await panel.getByRole('heading', { name: '2 selected' }).waitFor();
      await panel.getByRole('button', { name: 'Axes' }).click();
      await panel.getByLabel('Log y').check();
      assert.equal(new URL(page.url()).searchParams.get('y'), 'log');
      await eventually(async () => assert.equal(await beside.getAttribute('data-points'), '14'), page);

      await rowOf(page, 'training-now').getByRole('link', { name: 'training-now' }).click();
      await page.getByRole('heading', { name: 'training-now' }).waitFor();
      const own = page.getByRole('figure', { name: /^val_loss: / });
      await eventually(async () => assert.equal(await own.getAttribute('data-points'), '2'), page);
      await live.log('val_loss', Number.NaN, 2);
      await live.log('val_loss', 0.2, 3);
      await eventually(async () => assert.equal(await own.getAttribute('data-points'), '4'), page);
      await own.getByText('1 not finite').waitFor();
      await eventually(
        async () => assert.match(await page.getByRole('row', { name: /^val_loss / }).innerText(), /0\.2000/),
        page,
      );
      await live.end();
      await page.getByText('finished', { exact: true }).waitFor();
    });
  }

  it('keeps its place while rows arrive above, and offers them', async () => {
    const experiment = await createExperiment('many');
    for (let index = 0; index < 12; index++)
      await Promise.all(
        Array.from({ length: 20 }, (_, lane) =>
          server.call('POST', '/runs', {
            experiment,
            name: `run-${index * 20 + lane}`,
            started: index * 20 + lane,
          }),
        ),
      );
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await rowOf(page, 'run-239').waitFor();
    await grid(page).evaluate((element) => element.scrollTo(0, 150 * 30));
    await rowOf(page, 'run-85').waitFor();
    const seen = await names(page);

    await new MlflowRun().start(experiment, 'newcomer', {});
    await page.getByRole('button', { name: '1 new run, go to the top' }).waitFor();
    assert.deepEqual(await names(page), seen);
    await page.getByRole('button', { name: '1 new run, go to the top' }).click();
    await rowOf(page, 'newcomer').waitFor();
  });

  it('says when the connection is lost, and catches up when it heals', async () => {
    const experiment = await createExperiment('lost and found');
    const run = await new MlflowRun().start(experiment, 'survivor', {});
    await run.log('loss', 0.8, 0);
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await expectCell(page, 'survivor', 'loss', '0.8000');

    await server.stop();
    await page.getByText('Reconnecting').waitFor();
    await server.start();
    await run.log('loss', 0.3, 1);
    await page.getByText('Live', { exact: true }).waitFor();
    await expectCell(page, 'survivor', 'loss', '0.3000');
  });
});
