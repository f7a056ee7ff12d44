/** A copy of a running store, put elsewhere and served again, holds what was acknowledged; a damaged one is refused. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createPostgresPlace, postgresMissing } from '../stores/postgres-server.ts';
import { CairnCommand, runCairn, temporaryFolder } from './cairn-command.ts';

async function call(url: string, method: string, route: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${route}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  assert.ok(answer.ok, `${method} ${route}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

async function storeWithOneRun(data: string): Promise<{ server: CairnCommand; run: { id: string } }> {
  const server = new CairnCommand(['serve', '--port', '0', '--data', data]);
  const url = await server.ready();
  const run = (await call(url, 'POST', '/runs', { experiment: '0', name: 'kept' })) as { id: string };
  await call(url, 'POST', `/runs/${run.id}/log`, {
    metrics: [{ key: 'loss', value: 0.5, time: 1, step: 1 }],
    params: [{ key: 'depth', value: '3' }],
  });
  mkdirSync(path.join(data, 'artifacts', 'ab'), { recursive: true });
  writeFileSync(path.join(data, 'artifacts', 'ab', 'abc'), 'bytes of an artifact');
  return { server, run };
}

describe('cairn backup, restore and doctor', () => {
  it('copies a running store, which is served again elsewhere with all it held', async () => {
    const home = temporaryFolder();
    const [data, copy, other] = ['data', 'copy', 'other'].map((name) => path.join(home, name)) as [
      string,
      string,
      string,
    ];
    const { server, run } = await storeWithOneRun(data);
    const before = await call(await server.ready(), 'GET', `/runs/${run.id}`);

    const made = await runCairn(['backup', '--data', data, '--to', copy]);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /1 artifact files, all checked/);
    assert.equal((await runCairn(['backup', '--data', data, '--to', copy])).code, 2, 'it never overwrites');
    const examined = await runCairn(['doctor', '--deep', '--data', data]);
    assert.equal(examined.code, 0, `beside a running server: ${examined.stdout}`);
    assert.equal(await server.end(), 0);

    const restored = await runCairn(['restore', '--from', copy, '--data', other]);
    assert.equal(restored.code, 0, restored.stderr);
    assert.equal(readFileSync(path.join(other, 'artifacts', 'ab', 'abc'), 'utf8'), 'bytes of an artifact');
    assert.equal((await runCairn(['doctor', '--deep', '--data', other])).code, 0);
    const again = new CairnCommand(['serve', '--port', '0', '--data', other]);
    assert.deepEqual(await call(await again.ready(), 'GET', `/runs/${run.id}`), before);
    assert.equal(await again.end(), 0);

    const refused = await runCairn(['restore', '--from', copy, '--data', other]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /not empty.*--force/);
    const forced = await runCairn(['restore', '--from', copy, '--data', other, '--force']);
    assert.equal(forced.code, 0, forced.stderr);
    const kept = /is now (.+)\n/.exec(forced.stdout)?.[1];
    assert.ok(kept !== undefined && existsSync(kept), 'the store that was there is kept');
  });

  it('refuses a backup that is damaged, cut off, or names files outside of it', async () => {
    const home = temporaryFolder();
    const { server } = await storeWithOneRun(path.join(home, 'data'));
    assert.equal(await server.end(), 0);
    const ways: [what: RegExp, harm: (copy: string) => void][] = [
      [/cairn\.db is not what was written/, (copy) => appendFileSync(path.join(copy, 'cairn.db'), 'x')],
      [/artifacts\/ab\/abc is missing/, (copy) => rmSync(path.join(copy, 'artifacts', 'ab', 'abc'))],
      [/no manifest\.json/, (copy) => rmSync(path.join(copy, 'manifest.json'))],
      [
        /lies outside/,
        (copy) => {
          const file = path.join(copy, 'manifest.json');
          writeFileSync(file, readFileSync(file, 'utf8').replace('artifacts/ab/abc', '../data/cairn.db'));
        },
      ],
    ];
    for (const [index, [what, harm]] of ways.entries()) {
      const copy = path.join(home, `copy-${index}`);
      const target = path.join(home, `target-${index}`);
      assert.equal((await runCairn(['backup', '--data', path.join(home, 'data'), '--to', copy])).code, 0);
      harm(copy);
      const { code, stderr } = await runCairn(['restore', '--from', copy, '--data', target]);
      assert.equal(code, 1);
      assert.match(stderr, what);
      assert.ok(!existsSync(target) || readdirSync(target).length === 0, 'nothing was written');
    }
  });

  it('says what is wrong with a store: none there, or a damaged one', async () => {
    const data = path.join(temporaryFolder(), 'data');
    const none = await runCairn(['doctor', '--data', data]);
    assert.equal(none.code, 1);
    assert.match(none.stdout, /error +store +no store at/);
    assert.ok(!existsSync(data), 'a doctor makes nothing');

    const { server } = await storeWithOneRun(data);
    assert.equal(await server.end(), 0);
    const file = path.join(data, 'cairn.db');
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 3 * 4096, bytes.length - 4096);
    writeFileSync(file, bytes);
    const damaged = await runCairn(['doctor', '--deep', '--data', data]);
    assert.equal(damaged.code, 1, damaged.stdout);
    assert.match(damaged.stdout, /error +(integrity_check|store) .*(malformed|in database main)/);
    assert.match(damaged.stdout, /ok +artifacts /, 'the other checks still ran');
  });

  it('examines a PostgreSQL store, and leaves copying it to its own tools', {
    skip: postgresMissing() ?? false,
  }, async () => {
    const database = await createPostgresPlace();
    const home = temporaryFolder();
    const env = { CAIRN_DB: database.url, CAIRN_DATA: path.join(home, 'data') };
    try {
      const server = new CairnCommand(['serve', '--port', '0'], { env });
      await call(await server.ready(), 'POST', '/runs', { experiment: '0' });
      const examined = await runCairn(['doctor', '--deep'], { env });
      assert.equal(examined.code, 0, `${examined.stdout}${examined.stderr}`);
      assert.match(examined.stdout, /ok +fsync +on/);
      const refused = await runCairn(['backup', '--to', path.join(home, 'copy')], { env });
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /pg_dump/);
      assert.equal(await server.end(), 0);
    } finally {
      await database.drop();
    }
  });
});
