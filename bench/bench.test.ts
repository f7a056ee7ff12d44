/** The bench works: every row of it, tiny, against Cairn alone. Times are not looked at. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { BadOption, optionsOf } from './options.ts';
import { publishedName, publishingPages, withTable } from './published.ts';
import { runBench } from './rounds.ts';
import { aligned, costTable, markdown, rateTable, remarks } from './table.ts';

const tiny = {
  searchedRuns: 20,
  manyRuns: [30, 40],
  largeFile: 128 * 1024,
  historyPoints: 2_000,
  chartPoints: 3_000,
};

describe('bench', () => {
  it('measures every row on a fresh Cairn, and nothing is refused', async () => {
    const options = { ...optionsOf(['--scale', '--peers', 'cairn']), seconds: 0.05, repeats: 1, sizes: tiny };
    const result = await runBench(options, () => {});
    assert.ok(result.rows.length >= 14, `${result.rows.length} rows`);
    for (const { name, figures } of result.rows) {
      const [own] = figures;
      assert.ok(typeof own === 'object', `${name}: ${own}`);
      assert.equal(own.failed, 0, name);
      assert.ok(own.done > 0 && own.rate > 0, `${name}: ${JSON.stringify(own)}`);
    }
    assert.ok(result.rows.some(({ floor }) => floor !== undefined && floor > 0));
    const table = aligned(rateTable(result, ['Cairn']));
    assert.match(table, /^create run +16 +requests +[\d,.]+$/m);
  });

  it('shows ratios, and says what was refused, failed, missing or limited by the client', () => {
    const figures = { rate: 100, p50: 1, p95: 2, p99: 3, cpu: 0.5, done: 100, failed: 0, client: 0.1 };
    const row = { name: 'work', connections: 1, unit: 'requests', floor: undefined };
    const result = {
      versions: [],
      memory: [],
      rows: [
        { ...row, figures: [figures, { ...figures, rate: 20, client: 0.97 }] },
        { ...row, figures: [figures, { ...figures, rate: 20, failed: 3 }] },
        { ...row, figures: [figures, undefined] },
        { ...row, figures: [figures, 'it broke\nat a line'] },
      ],
    };
    const [, measured, refused, missing, failed] = rateTable(result, ['Cairn', 'peer']);
    assert.deepEqual(measured?.slice(3), ['100', '20', '5.0 ×']);
    assert.deepEqual(refused?.slice(3), ['100', '20', '–']);
    assert.deepEqual(missing?.slice(3), ['100', '–', '–']);
    assert.deepEqual(failed?.slice(3), ['100', 'failed', '–']);
    assert.deepEqual(remarks(result, ['Cairn', 'peer']), [
      'work: the client was 97 % busy, so peer may be faster than shown',
      'work: peer refused 3 requests, which do not count',
      'work: peer failed: it broke',
    ]);
    assert.match(
      markdown(costTable(result, ['Cairn', 'peer'])),
      /^\| work \| 1\.00 \| 2\.00 \| 3\.00 \| 0\.500 \|/m,
    );
  });

  it('refuses options that make no sense', () => {
    assert.throws(() => optionsOf(['--peers', 'wandb']), BadOption);
    assert.throws(() => optionsOf(['--seconds=-1']), BadOption);
  });

  it('takes rows by parts of their names, and lists the rows where there is none', () => {
    assert.deepEqual(optionsOf(['--only', 'log one,create run']).only, ['log one', 'create run']);
    assert.deepEqual(optionsOf(['--only', 'by a metric, 100 runs']).only, ['by a metric, 100 runs']);
    assert.deepEqual(optionsOf(['--only', 'log', '--only', 'paging']).only, ['log', 'paging']);
    for (const text of ['nothing', 'log one,nothing', '', 'log one,']) {
      assert.throws(
        () => optionsOf(['--only', text]),
        (error) => error instanceof BadOption && /^--only: .*\n {2}create run\n/.test(error.message),
        JSON.stringify(text),
      );
    }
  });

  it('is shown in the README and the guide as it was measured', (test) => {
    const root = path.dirname(import.meta.dirname);
    const kept = path.join(root, 'bench', 'results', `${publishedName}.json`);
    if (!existsSync(kept)) return test.skip('no result is kept');
    const result = JSON.parse(readFileSync(kept, 'utf8'));
    for (const page of publishingPages) {
      const text = readFileSync(path.join(root, page), 'utf8');
      assert.equal(text, withTable(text, result), `${page} (npm run bench -- --keep ${publishedName})`);
    }
  });
});
