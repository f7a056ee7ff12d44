/** A person looks at data: which there is, its versions and what changed, who wrote and who read it, what people say of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { keepPicture, picture } from './pictures.ts';
import { eventually } from './run-table.ts';
import { createExperiment, createRun, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const day = 86_400_000;
const start = Date.UTC(2026, 8, 1);
const experiment = await createExperiment(server, 'churn');

interface Version {
  readonly uid: string;
  readonly dataset: string;
}
const record = (body: object) => server.call<Version>('POST', '/dataset-versions', body);

const field = (name: string, type: string, description?: string) => ({ name, type, description });
const early = [
  field('customer_id', 'bigint', 'who it is about'),
  field('months', 'int'),
  field('plan', 'string', 'what they pay for'),
  field('churned', 'boolean'),
];
const late = [
  early[0],
  field('months', 'bigint'),
  early[3],
  field('region', 'string'),
  { ...field('address', 'struct<city,zip>'), fields: [field('city', 'string'), field('zip', 'string')] },
];

/** Twelve days of one table; from the ninth its schema is another one. */
const versions: Version[] = [];
for (let index = 0; index < 12; index++) {
  const rows = 90_000 + index * 1_700 - (index === 6 ? 60_000 : 0);
  versions.push(
    await record({
      ...{ name: 'customers', uri: 's3://lake/gold/customers', version: `snapshot-${4_700 + index}` },
      created: start + index * day,
      digests: [
        { algorithm: 'sha256', value: String(index % 10).repeat(64) },
        { algorithm: 'md5', value: String(index % 10).repeat(32) },
      ],
      ...{ rows, bytes: rows * 38, files: 4 },
      schema: { fields: index < 8 ? early : late },
      statistics: [
        { name: 'customer_id', count: rows, nulls: 0, distinct: rows, min: 1, max: rows },
        { name: 'months', count: rows - 12, nulls: 12, distinct: 72, min: 0, max: 71 + index, mean: 26.125 },
      ],
      ...(index === 11 && {
        preview: {
          columns: ['customer_id', 'months', 'plan'],
          rows: [
            [1, 12, 'basic'],
            [2, 3.5, null],
          ],
        },
        note: 'after the merge with the old shop',
        tags: [{ key: 'stage', value: 'gold' }],
      }),
    }),
  );
}
const dataset = versions[0]!.dataset;
await server.call('POST', '/lineage', {
  ...{ eventType: 'COMPLETE', eventTime: '2026-09-20T04:10:00Z', producer: 'https://airflow.example' },
  run: { runId: 'a1', facets: { processing_engine: { name: 'spark', version: '3.5.1' } } },
  job: { namespace: 'airflow-prod', name: 'customers.build' },
  outputs: [
    {
      ...{ namespace: 's3://lake', name: 'gold/customers' },
      facets: {
        ownership: { owners: [{ name: 'team:data-platform' }] },
        storage: { storageLayer: 'delta', fileFormat: 'parquet' },
        tags: { tags: [{ key: 'pii', value: 'yes' }] },
      },
      outputFacets: { outputStatistics: { rowCount: 110_400, size: 4_200_000, fileCount: 4 } },
    },
  ],
});
const training = await createRun(server, experiment, { name: 'train-churn' });
await server.mlflow('runs/log-inputs', {
  run_id: training,
  datasets: [
    {
      dataset: {
        ...{ name: 'customers', digest: '8f1c2e90', source_type: 's3' },
        source: JSON.stringify({ uri: 's3://lake/gold/customers' }),
        schema: JSON.stringify({ mlflow_colspec: [{ type: 'long', name: 'customer_id' }] }),
        profile: JSON.stringify({ num_rows: 110_400, num_elements: 110_400 }),
      },
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    },
  ],
});
await record({ name: 'holdout', uri: 's3://lake/gold/holdout', version: 'v1', rows: 1_000 });
const wide = await record({
  ...{ name: 'embeddings', version: '1', rows: 5 },
  schema: { fields: Array.from({ length: 1_000 }, (_, index) => field(`dimension_${index}`, 'float')) },
  statistics: Array.from({ length: 1_000 }, (_, index) => ({
    name: `dimension_${index}`,
    min: -1,
    max: index / 7,
  })),
});

