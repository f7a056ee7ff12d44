import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundRuns, Run } from '../api/types.ts';
import { pageSize, RunPages } from './run-pages.ts';

function run(number: number): Run {
  return {
    id: String(number).padStart(6, '0'),
    name: `run-${number}`,
    user: '',
    state: 'finished',
    started: number,
    ended: null,
    lifecycle: 'active',
    experiment: '1',
    artifactUri: '',
    params: {},
    tags: {},
    metrics: {},
  };
}

/** A server of runs, newest (highest number) first; the cursor is the last id. It counts up to `counted`. */
function server(
  count: number,
  wait: (skip: number) => Promise<void> = async () => {},
  counted = Number.POSITIVE_INFINITY,
) {
  const runs = Array.from({ length: count }, (_, index) => run(count - index));
  const requests: { limit: number; skip: number; count: boolean }[] = [];
  const signals: AbortSignal[] = [];
  const answer = (items: Run[], more: boolean): FoundRuns => ({
    items,
    total: runs.length,
    matching: Math.min(runs.length, counted),
    countComplete: counted >= runs.length,
    ...(more ? { cursor: items.at(-1)!.id } : {}),
  });
  const pages = new RunPages(
    async ({ limit, cursor, skip, count: counts }, signal) => {
      requests.push({ limit, skip, count: counts });
      signals.push(signal);
      await wait(skip);
      signal.throwIfAborted();
      const from = (cursor === undefined ? 0 : runs.filter((each) => each.id >= cursor).length) + skip;
      const before = runs[from - 1];
      return {
        ...answer(runs.slice(from, from + limit), from + limit < runs.length),
        ...(skip > 0 && before !== undefined ? { start: before.id } : {}),
      };
    },
    async (ids) =>
      answer(
        runs.filter((each) => ids.includes(each.id)),
        false,
      ),
  );
  return { runs, requests, signals, pages };
}

/** Resolves when the pages are settled: the row is there. */
function until(pages: RunPages, condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = pages.subscribe(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
  });
}

test('a far row is reached by one request, and its page is read again by its own cursor', async () => {
  const { pages, requests } = server(5000);
  pages.start();
  await until(pages, () => pages.row(0) !== undefined);
  assert.equal(pages.snapshot().count, 5000);
  pages.look(4000, 4025);
  await until(pages, () => pages.row(4010) !== undefined);
  assert.equal(pages.row(4010)!.id, run(5000 - 4010).id);
  assert.equal(requests.filter(({ skip }) => skip > 0).length, 1);
  assert.ok(requests.length <= 5, `${requests.length} requests`);
  assert.ok(requests.every(({ limit }) => limit === pageSize));
  const read = pages.row(4010)!.id;
  await pages.invalidate();
  assert.equal(pages.row(4010)!.id, read);
  assert.equal(requests.filter(({ skip }) => skip > 0).length, 1);
});

test('a jump beyond what is left after deletions ends at the last row', async () => {
  const { pages, runs } = server(3000);
  pages.start();
  await until(pages, () => pages.row(0) !== undefined);
  runs.length = 1050;
  pages.look(2900, 2925);
  await until(pages, () => pages.snapshot().count === 1050);
  pages.look(1030, 1049);
  await until(pages, () => pages.row(1049) !== undefined);
});

test('rows that arrive above do not move the ones being read, and are counted', async () => {
  const { pages, runs } = server(1000);
  pages.start();
  await until(pages, () => pages.row(0) !== undefined);
  pages.look(300, 325);
  await until(pages, () => pages.row(310) !== undefined);
  const read = pages.row(310)!.id;
  runs.unshift(run(1001), run(1002));
  runs.sort((a, b) => (a.id < b.id ? 1 : -1));
  void pages.invalidate();
  await until(pages, () => pages.snapshot().arrived === 2);
  assert.equal(pages.row(310)!.id, read);
  pages.look(0, 25);
  await until(pages, () => pages.row(0)!.id === run(1002).id);
  assert.equal(pages.snapshot().arrived, 0);
  assert.ok(pages.isFresh(run(1002).id));
  assert.ok(!pages.isFresh(run(900).id));
});

test('touched runs change in place; untouched rows keep their identity', async () => {
  const { pages, runs } = server(50);
  pages.start();
  await until(pages, () => pages.row(0) !== undefined);
  const [touched, other] = [pages.row(3)!, pages.row(4)!];
  runs[3] = { ...runs[3]!, name: 'renamed' };
  await pages.touch(new Set([touched.id, 'unknown']));
  assert.equal(pages.row(3)!.name, 'renamed');
  assert.equal(pages.row(4), other);
});

test('deleted rows go, and the table shrinks', async () => {
  const { pages, runs } = server(pageSize + 5);
  pages.start();
  await until(pages, () => pages.row(pageSize) !== undefined);
  runs.splice(2, 10);
  void pages.invalidate();
  await until(pages, () => pages.snapshot().count === pageSize - 5);
  assert.equal(pages.row(2)!.id, run(pageSize + 5 - 12).id);
});

test('a page that was scrolled past is given up, and only the first one counts', async () => {
  let release = () => {};
  const { pages, requests, signals } = server(5000, (skip) =>
    skip === 1800 ? new Promise((done) => (release = done)) : Promise.resolve(),
  );
  pages.start();
  await until(pages, () => pages.row(100) !== undefined);
  pages.look(2050, 2060);
  await new Promise((done) => setImmediate(done));
  assert.equal(requests.at(-1)!.skip, 1800);
  pages.look(4050, 4060);
  assert.equal(signals.at(-1)!.aborted, true);
  release();
  await until(pages, () => pages.row(4050) !== undefined);
  assert.equal(pages.row(2050), undefined);
  assert.deepEqual(
    requests.map(({ count }) => count),
    requests.map((_, index) => index === 0),
  );
  assert.equal(pages.snapshot().count, 5000);
  pages.dispose();
});

test('where counting stopped, the rows go on behind the count, to their real end', async () => {
  const { pages } = server(250, undefined, 120);
  pages.start();
  await until(pages, () => pages.row(0) !== undefined);
  assert.deepEqual(
    [pages.snapshot().matching, pages.snapshot().countComplete, pages.snapshot().count],
    [120, false, 120],
  );
  pages.look(100, 119);
  await until(pages, () => pages.row(100) !== undefined);
  assert.equal(pages.snapshot().count, 201, 'a row more than is known of');
  pages.look(180, 200);
  await until(pages, () => pages.row(249) !== undefined);
  assert.equal(pages.snapshot().count, 250);
  assert.equal(pages.row(250), undefined);
});
