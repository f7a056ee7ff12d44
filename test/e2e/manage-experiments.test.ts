/** A person looks through the experiments of a project, makes one, renames it, deletes it, and brings it back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { eventually } from './run-table.ts';
import { createExperiment, createRun, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const day = 86_400_000;

/** Names in the table, from the top. */
async function names(page: Page): Promise<string[]> {
  return page.getByRole('table').getByRole('rowheader').getByRole('link').allInnerTexts();
}

async function expectNames(page: Page, expected: readonly string[]): Promise<void> {
  await eventually(async () => assert.deepEqual(await names(page), expected), page);
}

function row(page: Page, name: string) {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

describe('managing experiments', () => {
  for (const theme of themes) {
    it(`shows what happens in each, and follows it (${theme})`, async () => {
      const project = `seen-${theme}`;
      await server.call('POST', '/projects', { name: project });
      const make = async (name: string, ages: readonly (readonly [number, string])[]) => {
        const { id } = await server.call<{ id: string }>('POST', `/experiments?project=${project}`, { name });
        for (const [age, state] of ages) {
          const body = { experiment: id, started: Math.round(Date.now() - age * day), user: 'ada' };
          const run = await server.call<{ id: string }>('POST', `/runs?project=${project}`, body);
          if (state !== 'running')
            await server.call('PATCH', `/runs/${run.id}?project=${project}`, { state });
        }
        return id;
      };
      const days = [0.3, 0.4, 0.5, 1.2, 2.1, 2.2, 5.5, 6.5, 6.6, 6.7, 12, 13, 20, 20.1, 27];
      const busy = await make(
        'digits-classifier',
        days.map((age, index) => [age, index % 6 === 4 ? 'failed' : 'finished'] as const),
      );
      await server.call('PUT', `/experiments/${busy}/tags?project=${project}`, {
        key: 'team',
        value: 'vision',
      });
      const note = { key: 'mlflow.note.content', value: 'Baselines on the bundled digits' };
      await server.call('PUT', `/experiments/${busy}/tags?project=${project}`, note);
      await make('churn-nightly', [
        [1.5, 'finished'],
        [8, 'killed'],
      ]);
      await make('empty-yet', []);
      const page = await browser.open(`${server.url}/experiments?project=${project}`, { theme });
      await expectNames(page, ['digits-classifier', 'churn-nightly', 'empty-yet']);
      const cells = async (name: string) =>
        (await row(page, name).getByRole('cell').allInnerTexts()).map((text) => text.trim());
      assert.deepEqual((await cells('digits-classifier')).slice(0, 3), ['15', '0', '2']);
      assert.match(await row(page, 'digits-classifier').innerText(), /Baselines on the bundled digits/);
      await row(page, 'digits-classifier')
        .getByRole('img', { name: '15 runs in 30 days, at most 3 on one' })
        .waitFor();
      assert.match((await cells('empty-yet'))[4]!, /no run yet/);
      await page.getByText('Live', { exact: true }).waitFor();

      // A run that begins moves its experiment to the top.
      const churn = await server.call<{ items: { id: string }[] }>(
        'GET',
        `/experiments?project=${project}&search=churn`,
      );
      await server.call('POST', `/runs?project=${project}`, {
        experiment: churn.items[0]!.id,
        started: Date.now(),
        user: 'grace',
      });
      await expectNames(page, ['churn-nightly', 'digits-classifier', 'empty-yet']);
      await eventually(
        async () => assert.deepEqual((await cells('churn-nightly')).slice(0, 3), ['3', '1', '1']),
        page,
      );
      await assertAccessible(page, `experiments, ${theme}`);
      await picture(page, `experiments-${theme}`);

      await page.getByRole('button', { name: 'Name' }).click();
      await expectNames(page, ['churn-nightly', 'digits-classifier', 'empty-yet']);
      await page.getByRole('button', { name: 'Name' }).click();
      await expectNames(page, ['empty-yet', 'digits-classifier', 'churn-nightly']);
      assert.equal(new URL(page.url()).searchParams.get('sort'), '-name');
      await page.goBack();
      await expectNames(page, ['churn-nightly', 'digits-classifier', 'empty-yet']);
    });
  }

  it('makes, renames, deletes, undoes and restores', async () => {
    const page = await browser.open(`${server.url}/experiments`);
    await page.getByRole('button', { name: 'New experiment' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('first try');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'first try' }).waitFor();
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor();

    await page.getByRole('navigation').getByRole('link', { name: 'Experiments', exact: true }).click();
    await row(page, 'first try').waitFor();
    await page.getByRole('button', { name: 'New experiment' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('first try');
    await page.keyboard.press('Enter');
    await page.getByText('Experiment(name=first try) already exists.').waitFor();
    await assertAccessible(page, 'the dialog of a name that is taken');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Options of first try' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('second try');
    await page.keyboard.press('Enter');
    await row(page, 'second try').waitFor();

    await page.getByRole('button', { name: 'Options of second try' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row(page, 'second try').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, 'second try').waitFor();
    await page.getByRole('button', { name: 'Options of second try' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row(page, 'second try').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Deleted', exact: true }).click();
    await row(page, 'second try').waitFor();
    await page.getByRole('button', { name: 'Options of second try' }).click();
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    await page.getByRole('heading', { name: 'No deleted experiments' }).waitFor();
    await page.getByRole('button', { name: 'Active', exact: true }).click();
    await row(page, 'second try').waitFor();
  });

  it('reaches any of 600 by scrolling, by name, and on a phone', async () => {
    const project = 'crowded';
    await server.call('POST', '/projects', { name: project });
    for (let from = 0; from < 600; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          server.call('POST', `/experiments?project=${project}`, {
            name: `trial-${String(from + index).padStart(3, '0')}`,
          }),
        ),
      );
    const page = await browser.open(`${server.url}/experiments?project=${project}&sort=name`);
    await row(page, 'trial-000').waitFor();
    const list = page.getByRole('region', { name: 'Experiments' });
    await eventually(async () => {
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await row(page, 'trial-599').waitFor({ timeout: 500 });
    }, page);
    assert.ok((await page.getByRole('row').count()) < 80, 'draws those in sight');

    await page.getByRole('searchbox', { name: 'Search experiments by name' }).last().fill('AL-42');
    await expectNames(
      page,
      Array.from({ length: 10 }, (_, index) => `trial-42${index}`),
    );
    await eventually(async () => assert.equal(new URL(page.url()).searchParams.get('search'), 'AL-42'), page);
    await page.getByRole('searchbox', { name: 'Search experiments by name' }).last().fill('nobody');
    await page.getByRole('heading', { name: 'No experiment is called so' }).waitFor();

    const phone = await browser.open(`${server.url}/experiments?project=${project}`, {
      width: 390,
      height: 844,
      phone: true,
    });
    await phone.getByRole('link', { name: 'trial-599' }).first().waitFor();
    await assertAccessible(phone, 'experiments on a phone');
    await picture(phone, 'experiments-phone');
    const wide = await phone.evaluate('document.documentElement.scrollWidth');
    assert.equal(wide, 390);
  });

  it('opens, without any experiment of its own, on the latest one', async () => {
    const id = await createExperiment(server, 'the latest');
    await createRun(server, id, { name: 'newest', started: Date.now() + 60_000 });
    const page = await browser.open(server.url);
    await page.getByRole('heading', { name: 'the latest' }).waitFor();
  });
});