const list = (page: Page) => page.getByRole('table');
const region = (page: Page, name: string | RegExp) => page.getByRole('region', { name });
const openDataset = async (options: Parameters<typeof browser.open>[1] = {}) =>
  browser.open(`${server.url}/datasets/${dataset}`, options);

describe('looking at datasets', () => {
  for (const theme of themes) {
    it(`lists what there is (${theme})`, async () => {
      const page = await browser.open(`${server.url}/datasets`, { theme });
      const row = list(page).getByRole('row', { name: /customers/ });
      await row.waitFor();
      const cells = await row.getByRole('cell').allInnerTexts();
      assert.deepEqual(
        cells.slice(0, 4).map((text) => text.trim()),
        ['s3://lake/gold/customers', '14', '1', '1'],
      );
      assert.match(cells.join(), /Cairn, OpenLineage, MLflow|MLflow|OpenLineage/);
      await page.getByRole('navigation').getByRole('link', { name: 'Datasets' }).waitFor();
      await assertAccessible(page, `the list of datasets, ${theme}`);
      await picture(page, `datasets-${theme}`);
    });

    it(`shows one with its versions, readers and writers (${theme})`, async () => {
      const page = await openDataset({ theme });
      await page.getByRole('heading', { name: 'customers', level: 1 }).waitFor();
      const rows = region(page, /^Versions/).getByRole('row');
      await eventually(async () => assert.equal(await rows.count(), 15), page);
      await region(page, 'Readers and writers').getByText('train-churn').waitFor();
      const text = await region(page, 'Readers and writers').innerText();
      assert.match(text, /read training/);
      assert.match(text, /customers\.build/);
      assert.equal(await page.getByRole('link', { name: 'changed' }).count(), 1);
      const side = page.getByRole('complementary', { name: 'About the dataset' });
      assert.match(
        await side.innerText(),
        /team:data-platform by its producer[\s\S]*delta · parquet[\s\S]*pii/,
      );
      assert.match(await side.innerText(), /lies at the same place/);
      await assertAccessible(page, `the page of a dataset, ${theme}`);
      await picture(page, `dataset-${theme}`);
      if (theme === 'light') await keepPicture(page, 'dataset');
    });

    it(`shows a version: columns, figures, preview, digests (${theme})`, async () => {
      const page = await browser.open(`${server.url}/dataset-versions/${versions[11]!.uid}`, { theme });
      await page.getByRole('heading', { name: 'snapshot-4711', level: 1 }).waitFor();
      const columns = region(page, /^Columns/);
      assert.equal(await columns.getByRole('row').count(), 8);
      assert.match(await columns.innerText(), /months\s+bigint/);
      const side = page.getByRole('complementary', { name: 'About the version' });
      assert.match(await side.innerText(), /sha256[\s\S]*md5[\s\S]*weak/);
      assert.match(await region(page, /^Preview/).innerText(), /basic[\s\S]*null/);
      await assertAccessible(page, `the page of a version, ${theme}`);
      await picture(page, `dataset-version-${theme}`);
    });

    it(`compares two versions (${theme})`, async () => {
      const page = await openDataset({ theme });
      await page.getByRole('checkbox', { name: 'Select version snapshot-4711' }).check();
      await page.getByRole('checkbox', { name: 'Select version snapshot-4700' }).check();
      await page.keyboard.press('c');
      await page.getByText('Columns: 4 added, 1 removed, 1 of another type').waitFor();
      const table = page.getByRole('table');
      assert.match(await table.innerText(), /region\s+–not logged\s+string|region[\s\S]*string/);
      assert.match(await table.getByRole('row', { name: /^months int/ }).innerText(), /int\s+bigint/);
      await assertAccessible(page, `two versions of a dataset, ${theme}`);
      await picture(page, `dataset-difference-${theme}`);
    });
  }

  it('is found by the keyboard, from any page', async () => {
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await page.getByRole('link', { name: 'train-churn' }).first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Find/ }).fill('holdo');
    await page.getByRole('option', { name: /holdout/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'holdout', level: 1 }).waitFor();
  });

  it('opens from the run that read it', async () => {
    const page = await browser.open(`${server.url}/runs/${training}`);
    await page.getByRole('button', { name: 'customers' }).click();
    await page.getByRole('link', { name: 'Page of this version' }).click();
    await page.getByRole('heading', { name: '8f1c2e90', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Versions of customers' }).click();
    await page.getByRole('heading', { name: 'customers', level: 1 }).waitFor();
  });

  it('is described in place, and that is taken back', async () => {
    const page = await openDataset();
    await page.getByRole('button', { name: /^Edit the owner: team:data-platform/ }).click();
    await page.getByRole('textbox', { name: 'Owner' }).fill('eve');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Edit the owner: eve' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: /^Edit the owner: team:data-platform/ }).waitFor();
    // What somebody else wrote meanwhile is not undone unseen.
    await page.getByRole('button', { name: /^Edit the licence/ }).click();
    const readAgain = page.waitForResponse(
      (response) => response.url().includes(`/datasets/${dataset}?`) && response.request().method() === 'GET',
    );
    await server.call('PATCH', `/datasets/${dataset}`, { licence: 'CC-BY-4.0' });
    await readAgain;
    await page.getByRole('textbox', { name: 'Licence' }).fill('CC0');
    await page.getByRole('button', { name: 'Save' }).click();
    await eventually(async () => {
      const said = await server.call<{ licence: { value: string } }>('GET', `/datasets/${dataset}`);
      assert.equal(said.licence.value, 'CC-BY-4.0');
      assert.match(await page.getByRole('alert').innerText(), /somebody has changed it/);
    }, page);
  });

  it('shows a thousand columns as far as one looks, and finds one', async () => {
    const page = await browser.open(`${server.url}/dataset-versions/${wide.uid}`);
    const columns = region(page, /^Columns/);
    await columns.getByText('dimension_0', { exact: true }).waitFor();
    assert.equal(await columns.getByRole('row').count(), 201);
    await page.getByRole('searchbox', { name: 'Search the columns by name' }).fill('_777');
    await eventually(async () => assert.equal(await columns.getByRole('row').count(), 2), page);
    await page.getByRole('searchbox', { name: 'Search the columns by name' }).fill('');
    await page.getByRole('button', { name: 'Show all' }).click();
    await eventually(async () => assert.equal(await columns.getByRole('row').count(), 1_001), page);
  });

  it('shows a thousand versions page by page', async () => {
    const name = 'hourly';
    let first: Version | undefined;
    for (let index = 0; index < 1_000; index += 20) {
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          record({
            name,
            version: `hour ${index + at}`,
            created: start + (index + at) * 3_600_000,
            rows: at,
          }),
        ),
      );
      first ??= made[0];
    }
    const page = await browser.open(`${server.url}/datasets/${first!.dataset}`);
    const rows = region(page, /^Versions/).getByRole('row');
    await page.getByText('The latest 50 of 1,000.').waitFor();
    assert.equal(await rows.count(), 51);
    await page.getByRole('button', { name: 'Show more' }).first().click();
    await page.getByText('The latest 100 of 1,000.').waitFor();
    await picture(page, 'dataset-thousand-versions');
  });

  it('fits a phone', async () => {
    const page = await openDataset({ width: 390, height: 844, phone: true });
    await page.getByRole('heading', { name: 'customers', level: 1 }).waitFor();
    await region(page, 'Readers and writers').getByText('train-churn').waitFor();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    assert.ok((width as number) <= 390, `${width} px wide`);
    await picture(page, 'dataset-phone');
  });

  it('says what there is none of', async () => {
    const page = await browser.open(`${server.url}/datasets?search=nothing+so`);
    await page.getByRole('heading', { name: 'No dataset is called so' }).waitFor();
    await page.goto(`${server.url}/datasets/nobody`);
    await page.getByRole('heading', { name: 'There is no such dataset here' }).waitFor();
    await page.goto(`${server.url}/dataset-versions/nobody`);
    await page.getByRole('heading', { name: 'There is no such version of a dataset here' }).waitFor();
    const empty = await startServer();
    await page.goto(`${empty.url}/datasets`);
    await page.getByRole('heading', { name: 'No dataset is known yet' }).waitFor();
    await picture(page, 'datasets-none');
  });
});
