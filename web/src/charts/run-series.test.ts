import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunSeries, readAtOnce } from './run-series.ts';

/** A server that holds points with these times and values; a cursor is the time of the point before. */
function served(values: number[]) {
  const asked: { limit: number; cursor: string | undefined }[] = [];
  const series = new RunSeries(async (request) => {
    asked.push(request);
    const after = Number(request.cursor ?? Number.NEGATIVE_INFINITY);
    const from = values.findIndex((value) => value > after);
    const items = (from < 0 ? [] : values.slice(from, from + request.limit)).map((value) => ({
      step: value,
      time: value,
      value,
    }));
    const last = items.at(-1);
    return {
      items,
      ...(last !== undefined && last.value !== values.at(-1) ? { cursor: String(last.value) } : {}),
    };
  });
  return { series, asked, shown: () => [...series.snapshot().points.value] };
}

test('only new points are read while a run logs', async () => {
  const values = [1, 2, 3];
  const { series, asked, shown } = served(values);
  await series.refresh(3);
  assert.deepEqual(shown(), [1, 2, 3]);
  for (const value of [4, 5]) {
    values.push(value);
    asked.length = 0;
    await series.refresh(values.length);
    assert.deepEqual(shown(), values);
  }
  // What was new last time, to learn where it ends; then what is new now.
  assert.deepEqual(
    asked.map(({ limit, cursor }) => [limit, cursor]),
    [
      [1, '3'],
      [10_000, '4'],
    ],
  );
});

test('points of earlier times make it read again', async () => {
  const values = [10, 20, 30];
  const { series, shown } = served(values);
  await series.refresh(3);
  values.push(40);
  await series.refresh(4);
  values.splice(1, 0, 15);
  await series.refresh(5);
  assert.deepEqual(shown(), [10, 15, 20, 30, 40]);
});

test('it stops at its limit, says that there is more, and goes on when asked', async () => {
  const values = Array.from({ length: readAtOnce + 5 }, (_, index) => index);
  const { series, asked, shown } = served(values);
  await series.refresh(values.length);
  assert.equal(shown().length, readAtOnce);
  assert.equal(series.snapshot().more, true);
  const before = asked.length;
  await series.refresh(values.length);
  assert.equal(asked.length, before);
  series.more();
  while (series.snapshot().more) await new Promise((done) => setImmediate(done));
  assert.deepEqual(shown(), values);
});
