/** What the client does when the server is slow, refuses, dies or is not there: nothing lost, nothing twice, memory bounded. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Cairn, type CairnOptions, QueueFullError } from '../../sdk/src/index.ts';
import { ServerProcess } from '../durability/server-process.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryFolder } from '../start/cairn-command.ts';
import { createPostgresPlace, postgresMissing } from '../stores/postgres-server.ts';
import { forEachStore } from '../stores/stores.ts';
import { collect } from './reading-streams.ts';

/** An address that leads to whatever server there is just now. */
class Address {
  server = 'http://127.0.0.1:9';
  readonly url = 'http://cairn.invalid';
  readonly fetch: typeof globalThis.fetch = (input, init) =>
    globalThis.fetch(String(input).replace(this.url, this.server), init);
}

const quick = { flushInterval: 5, onError: () => {} } satisfies CairnOptions;

async function pointsOf(cairn: Cairn, run: string, key: string): Promise<number[]> {
  return [...(await cairn.history(run, key)).steps].map(Number);
}

const upTo = (count: number) => Array.from({ length: count }, (_, step) => step);

function killed(
  name: string,
  databaseUrl: () => Promise<string | undefined>,
  skip: string | undefined,
): void {
  it(`loses and doubles nothing when the server is killed under it, on ${name}`, { skip }, async (test) => {
    const database = await databaseUrl();
    const dataDir = temporaryFolder();
    const start = () => new ServerProcess({ dataDir, databaseUrl: database });
    const address = new Address();
    await using cairn = new Cairn({ ...quick, url: address.url, fetch: address.fetch });
    const run = cairn.startRun({ experiment: 'killed', name: 'survivor', params: { lr: 1 } });
    let server = start();
    test.after(() => server.stop());
    let step = 0;
    for (let round = 0; round < 3; round++) {
      address.server = await server.ready();
      const delivered = () => step - run.pending.points / 2;
      const enough = delivered() + 3000;
      while (delivered() < enough) {
        // While it waits to try again, there is nothing to prove by logging on.
        if (run.pending.points < 20_000) {
          for (let count = 0; count < 20; count++)
            run.log({ loss: 1 / (step + 1), acc: step }, { step: step++ });
          run.logParam(`p${step}`, step);
        }
        await turn();
      }
      await server.kill();
      for (let count = 0; count < 500; count++)
        run.log({ loss: 1 / (step + 1), acc: step }, { step: step++ });
      server = start();
    }
    address.server = await server.ready();
    await run.finish();
    const found = await collect(cairn.searchRuns({ experiments: ['killed'] }));
    assert.deepEqual(
      found.map(({ id, state, metrics }) => [id, state, metrics.loss?.points, metrics.acc?.points]),
      [[run.id, 'finished', step, step]],
    );
    assert.deepEqual(await pointsOf(cairn, run.id!, 'loss'), upTo(step));
    assert.equal(Object.keys(found[0]!.params).filter((key) => key !== 'lr').length > 20, true);
    assert.deepEqual(run.lost, { points: 0, params: 0, tags: 0, files: 0 });
    assert.notEqual(run.lastError, undefined, 'the outages were met');
  });
}

describe('a client whose server dies', () => {
  killed('SQLite', async () => undefined, undefined);
  let drop: (() => Promise<void>) | undefined;
  killed(
    'PostgreSQL',
    async () => {
      const place = await createPostgresPlace();
      drop = () => place.drop();
      return place.url;
    },
    postgresMissing(),
  );
  it('cleans up', () => drop?.());
});

