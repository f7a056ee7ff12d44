/** A person looks for the runs of one setting: writes a filter, is corrected, sorts, picks columns, shares the link. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import {
  cell,
  cellText,
  eventually,
  expectCell,
  expectNames,
  grid,
  header,
  names,
  rowOf,
} from './run-table.ts';
import { createExperiment, createRuns, type SeededRun, startServer } from './server.ts';

const count = 120;
const words = ['swift', 'quiet', 'bold', 'calm', 'keen', 'warm', 'dry', 'old', 'pale', 'tall', 'wry', 'low'];
const birds = [
  'heron',
  'otter',
  'finch',
  'ibex',
  'lynx',
  'stoat',
  'raven',
  'hare',
  'crane',
  'marten',
  'wren',
];
const optimizers = ['adamw', 'sgd', 'lion'];
const rates = ['3e-4', '1e-3', '1e-4', '3e-3'];

/** Between 0 and 1, the same for the same seed. */
function noise(seed: number): number {
  return Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1;
}

/** A sweep whose numbers follow from the index alone. */
function sweepRun(index: number): SeededRun {
  const best = 0.0712 + noise(index) ** 2 * 0.3;
  const curve = (from: number, to: number) =>
    Array.from({ length: 20 }, (_, step) => to + (from - to) * Math.exp(-step / 4));
  return {
    name: `${words[index % 12]}-${birds[(index * 7) % 11]}-${index}`,
    started: Date.now() - (count - index) * 97_000,
    duration: 150_000 + Math.round(noise(index + 500) * 500_000),
    state: index > count - 4 ? 'running' : index % 17 === 9 ? 'failed' : 'finished',
    user: ['ada', 'grace', 'lin'][index % 3]!,
    params: {
      optimizer: optimizers[index % 3]!,
      lr: rates[(index >> 1) % 4]!,
      batch_size: String([32, 64, 128][index % 3]),
      weight_decay: ['0.1', '0.01'][index % 2]!,
      model: 'resnet18',
    },
    metrics: {
      val_loss: index % 23 === 7 ? [...curve(2.3, best), 'NaN'] : curve(2.3, best),
      val_accuracy: curve(0.1, 0.985 - best / 4 + noise(index + 1000) / 80),
      train_loss: curve(2.4, best * (0.6 + noise(index + 2000) / 3)),
      ...(index % 11 === 4 ? {} : { f1: curve(0.05, 0.97 - best / 3 + noise(index + 3000) / 60) }),
    },
    tags: { team: index % 2 === 0 ? 'vision' : 'core' },
  };
}

const server = await startServer();
const browser = await launchBrowser();
const experiment = await createExperiment(server, 'digits-classifier');
const sweep = Array.from({ length: count }, (_, index) => sweepRun(index));
await createRuns(server, experiment, sweep);
for (const name of ['churn-nightly', 'llm-finetune', 'ablation-depth']) await createExperiment(server, name);
const url = `${server.url}/experiments/${experiment}`;

