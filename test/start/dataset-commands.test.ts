/** `cairn datasets` on a real server: what it prints, what it records, and what it refuses. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { typed } from './typed-command.ts';

forEachStore((open) => {
  if (open.dialect !== 'sqlite') return;
  const served = servedFor(open);
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-datasets-'));
  after(() => rmSync(folder, { recursive: true }));
  const cairn = (line: string) => typed(line, { env: { CAIRN_URL: served().url } });
  const json = async (line: string) => {
    const { code, out, err } = await cairn(`${line} --json`);
    assert.equal(code, 0, err);
    return JSON.parse(out);
  };

  it('records a file of this machine by its place, digest and size', async () => {
    const file = path.join(folder, 'orders.csv');
    writeFileSync(file, 'id\n1\n');
    const line = `datasets record orders --file ${file} --rows 1`;
    const made = await json(line);
    const sha256 = createHash('sha256').update('id\n1\n').digest('hex');
    assert.deepEqual([made.rows, made.bytes, made.digests[0].value], [1, 5, sha256]);
    const told = await cairn(line);
    assert.deepEqual(
      told.out.split('\n'),
      [
        `${sha256.slice(0, 12)} of orders  ${made.uid}`,
        `  page  ${served().url}/dataset-versions/${made.uid}`,
      ],
      'a version that is told of again is the same',
    );
    const { out } = await cairn('datasets show orders');
    assert.match(out, /^orders\n {2}place +file:\/\/\/.*orders\.csv\n/);
    assert.match(out, /\nnative +orders/);
  });

  it('lists datasets and versions, and tells what differs', async () => {
    const fields = path.join(folder, 'fields.json');
    writeFileSync(
      fields,
      JSON.stringify([
        { name: 'id', type: 'long' },
        { name: 'day', type: 'date' },
      ]),
    );
    const early = `--version v1 --rows 10 --at 2026-01-01 --schema [{"name":"id","type":"int"}]`;
    const left = await json(`datasets record visits --uri s3://b/visits ${early}`);
    const body = `--body {"tags":[{"key":"stage","value":"gold"}]}`;
    const right = await json(
      `datasets record visits --uri s3://b/visits --version v2 --rows 12 --at 2026-01-02 --schema @${fields} ${body}`,
    );
    assert.deepEqual(right.tags, [{ key: 'stage', value: 'gold' }]);
    const rows = (await cairn('datasets versions visits')).out.split('\n');
    assert.match(rows[0]!, /^version {2}at \(UTC\) +rows +bytes +columns +made by +readers +uid$/);
    assert.match(rows[1]!, /^v2 +2026-01-02 00:00 +12 +2 .*[0-9a-f]{32}$/);
    assert.equal(rows.length, 3);
    const listed = (await cairn('datasets --search VISITS')).out.split('\n');
    assert.match(listed[1]!, /^visits +2 +0 +0 +2026-01-02 00:00 +s3:\/\/b\/visits +[0-9a-f]{32}$/);
    const { out } = await cairn(`datasets diff ${left.uid} ${right.uid}`);
    assert.match(out, /^v1 → v2\n\n\+ day date\n~ id int → long\n\ncolumn +figure +v1 +v2\n +rows +10 +12$/);
  });

  it('says what is wrong, and records nothing', async () => {
    const before = (await cairn('datasets list --json')).out;
    const rows: [line: string, code: number, err: RegExp][] = [
      ['datasets find x', 2, /list, show, versions, diff, record.*not find/],
      ['datasets show', 2, /the name or uid of the dataset is missing/],
      ['datasets show nobody', 1, /No dataset is called nobody/],
      [`datasets show ${'0'.repeat(32)}`, 1, /There is no dataset/],
      ['datasets diff a', 2, /the uid of the later version is missing/],
      ['datasets diff a b', 1, /There is no dataset version "a"/],
      ['datasets list --uri s3://b/a', 2, /list does not take --uri/],
      ['datasets record x --rows many', 2, /--rows must be a whole number/],
      ['datasets record x --file /nowhere/at/all', 2, /--file cannot be read/],
      ['datasets record x --schema {', 2, /--schema cannot be read/],
      ['datasets record x --body []', 2, /--body must be a JSON object/],
      ['datasets record x --sha256 abc', 1, /64 hexadecimal digits/],
      ['datasets record visits --uri s3://b/visits --version v2 --rows 13', 1, /rows|statistics/],
      ['datasets record x --run nobody', 1, /There is no run/],
    ];
    for (const [line, code, err] of rows) {
      const told = await cairn(line);
      assert.deepEqual([told.code, told.out], [code, ''], `${line}: ${told.err}`);
      assert.match(told.err, err, line);
    }
    assert.equal((await cairn('datasets list --json')).out, before);
  });
});
