/** Commands that ask a running server: what they print for people and for programs, and what they say when it goes wrong. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { Cairn } from '../../sdk/src/index.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { CairnCommand, runCairn, temporaryFolder } from './cairn-command.ts';
import { typed } from './typed-command.ts';

const token = 'token-of-the-commands';

forEachStore((open) => {
  if (open.dialect !== 'sqlite') return;
  const served = servedFor(open, { token });
  const folder = temporaryFolder();
  const ids: string[] = [];

  const cairn = (line: string, env: Record<string, string> = {}) =>
    typed(line, { cwd: folder, env: { CAIRN_URL: served().url, CAIRN_TOKEN: token, ...env } });

  before(async () => {
    const client = new Cairn({ url: served().url, token });
    for (const [index, lr] of [0.1, 0.01, 0.001].entries()) {
      const run = client.startRun({
        experiment: 'digits',
        name: `run ${index}`,
        params: { lr, optimizer: 'adam' },
        tags: { note: 'a\u001b[31mb' },
        started: Date.UTC(2026, 0, 2, 3, 4) + index * 60_000,
        user: 'ada',
      });
      for (let step = 0; step < 3; step++) run.log({ loss: lr / (step + 1), acc: step * lr }, { step });
      await run.finish(index === 2 ? 'failed' : 'finished');
      ids.push(run.id!);
    }
    const other = client.startRun({ experiment: 'wine', name: 'other' });
    await other.finish();
    await client.close();
  });

  it('ends quietly when what reads its lines has seen enough', async () => {
    const options = { cwd: folder, env: { CAIRN_URL: served().url, CAIRN_TOKEN: token } };
    const command = new CairnCommand(['help', 'serve'], options);
    command.child.stdout!.destroy();
    assert.equal(await command.exited, 0, command.stderr);
    assert.equal(command.stderr, '');
  });

  describe('cairn runs', () => {
    it('lists the latest, with the parameters that differ and the metrics', async () => {
      const { code, out } = await cairn('runs --experiment digits');
      assert.equal(code, 0);
      assert.equal(
        out,
        [
          `id                                name   state     started (UTC)     params.lr  metrics.acc  metrics.loss`,
          `${ids[2]}  run 2  failed    2026-01-02 03:06  0.001            0.002   0.000333333`,
          `${ids[1]}  run 1  finished  2026-01-02 03:05  0.01              0.02    0.00333333`,
          `${ids[0]}  run 0  finished  2026-01-02 03:04  0.1                0.2     0.0333333`,
        ].join('\n'),
      );
    });

    it('filters, orders, cuts, and shows the columns asked for', async () => {
      const { out } = await cairn(
        'runs list --experiment digits --filter "metrics.loss.min < 0.01" --order "metrics.loss.min" --columns metrics.loss.max,tags.note --limit 1',
      );
      const [head, row, ...rest] = out.split('\n');
      assert.match(head!, /started \(UTC\) +metrics\.loss\.max {2}tags\.note$/);
      assert.match(row!, /^\w{32} {2}run 2 {2}failed .* 0\.001 {2}a�\[31mb$/);
      assert.deepEqual(rest, []);
    });

    it('gives JSON, one run a line', async () => {
      const { out } = await cairn('runs --json --limit 2');
      const found = out.split('\n').map((line) => JSON.parse(line));
      assert.equal(found.length, 2);
      assert.equal(found[0].name, 'other');
    });

    it('shows one run', async () => {
      const { code, out } = await cairn(`runs show ${ids[1]}`);
      assert.equal(code, 0);
      assert.match(out, /^run 1\n {2}id +\w{32}\n {2}state +finished\n {2}started +2026-01-02 03:05 UTC/);
      assert.match(out, /\nParameters\n {2}lr +0\.01\n {2}optimizer +adam\n/);
      assert.match(out, /\nMetrics +last +at step +min +max +points\nacc +0\.02 +2 +0 +0\.02 +3\nloss /);
      const json = await cairn(`runs show ${ids[1]} --json`);
      assert.equal(JSON.parse(json.out).id, ids[1]);
    });
  });

  it('cairn experiments lists them, those with the latest runs first', async () => {
    const { out } = await cairn('experiments');
    const rows = out.split('\n');
    assert.match(rows[0]!, /^ *id {2}name +runs {2}running {2}failed {2}latest run \(UTC\)$/);
    assert.match(rows[1]!, /^ *\d+ {2}wine +1 +0 +0 {2}20/);
    assert.match(rows[2]!, /^ *\d+ {2}digits +3 +0 +1 {2}2026-01-02 03:06$/);
    assert.equal(JSON.parse((await cairn('experiments --search dig --json')).out).name, 'digits');
  });

  it('cairn artifacts stores, lists and fetches files', async () => {
    const bytes = Buffer.from('a,b\n1,2\n'.repeat(1000));
    writeFileSync(path.join(folder, 'report.csv'), bytes);
    const put = await cairn(`artifacts put ${ids[0]} report.csv tables/report.csv`);
    assert.deepEqual([put.code, put.out], [0, 'tables/report.csv  7.81 KiB']);
    assert.match((await cairn(`artifacts list ${ids[0]}`)).out, /^path +size +stored \(UTC\)\ntables\/$/);
    assert.match(
      (await cairn(`artifacts list ${ids[0]} tables`)).out,
      /tables\/report\.csv {2}7\.81 KiB {2}20/,
    );
    const got = await cairn(`artifacts get ${ids[0]} tables/report.csv back.csv`);
    assert.deepEqual([got.code, got.out], [0, 'back.csv  7.81 KiB']);
    assert.ok(readFileSync(path.join(folder, 'back.csv')).equals(bytes));
    const again = await cairn(`artifacts get ${ids[0]} tables/report.csv back.csv`);
    assert.deepEqual(
      [again.code, again.err],
      [2, 'cairn: back.csv is there already; name another file behind the path'],
    );
    const missing = await cairn(`artifacts get ${ids[0]} nowhere.csv`);
    assert.equal(missing.code, 1);
    assert.ok(!existsSync(path.join(folder, 'nowhere.csv')));
  });

  it('say what is wrong', async () => {
    const rows: [line: string, env: Record<string, string>, code: number, err: RegExp][] = [
      ['runs', { CAIRN_TOKEN: 'wrong' }, 1, /token[\s\S]*Set CAIRN_TOKEN/],
      ['runs --server http://127.0.0.1:9', {}, 1, /no answer from http:\/\/127\.0\.0\.1:9.*\nStart one with/],
      ['runs --server nowhere', {}, 2, /--server must be an address/],
      ['runs --filter "metrics.loss <"', {}, 1, /cairn: /],
      ['runs --experiment nothing', {}, 1, /no experiment is called nothing/],
      ['runs --limit 0', {}, 2, /--limit must be a number above 0/],
      ['runs --columns loss', {}, 2, /begins with none of/],
      ['runs find x', {}, 2, /runs list, or cairn runs show/],
      ['runs show', {}, 2, /the id of the run is missing/],
      [`runs show ${'0'.repeat(32)}`, {}, 1, /not found/],
      ['artifacts', {}, 2, /list, get or put/],
      [`artifacts put ${'0'.repeat(32)} report.csv`, {}, 1, /not found/],
      [`artifacts put ${'0'.repeat(32)} nofile`, {}, 2, /there is no file nofile/],
    ];
    for (const [line, env, code, err] of rows) {
      const answer = await cairn(line, env);
      assert.deepEqual([answer.code, answer.out], [code, ''], `${line}: ${answer.err}`);
      assert.match(answer.err, err, line);
    }
  });

  it('end as any command does, also into a pipe', async () => {
    const env = { CAIRN_URL: served().url, CAIRN_TOKEN: token };
    const { code, stdout, stderr } = await runCairn(['runs', '--limit', '1'], { env });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^id .*\n\w{32} {2}other /);
    const command = new CairnCommand(['artifacts', 'get', ids[0]!, 'tables/report.csv', '-'], { env });
    assert.equal(await command.exited, 0);
    assert.equal(command.stdout.length, 8000);
  });
});
