/** A person opens a run from the table, watches it train, reads what it was made of, notes something, and goes back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { eventually, expectNames, grid, names, rowOf } from './run-table.ts';
import { createExperiment, createRun, createRuns, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();

function chart(page: Page, metric: string): Locator {
  return page.getByRole('figure', { name: new RegExp(`^${metric}: `) });
}

async function expectPoints(page: Page, metric: string, points: number): Promise<void> {
  await eventually(
    async () => assert.equal(await chart(page, metric).getAttribute('data-points'), String(points)),
    page,
  );
}

/** A training run as many look: losses that fall with noise, a score that rises, the machine's own figures. */
function curves(steps: number, seed = 1): Record<string, number[]> {
  let state = seed;
  const noise = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  const series = (value: (at: number) => number) =>
    Array.from({ length: steps }, (_, index) => Number(value(index / steps).toFixed(6)));
  return {
    'train/loss': series((at) => 2.2 * Math.exp(-4 * at) + 0.12 + 0.08 * noise()),
    'train/grad_norm': series((at) => 1.4 + Math.exp(-2 * at) * 3 + noise()),
    'train/lr': series((at) => 3e-4 * Math.min(1, at * 10) * (1 - at) + 1e-6),
    val_loss: series((at) => 2.1 * Math.exp(-3.6 * at) + 0.2 + 0.03 * noise()),
    accuracy: series((at) => 0.94 - 0.7 * Math.exp(-5 * at) + 0.01 * noise()),
    f1: series((at) => 0.91 - 0.75 * Math.exp(-4.4 * at) + 0.012 * noise()),
    epoch: series((at) => Math.floor(at * 12)),
    'system/cpu_utilization_percentage': series(() => 62 + 20 * noise()),
    'system/gpu_0_memory_usage_megabytes': series((at) => 14_000 + 300 * at + 40 * noise()),
  };
}

const params = {
  lr: '0.0003',
  optimizer: 'adamw',
  batch_size: '256',
  dropout: '0.1',
  layers: '12',
  hidden: '768',
  warmup_steps: '500',
  weight_decay: '0.01',
  schedule: 'cosine',
  seed: '1337',
};

const tags = {
  team: 'vision',
  'mlflow.source.name': 'train.py',
  'mlflow.source.type': 'LOCAL',
  'mlflow.source.git.commit': '4f2a9c1be07d55a1c83e6f90d2b74a6f1e3c8d55',
  'mlflow.user': 'ada',
  'mlflow.note.content': 'Longer warm-up than the sweep.\nKeeps the early spike away.',
};

/** As MLflow's client tells what a run trained on. */
function logData(run: string): Promise<unknown> {
  const dataset = {
    name: 'imagenet-mini',
    digest: 'b1946ac9',
    source_type: 'local',
    source: '{"uri": "data/imagenet-mini.parquet"}',
  };
  return server.mlflow('runs/log-inputs', {
    run_id: run,
    datasets: [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'training' }] }],
  });
}