async function filterBy(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

describe('finding a run by its parameter', () => {
  for (const theme of themes) {
    it(`opens on the answer, and is accessible (${theme})`, async () => {
      const page = await browser.open(server.url, { theme });
      await rowOf(page, sweepRun(count - 1).name).waitFor();
      assert.equal(new URL(page.url()).pathname, new URL(url).pathname);
      const body = await grid(page).boundingBox();
      assert.ok(Math.floor((body!.height - 40) / 30) >= 24, 'at least 24 rows at 1440 × 900');
      for (const column of ['val_loss', 'val_accuracy', 'optimizer', 'lr'])
        await header(page, column).waitFor();
      assert.equal(await header(page, 'model').count(), 0, 'what is the same in all is not in the way');
      await assertAccessible(page, `the run table, ${theme}`);

      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('checkbox', { name: /^model/ }).waitFor();
      await assertAccessible(page, `the column picker, ${theme}`);
      await page.keyboard.press('Escape');

      await page.keyboard.press('/');
      await page.keyboard.type('params.');
      await page.getByRole('option').first().waitFor();
      await assertAccessible(page, `completions, ${theme}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');

      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await assertAccessible(page, `the list of keys, ${theme}`);
    });
  }

  it('completes names and values from the server, and filters', async () => {
    const page = await browser.open(url);
    await rowOf(page, sweepRun(count - 1).name).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('params.opt');
    await page
      .getByRole('listbox')
      .getByRole('option', { name: /^optimizer/ })
      .waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type(' = ');
    await page.getByRole('option', { name: /^lion/ }).click();
    const box = page.getByRole('combobox', { name: 'Filter runs' });
    assert.equal(await box.inputValue(), "params.optimizer = 'lion' ");
    await page.keyboard.press('Enter');
    await page.getByText('40 matching of 120 runs').waitFor();
    assert.ok((await names(page)).length > 20);
    await expectCell(page, sweepRun(119).name, 'optimizer', 'lion');
    assert.equal(new URL(page.url()).searchParams.get('filter'), "params.optimizer = 'lion'");

    // The link alone shows the same.
    const other = await browser.open(page.url());
    await other.getByText('40 matching of 120 runs').waitFor();

    await page.goBack();
    await page.getByText('120 runs', { exact: true }).waitFor();
    assert.equal(await box.inputValue(), '');
  });

  it('shows what is wrong with a filter at its place', async () => {
    const page = await browser.open(url);
    await rowOf(page, sweepRun(count - 1).name).waitFor();
    await filterBy(page, 'params.optimizer == adamw');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert.notEqual(await alert.innerText(), '');
    const wrong = page.locator('.fl-wrong').first();
    assert.ok('params.optimizer == adamw'.includes((await wrong.innerText()).trim()));
    assert.equal(
      await page.getByRole('combobox', { name: 'Filter runs' }).getAttribute('aria-invalid'),
      'true',
    );
    await page.getByRole('heading', { name: 'This filter is not understood' }).waitFor();
    await assertAccessible(page, 'a wrong filter');
    await page.getByRole('button', { name: 'Clear the filter' }).last().click();
    await rowOf(page, sweepRun(count - 1).name).waitFor();
  });

  it('sorts by the best value, marks it, and shows another aggregate', async () => {
    const page = await browser.open(url);
    await rowOf(page, sweepRun(count - 1).name).waitFor();
    await header(page, 'val_loss')
      .getByRole('button', { name: /^val_loss/ })
      .click();
    await eventually(
      async () => assert.equal(await header(page, 'val_loss').getAttribute('aria-sort'), 'ascending'),
      page,
    );
    const lowest = Array.from({ length: count }, (_, index) => sweepRun(index))
      .map(({ name, metrics }) => ({
        name,
        best: Math.min(...metrics!.val_loss!.map(Number).filter((value) => !Number.isNaN(value))),
      }))
      .sort((a, b) => a.best - b.best);
    await expectNamesStart(
      page,
      lowest.slice(0, 5).map(({ name }) => name),
    );
    await expectCell(page, lowest[0]!.name, 'val_loss', `${lowest[0]!.best.toFixed(4)} (best)`);

    await page.getByRole('button', { name: 'Options of val_loss' }).click();
    await page.getByRole('menuitemradio', { name: /^Last value/ }).click();
    const odd = sweepRun(7).name;
    await filterBy(page, `attributes.run_name = '${odd}'`);
    await expectNames(page, [odd]);
    await expectCell(page, odd, 'val_loss', 'NaN');
    const { searchParams } = new URL(page.url());
    assert.equal(searchParams.get('sort'), 'metrics.val_loss.last');
    assert.match(searchParams.get('cols')!, /metrics\.val_loss\.last/);
  });

  it('filters by a click on a value, and picks columns found on the server', async () => {
    const page = await browser.open(url);
    const run = sweepRun(100).name;
    await rowOf(page, sweepRun(count - 1).name).waitFor();
    await filterBy(page, "tags.team = 'vision'");
    await page.getByText('60 matching of 120 runs').waitFor();
    await rowOf(page, run).waitFor();
    await (await cell(page, run, 'lr')).click();
    await page.getByRole('menuitem', { name: `Filter: params.lr = '${rates[2]}'` }).click();
    await page.getByText(/^15 matching/).waitFor();
    assert.equal(
      await page.getByRole('combobox', { name: 'Filter runs' }).inputValue(),
      `tags.team = 'vision' and params.lr = '${rates[2]}'`,
    );

    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('searchbox', { name: 'Search metrics, parameters and tags' }).fill('TEAM');
    await page.getByRole('checkbox', { name: /^team/ }).check();
    await page.keyboard.press('Escape');
    await grid(page).evaluate((element) => element.scrollTo(5000, 0));
    await eventually(async () => assert.equal(await cellText(page, run, 'team'), 'vision'), page);
  });

  it('finds its way with keys alone', async () => {
    const page = await browser.open(url);
    await rowOf(page, sweepRun(count - 1).name).waitFor();
    for (const key of ['j', 'j', 'k', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight'])
      await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.getByRole('menu', { name: 'Cell' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('G');
    await rowOf(page, sweepRun(0).name).waitFor();
    await page.keyboard.press('g');
    await rowOf(page, sweepRun(count - 1).name).waitFor();
  });

  it('works on a phone', async () => {
    const page = await browser.open(url, { width: 390, height: 844, phone: true, theme: 'dark' });
    await rowOf(page, sweepRun(count - 1).name).waitFor();
    await assertAccessible(page, 'the run table on a phone');
    await page.getByRole('button', { name: 'Open the navigation' }).tap();
    await page.getByRole('link', { name: /churn-nightly/ }).tap();
    await page.getByRole('heading', { name: 'churn-nightly' }).waitFor();
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.equal(width, 390, 'nothing sticks out');
  });
});

async function expectNamesStart(page: Page, expected: readonly string[]): Promise<void> {
  await eventually(async () => {
    const shown = await names(page);
    assert.ok(shown.length > 0);
    assert.deepEqual(shown.slice(0, expected.length), expected);
  }, page);
}
