/** Stores that are broken or mean harm: what can be read moves, the rest is counted and named, nothing outside of the source is opened. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { runCairn, temporaryFolder } from '../start/cairn-command.ts';

const secret = 'the secret of another folder';
const good = 'a'.repeat(32);
const other = (digit: string) => digit.repeat(32);

function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

const experiment = (id: string, name: string, location = `mlflow-artifacts:/${id}`) =>
  `artifact_location: ${location}\ncreation_time: 1\nexperiment_id: '${id}'\nlast_update_time: 2\nlifecycle_stage: active\nname: ${name}\n`;
const run = (id: string, extra = '') =>
  `artifact_uri: file:///etc\nend_time: null\nlifecycle_stage: active\nrun_id: ${id}\nrun_name: 1e3\nstart_time: 5\nstatus: 3\nuser_id: 'null'\n${extra}`;

async function move(source: string, data: string, args: readonly string[] = []) {
  const { code, stdout, stderr } = await runCairn([
    'import',
    'mlflow',
    source,
    '--data',
    data,
    '--json',
    ...args,
  ]);
  assert.doesNotMatch(`${stdout}${stderr}`, new RegExp(secret));
  return { code, stderr, report: stdout.startsWith('{') ? JSON.parse(stdout) : undefined };
}

describe('a hostile source', () => {
  const folder = temporaryFolder();

  it('is a file store with everything wrong that can be', async () => {
    const outside = path.join(folder, 'outside');
    write(outside, {
      secret,
      [`${other('b')}/meta.yaml`]: run(other('b')),
      [`${other('b')}/params/p`]: secret,
    });
    const store = path.join(folder, 'mlruns');
    const one = `1/${good}`;
    write(store, {
      '1/meta.yaml': experiment('1', "'Größe: 1'", 'file:///etc'),
      '2/meta.yaml': experiment('2', "'../../x'"),
      '3/meta.yaml': 'name: [unclosed',
      '4/meta.yaml': `a: &a [x,x,x]\nb: &b [*a,*a,*a]\nname: *b\n`,
      'nan/meta.yaml': experiment('nan', 'no number'),
      [`${one}/meta.yaml`]: run(good),
      [`${one}/params/lr`]: '0.1\n',
      [`${one}/params/deep/er`]: '',
      [`${one}/tags/bytes`]: Buffer.from([0x66, 0xff, 0xfe]),
      [`${one}/tags/nul`]: 'a\0b',
      [`${one}/metrics/m`]:
        '1 nan 0\n1 inf 0\n2 -Infinity 1\nbroken line with four\n3 1e-3 9223372036854775807\n2 -inf 1\n4 x 1\n',
      [`${one}/inputs/i/meta.yaml`]: 'source_type: DATASET\nsource_id: ../../../outside\ntags: {}\n',
      [`${one}/artifacts/a.txt`]: 'bytes',
      [`${one}/artifacts/#b%2e.txt`]: 'a name that no client can send',
      [`1/${other('c')}/meta.yaml`]: run(other('d')),
      [`1/${other('e')}/meta.yaml`]: run(other('e'), 'x: 1\n').replace('start_time: 5', 'start_time: soon'),
      [`1/${other('f')}/params/p`]: 'no meta',
      '1/weird-run/meta.yaml': run('weird-run'),
    });
    write(store, { [`${one}/params/huge`]: '' });
    truncateSync(path.join(store, one, 'params', 'huge'), 80 * 1024 * 1024);
    symlinkSync(path.join(outside, 'secret'), path.join(store, one, 'params', 'stolen'));
    symlinkSync(outside, path.join(store, one, 'artifacts', 'out'));
    symlinkSync(path.join(outside, other('b')), path.join(store, '1', other('b')));
    symlinkSync('.', path.join(store, one, 'artifacts', 'loop'));

    const { code, report, stderr } = await move(store, path.join(folder, 'data'));
    assert.ok(report !== undefined, stderr);
    const counts = new Map(
      report.table.map((line: { kind: string; here: number }) => [line.kind, line.here]),
    );
    assert.deepEqual([counts.get('experiments'), counts.get('runs'), counts.get('params')], [2, 1, 2]);
    assert.equal(counts.get('points'), 4);
    const unreadable = JSON.stringify(report.unreadable);
    for (const what of [
      'no YAML mapping',
      'folder is no number',
      'not UTF-8',
      'fields',
      'no number',
      'called otherwise',
      'no int64',
      'no meta.yaml',
      '64 MiB',
      '32 hexadecimal',
    ])
      assert.match(unreadable, new RegExp(what), what);
    const refused = JSON.stringify(report.refused);
    assert.match(refused, /file not moved: .*#/);
    assert.equal(code, 1, 'a file could not be moved');
    assert.deepEqual(
      report.differences.filter((line: string) => !line.startsWith('artifact')),
      [],
    );
  });

  it('is a database of another schema, no database, or an empty folder', async () => {
    const data = path.join(folder, 'none');
    const file = path.join(folder, 'other.db');
    const db = new DatabaseSync(file);
    db.exec(
      "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0123456789ab')",
    );
    db.close();
    const unknown = await move(file, data);
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /has the schema 0123456789ab, which this Cairn does not know; known are .*MLflow 3\.17/,
    );
    write(folder, { 'text.db': 'no database at all, whatever its name says' });
    assert.match(
      (await move(path.join(folder, 'text.db'), data)).stderr,
      /cannot be read as a SQLite database/,
    );
    mkdirSync(path.join(folder, 'empty'));
    assert.match((await move(path.join(folder, 'empty'), data)).stderr, /holds no experiment of MLflow/);
    assert.equal((await move(path.join(folder, 'nowhere'), data)).code, 2);
    for (const address of ['ftp://x/y', 'oracle://x/y'])
      assert.equal((await move(address, data)).code, 2, address);
    const down = await move('postgresql://u:hunter2@127.0.0.1:1/x', data);
    assert.equal(down.code, 1);
    assert.doesNotMatch(down.stderr, /hunter2|\n\s+at /);
    assert.match((await move('http://127.0.0.1:1', data)).stderr, /no MLflow server answers/);
  });
});
