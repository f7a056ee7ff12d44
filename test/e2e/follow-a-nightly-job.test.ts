/** A person follows a nightly job: how its runs go, why one failed, what it read and wrote, in which versions, from which columns. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import {
  badNight,
  event,
  facet,
  hourly,
  namespace,
  nightly,
  nights,
  runId,
  warehouse,
} from './nightly-job.ts';
import { keepPicture, picture } from './pictures.ts';
import { eventually } from './run-table.ts';
import { createExperiment, createRun, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
// As a text: the ticket of the last night is a number beyond 2^53.
const sent = JSON.stringify(Array.from({ length: nights }, (_, night) => nightly(night)).flat());
await post('/lineage/batch', sent.replaceAll('"ticket":"Q"', '"ticket":8271638172635190041'));
await server.call('POST', '/lineage/batch', [
  {
    ...{ eventTime: new Date().toISOString(), producer: 'https://dbt.example' },
    job: {
      ...{ namespace: 'dbt-prod', name: 'shop.orders' },
      facets: { jobType: facet({ processingType: 'BATCH', integration: 'DBT', jobType: 'MODEL' }) },
    },
    inputs: [{ namespace: warehouse, name: 'shop.raw_orders' }],
    outputs: [{ namespace: warehouse, name: 'shop.orders' }],
  },
  event({ type: 'START', at: Date.now() - 90_000, night: 900, task: 0, name: 'visits_stream' }),
  ...hourly('spark-prod', 'clickstream.sessions', 20, [13], 'APPLICATION'),
  ...hourly('spark-prod', 'orders.deduplicate', 14, [2, 12, 13], 'SQL_JOB'),
  ...hourly('dbt-prod', 'shop.customers', 9, [], 'MODEL'),
]);
const experiment = await createExperiment(server, 'churn');
const training = await createRun(server, experiment, { name: 'train-churn' });
await server.mlflow('runs/log-inputs', {
  run_id: training,
  datasets: [
    {
      dataset: {
        ...{ name: 'churn-features', digest: '8f1c2e90', source_type: 's3' },
        source: JSON.stringify({ uri: 's3://lake/gold/churn-features' }),
      },
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    },
  ],
});

async function post(place: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/api/v1${place}`, { method: 'POST', headers, body });
  assert.equal(response.status, 200, await response.text());
}

interface Found {
  readonly items: readonly { readonly uid: string; readonly name: string; readonly runId: string }[];
}
const jobNamed = async (name: string) =>
  (await server.call<Found>('GET', `/jobs?search=${name}`)).items.find((job) => job.name === name)!.uid;
const featureJob = await jobNamed('churn_daily.features');
const runOfNight = async (night: number) =>
  (await server.call<Found>('GET', `/job-runs?job=${featureJob}`)).items.find(
    (run) => run.runId === runId(night, 1),
  )!.uid;

const region = (page: Page, name: string | RegExp) => page.getByRole('region', { name });
const jobRow = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

describe('following a nightly job', () => {
  for (const theme of themes) {
    it(`sees in the list how each job fares, and opens one by keys (${theme})`, async () => {
      const page = await browser.open(`${server.url}/jobs`, { theme });
      const row = jobRow(page, 'churn_daily.features');
      await row
        .getByRole('img', { name: /^The last 16 runs: 15 finished, 1 failed; the latest finished$/ })
        .waitFor();
      const cells = (await row.getByRole('cell').allInnerTexts()).map((text) => text.trim());
      assert.deepEqual(cells.slice(0, 2), [namespace, 'airflow task']);
      assert.deepEqual(cells.slice(-2), ['2', '1']);
      const declared = (await jobRow(page, 'shop.orders').getByRole('cell').allInnerTexts()).map((text) =>
        text.trim(),
      );
      assert.deepEqual([declared[3], ...declared.slice(-2)], ['no run yet', '1', '1']);
      await page.getByRole('navigation').getByRole('link', { name: 'Jobs' }).waitFor();
      await assertAccessible(page, `the list of jobs, ${theme}`);
      await picture(page, `jobs-${theme}`);
      if (theme === 'light') await keepPicture(page, 'jobs');

      await page.keyboard.press('/');
      await page.keyboard.type('FEATURES');
      await page.getByText('1 job found').waitFor();
      await page.waitForURL(/search=FEATURES/);
      await region(page, 'Jobs').focus();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'churn_daily.features', level: 1 }).waitFor();
    });

    it(`reads on the page of a job how its runs went, what it does, and whose it is (${theme})`, async () => {
      const page = await browser.open(`${server.url}/jobs/${featureJob}`, { theme });
      await page.getByRole('figure', { name: /^The last 16 runs: 15 finished, 1 failed/ }).waitFor();
      assert.equal(await region(page, 'Runs').getByRole('row').count(), nights + 1);
      await region(page, 'SQL').getByText('INSERT INTO features').waitFor();
      const side = page.getByRole('complementary', { name: 'About the job' });
      await side.getByRole('link', { name: 'gold/churn-features' }).waitFor();
      const about = await side.innerText();
      assert.match(about, /Features of each customer[\s\S]*crm\.public\.customers[\s\S]*crm\.public\.visits/);
      assert.match(about, /team:data-platform \(maintainer\)/);
      assert.equal(
        await side.getByRole('link', { name: 'dags/churn.py' }).getAttribute('href'),
        'https://git.example/etl/churn.py',
      );
      await assertAccessible(page, `the page of a job, ${theme}`);
      await picture(page, `job-${theme}`);
      if (theme === 'light') await keepPicture(page, 'job');
    });

    it(`finds why a night failed (${theme})`, async () => {
      const page = await browser.open(`${server.url}/jobs/${featureJob}`, { theme });
      await page.getByRole('button', { name: 'Failed' }).click();
      await eventually(
        async () => assert.equal(await region(page, 'Runs').getByRole('row').count(), 2),
        page,
      );
      assert.match(page.url(), /state=failed/);
      await region(page, 'Runs').getByRole('link').click();
      await region(page, /^Error/)
        .getByText('column v.customer does not exist', { exact: true })
        .waitFor();
      await page.getByText('Stack trace').click();
      await page.getByText('at features.sql, line 3').waitFor();
      const side = page.getByRole('complementary', { name: 'About the run' });
      await side.getByRole('link', { name: 'churn_daily', exact: true }).waitFor();
      assert.match(await side.innerText(), /started[\s\S]*failed[\s\S]*Airflow 3\.1\.0/);
      await assertAccessible(page, `a run that failed, ${theme}`);
      await picture(page, `job-run-failed-${theme}`);

      // What started it knows it, and is one click away.
      await side.getByRole('link', { name: 'churn_daily', exact: true }).click();
      await page.getByRole('link', { name: 'Runs of churn_daily' }).waitFor();
      await region(page, /^Runs it started/)
        .getByRole('link', { name: 'churn_daily.features' })
        .waitFor();
    });

    it(`sees what a run read and wrote, from which columns, and follows it to the data and back (${theme})`, async () => {
      const page = await browser.open(`${server.url}/job-runs/${await runOfNight(nights - 1)}`, { theme });
      const wrote = region(page, /^Wrote/);
      await wrote.getByRole('link', { name: 'gold/churn-features' }).waitFor();
      assert.match(await wrote.innerText(), /90,180/);
      assert.match(await region(page, /^Read/).innerText(), /crm\.public\.customers[\s\S]*not known/);
      const columns = region(page, 'Columns');
      await columns.getByRole('row').nth(4).waitFor();
      assert.match(
        (await page.getByRole('link', { name: 'Lineage of this' }).getAttribute('href')) ?? '',
        /^\/lineage\?of=[0-9a-f]{32}/,
      );
      assert.match(await columns.innerText(), /visits\s+at\s+crm\.public\.visits\s+direct aggregation/);
      await page.getByText('acme_lease').click();
      await page.getByText('8271638172635190041').waitFor();
      await page
        .getByText(/^received/)
        .last()
        .click();
      await page
        .getByRole('region', { name: /^Event \d+ as it was sent/ })
        .getByText('START')
        .waitFor();
      await assertAccessible(page, `a run of a job, ${theme}`);
      await picture(page, `job-run-${theme}`);
      if (theme === 'light') {
        await page.reload();
        await columns.getByRole('row').nth(4).waitFor();
        await keepPicture(page, 'job-run');
      }

      await wrote.getByRole('link').nth(1).click();
      await page.getByRole('heading', { name: 'Made by' }).waitFor();
      const madeFrom = region(page, 'What its columns were made from');
      assert.match(await madeFrom.innerText(), /months\s+since\s+crm\.public\.customers/);
      await page.getByText('columnLineage', { exact: true }).waitFor();
      const side = page.getByRole('complementary', { name: 'About the version' });
      await side.getByRole('link', { name: 'churn_daily.features' }).click();
      await page.getByRole('link', { name: 'Runs of churn_daily.features' }).waitFor();
    });
  }

  it('hears of a night as it goes', async () => {
    const page = await browser.open(`${server.url}/jobs`);
    const row = jobRow(page, 'visits_stream');
    await row.getByRole('img', { name: 'running', exact: true }).waitFor();
    await server.call(
      'POST',
      '/lineage',
      event({ type: 'FAIL', at: Date.now(), night: 900, task: 0, name: 'visits_stream' }),
    );
    await row.getByRole('img', { name: 'failed', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Runs' }).click();
    await page.getByRole('heading', { name: 'Runs of jobs' }).waitFor();
    await page.getByRole('button', { name: 'Failed' }).click();
    await page.getByText('7 runs', { exact: true }).waitFor();
    await picture(page, 'job-runs-failed');
    await assertAccessible(page, 'the runs of all jobs');
    await page.goBack();
    await page.getByText(/^7\d runs$/).waitFor();
  });

  it('finds a job from anywhere, and those of its namespace', async () => {
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await page.getByRole('link', { name: 'train-churn' }).first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Find/ }).fill('shop.ord');
    await page.getByRole('option', { name: /shop\.orders.*dbt-prod/ }).click();
    await page.getByRole('heading', { name: 'shop.orders', level: 1 }).waitFor();
    assert.match(
      await page.getByRole('complementary', { name: 'About the job' }).innerText(),
      /shop\.raw_orders[\s\S]*declared[\s\S]*DBT/,
    );
    await page.getByRole('link', { name: 'dbt-prod' }).click();
    await page.getByText('2 jobs', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Show the jobs of all namespaces/ }).click();
    await page.getByText('7 jobs', { exact: true }).waitFor();
  });

  it('opens from the page of the dataset that a training read', async () => {
    const page = await browser.open(`${server.url}/runs/${training}`);
    await page.getByRole('button', { name: 'churn-features' }).click();
    await page.getByRole('link', { name: 'Page of this version' }).click();
    await page.getByRole('link', { name: /^Versions of/ }).click();
    await region(page, 'Readers and writers')
      .getByRole('link', { name: 'churn_daily.features' })
      .first()
      .click();
    await page.getByRole('link', { name: 'Runs of churn_daily.features' }).waitFor();
  });

  it('shows a thousand inputs as far as one looks', async () => {
    const inputs = Array.from({ length: 1_000 }, (_, index) => ({
      namespace: 's3://lake',
      name: `day-${index}`,
    }));
    await server.call('POST', '/lineage', {
      ...event({ type: 'COMPLETE', at: Date.now(), night: 901, task: 0, name: 'backfill' }),
      inputs,
    });
    const page = await browser.open(`${server.url}/jobs/${await jobNamed('backfill')}`);
    const side = page.getByRole('complementary', { name: 'About the job' });
    await side.getByText('50 of 1,000.').waitFor();
    await region(page, 'Runs').getByRole('link').click();
    const read = region(page, /^Read/);
    await eventually(async () => assert.equal(await read.getByRole('row').count(), 201), page);
    await page.getByRole('button', { name: 'Show all' }).click();
    await eventually(async () => assert.equal(await read.getByRole('row').count(), 1_001), page);
  });

  it('fits a phone, and says what there is none of', async () => {
    const page = await browser.open(`${server.url}/jobs`, { width: 390, height: 844, phone: true });
    const width = async () => page.evaluate<number>('document.documentElement.scrollWidth');
    await jobRow(page, 'churn_daily.features').waitFor();
    assert.equal(await width(), 390);
    await picture(page, 'jobs-phone');
    await page.goto(`${server.url}/job-runs/${await runOfNight(badNight)}`);
    await region(page, /^Error/).waitFor();
    assert.equal(await width(), 390);
    await picture(page, 'job-run-phone');
    // While the changes are not connected yet, the head says so in a word that a phone has no room for.
    await page.route('**/api/v1/events?*', () => {});
    await page.reload();
    await page.getByText('Connecting').waitFor({ state: 'attached' });
    await region(page, /^Error/).waitFor();
    assert.equal(await width(), 390);
    await page.unrouteAll();
    await page.goto(`${server.url}/jobs?search=nothing+so`);
    await page.getByRole('heading', { name: 'No job is called so' }).waitFor();
    await page.goto(`${server.url}/jobs/nobody`);
    await page.getByRole('heading', { name: 'There is no such job here' }).waitFor();
    await page.goto(`${server.url}/job-runs/nobody`);
    await page.getByRole('heading', { name: 'There is no such run of a job here' }).waitFor();
  });
});
