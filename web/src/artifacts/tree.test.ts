import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactEntry } from '../api/types.ts';
import { foldersAbove, type Listing, treeRows } from './tree.ts';

function entry(path: string, directory = false): ArtifactEntry {
  return { path, name: path.split('/').at(-1)!, directory, size: directory ? null : 1, updated: null };
}

const folders: Record<string, { data?: Listing; isError: boolean }> = {
  '': {
    isError: false,
    data: { complete: true, entries: [entry('b10.txt'), entry('b9.txt'), entry('plots', true)] },
  },
  plots: { isError: false, data: { complete: false, entries: [entry('plots/z'), entry('plots/a')] } },
  slow: { isError: false },
};

test('rows of the tree: folders first, names as people count, parts in the order they came', () => {
  const rows = treeRows(
    (folder) => folders[folder],
    (folder) => folder === 'plots',
  );
  assert.deepEqual(
    rows.map((row) => [row.key, row.depth]),
    [
      ['plots', 0],
      ['plots/z', 1],
      ['plots/a', 1],
      ['more plots', 1],
      ['b9.txt', 0],
      ['b10.txt', 0],
    ],
  );
  assert.deepEqual(
    rows.flatMap((row) => (row.kind === 'entry' ? [[row.place, row.siblings]] : [])),
    [
      [1, 3],
      [1, -1],
      [2, -1],
      [2, 3],
      [3, 3],
    ],
  );
});

test('what is not there yet, not there, or failed has a row that says so', () => {
  const kinds = (state: { data?: Listing; isError: boolean } | undefined) =>
    treeRows(
      () => state,
      () => false,
    ).map(({ kind }) => kind);
  assert.deepEqual(kinds(undefined), ['waiting']);
  assert.deepEqual(kinds({ isError: true }), ['failed']);
  assert.deepEqual(kinds({ isError: false, data: { complete: true, entries: [] } }), ['empty']);
});

test('the folders above a file', () => {
  assert.deepEqual(foldersAbove('a/b/c.txt'), ['a', 'a/b']);
  assert.deepEqual(foldersAbove('c.txt'), []);
});