forEachStore((open) => {
  const served = servedFor(open);

  describe('a client', () => {
    it('doubles nothing when answers are lost', async () => {
      /** Answers of each route; every other one is lost, the first to begin with. */
      const answers = new Map<string, number>();
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const response = await globalThis.fetch(input, init);
        const route = `${init?.method} ${new URL(String(input)).pathname.split('/').at(-1)}`;
        const before = answers.get(route) ?? 0;
        answers.set(route, before + 1);
        if (init?.method === 'GET' || before % 2 === 1) return response;
        throw new TypeError('fetch failed');
      };
      await using cairn = new Cairn({ ...quick, url: served().url, fetch });
      const run = cairn.startRun({ experiment: 'lossy', params: { a: 1 } });
      for (let step = 0; step < 300; step++) {
        run.log({ loss: step }, { step });
        if (step % 100 === 0) await run.flush();
      }
      run.logArtifact(new Uint8Array(1000), { path: 'file' });
      await run.finish();
      const found = await collect(new Cairn({ url: served().url }).searchRuns({ experiments: ['lossy'] }));
      assert.deepEqual(
        found.map(({ id, metrics }) => [id, metrics.loss?.points]),
        [[run.id, 300]],
      );
      const { body } = await served().call('GET', `/api/v1/events?run=${run.id}&limit=2000`);
      const actions = body.items.map(({ action }: { action: string }) => action);
      assert.equal(actions.filter((action: string) => action === 'run.create').length, 1);
      for (const route of ['POST runs', 'POST log', 'POST points', 'PUT artifacts'])
        assert.ok((answers.get(route) ?? 0) >= 2, JSON.stringify([...answers]));
    });

    it('waits as long as a busy server asks for', async () => {
      const begun: number[] = [];
      const fetch: typeof globalThis.fetch = async (input, init) => {
        if (!String(input).endsWith('/points')) return globalThis.fetch(input, init);
        begun.push(performance.now());
        if (begun.length > 2) return globalThis.fetch(input, init);
        const problem = JSON.stringify({ code: 'too_many_requests', detail: 'slow down' });
        return new Response(problem, { status: 429, headers: { 'retry-after': '1' } });
      };
      await using cairn = new Cairn({ ...quick, url: served().url, fetch });
      const run = cairn.startRun();
      run.log({ loss: 1 });
      await run.finish();
      assert.equal(begun.length, 3);
      assert.ok(begun[1]! - begun[0]! >= 990 && begun[2]! - begun[1]! >= 990, String(begun));
      assert.deepEqual(await pointsOf(cairn, run.id!, 'loss'), [0]);
    });

    it('begins before there is a server', async () => {
      const address = new Address();
      const told: boolean[] = [];
      await using cairn = new Cairn({
        ...quick,
        url: address.url,
        fetch: address.fetch,
        onError: (_error, { willRetry }) => told.push(willRetry),
      });
      const run = cairn.startRun({ experiment: 'early' });
      for (let step = 0; step < 10; step++) run.log({ loss: step });
      const done = run.finish();
      while (told.length < 2) await turn();
      address.server = served().url;
      await done;
      assert.deepEqual(await pointsOf(cairn, run.id!, 'loss'), upTo(10));
      assert.ok(told.every((willRetry) => willRetry));
    });

    it('sends more than fits into its queue to who waits for room', async () => {
      await using cairn = new Cairn({
        ...quick,
        url: served().url,
        maxQueuedPoints: 2000,
        whenFull: 'throw',
      });
      const run = cairn.startRun();
      let thrown = 0;
      for (let step = 0; step < 20_000; step++) {
        try {
          run.log({ loss: step }, { step });
        } catch (error) {
          assert.ok(error instanceof QueueFullError);
          thrown++;
          await run.drained();
          run.log({ loss: step }, { step });
        }
      }
      await run.finish();
      assert.ok(thrown >= 9, `${thrown}`);
      assert.equal((await cairn.getRun(run.id!)).metrics.loss?.points, 20_000);
    });
  });
});

