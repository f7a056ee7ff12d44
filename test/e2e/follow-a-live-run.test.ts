/** A person watches runs arrive and change while an MLflow client trains, and while the server goes away and comes back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { launchBrowser, themes } from './browser.ts';
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
    return server.mlflow('runs/log-metric', { run_id: this.id, key, value, step, timestamp: Date.now() });
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
