/**
 * A newcomer runs `cairn demo`, that is MLflow's own client, watches the runs arrive, and looks at what it logged: the table,
 * a training, an evaluation, six models compared.
 * The pictures of README and guides are taken here (by the long tests, so that an ordinary run leaves the tree as it was).
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { missingPython } from '../conformance/python-env.ts';
import { runCairn, temporaryFolder } from '../start/cairn-command.ts';
import { assertAccessible, launchBrowser } from './browser.ts';
import { keepPicture } from './pictures.ts';
import { eventually, expectCell, header, rowOf } from './run-table.ts';
import { startServer } from './server.ts';

const skip =
  (process.env.CAIRN_LONG === '1' ? undefined : 'only in the long run (CAIRN_LONG=1)') ??
  (await missingPython()) ??
  false;

/** What a person reads on the way, in the order of the guide. */
const scripts = ['compare_models', 'sweep', 'curves', 'model', 'prepare', 'churn'];

/** What each cell of the table showed, one after another: run → column → texts. */
type Seen = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Asked of the page: notes every text that a cell shows from now on. */
const noteCells = `(() => {
  window.seen = {};
  new MutationObserver(() => {
    for (const row of document.querySelectorAll('[role=grid] [role=row]')) {
      const name = row.querySelector('[role=rowheader]')?.innerText.trim();
      if (!name) continue;
      const cells = (window.seen[name] ??= {});
      for (const cell of row.querySelectorAll('[role=gridcell]')) {
        const texts = (cells[cell.getAttribute('aria-colindex')] ??= []);
        const text = cell.innerText.trim();
        if (texts.at(-1) !== text) texts.push(text);
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

interface Listed {
  readonly items: readonly { readonly id: string; readonly name: string }[];
}

describe('looking at the demo', { skip }, async () => {
  const server = await startServer();
  const browser = await launchBrowser();
  const folder = temporaryFolder();

  async function demo(...names: string[]): Promise<void> {
    const env = { LOGNAME: 'ada', USER: 'ada' };
    const args = ['demo', ...names, '--server', server.url, '--folder', folder];
    const { code, stdout, stderr } = await runCairn(args, { cwd: folder, env });
    assert.equal(code, 0, `${stdout}${stderr}`);
  }

  before(() => demo(...scripts));

  it('watches trainings arrive, and their values change', async () => {
    const page = await browser.open(`${server.url}${await experimentAddress('digits-network')}`);
    await rowOf(page, 'svm-degree-3').waitFor();
    await page.evaluate(noteCells);
    await demo('epochs');
    const last = 'mlp-16-rate-0.003';
    await expectCell(page, last, 'validation_accuracy', '0.9136');
    const seen = await page.evaluate<Seen>('window.seen');
    const state = (await header(page, 'State').getAttribute('aria-colindex'))!;
    const loss = (await header(page, 'batch_loss').getAttribute('aria-colindex'))!;
    const runs = Object.keys(seen).flatMap((name) => (name.startsWith('mlp-') ? [seen[name]!] : []));
    assert.equal(runs.length, 4);
    const shown = JSON.stringify(seen);
    assert.ok(
      runs.some((cells) => cells[state]!.some((text) => /step \d/.test(text))),
      shown,
    );
    assert.ok(
      runs.some((cells) => cells[loss]!.length >= 3),
      shown,
    );
  });

  it('opens on the table, with the charts beside it', async () => {
    const page = await browser.open(`${server.url}${await experimentAddress('digits-network')}?charts=on`);
    await rowOf(page, 'mlp-64-rate-0.003').waitFor();
    await page.getByRole('columnheader', { name: /validation_accuracy/ }).waitFor();
    await page.getByRole('figure', { name: /^batch_loss: / }).waitFor();
    await page.getByRole('figure', { name: /^validation_loss: / }).waitFor();
    await assertAccessible(page, 'the runs of the demo');
    await keepPicture(page, 'runs');
  });

  it('follows one training from the table to its curves', async () => {
    const page = await browser.open(`${server.url}${await experimentAddress('digits-network')}`);
    await rowOf(page, 'mlp-64-rate-0.003').getByRole('link').first().click();
    const loss = page.getByRole('figure', { name: /^batch_loss: / });
    await eventually(async () => assert.equal(await loss.getAttribute('data-points'), '480'), page);
    await page.getByRole('button', { name: 'digits-train', exact: true }).waitFor();
    await assertAccessible(page, 'a training of the demo');
    await keepPicture(page, 'run');
  });

  it('sees how good a classifier is', async () => {
    const run = await runOf('breast-cancer-screening', 'logistic-curves');
    const page = await browser.open(`${server.url}/runs/${run}?tab=evaluation`);
    await page.getByRole('region', { name: /^Confusion matrix, evaluation/ }).waitFor();
    await page.getByRole('region', { name: /^ROC curve, evaluation/ }).waitFor();
    await page.getByText('0.993').first().waitFor();
    await assertAccessible(page, 'an evaluation of the demo');
    await keepPicture(page, 'evaluation');
  });

  it('compares six kinds of model', async () => {
    const names = ['tree', 'forest', 'bayes', 'neighbors', 'logistic', 'svm'];
    const runs = await Promise.all(names.map((name) => runOf('wine-cultivars', name)));
    const page = await browser.open(`${server.url}/compare?runs=${encodeURIComponent(runs.join(','))}`, {
      theme: 'dark',
    });
    await page.getByRole('heading', { name: 'Compare 6 runs' }).waitFor();
    await page.getByRole('rowheader', { name: 'validation_accuracy' }).waitFor();
    await assertAccessible(page, 'models of the demo compared');
    await keepPicture(page, 'compare');
  });

  it('goes from what serves to the night that prepared its data', async () => {
    const page = await browser.open(`${server.url}/endpoint?name=prod/churn`);
    await page.getByRole('region', { name: 'Serves now' }).getByRole('link', { name: 'churn v2' }).waitFor();
    const evidence = page.getByRole('region', { name: 'Evidence' });
    await evidence.getByRole('link', { name: /…$/ }).click();
    await page.getByRole('button', { name: 'churn-train', exact: true }).click();
    await page.getByRole('link', { name: 'Page of this version' }).click();
    await page.getByRole('link', { name: /^Versions of/ }).click();
    const uses = page.getByRole('region', { name: 'Readers and writers' });
    await uses.getByRole('link', { name: 'churn.split' }).click();
    await page.getByRole('region', { name: 'Columns' }).getByText('monthly_charge').first().waitFor();
    await assertAccessible(page, 'a run of the nightly job of the demo');
    await page.getByRole('link', { name: 'churn.nightly' }).click();
    await page
      .getByRole('region', { name: /^Runs it started/ })
      .getByRole('link', { name: 'churn.clean' })
      .waitFor();
  });

  async function experimentAddress(name: string): Promise<string> {
    const found = await server.call<Listed>('GET', `/experiments?search=${name}`);
    return `/experiments/${found.items[0]!.id}`;
  }

  async function runOf(experiment: string, name: string): Promise<string> {
    const experiments = [(await experimentAddress(experiment)).split('/').at(-1)!];
    const filter = `attributes.run_name = '${name}'`;
    const found = await server.call<Listed>('POST', '/runs/search', { experiments, filter, limit: 1 });
    return found.items[0]!.id;
  }
});
