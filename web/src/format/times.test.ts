import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agoText, durationText } from './times.ts';

test('ages are one number and one unit', () => {
  const now = Date.UTC(2026, 5, 15, 12);
  const rows: [number, string][] = [
    [500, 'now'],
    [4_000, '4 s ago'],
    [59_999, '59 s ago'],
    [12 * 60_000, '12 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [2 * 86_400_000, '2 d ago'],
  ];
  for (const [age, text] of rows) assert.equal(agoText(now - age, now), text);
  assert.match(agoText(now - 30 * 86_400_000, now), /16/);
});

test('durations keep two units', () => {
  assert.equal(durationText(340), '340 ms');
  assert.equal(durationText(8_200), '8.2 s');
  assert.equal(durationText(250_000), '4 m 10 s');
  assert.equal(durationText(3 * 3_600_000 + 5 * 60_000), '3 h 05 m');
  assert.equal(durationText(52 * 3_600_000), '2 d 4 h');
});
