import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedInterval } from '../api/registry.ts';
import { dayOf, dayText, heldDuring, timelineOf } from './timeline.ts';

const interval = (name: string, version: number, from: number, to: number | null): NamedInterval => ({
  ...{ kind: 'alias', name, version, from, to, versionUid: `v${version}`, by: 'ada' },
  endedBy: to === null ? null : 'grace',
});
const history = [
  interval('champion', 3, 300, null),
  interval('shadow', 2, 200, 400),
  interval('champion', 1, 100, 300),
];

test('lanes reach from the first naming until now', () => {
  const timeline = timelineOf(history, 500)!;
  assert.deepEqual([timeline.from, timeline.to], [100, 500]);
  assert.deepEqual(
    timeline.lanes.map(({ alias, segments }) => [
      alias,
      ...segments.map(({ interval: { version }, start, width }) => [version, start, width]),
    ]),
    [
      ['champion', [1, 0, 0.5], [3, 0.5, 0.5]],
      ['shadow', [2, 0.25, 0.5]],
    ],
  );
  assert.equal(timelineOf([{ ...history[0]!, kind: 'stage' }], 500), undefined);
});

test('what held during a day counts what changed in it twice, and what ended before not at all', () => {
  const versions = (from: number, to: number) =>
    heldDuring(history, { from, to }).map(({ name, version }) => `${name} ${version}`);
  assert.deepEqual(versions(0, 99), []);
  assert.deepEqual(versions(120, 180), ['champion 1']);
  assert.deepEqual(versions(250, 350), ['champion 1', 'champion 3', 'shadow 2']);
  assert.deepEqual(versions(400, 900), ['champion 3']);
});

test('a day is whole, and there is no 31st of June', () => {
  const { from, to } = dayOf('2026-11-20')!;
  assert.equal(to - from, 86_400_000 - 1);
  assert.equal(dayText(from), '2026-11-20');
  assert.equal(dayText(to), '2026-11-20');
  assert.equal(dayOf('2026-06-31'), undefined);
});