describe('a client without a server', () => {
  it('holds what it was told to hold, counts and tells the rest, and costs its caller little', async () => {
    // Takes connections, and never answers.
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const told: Error[] = [];
    const cairn = new Cairn({
      url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      maxQueuedPoints: 50_000,
      maxQueuedBytes: 1_000_000,
      flushInterval: 5,
      onError: (error) => told.push(error),
    });
    const run = cairn.startRun();
    const begun = performance.now();
    for (let step = 0; step < 200_000; step++) {
      run.log({ loss: step, acc: step }, { step });
      if (step % 1000 === 0) await turn();
    }
    const perCall = (performance.now() - begun) / 200_000;
    assert.equal(run.pending.points, 50_000);
    assert.equal(run.lost.points, 350_000);
    for (let file = 0; file < 20; file++) run.logArtifact(new Uint8Array(200_000), { path: `${file}` });
    for (let tag = 0; tag < 200; tag++) run.setTag(`t${tag}`, 'x'.repeat(50_000));
    assert.ok(run.queuedBytes < 50_000 * 28 * 1.4 + 1_000_000 + 10_000, `${run.queuedBytes}`);
    assert.equal(run.lost.files + run.pending.files, 20);
    assert.equal(run.lost.tags + run.pending.tags, 200);
    assert.ok(run.lost.files > 10 && run.lost.tags > 150);
    assert.equal(
      told.filter((error) => error instanceof QueueFullError).length,
      1,
      'told once, not each time',
    );
    assert.ok(perCall < 0.1, `${perCall} ms a call`);
    await assert.rejects(cairn.close({ timeout: 50 }), /not delivered within 50 ms: 50000 points/);
    assert.equal(run.lost.points, 400_000);
    assert.throws(() => cairn.startRun(), /closed/);
    silent.closeAllConnections();
    silent.close();
  });
});

describe('a program that ends', () => {
  const address = () => served().url;
  const sdk = path.resolve(import.meta.dirname, '..', '..', 'sdk', 'src', 'index.ts');
  async function runProgram(text: string): Promise<{ code: number; stdout: string; stderr: string }> {
    const source = `import { Cairn } from ${JSON.stringify(sdk)};\n${text}`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source]);
    const [out, err] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
    const [code] = await once(child, 'close');
    return { code, stdout: (await out!).join(''), stderr: (await err!).join('') };
  }
  let served: ReturnType<typeof servedFor>;
  forEachStore((open) => {
    if (open.dialect !== 'sqlite') return;
    served = servedFor(open);

    it('delivers first, and its runs end as it does', async () => {
      for (const [last, state] of [
        ['', 'finished'],
        ['process.exitCode = 3;', 'failed'],
      ] as const) {
        const { code, stderr } = await runProgram(`
          const run = new Cairn({ url: '${address()}' }).startRun({ experiment: 'ends ${state}' });
          for (let step = 0; step < 5000; step++) run.log({ loss: step });
          ${last}`);
        assert.deepEqual([code, stderr], [last === '' ? 0 : 3, '']);
        const cairn = new Cairn({ url: address() });
        const [found] = await collect(cairn.searchRuns({ experiments: [`ends ${state}`] }));
        assert.deepEqual([found?.state, found?.metrics.loss?.points], [state, 5000]);
      }
    });

    it('says what it could not deliver, and ends', async () => {
      const { code, stderr } = await runProgram(`
        const run = new Cairn({ url: 'http://127.0.0.1:9', exitPatience: 200 }).startRun();
        run.log({ a: 1, b: 2 });`);
      assert.equal(code, 0);
      assert.match(stderr, /not everything was delivered to http:\/\/127\.0\.0\.1:9: .*2 points/);
    });

    it('may wait for the end itself', async () => {
      const { code, stdout } = await runProgram(`
        await using cairn = new Cairn({ url: '${address()}' });
        const run = cairn.startRun();
        run.log({ a: 1 });
        await run.finish();
        console.log((await cairn.getRun(run.id)).state);`);
      assert.deepEqual([code, stdout], [0, 'finished\n']);
    });
  });
});
