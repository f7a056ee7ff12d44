import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Touched } from '../api/lineage.ts';
import { touchedText } from './touched-words.ts';

const text = (
  [derives, mayDerive, cannotSay]: readonly [number, number, number],
  counts: Readonly<Record<string, number>>,
) =>
  touchedText({
    deployed: { counts: { derives, mayDerive, cannotSay } } as Touched['deployed'],
    counts: Object.entries(counts).map(([type, count]) => ({ type, count })),
  });

it('says first what serves, and nothing of it twice', () => {
  const counts = { 'dataset-version': 3, 'logged-model': 2, 'model-version': 2 };
  assert.equal(text([1, 1, 0], counts), '2 deployed models, 2 logged models, 3 dataset versions');
  assert.equal(text([1, 0, 0], { 'model-version': 2 }), '1 deployed model, 1 more model version');
});

it('says that nothing is deployed, or nothing at all is known, and of what nobody can say', () => {
  assert.equal(text([0, 0, 0], { 'model-version': 1 }), 'nothing that is deployed, 1 model version');
  assert.equal(text([0, 0, 0], {}), 'nothing is known to derive from it');
  assert.equal(
    text([0, 0, 2], {}),
    'nothing is known to derive from it; of 2 deployed models nobody can say',
  );
});
