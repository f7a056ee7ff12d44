/** A person looks what serves where, what served on a day, what was known of it then, and what is behind it. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { keepPicture, picture } from './pictures.ts';
import { createExperiment, createRun, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const day = 24 * 60 * 60 * 1000;
const today = Math.floor(Date.now() / day) * day;
/** So many days ago, at noon. */
const ago = (days: number) => today - days * day + day / 2;
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const runs: string[] = [];

async function registered(name: string, count: number): Promise<void> {
  await server.call('POST', '/models/registered', { name });
  for (let index = 0; index < count; index++) {
    const body = { source: `runs:/${runs[index % runs.length]}/model`, run: runs[index % runs.length] };
    await server.call('POST', `/models/registered/${name}/versions`, body);
  }
}

const record = (endpoint: string, model: string, more: object) =>
  server.call<{ uid: string }>('POST', '/deployments', { endpoint, model, ...more });

describe('deployments', () => {
  before(async () => {
    const experiment = await createExperiment(server, 'churn-training');
    for (const name of ['calm-otter-1', 'swift-heron-2']) {
      runs.push(await createRun(server, experiment, { name, params: {}, metrics: { auc: [0.9] }, tags: {} }));
    }
  });

  it('teaches while there are none', async () => {
    const page = await browser.open(`${server.url}/deployments`);
    await page.getByRole('heading', { name: 'No deployment is recorded yet' }).waitFor();
    await page.getByText('cairn deploy record --model models:/churn/3 --to prod/scoring').waitFor();
    await assertAccessible(page, 'no deployments');
  });

  for (const theme of themes) {
    it(`shows what serves, and what served on a day (${theme})`, async () => {
      const [model, endpoint] = [`churn-${theme}`, `prod/scoring-${theme}`];
      await registered(model, 5);
      await server.call('PUT', `/models/registered/${model}/aliases/champion`, { version: 4 });
      const uri = (version: number) => `models:/${model}/${version}`;
      const platform = {
        ...{ kind: 'kserve', namespace: 'prod', service: 'scoring', url: 'https://scoring.example/v1' },
        config: { batch: 8 },
      };
      await record(endpoint, uri(1), { at: ago(90) });
      await record(endpoint, uri(2), { at: ago(60), traffic: 20 });
      await record(endpoint, uri(2), { at: ago(52) });
      await record(endpoint, uri(3), { at: ago(30) });
      await server.call('POST', '/deployments/roll-back', { endpoint, at: ago(27), note: 'latency doubled' });
      await record(endpoint, uri(5), { at: ago(40), slot: 'shadow', traffic: 0 });
      await record(endpoint, `models:/${model}@champion`, { at: ago(8), traffic: 25, platform });
      await record(`batch/monthly-${theme}`, uri(2), {
        at: ago(20),
        platform: { kind: 'batch', job: 'score' },
      });

      const page = await browser.open(`${server.url}/`, { theme });
      await page.getByRole('navigation').getByRole('link', { name: 'Deployments' }).click();
      await page
        .getByRole('row', { name: new RegExp(`^${endpoint}.*${model} v2.*75 %.*${model} v4.*25 %`) })
        .waitFor();
      await assertAccessible(page, `deployments, ${theme}`);
      await picture(page, `deployments-${theme}`);
      await page.getByRole('link', { name: endpoint, exact: true }).click();

      await page.getByRole('heading', { name: endpoint, exact: true }).waitFor();
      const now = page.getByRole('region', { name: 'Serves now' });
      await now.getByRole('link', { name: `${model} v4` }).waitFor();
      await now.getByText('25 %').waitFor();
      await page.getByRole('img', { name: 'main: v1, then v2, then v3, then v2, then v4' }).waitFor();
      await page.getByRole('img', { name: 'shadow: v5' }).waitFor();
      const table = page.getByRole('region', { name: 'Deployments' });
      await table.getByRole('row', { name: new RegExp(`${model} v3 .*rolled back`) }).waitFor();
      // What came last is the one whose evidence is shown at first.
      const evidence = page.getByRole('region', { name: 'Evidence' });
      await evidence.getByText(`models:/${model}@champion`).waitFor();
      await evidence.getByText('scoring.example').waitFor();
      await picture(page, `endpoint-${theme}`);
      if (theme === 'light') await keepPicture(page, 'endpoint');

      // Somebody retracts nothing, but is told better: the row is corrected, and both beliefs stand.
      await table.getByRole('button', { name: new RegExp(`^Evidence of ${uri(3)}`) }).click();
      const { items } = await server.call<{ items: { uid: string; model: { uri: string } }[] }>(
        'GET',
        `/deployments?endpoint=${encodeURIComponent(endpoint)}`,
      );
      const third = items.find((one) => one.model.uri === uri(3))!;
      await evidence.getByText(/^100 % from .*, rolled back$/).waitFor();
      await server.call('PATCH', `/deployments/${third.uid}`, { started: ago(31) });
      await evidence
        .getByText(/believed until/)
        .nth(1)
        .waitFor();
      assert.equal(new URL(page.url()).searchParams.get('deployment'), third.uid);

      await page.getByLabel('On the day').fill(dateOf(ago(55)));
      const held = page.getByRole('status').filter({ hasText: 'served' });
      await held.getByText('80 % of the traffic').waitFor();
      await held.getByText('20 % of the traffic').waitFor();
      assert.equal(new URL(page.url()).searchParams.get('on'), dateOf(ago(55)));
      await assertAccessible(page, `an endpoint, ${theme}`);
      await picture(page, `endpoint-on-a-day-${theme}`);

      // All of it was told today: nothing was known yesterday.
      await page.getByLabel('As known on').fill(dateOf(ago(1)));
      await page.getByText('Nothing was known of it on that day.').waitFor();
      await page.getByLabel('As known on').fill('');
      await page.getByRole('img', { name: 'main: v1, then v2, then v3, then v2, then v4' }).waitFor();

      // The page follows what a pipeline tells.
      await record(endpoint, `models:/${model}@champion`, {});
      await now.getByText('100 %').waitFor();

      // From the version to where it serves, and back.
      await now.getByRole('link', { name: `${model} v4` }).click();
      await page.getByRole('heading', { name: 'Version 4' }).waitFor();
      const served = page.getByRole('region', { name: 'Deployments' });
      await served.getByText('100 %').waitFor();
      await picture(page, `version-deployed-${theme}`);
      await assertAccessible(page, `a version that serves, ${theme}`);
      await served.getByRole('link', { name: endpoint }).click();
      await page.getByRole('heading', { name: endpoint, exact: true }).waitFor();
      await page.goto(`${server.url}/registry/model?name=${model}`);
      await page
        .getByRole('region', { name: 'Serves now' })
        .getByRole('link', { name: endpoint })
        .first()
        .waitFor();
    });
  }

  it('keeps what a deleted version served, and is read on a phone and by keys', async () => {
    await registered('gone', 1);
    await record('prod/gone', 'models:/gone/1', { at: ago(3) });
    await server.call('DELETE', '/models/registered/gone');
    const page = await browser.open(`${server.url}/endpoint?name=prod/gone`);
    const now = page.getByRole('region', { name: 'Serves now' });
    await now.getByText('deleted').waitFor();
    assert.equal(await now.getByRole('link', { name: /gone v1/ }).count(), 0);
    // A run of a job serves beside it, a model that is in no registry here: a link leads to the run, none to the model.
    const deployment = { endpoint: 'prod/gone', model: 'models:/elsewhere/7' };
    await server.call('POST', '/lineage', {
      ...{
        eventType: 'START',
        eventTime: new Date(ago(2)).toISOString(),
        producer: 'https://example.com/serving',
      },
      ...{
        job: { namespace: 'prod', name: 'serve' },
        run: { runId: 'r', facets: { cairn_deployment: deployment } },
      },
    });
    await now.getByText('elsewhere').waitFor();
    assert.equal(await now.getByRole('link', { name: /elsewhere/ }).count(), 0);
    await page
      .getByRole('region', { name: 'Evidence' })
      .getByRole('link', { name: 'a run of serve' })
      .waitFor();
    await assertAccessible(page, 'what a run serves');
    await picture(page, 'endpoint-told-by-a-run');
    await now.getByRole('link', { name: 'job serve' }).click();
    await page.waitForURL(/job-runs/);
    await page.getByRole('complementary', { name: 'About the run' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('all deployments');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Deployments', exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('GONE');
    await page.getByText('1 endpoint found').waitFor();

    const phone = await browser.open(`${server.url}/endpoint?name=prod/gone`, {
      ...{ width: 390, height: 800, phone: true },
    });
    await phone.getByRole('region', { name: 'Serves now' }).getByText('deleted').waitFor();
    await picture(phone, 'endpoint-phone');
    assert.equal(await phone.evaluate<number>('document.documentElement.scrollWidth'), 390);
    await phone.goto(`${server.url}/endpoint?name=nowhere`);
    await phone.getByRole('heading', { name: 'There is no such endpoint here' }).waitFor();
  });
});
