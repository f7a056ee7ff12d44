/** A person sees how good a model is: matrices, curves, tables and pictures that a client logged; then the model itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { eventually } from './run-table.ts';
import { createExperiment, createRun, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const experiment = await createExperiment(server, 'evaluations');

const square = (width: number, height: number, colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="${colour}"/></svg>`;

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const classes = Array.from({ length: 50 }, (_, index) => `class ${index}`);
const fifty = classes.map((_, row) =>
  classes.map((__, column) => (row === column ? 40 : (row * 7 + column * 3) % 4 === 0 ? 1 : 0)),
);

const uuid = (step: number) => `0e1c7f0a-5c7e-4a08-9f3a-${String(step).padStart(12, '0')}`;

const logged: Readonly<Record<string, string | Uint8Array>> = {
  'confusion_matrix.json': JSON.stringify({
    labels: ['cat', 'dog'],
    matrix: [
      [45, 5],
      [10, 40],
    ],
  }),
  'val_confusion_matrix.csv': `,${classes.join()}\n${classes.map((name, row) => `${name},${fifty[row]!.join()}`).join('\n')}\n`,
  'curves/roc.json':
    '{"columns":["fpr","tpr","threshold"],"data":[[0,0,null],[0,0.5,0.8],[0.5,0.5,0.4],[1,1,0.1]]}',
  'curves/pr.csv': 'class,precision,recall\na,0.5,1\na,1,0.5\na,1,0\nb,0.25,1\nb,1,0\n',
  'calibration.csv': 'prob_pred,prob_true\n0.1,0.15\n0.5,0.45\n0.9,0.95\n',
  'training_roc_curve.svg': square(300, 200, 'teal'),
  'per_class_metrics.csv': 'positive_class,precision_score\n0,0.9\n1,0.8\n',
  'answers.json': '{"columns":["question","answer"],"data":[["why","because"]]}',
  'estimator.html': '<b>Pipeline</b>',
  'report.json':
    '{"cat": {"precision": 0.91, "recall": 0.5, "f1-score": 0.6, "support": 50}, "accuracy": 0.85}',
  'weights.csv': 'step,weight\n1,2\n',
  'model/MLmodel': 'flavors: {}\n',
  'model/picture.svg': square(1, 1, 'red'),
  ...Object.fromEntries(
    [0, 10, 20].map((step) => [`images/samples~train+step+${step}+timestamp+1+${uuid(step)}.png`, pixel]),
  ),
};

const card = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: new RegExp(`^${name}, [^,]*$`) });

describe('looking at an evaluation', () => {
  for (const theme of themes) {
    it(`draws what was logged as data, and shows the figures (${theme})`, async () => {
      const run = await createRun(server, experiment, {
        name: `evaluated ${theme}`,
        metrics: { accuracy: [0.85] },
        tags: { 'mlflow.loggedArtifacts': '[{"path": "answers.json", "type": "table"}]' },
      });
      for (const [name, body] of Object.entries(logged)) await server.putFile(run, name, body);
      const page = await browser.open(`${server.url}/runs/${run}`, { theme });
      await page.getByRole('tab', { name: 'Evaluation' }).click();

      const matrix = card(page, 'Confusion matrix');
      await matrix.getByText('accuracy 85% of 100').waitFor();
      await matrix.getByRole('row', { name: /^dog/ }).getByRole('cell', { name: '10' }).hover();
      await matrix.getByText('10 dog taken for cat').waitFor();
      await matrix.getByText('recall 80% · precision of cat 81.8%').waitFor();
      await matrix.getByRole('button', { name: 'Share' }).click();
      await matrix.getByRole('cell', { name: '20%' }).waitFor();

      const many = card(page, 'Confusion matrix, val');
      await many.getByText('Confused most').waitFor();
      assert.equal(await many.getByRole('row').count(), 51);
      await page.mouse.move(0, 0);
      await many.getByRole('table').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await many.getByText('taken for class 0').waitFor();

      await card(page, 'ROC curve').getByText('0.625').waitFor();
      const curves = card(page, 'Precision and recall');
      await curves.getByRole('button', { name: 'a 0.75' }).waitFor();
      await curves.getByRole('button', { name: 'b 0.25' }).click();
      assert.equal(await curves.locator('path.curve-line').count(), 1);
      await card(page, 'Calibration').getByText('Perfectly calibrated').waitFor();
      await card(page, 'ROC curve, training').getByRole('img', { name: 'training_roc_curve.svg' }).waitFor();
      await page.getByRole('cell', { name: 'because' }).waitFor();
      await page.getByRole('row', { name: /^1 cat 0.91/ }).waitFor();
      await card(page, 'Estimator').frameLocator('iframe').getByText('Pipeline').waitFor();
      assert.equal(await page.getByText('weights.csv').count(), 0);
      assert.equal(await page.getByText('model/picture.svg').count(), 0);

      const gallery = card(page, 'samples/train, images');
      await gallery.getByText('step 20').waitFor();
      await gallery.getByRole('slider').press('ArrowLeft');
      await gallery.getByText('step 10').waitFor();
      await assertAccessible(page, `an evaluation, ${theme}`);

      await card(page, 'ROC curve').getByRole('button', { name: 'curves/roc.json' }).click();
      await page.getByRole('tree', { name: 'Artifacts' }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('file'), 'curves/roc.json');
      await page.goBack();
      await card(page, 'ROC curve').waitFor();
    });
  }

  it('teaches where nothing is logged, and fills as it is', async () => {
    const run = await createRun(server, experiment, { name: 'empty', state: 'running' });
    const page = await browser.open(`${server.url}/runs/${run}?tab=evaluation`);
    await page.getByRole('heading', { name: 'Nothing of an evaluation is logged here' }).waitFor();
    await server.putFile(run, 'roc.csv', 'fpr,tpr\n0,0\n0,1\n1,1\n');
    await card(page, 'ROC curve').waitFor();
  });

  it('shows broken data as the file it is', async () => {
    const run = await createRun(server, experiment, { name: 'broken' });
    await server.putFile(run, 'confusion_matrix.json', '{"labels": ["a", "b"], "matrix": [[1, 2], [3');
    await server.putFile(run, 'roc.csv', 'fpr,tpr\nnan,nan\n');
    const page = await browser.open(`${server.url}/runs/${run}?tab=evaluation`);
    await card(page, 'Confusion matrix').getByText('It is no JSON.').waitFor();
    await card(page, 'ROC curve').getByRole('cell', { name: 'nan' }).first().waitFor();
  });

  it('works on a phone', async () => {
    const run = await createRun(server, experiment, { name: 'small' });
    for (const name of ['confusion_matrix.json', 'val_confusion_matrix.csv', 'curves/roc.json'])
      await server.putFile(run, name, logged[name]!);
    const page = await browser.open(`${server.url}/runs/${run}?tab=evaluation`, {
      width: 390,
      height: 844,
      phone: true,
      theme: 'dark',
    });
    await card(page, 'Confusion matrix, val').getByText('Confused most').waitFor();
    assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), 390);
    await assertAccessible(page, 'an evaluation on a phone');
  });
});

describe('looking at a model', () => {
  it('goes from the run to its model and its data, and back', async () => {
    const run = await createRun(server, experiment, { name: 'trainer', metrics: { loss: [1] } });
    const dataset = {
      name: 'wine',
      digest: 'b1946ac9',
      source_type: 'http',
      source: '{"url": "https://data.example/wine.csv"}',
      schema: '{"mlflow_colspec": [{"type": "double", "name": "alcohol", "required": true}]}',
    };
    await server.mlflow('runs/log-inputs', {
      run_id: run,
      datasets: [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'training' }] }],
    });
    const made = await server.mlflow<{ model: { info: { model_id: string } } }>('logged-models', {
      experiment_id: experiment,
      name: 'forest',
      model_type: 'sklearn',
      source_run_id: run,
      params: [{ key: 'depth', value: '3' }],
    });
    const id = made.model.info.model_id;
    await server.mlflow('runs/outputs', { run_id: run, models: [{ model_id: id, step: 0 }] });
    await server.mlflow('runs/log-batch', {
      run_id: run,
      metrics: [
        {
          key: 'f1',
          value: 0.91,
          timestamp: 1,
          step: 0,
          model_id: id,
          dataset_name: 'wine',
          dataset_digest: 'b1946ac9',
        },
      ],
    });
    const files = {
      MLmodel:
        'flavors:\n  python_function: {}\n  sklearn: {}\nsignature:\n  inputs: \'[{"type": "double", "name": "alcohol"}]\'\n  outputs: null\n',
      'requirements.txt': 'scikit-learn==1.7.2\n',
    };
    for (const [name, body] of Object.entries(files))
      await server.putFile({ tree: `${experiment}/models/${id}/artifacts` }, name, body);

    const page = await browser.open(`${server.url}/runs/${run}`);
    await page.getByRole('button', { name: 'wine' }).click();
    const dialog = page.getByRole('dialog', { name: 'wine' });
    await dialog.getByText('https://data.example/wine.csv').waitFor();
    await dialog.getByRole('row', { name: /alcohol double/ }).waitFor();
    await assertAccessible(page, 'a data set');
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: 'forest' }).click();
    await page.getByRole('heading', { name: 'forest' }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/models/${id}`);
    await page.getByRole('row', { name: /^f1 wine 0\.9100/ }).waitFor();
    await page.getByRole('cell', { name: 'double' }).first().waitFor();
    await page.getByText(`mlflow.pyfunc.load_model("models:/${id}")`).first().waitFor();
    const tree = page.getByRole('tree', { name: 'Artifacts' });
    await tree.getByRole('treeitem', { name: 'requirements.txt' }).click();
    await eventually(
      async () => assert.equal(new URL(page.url()).searchParams.get('file'), 'requirements.txt'),
      page,
    );
    await page.getByRole('button', { name: 'wine' }).waitFor();
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      await assertAccessible(page, `a model, ${theme}`);
    }
    await page.getByRole('link', { name: 'trainer' }).click();
    await page.getByRole('heading', { name: 'trainer' }).waitFor();
    await page.goto(`${server.url}/models/m-${'0'.repeat(32)}`);
    await page.getByRole('heading', { name: 'There is no such model here' }).waitFor();
  });
});
