/**
 * Moving in what a real MLflow has written: by its server into SQLite, by its client into files. Both sides are compared by the
 * command itself, and through the REST of both servers. Killed in the middle it goes on, and ends equal.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readSqliteFile } from '../../src/db/sqlite/sqlite-inspect.ts';
import { sql } from '../../src/kernel/sql.ts';
import { type ChildServer, launch } from '../conformance/child-server.ts';
import { missingPython, pythonWith } from '../conformance/python-env.ts';
import { cairnIn, mlflowIn } from '../conformance/servers.ts';
import { CairnCommand, runCairn } from '../start/cairn-command.ts';
import { createPostgresPlace, postgresMissing } from '../stores/postgres-server.ts';
import { answersOf } from './answers.ts';
import { fill, isLong, multiply } from './stores.ts';

const skip = (await missingPython()) ?? false;

interface Report {
  readonly equal: boolean;
  readonly table: readonly { kind: string; there: number; here: number; differing: number }[];
  readonly differences: readonly string[];
  readonly refused: readonly { what: string; count: number }[];
  readonly unheld: readonly { what: string; count: number }[];
}

describe('cairn import mlflow', { skip }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-transfer-'));
  const database = path.join(folder, 'mlflow.db');
  let mlflow: ChildServer;
  before(async () => {
    mlflow = await launch(await mlflowIn(folder));
    await fill(mlflow.url, isLong ? 300 : 60, isLong ? 200 : 20);
  });
  after(async () => {
    await mlflow?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const move = async (source: string, args: readonly string[], env: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await runCairn(['import', 'mlflow', source, '--json', ...args], {
      env,
      cwd: folder,
    });
    assert.ok(stdout.startsWith('{'), stderr);
    return { code, report: JSON.parse(stdout) as Report, stderr };
  };
  const equal = ({ code, report }: { code: unknown; report: Report }) => {
    assert.deepEqual([report.differences, report.refused], [[], []]);
    assert.deepEqual([code, report.equal], [0, true]);
    for (const { kind, there, here } of report.table) assert.equal(here, there, kind);
    return new Map(report.table.map(({ kind, there }) => [kind, there]));
  };

  it('brings a database into SQLite, and doubles nothing the second time', async () => {
    const data = path.join(folder, 'in-sqlite');
    const counts = equal(await move(database, ['--data', data]));
    assert.equal(counts.get('runs'), isLong ? 300 : 60);
    for (const kind of [
      'params',
      'tags',
      'inputs',
      'points',
      'logged models',
      'model points',
      'model links',
      'model versions',
      'aliases',
      'artifacts',
    ])
      assert.ok(counts.get(kind)! > 0, kind);
    assert.deepEqual(equal(await move(database, ['--data', data])), counts);
    assert.equal((await runCairn(['doctor', '--deep', '--data', data])).code, 0);
  });

  it('answers as the server that it came from', async () => {
    const cairn = await launch(cairnIn(path.join(folder, 'in-sqlite')));
    try {
      const there = await answersOf(mlflow.url);
      assert.ok(there.size > 100);
      const here = await answersOf(cairn.url);
      for (const [question, answer] of there) assert.deepEqual(here.get(question), answer, question);
      assert.equal(here.size, there.size);
    } finally {
      await cairn.stop();
    }
  });

  it('brings it into PostgreSQL', { skip: postgresMissing() ?? false }, async () => {
    const place = await createPostgresPlace();
    try {
      equal(await move(database, ['--data', path.join(folder, 'in-postgres')], { CAIRN_DB: place.url }));
    } finally {
      await place.drop();
    }
  });

  const without =
    postgresMissing() ?? (isLong ? false : 'in the long run: it needs an environment of its own');
  it('brings a PostgreSQL that a server has written', { skip: without }, async () => {
    const place = await createPostgresPlace();
    const home = path.join(folder, 'postgres');
    mkdirSync(home);
    const usual = await mlflowIn(home);
    const command = await pythonWith(path.join(import.meta.dirname, 'requirements.txt'));
    const uri = place.url.replace(/^postgres:/, 'postgresql+psycopg2:');
    const args = usual.args.map((word) => (word.startsWith('sqlite:') ? uri : word));
    const server = await launch({ ...usual, command, args });
    try {
      await fill(server.url, 60, 20);
      const root = path.join(home, 'mlartifacts');
      const counts = equal(
        await move(uri, ['--data', path.join(folder, 'from-postgres'), '--artifact-root', root]),
      );
      assert.equal(counts.get('runs'), 60);
    } finally {
      await server.stop();
      await place.drop();
    }
  });

  it('goes on after SIGKILL, and ends equal', async () => {
    const many = path.join(folder, 'many', 'mlflow.db');
    cpSync(database, many);
    const runs = multiply(many, isLong ? 30 : 15);
    assert.ok(runs > 900, `${runs} runs`);
    const data = path.join(folder, 'killed');
    for (let round = 0; round < 3; round++) {
      const before = await cursorOf(data);
      const command = new CairnCommand(['import', 'mlflow', many, '--data', data]);
      // Killed once it has stored a batch more.
      let now = before;
      while (now === before && command.child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        now = await cursorOf(data);
      }
      await command.end('SIGKILL');
    }
    const cut = await cursorOf(data);
    assert.ok(cut !== undefined && cut !== null, 'the kill came in the middle');
    const rest = await move(many, ['--data', data, '--artifact-root', path.join(folder, 'mlartifacts')]);
    assert.match(rest.stderr, /Going on where an earlier move was cut off/);
    const counts = equal(rest);
    assert.equal(counts.get('runs'), runs);
  });

  const isShort = isLong ? false : 'in the long run: thousands of runs are read from two servers';
  it('moves thousands of runs out again, which MLflow serves with the same answers', {
    skip: isShort,
  }, async () => {
    const [there, out] = [path.join(folder, 'many'), path.join(folder, 'many-out')];
    cpSync(path.join(folder, 'mlartifacts'), path.join(there, 'mlartifacts'), { recursive: true });
    mkdirSync(out);
    await (await launch(await mlflowIn(out))).stop();
    const target = path.join(out, 'mlflow.db');
    const data = path.join(folder, 'killed');
    const { code, stderr } = await runCairn(['export', 'mlflow', target, '--data', data]);
    assert.equal(code, 0, stderr);
    equal(await move(target, ['--data', data]));
    const each = 40;
    const answers = async (home: string) => {
      const server = await launch(await mlflowIn(home));
      try {
        return await answersOf(server.url, each);
      } finally {
        await server.stop();
      }
    };
    const wanted = await answers(there);
    const found = await answers(out);
    for (const [question, answer] of wanted) assert.deepEqual(found.get(question), answer, question);
    assert.equal(found.size, wanted.size);
    assert.ok([...wanted.keys()].filter((question) => question.startsWith('found ')).length > 5_000);
  });

  it('moves some experiments, and refuses what stands here already', async () => {
    const data = path.join(folder, 'some');
    const some = equal(await move(database, ['--data', data, '--only', '2']));
    assert.equal(some.get('experiments'), 1);
    const cairn = await launch(cairnIn(data));
    try {
      const body = JSON.stringify({ name: 'mine' });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${cairn.url}/api/v1/experiments`, { method: 'POST', body, headers });
      const refused = await move(database, ['--server', cairn.url]);
      assert.equal(refused.code, 1);
      assert.match(JSON.stringify(refused.report.refused), /here it is called 'mine'/);
    } finally {
      await cairn.stop();
    }
  });

  it('brings a running server by its REST', async () => {
    const root = path.join(folder, 'mlartifacts');
    const counts = equal(
      await move(mlflow.url, ['--data', path.join(folder, 'from-rest'), '--artifact-root', root]),
    );
    assert.equal(counts.get('runs'), isLong ? 300 : 60);
    for (const kind of ['points', 'inputs', 'logged models', 'model links', 'model versions', 'artifacts'])
      assert.ok(counts.get(kind)! > 0, kind);
  });

  it('moves out again into a store that MLflow serves with the same answers', async () => {
    const out = path.join(folder, 'out');
    mkdirSync(out);
    await (await launch(await mlflowIn(out))).stop();
    const target = path.join(out, 'mlflow.db');
    const { code, stderr } = await runCairn([
      'export',
      'mlflow',
      target,
      '--data',
      path.join(folder, 'in-sqlite'),
    ]);
    assert.equal(code, 0, stderr);
    const again = await runCairn(['export', 'mlflow', target, '--data', path.join(folder, 'in-sqlite')]);
    assert.match(again.stderr, /the target is not empty/);
    const served = await launch(await mlflowIn(out));
    try {
      const there = await answersOf(mlflow.url);
      const here = await answersOf(served.url);
      for (const [question, answer] of there) assert.deepEqual(here.get(question), answer, question);
      assert.equal(here.size, there.size);
    } finally {
      await served.stop();
    }
  });

  it('brings a file store', async () => {
    const store = path.join(folder, 'files', 'mlruns');
    await fill(`file://${store}`, 40, 12);
    const data = path.join(folder, 'from-files');
    const counts = equal(await move(store, ['--data', data]));
    assert.equal(counts.get('runs'), 40);
    for (const kind of ['inputs', 'logged models', 'model points', 'model links', 'artifacts'])
      assert.ok(counts.get(kind)! > 0, kind);
    assert.deepEqual([counts.get('registered models'), counts.get('aliases')], [2, 2]);
    assert.deepEqual(equal(await move(store, ['--data', data])), counts);
    const cairn = await launch(cairnIn(data));
    try {
      // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
      const ask = async (question: string, body?: unknown): Promise<any> =>
        (
          await fetch(`${cairn.url}/api/2.0/mlflow/${question}`, {
            headers: { 'content-type': 'application/json' },
            ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
          })
        ).json();
      const { registered_model: model } = await ask('registered-models/get?name=trees');
      assert.deepEqual([model.description, model.tags], ['what it is', [{ key: 'owner', value: 'ada' }]]);
      const { model_version: first } = await ask('model-versions/get?name=trees&version=1');
      assert.deepEqual(
        [first.current_stage, first.description, first.tags],
        ['Production', 'one', [{ key: 'n', value: '0' }]],
      );
      const { model_version: champion } = await ask('registered-models/alias?name=trees&alias=champion');
      assert.equal(champion.version, '2');
      const id = /^models:\/(m-[0-9a-f]{32})$/.exec(champion.source)?.[1];
      const { model: logged } = await ask(`logged-models/${id}`);
      const { artifact_uri: place } = await ask('model-versions/get-download-uri?name=trees&version=2');
      assert.equal(place, logged.info.artifact_uri);
      const gone = await ask('model-versions/get?name=trees&version=3');
      assert.equal(gone.error_code, 'RESOURCE_DOES_NOT_EXIST');
      const made = await ask('model-versions/create', { name: 'trees', source: 's3://bucket/model' });
      assert.equal(made.model_version.version, '4', 'a number is never given twice');
    } finally {
      await cairn.stop();
    }
  });
});

/** Where the move into a folder stands: undefined before it begins, null after its end. */
async function cursorOf(data: string): Promise<string | null | undefined> {
  try {
    readFileSync(path.join(data, 'cairn.db'));
    return await readSqliteFile(path.join(data, 'cairn.db'), async (queries) => {
      const row = await queries.one<{ cursor: string | null }>(sql`SELECT cursor FROM transfer`);
      return row?.cursor;
    });
  } catch {
    return undefined;
  }
}
