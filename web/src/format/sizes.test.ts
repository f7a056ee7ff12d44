import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeText } from './sizes.ts';

test('sizes in bytes', () => {
  assert.deepEqual([0, 812, 1400, 9960, 23_400_000, 999_999, 5e9].map(sizeText), [
    '0 B',
    '812 B',
    '1.4 kB',
    '10 kB',
    '23 MB',
    '1.0 MB',
    '5.0 GB',
  ]);
});
