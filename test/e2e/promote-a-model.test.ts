/** A person registers a model, promotes it, rolls it back, looks what was named when, and compares two versions. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { createExperiment, createRun, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const experiment = await createExperiment(server, 'fraud-training');
const runs: string[] = [];
const logged: string[] = [];

const mlmodel = (columns: readonly string[], version: string) =>
  [
    'flavors:\n  python_function: {}\n  sklearn:\n    sklearn_version: ',
    version,
    "\nsignature:\n  inputs: '",
    JSON.stringify(columns.map((name) => ({ type: 'double', name, required: true }))),
    `'\n  outputs: '[{"type": "long", "name": "fraud"}]'\n`,
  ].join('');

/** A run that trained on data, and the model it logged. */
async function train(index: number): Promise<void> {
  const run = await createRun(server, experiment, {
    name: ['calm-otter-1', 'swift-heron-2', 'bold-lynx-3'][index]!,
    params: { depth: String(4 + index * 2), optimizer: 'adam', lr: '0.01' },
    metrics: { val_auc: [0.8, 0.9 + index * 0.02], loss: [0.5, 0.3 - index * 0.05] },
    tags: { 'mlflow.source.git.commit': `${index}b1946ac92492d2347c6235b4d2611184` },
  });
  const dataset = { name: 'payments', digest: `2026-1${index}`, source_type: 'local', source: '{}' };
  await server.mlflow('runs/log-inputs', { run_id: run, datasets: [{ dataset, tags: [] }] });
  const made = await server.mlflow<{ model: { info: { model_id: string } } }>('logged-models', {
    ...{ experiment_id: experiment, name: 'forest', model_type: 'sklearn', source_run_id: run },
  });
  const id = made.model.info.model_id;
  const columns = index === 0 ? ['amount', 'hour'] : ['amount', 'hour', 'country_risk'];
  await server.putFile(
    { tree: `${experiment}/models/${id}/artifacts` },
    'MLmodel',
    mlmodel(columns, `1.${6 + index}.0`),
  );
  const ready = await fetch(`${server.url}/api/2.0/mlflow/logged-models/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model_id: id, status: 'LOGGED_MODEL_READY' }),
  });
  assert.equal(ready.status, 200);
  runs.push(run);
  logged.push(id);
}

const champion = async (name: string) => {
  const { aliases } = await server.call<{ aliases: { alias: string; version: number }[] }>(
    'GET',
    `/models/registered/${name}`,
  );
  return aliases.find(({ alias }) => alias === 'champion')?.version;
};
const versionsTable = (page: Page) => page.getByRole('region', { name: /^Versions/ });
const versionRow = (page: Page, version: number) =>
  versionsTable(page)
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: `v${version}`, exact: true }) });
const card = (page: Page, text: string) => page.getByRole('listitem', { name: text });

async function registered(name: string, count: number): Promise<void> {
  await server.call('POST', '/models/registered', { name });
  for (let index = 0; index < count; index++)
    await server.call('POST', `/models/registered/${name}/versions`, {
      ...{ source: `models:/${logged[index]}`, loggedModel: logged[index], run: runs[index] },
      ...(index === 2 ? { description: 'With the risk of the country' } : {}),
    });
}

describe('the model registry', () => {
  before(async () => {
    for (const index of [0, 1, 2]) await train(index);
  });

  it('teaches while it is empty, and registers a logged model', async () => {
    const page = await browser.open(`${server.url}/registry`);
    await page.getByRole('heading', { name: 'No model is registered yet' }).waitFor();
    await page.getByText('registered_model_name="fraud"').waitFor();
    await assertAccessible(page, 'an empty registry');

    await page.goto(`${server.url}/models/${logged[0]}`);
    await page.getByRole('button', { name: 'Register' }).click();
    const dialog = page.getByRole('dialog', { name: 'Register forest' });
    await dialog.getByRole('textbox').or(dialog.getByRole('combobox')).first().fill('churn');
    await dialog.getByText('churn is made, and this becomes its first version.').waitFor();
    await assertAccessible(page, 'the dialog that registers');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Version 1' }).waitFor();
    await page.getByText('Registered as version 1 of churn').waitFor();
    await page.getByRole('link', { name: 'calm-otter-1' }).waitFor();
    await page.getByText('mlflow.pyfunc.load_model("models:/churn/1")').first().waitFor();
    await page.getByRole('region', { name: 'Inputs' }).getByText('amount').waitFor();

    // What was made of it stands on the page of the logged model and of its run.
    await page.goto(`${server.url}/models/${logged[0]}`);
    await page.getByRole('link', { name: 'churn v1' }).waitFor();
    await page.goto(`${server.url}/runs/${runs[0]}`);
    await page.getByRole('link', { name: 'churn v1' }).click();
    await page.getByRole('heading', { name: 'Version 1' }).waitFor();
  });

  it('registers a folder of a run, as clients of MLflow 2 log models', async () => {
    await server.putFile(runs[1]!, 'classifier/MLmodel', mlmodel(['amount'], '1.6.0'));
    const page = await browser.open(`${server.url}/runs/${runs[1]}?tab=artifacts&file=classifier/MLmodel`);
    await page.getByRole('button', { name: 'Register' }).click();
    const dialog = page.getByRole('dialog', { name: 'Register classifier' });
    await dialog.getByRole('combobox').first().fill('churn');
    await dialog.getByText('This becomes the next version of churn.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Version 2' }).waitFor();
    await page.getByRole('region', { name: 'Inputs' }).getByText('amount').waitFor();
    await page.getByRole('link', { name: 'swift-heron-2' }).waitFor();
  });

  for (const theme of themes) {
    it(`promotes, undoes, rolls back, and knows what was named when (${theme})`, async () => {
      const name = `fraud-${theme}.v2`;
      await registered(name, 3);
      const page = await browser.open(`${server.url}/registry`, { theme });
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, exact: true }).waitFor();
      await page.getByText('No version has been named yet').waitFor();
      await versionRow(page, 3).getByRole('link', { name: 'bold-lynx-3' }).waitFor();
      await versionRow(page, 3).getByText('payments').waitFor();
      await versionRow(page, 3).getByText('0.9400').waitFor();
      await picture(page, `registered-model-new-${theme}`);

      // By keys: to the third row, its menu, the first entry.
      for (const key of ['j', 'j', 'j', 'p']) await page.keyboard.press(key);
      await page.getByRole('menuitem', { name: /^champion/ }).waitFor();
      await assertAccessible(page, `promoting, ${theme}`);
      await page.keyboard.press('Enter');
      await page.getByText('champion is version 1 now').waitFor();
      assert.equal(await champion(name), 1);
      await versionRow(page, 1).getByText('champion', { exact: true }).waitFor();

      await page.getByRole('button', { name: 'Promote version 3' }).click();
      await page.getByRole('menuitem', { name: /^champion/ }).click();
      await card(page, 'champion: version 3').waitFor();
      await page.keyboard.press('u');
      await card(page, 'champion: version 1').waitFor();
      assert.equal(await champion(name), 1);

      await page.getByRole('button', { name: 'Promote version 2' }).click();
      await page.getByRole('menuitem', { name: /^champion/ }).click();
      await card(page, 'champion: version 2').waitFor();
      await page.getByRole('button', { name: 'Roll back champion' }).click();
      await page.getByText('Rolled back: champion is version 1 again, it was version 2').waitFor();
      await card(page, 'champion: version 1').waitFor();

      // Somebody else does something: the page follows by itself.
      await server.call('PUT', `/models/registered/${name}/aliases/challenger`, { version: 3 });
      await card(page, 'challenger: version 3').waitFor();
      await page.getByRole('button', { name: 'Promote version 3' }).click();
      await page.getByRole('menuitem', { name: 'Production' }).click();
      await versionRow(page, 3).getByText('Production').waitFor();

      const named = [1, 3, 1, 2, 1].map((version) => `version ${version}`).join(', then ');
      await page.getByRole('img', { name: `champion was ${named}` }).waitFor();
      const now = new Date();
      const today = now.toISOString().slice(0, 10);
      await page.getByLabel('On the day').fill(today);
      await page.getByRole('status').getByText('champion was version 2 from').waitFor();
      assert.equal(new URL(page.url()).searchParams.get('on'), today);
      await page.getByLabel('On the day').fill('2020-02-02');
      await page.getByText('No version had a name on that day.').waitFor();
      await page.getByLabel('On the day').fill(today);
      await assertAccessible(page, `a model, ${theme}`);
      await picture(page, `registered-model-${theme}`);

      // Two versions, by keys.
      await page.getByRole('heading', { name: /^Versions/ }).click();
      for (const key of ['k', 'k', 'k', 'x', 'j', 'j', 'x', 'c']) await page.keyboard.press(key);
      await page.getByRole('heading', { name: 'v1 and v3' }).waitFor();
      const table = page.getByRole('region', { name: 'Differences' });
      await table.getByRole('row', { name: /^input country_risk – ?not logged double/ }).waitFor();
      await table.getByRole('row', { name: /^depth 4 8/ }).waitFor();
      await table.getByRole('row', { name: /^payments 2026-10 2026-12/ }).waitFor();
      await table.getByRole('row', { name: /^git.commit 0b1946/ }).waitFor();
      // What they come from, at any distance, as the question of lineage tells it.
      await table.getByRole('rowheader', { name: /^Data it comes from/ }).waitFor();
      await table.getByRole('row', { name: /^payments payments@2026-10 payments@2026-12/ }).waitFor();
      await table.getByRole('row', { name: /^val_auc .*\(best\)$/ }).waitFor();
      assert.equal(await table.getByRole('row', { name: /^lr/ }).count(), 0);
      await page.getByRole('checkbox', { name: /^Also what is equal/ }).check();
      await table.getByRole('row', { name: /^lr/ }).waitFor();
      await page.getByRole('checkbox', { name: /^Also what is equal/ }).uncheck();
      await assertAccessible(page, `two versions, ${theme}`);
      await picture(page, `compared-versions-${theme}`);
      await page.getByLabel('Version at the left').selectOption('2');
      await page.getByRole('heading', { name: 'v2 and v3' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'v2 and v3' }).click();
      await page.keyboard.press('s');
      await page.getByRole('heading', { name: 'v3 and v2' }).waitFor();

      await page.getByRole('link', { name: 'Page of version 3' }).click();
      await page.getByRole('heading', { name: 'Version 3' }).waitFor();
      await page.getByRole('region', { name: 'Inputs' }).getByText('country_risk').waitFor();
      await assertAccessible(page, `a version, ${theme}`);
      await picture(page, `model-version-${theme}`);
      await page.goto(`${server.url}/registry?sort=name`);
      await page.getByRole('link', { name, exact: true }).waitFor();
      await assertAccessible(page, `the registry, ${theme}`);
      await picture(page, `registry-${theme}`);
    });
  }

  it('changes nothing where somebody else was faster', async () => {
    await registered('contested', 3);
    await server.call('PUT', '/models/registered/contested/aliases/champion', { version: 1 });
    const page = await browser.open(`${server.url}/registry/model?name=contested`);
    await card(page, 'champion: version 1').waitFor();
    // The page does not hear of it before the click.
    await page.route('**/api/v1/events**', (route) => route.abort());
    await page.reload();
    await card(page, 'champion: version 1').waitFor();
    await page.getByRole('button', { name: 'Promote version 3' }).click();
    await server.call('PUT', '/models/registered/contested/aliases/champion', { version: 2 });
    await page.getByRole('menuitem', { name: /^champion/ }).click();
    await page.getByText('Somebody else was faster. The alias champion names version 2 now.').waitFor();
    assert.equal(await champion('contested'), 2);
    await card(page, 'champion: version 2').waitFor();
  });

  it('is renamed with undo; versions and models are deleted after a question', async () => {
    await registered('oak', 3);
    await server.call('PUT', '/models/registered/oak/aliases/champion', { version: 2 });
    const page = await browser.open(`${server.url}/registry/model?name=oak`);
    await card(page, 'champion: version 2').waitFor();
    await page.getByRole('button', { name: 'More about oak' }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('contested');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('already exists').waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('elm');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'elm', exact: true }).waitFor();
    await page.getByText('oak is called elm now').waitFor();
    assert.equal(await champion('elm'), 2);
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'oak', exact: true }).waitFor();
    await page.getByText('oak is called so again').waitFor();

    await versionRow(page, 3).getByRole('link', { name: 'v3', exact: true }).click();
    await page.getByRole('button', { name: 'More about Version 3' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await assertAccessible(page, 'the question before a version is deleted');
    // Enter takes the way out.
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'More about Version 3' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Version 3 of oak deleted').waitFor();
    await page.getByRole('heading', { name: 'oak', exact: true }).waitFor();
    await versionRow(page, 2).waitFor();
    assert.equal(await versionRow(page, 3).count(), 0);

    await page.getByRole('button', { name: 'More about oak' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const asking = page.getByRole('dialog', { name: 'Delete oak?' });
    await asking.getByText('Programs that load champion (v2) will not find it.').waitFor();
    await asking.getByLabel(/to go on/).fill('oak');
    await picture(page, 'model-deleting');
    await asking.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('oak deleted with 2 versions').waitFor();
    await page.goto(`${server.url}/registry/model?name=oak`);
    await page.getByRole('heading', { name: 'There is no such model here' }).waitFor();
  });

  it('is found by the palette, described, tagged, and read on a phone', async () => {
    await registered('solo', 2);
    const page = await browser.open(`${server.url}/experiments`);
    await page.getByRole('heading', { name: 'Experiments', exact: true, level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('solo');
    await page.getByRole('option', { name: 'solo' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'solo', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Write' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('Scores **one** payment');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Scores one payment').waitFor();
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByLabel('Name of the tag').fill('team');
    await page.getByLabel('Value of the tag').fill('risk');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Edit team: risk' }).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Models' }).click();
    await page.getByRole('row', { name: /^solo Scores/ }).waitFor();

    const phone = await browser.open(`${server.url}/registry/model?name=solo`, {
      ...{ width: 390, height: 800, phone: true },
    });
    await versionRow(phone, 2).waitFor();
    await picture(phone, 'registered-model-phone');
    assert.equal(await phone.evaluate<number>('document.documentElement.scrollWidth'), 390);
    await phone.goto(`${server.url}/registry/model?name=nowhere`);
    await phone.getByRole('heading', { name: 'There is no such model here' }).waitFor();
  });
});
