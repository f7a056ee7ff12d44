/** The client logs, on both stores: what was logged is there, and calls return at once. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Cairn, type CairnOptions, RequestError } from '../../sdk/src/index.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryFolder } from '../start/cairn-command.ts';
import { forEachStore } from '../stores/stores.ts';
import { bytesOf, collect } from './reading-streams.ts';

forEachStore((open) => {
  const served = servedFor(open);
  const clientOf = (options: CairnOptions = {}) =>
    new Cairn({ url: served().url, flushInterval: 10, ...options });

  describe('a run of the client', () => {
    it('is stored as it was logged: parameters, tags, points, files, its end', async () => {
      await using cairn = clientOf();
      const run = cairn.startRun({
        experiment: 'digits',
        name: 'first',
        params: { lr: 0.1, optimizer: 'adam' },
        tags: { team: 'vision' },
        user: 'ada',
      });
      assert.equal(run.id, undefined, 'nothing has been waited for');
      for (let step = 0; step < 100; step++) run.log({ loss: 1 / (step + 1), acc: step / 100 }, { step });
      run.log({ odd: Number.NaN });
      run.logParam('epochs', 3);
      run.setTags({ note: 'läuft', team: 'speech' });
      const file = path.join(temporaryFolder(), 'model.bin');
      const bytes = randomBytes(300_000);
      writeFileSync(file, bytes);
      run.logArtifact(file, { path: 'models/model.bin' });
      run.logArtifact(new TextEncoder().encode('a,b\n1,2\n'), { path: 'table.csv' });
      await run.finish();
      const stored = await cairn.getRun(run.id!);
      assert.deepEqual({ ...stored.params }, { epochs: '3', lr: '0.1', optimizer: 'adam' });
      assert.equal(stored.tags.team, 'speech');
      assert.equal(stored.tags.note, 'läuft');
      assert.deepEqual([stored.name, stored.user, stored.state], ['first', 'ada', 'finished']);
      assert.ok(stored.ended! >= stored.started);
      assert.equal(stored.metrics.odd?.lastStep, 100, 'a step is the one after the last unless told');
      const { steps, times, values } = await cairn.history(run.id!, 'loss');
      assert.deepEqual(
        [...steps],
        Array.from({ length: 100 }, (_, step) => step),
      );
      assert.deepEqual(
        [...values],
        Array.from({ length: 100 }, (_, step) => 1 / (step + 1)),
      );
      assert.ok(times instanceof Float64Array && times.length === 100);
      const found = await collect(cairn.artifacts(run.id!));
      assert.deepEqual(
        found.map((entry) => [entry.path, entry.directory]),
        [
          ['models', true],
          ['table.csv', false],
        ],
      );
      const back = await bytesOf(await cairn.download(run.id!, 'models/model.bin'));
      assert.ok(bytes.equals(back));
      assert.deepEqual(run.pending, { points: 0, params: 0, tags: 0, files: 0 });
      assert.deepEqual(run.lost, { points: 0, params: 0, tags: 0, files: 0 });
    });

    it('sends a large file in parts, each of which may fail by itself', async () => {
      await using cairn = clientOf();
      const run = cairn.startRun();
      const file = path.join(temporaryFolder(), 'large.bin');
      const size = 129 * 2 ** 20;
      // Sparse, with marks on both sides of where it is cut.
      const handle = openSync(file, 'w');
      for (const at of [0, 64 * 2 ** 20 - 3, 128 * 2 ** 20 - 3]) writeSync(handle, randomBytes(9), 0, 9, at);
      ftruncateSync(handle, size);
      closeSync(handle);
      const { fetch } = globalThis;
      const parts: string[] = [];
      globalThis.fetch = async (input, init) => {
        if (init?.method === 'PUT' && parts.push(new URL(String(input)).pathname) === 2)
          throw new TypeError('fetch failed');
        return fetch(input, init);
      };
      try {
        run.logArtifact(file, { path: 'models/läuft fein.bin' });
        await run.finish();
      } finally {
        globalThis.fetch = fetch;
      }
      assert.equal(parts.length, 4, 'three parts, of which one was sent twice');
      const [entry] = await collect(cairn.artifacts(run.id!, 'models'));
      const whole = createHash('sha256');
      for await (const chunk of createReadStream(file)) whole.update(chunk);
      assert.deepEqual(
        [entry?.path, entry?.size, entry?.sha256],
        ['models/läuft fein.bin', size, whole.digest('hex')],
      );
    });

    it('is one of many, in one experiment', async () => {
      await using cairn = clientOf();
      const runs = Array.from({ length: 8 }, (_, index) => {
        const run = cairn.startRun({ experiment: 'many at once', params: { index } });
        for (let step = 0; step < 50; step++) run.log({ m: step * index }, { step });
        return run;
      });
      await Promise.all(runs.map((run) => run.finish()));
      const found = await collect(
        cairn.searchRuns({ experiments: ['many at once'], order: ['params.index'], pageSize: 3 }),
      );
      assert.deepEqual(
        found.map(({ params, metrics }) => [params.index, metrics.m?.points, metrics.m?.last]),
        runs.map((_, index) => [String(index), 50, 49 * index]),
      );
      const names = (await collect(cairn.experiments({ search: 'many' }))).map(({ name }) => name);
      assert.deepEqual(names, ['many at once']);
    });

    it('goes on after a restart from a checkpoint', async () => {
      await using cairn = clientOf();
      const first = cairn.startRun({ name: 'interrupted' });
      for (let step = 0; step < 20; step++) first.log({ loss: step }, { step });
      await first.flush();
      await cairn.call('run.rewind', { params: { run: first.id! }, body: { step: 10 } });
      const again = cairn.resumeRun(first.id!);
      for (let step = 10; step < 15; step++) again.log({ loss: -step }, { step });
      await again.finish('killed');
      const { values } = await cairn.history(first.id!, 'loss');
      assert.deepEqual([...values].slice(-6), [9, -10, -11, -12, -13, -14]);
      assert.equal((await cairn.getRun(first.id!)).state, 'killed');
    });

    it('sends what the server takes of parameters, and tells of what it does not', async () => {
      const told: string[] = [];
      await using cairn = clientOf({ onError: (error) => told.push(error.message) });
      const run = cairn.startRun({ params: { a: 1 } });
      await run.flush();
      const other = cairn.resumeRun(run.id!);
      other.logParams({ a: 2, b: 3 });
      other.setTags({ t: 1 });
      await other.flush();
      const { params, tags } = await cairn.getRun(run.id!);
      assert.deepEqual([{ ...params }, tags.t], [{ a: '1', b: '3' }, '1']);
      assert.deepEqual([other.lost.params, told.length], [1, 1]);
      assert.match(told[0]!, /Changing param values is not allowed/);
    });

    it('throws at once for what the program does wrong, and logs nothing of it', async () => {
      await using cairn = clientOf();
      const run = cairn.startRun();
      const wrong: (() => void)[] = [
        () => run.log({ good: 1, '': 2 }),
        () => run.log({ ['x'.repeat(251)]: 2 }),
        () => run.log({ 'a\0b': 2 }),
        () => run.log({ text: '1' as never }),
        () => run.log({ good: 1 }, { step: 0.5 }),
        () => run.log({ good: 1 }, { step: 2 ** 53 }),
        () => run.logParams({ good: 'x', object: {} as never }),
        () => run.logParam('unpaired', '\ud800'),
        () => run.setTag('long', 'x'.repeat(100_001)),
        () => run.logArtifact(new Uint8Array(3)),
        () => run.logArtifact(new Uint8Array(3), { path: '../up' }),
        () => void cairn.startRun({ tags: { '': 1 } }),
        () => void new Cairn({ url: 'localhost:5000' }),
      ];
      for (const [index, act] of wrong.entries()) assert.throws(act, TypeError, `row ${index}`);
      run.logParam('lr', 1);
      assert.throws(() => run.logParam('lr', 2), /cannot become 2/);
      await run.finish();
      assert.throws(() => run.log({ late: 1 }), /finished/);
      const { metrics, params, tags } = await cairn.getRun(run.id!);
      assert.deepEqual(
        [{ ...metrics }, { ...params }, Object.keys(tags)],
        [{}, { lr: '1' }, ['mlflow.runName']],
      );
    });

    it('fails as a whole where it is gone, and says so to who waits', async () => {
      const told: string[] = [];
      await using cairn = clientOf({
        onError: (error, { willRetry }) => told.push(`${willRetry} ${error.message}`),
      });
      const run = cairn.startRun();
      await run.ready();
      await cairn.call('run.delete', { params: { run: run.id! } });
      run.log({ loss: 1 });
      await assert.rejects(run.flush(), RequestError);
      run.log({ loss: 2 });
      run.setTag('a', 'b');
      assert.deepEqual(run.lost, { points: 2, params: 0, tags: 1, files: 0 });
      assert.match(told[0]!, /^false .*deleted/);
      await assert.rejects(run.finish('failed'), RequestError);
      await assert.rejects(cairn.startRun({ experimentId: '987654' }).flush(), { code: 'not_found' });
    });

    it('follows what happens', async () => {
      await using cairn = clientOf();
      const run = cairn.startRun({ name: 'watched' });
      const stop = new AbortController();
      const seen: string[] = [];
      await run.ready();
      const watching = (async () => {
        for await (const event of cairn.events({ run: run.id!, after: 0, signal: stop.signal })) {
          seen.push(event.action);
          if (event.action === 'run.update') stop.abort();
        }
      })();
      run.log({ loss: 1 });
      await run.finish();
      await watching;
      assert.deepEqual(seen, ['run.create', 'run.log', 'run.update']);
    });
  });
});
