import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byStrength, type PlacedColumn, scaleOf, strength } from './compare-columns.ts';

const column = (id: string, values: PlacedColumn['values'], words?: string[]): PlacedColumn => ({
  id,
  key: id,
  values,
  ...(words === undefined ? {} : { words }),
});
const loss = column('loss', [1, 2, 3, 4, undefined]);

test('what goes with the target most comes first: by rank, whichever way; words by how they part it', () => {
  const [down, weak, parting] = [
    column('down', [900, 30, 2, 1, 0]),
    column('weak', [1, 3, 2, 1, 9]),
    column('parting', [0, 0, 1, 1, 0], ['a', 'b']),
  ];
  assert.equal(strength(down, loss), 1);
  assert.ok(strength(parting, loss) > 0.85 && strength(parting, loss) < 1);
  assert.deepEqual(
    byStrength([weak, parting, down], loss).map(({ id }) => id),
    ['down', 'parting', 'weak'],
  );
  assert.equal(strength(column('flat', [1, 1, 1, 1, 1]), loss), 0);
});

test('an axis is logarithmic where decades part its values, all above 0', () => {
  const rates = scaleOf(column('lr', [1e-4, 1e-2, 1]), 5);
  assert.equal(rates.log, true);
  assert.equal(rates.at(1e-2), 0.5);
  assert.deepEqual(
    rates.ticks.map(({ text }) => text),
    ['1e-4', '0.001', '0.01', '0.1', '1'],
  );
  assert.equal(scaleOf(column('depth', [0, 1, 1000]), 5).log, false);
  assert.deepEqual(
    scaleOf(column('depth', [2, 4, 8]), 3).ticks.map(({ text }) => text),
    ['2', '4', '6', '8'],
  );
  assert.deepEqual(scaleOf(column('one', [5, 5]), 3).at(5), 0.5);
});