describe('reading a run', () => {
  for (const theme of themes) {
    it(`opens from the table, follows the training, edits a tag, and goes back (${theme})`, async () => {
      const experiment = await createExperiment(server, `reading ${theme}`);
      const started = Date.now();
      const run = await createRun(server, experiment, {
        name: 'bright-fox-7',
        started,
        state: 'running',
        params,
        tags,
        metrics: { val_loss: [0.9, 0.7, 0.8], odd: [1, 'NaN', 'Infinity', 2], 'system/cpu': [10, 20] },
      });
      const page = await browser.open(`${server.url}/experiments/${experiment}?sort=metrics.val_loss.min`, {
        theme,
      });
      await expectNames(page, ['bright-fox-7']);
      await grid(page).getByRole('link', { name: 'bright-fox-7' }).click();
      await page.getByRole('heading', { name: 'bright-fox-7' }).waitFor();
      assert.equal(new URL(page.url()).pathname, `/runs/${run}`);
      await page.getByText('running', { exact: true }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();

      // Result, charts and origin, before any scroll.
      const result = page.getByRole('region', { name: 'Result' });
      assert.match(await result.getByRole('row', { name: /^val_loss/ }).innerText(), /0\.8000\s+0\.7000 @ 1/);
      await expectPoints(page, 'val_loss', 3);
      assert.ok((await chart(page, 'val_loss').boundingBox())!.y < 700);
      await page
        .getByRole('button', { name: /^train\.py/ })
        .or(page.getByText('train.py'))
        .first()
        .waitFor();
      await chart(page, 'odd').getByText('2 not finite').waitFor();

      // The training goes on.
      const log = (values: readonly number[], from: number) =>
        server.call('POST', `/runs/${run}/log`, {
          metrics: values.map((value, index) => ({
            key: 'val_loss',
            value,
            step: from + index,
            time: started + (from + index) * 1000,
          })),
        });
      await log([0.6], 3);
      await expectPoints(page, 'val_loss', 4);
      await log([0.5, 0.4], 4);
      await expectPoints(page, 'val_loss', 6);
      assert.match(await result.getByRole('row', { name: /^val_loss/ }).innerText(), /0\.4000 @ 5/);
      await server.call('POST', `/runs/${run}/log`, {
        metrics: [1, 2].map((step) => ({ key: 'accuracy', value: 0.5, step, time: started })),
      });
      await expectPoints(page, 'accuracy', 2);
      await assertAccessible(page, `a run, ${theme}`);

      // What it was made of, and what people say of it.
      await page.getByRole('searchbox', { name: 'Search parameters' }).fill('optim');
      await page.getByRole('button', { name: 'adamw' }).waitFor();
      assert.equal(await page.getByRole('button', { name: '256', exact: true }).count(), 0);
      await page.getByRole('button', { name: 'Edit team: vision' }).click();
      await page.getByRole('textbox', { name: 'Value of team' }).fill('speech');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Edit team: speech' }).waitFor();
      const stored = await server.call<{ tags: Record<string, string> }>('GET', `/runs/${run}`);
      assert.equal(stored.tags.team, 'speech');
      await page.getByRole('button', { name: 'Delete the tag team' }).click();
      await page.getByText('None set.').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByRole('button', { name: 'Edit team: speech' }).waitFor();

      await page.getByRole('button', { name: 'Rename the run' }).click();
      await page.getByRole('textbox', { name: 'Name of the run' }).fill('calm-fox-8');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'calm-fox-8' }).waitFor();

      await page.getByRole('tab', { name: 'Events' }).click();
      await page.getByText('Run created').waitFor();
      await assertAccessible(page, `the events of a run, ${theme}`);

      await page.goBack();
      await expectNames(page, ['calm-fox-8']);
      assert.equal(new URL(page.url()).searchParams.get('sort'), 'metrics.val_loss.min');
    });
  }

  it('draws charts as the link says: axis, smoothing, range', async () => {
    const experiment = await createExperiment(server, 'charts');
    const run = await createRun(server, experiment, { name: 'long', metrics: curves(400) });
    const page = await browser.open(`${server.url}/runs/${run}`);
    await expectPoints(page, 'val_loss', 400);
    await page.getByRole('combobox', { name: 'Smoothing' }).selectOption('0.9');
    await chart(page, 'val_loss').getByText('smoothed 0.9, raw faint').waitFor();
    await page.getByRole('checkbox', { name: 'Log y' }).check();
    const area = (await chart(page, 'val_loss').locator('.u-over').boundingBox())!;
    await page.mouse.move(area.x + area.width * 0.25, area.y + 40);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.5, area.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Show all' }).waitFor();
    const { searchParams } = new URL(page.url());
    assert.equal(searchParams.get('smooth'), '0.9');
    assert.equal(searchParams.get('y'), 'log');
    const [from, to] = searchParams.get('zoom')!.split('~').map(Number);
    assert.ok(from! > 80 && from! < 120 && to! > 180 && to! < 220, `${from}~${to}`);

    // Every chart shows the point under the one cursor.
    await page.mouse.move(area.x + area.width * 0.5, area.y + 60);
    for (const metric of ['val_loss', 'accuracy'])
      await chart(page, metric)
        .getByText(/^step 1\d\d · .* \(smoothed/)
        .waitFor();

    await page.mouse.dblclick(area.x + area.width * 0.5, area.y + 60);
    await eventually(async () => assert.equal(new URL(page.url()).searchParams.get('zoom'), null), page);
    await page.getByRole('button', { name: 'Time', exact: true }).click();
    await eventually(async () => assert.equal(new URL(page.url()).searchParams.get('x'), 'relative'), page);
    // The machine's metrics wait, folded.
    assert.equal(await chart(page, 'system/cpu_utilization_percentage').count(), 0);
    await page.locator('summary', { hasText: 'system' }).click();
    await expectPoints(page, 'system/cpu_utilization_percentage', 400);
  });

  it('shows the files of a run, and never runs them', async () => {
    const experiment = await createExperiment(server, 'files');
    const run = await createRun(server, experiment, { name: 'with-files', metrics: { loss: [1] } });
    const files: Record<string, string | Uint8Array<ArrayBuffer>> = {
      'report.json': '{"accuracy":0.93,"classes":["cat","dog"]}',
      'tables/errors.csv': 'name,count\n"cat, small",3\ndog,5\n',
      'page.html': '<h1>Hello</h1><script>document.title = "owned"</script>',
      'plots/dot.png': Uint8Array.from(
        Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
          'base64',
        ),
      ),
    };
    for (const [name, body] of Object.entries(files)) await server.putFile(run, name, body);
    const page = await browser.open(`${server.url}/runs/${run}`);
    await page.getByRole('tab', { name: 'Artifacts' }).click();
    const tree = page.getByRole('tree', { name: 'Artifacts' });
    await tree.getByRole('treeitem', { name: /^report\.json/ }).click();
    await page.getByRole('region', { name: 'JSON' }).getByText('0.93').waitFor();
    await tree.getByRole('treeitem', { name: /^tables/ }).click();
    await tree.getByRole('treeitem', { name: /^errors\.csv/ }).click();
    await page.getByRole('cell', { name: 'cat, small' }).waitFor();
    await assertAccessible(page, 'the files of a run');
    await tree.getByRole('treeitem', { name: /^plots/ }).click();
    await tree.getByRole('treeitem', { name: /^dot\.png/ }).click();
    const shown = page.getByRole('img', { name: 'plots/dot.png' });
    await eventually(async () => {
      const width = await shown.evaluate(
        (image) => (image as unknown as { naturalWidth: number }).naturalWidth,
      );
      assert.equal(width, 1);
    }, page);
    await tree.getByRole('treeitem', { name: /^page\.html/ }).click();
    await page.frameLocator('iframe').getByRole('heading', { name: 'Hello' }).waitFor();
    assert.equal(await page.title(), 'with-files · Cairn');

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    assert.equal((await saved).suggestedFilename(), 'page.html');
  });

  it('opens on what there is where no metric has a course', async () => {
    const experiment = await createExperiment(server, 'values');
    const values = await createRun(server, experiment, { name: 'values', metrics: { accuracy: [0.9] } });
    const page = await browser.open(`${server.url}/runs/${values}`);
    await page.getByText('One value each: all in the table above.').waitFor();
    assert.equal(await page.getByRole('figure').count(), 0);

    await server.putFile(values, 'notes.txt', 'plain');
    await page.reload();
    await page.getByRole('tab', { name: 'Artifacts', selected: true }).waitFor();
    await page.getByRole('tab', { name: 'Charts' }).click();
    await page.getByText('One value each: all in the table above.').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('tab'), 'charts');

    await server.putFile(values, 'confusion_matrix.png', 'not a picture');
    await page.goto(`${server.url}/runs/${values}`);
    await page.getByRole('tab', { name: 'Evaluation', selected: true }).waitFor();
  });

  it('links parents and children', async () => {
    const experiment = await createExperiment(server, 'nested');
    const parent = await createRun(server, experiment, { name: 'search', params: { grid: '2' } });
    await createRuns(
      server,
      experiment,
      [1, 2].map((trial) => ({ name: `trial-${trial}`, tags: { 'mlflow.parentRunId': parent } })),
    );
    const page = await browser.open(`${server.url}/runs/${parent}`);
    await page.getByRole('tab', { name: 'Charts' }).click();
    await page.getByText('This run logged no metrics.').waitFor();
    await page.getByRole('heading', { name: '2 child runs' }).waitFor();
    await page
      .getByRole('link', { name: /^trial-1/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'trial-1' }).waitFor();
    await page.getByRole('link', { name: /^search/ }).click();
    await page.getByRole('heading', { name: 'search' }).waitFor();
    await page.getByRole('link', { name: 'As a table' }).first().click();
    await eventually(
      async () => assert.deepEqual((await names(page)).toSorted(), ['trial-1', 'trial-2']),
      page,
    );
  });

  it('deletes and restores the run, and says what is not there', async () => {
    const experiment = await createExperiment(server, 'short-lived');
    const run = await createRun(server, experiment, { name: 'mistake', metrics: { loss: [1] } });
    const page = await browser.open(`${server.url}/runs/${run}`);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('deleted', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).waitFor();
    await page.goto(`${server.url}/runs/${'0'.repeat(32)}`);
    await page.getByRole('heading', { name: 'There is no such run here' }).waitFor();
  });

  it('finds the table as it was', async () => {
    const experiment = await createExperiment(server, 'long table');
    await createRuns(
      server,
      experiment,
      Array.from({ length: 90 }, (_, index) => ({ name: `run-${index}`, started: 1e12 + index })),
    );
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await rowOf(page, 'run-89').waitFor();
    await grid(page).evaluate((element) => element.scrollTo(0, 40 * 30));
    await rowOf(page, 'run-45').waitFor();
    await page.getByRole('checkbox', { name: 'Select run-45' }).check();
    const before = await names(page);
    await grid(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'run-45' }).waitFor();
    await page.goBack();
    await eventually(async () => assert.deepEqual(await names(page), before), page);
    await page.getByText('1 selected').waitFor();
  });

  for (const width of [1280, 390]) {
    it(`works at a width of ${width}`, async () => {
      const experiment = await createExperiment(server, `width ${width}`);
      const run = await createRun(server, experiment, {
        name: 'bright-fox-7',
        metrics: curves(60),
        params,
        tags,
      });
      const phone = width === 390;
      const page = await browser.open(`${server.url}/runs/${run}`, {
        width,
        height: phone ? 844 : 800,
        phone,
        theme: phone ? 'dark' : 'light',
      });
      await chart(page, 'val_loss').scrollIntoViewIfNeeded();
      await expectPoints(page, 'val_loss', 60);
      assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), width);
      await assertAccessible(page, `a run at ${width}`);
    });
  }

  it('is drawn for the guide', async () => {
    const experiment = await createExperiment(server, 'resnet-sweep');
    const run = await createRun(server, experiment, {
      name: 'bright-fox-7',
      started: Date.now() - 3_000_000,
      duration: 2_400_000,
      metrics: curves(600),
      params,
      tags,
    });
    await createRuns(server, experiment, [
      { name: 'bright-fox-7/fold-0', tags: { 'mlflow.parentRunId': run } },
      { name: 'bright-fox-7/fold-1', tags: { 'mlflow.parentRunId': run } },
    ]);
    await logData(run);
    const page = await browser.open(`${server.url}/runs/${run}?smooth=0.9`);
    await page.getByRole('button', { name: 'imagenet-mini', exact: true }).waitFor();
    await expectPoints(page, 'val_loss', 600);
    await page.getByRole('heading', { name: '2 child runs' }).waitFor();
  });
});
