import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diff, textDiff } from './text-diff.ts';

const shown = (before: string, after: string) =>
  textDiff(before, after).map(({ change, parts }) => {
    const sign = { same: ' ', removed: '-', added: '+' }[change];
    return (
      sign + parts.map(({ text, changed }) => (changed && change !== 'same' ? `[${text}]` : text)).join('')
    );
  });

describe('the difference of two texts', () => {
  it('is none of equal ones', () => {
    assert.deepEqual(shown('a\nb', 'a\nb'), [' a', ' b']);
    assert.deepEqual(shown('', ''), [' ']);
  });

  it('is by lines, and by the words of lines that were changed', () => {
    assert.deepEqual(shown('You are kind.\nAnswer {{q}}.', 'You are very kind.\nAnswer {{q}}.'), [
      '-You are kind.',
      '+You are [very ]kind.',
      ' Answer {{q}}.',
    ]);
    assert.deepEqual(shown('a\nb\nc', 'a\nc\nd'), [' a', '-[b]', ' c', '+[d]']);
    assert.deepEqual(shown('one two', 'three four'), ['-[one two]', '+[three four]']);
  });

  it('numbers the lines of both', () => {
    const lines = textDiff('a\nb\nc', 'x\na\nc').map(({ before, after }) => [before, after]);
    assert.deepEqual(lines, [
      [undefined, 1],
      [1, 2],
      [2, undefined],
      [3, 3],
    ]);
  });

  it('leads from one to the other, in as few steps as there are', () => {
    const letters = ['a', 'b', 'c', ''];
    let seed = 7;
    const below = (count: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % count;
    };
    for (let round = 0; round < 400; round++) {
      const [a, b] = [0, 1].map(() => Array.from({ length: below(9) }, () => letters[below(4)]!));
      const changes = diff(a!, b!);
      let [x, y] = [0, 0];
      for (const change of changes) {
        if (change === 'same') assert.equal(a![x], b![y]);
        if (change !== 'added') x++;
        if (change !== 'removed') y++;
      }
      assert.deepEqual([x, y], [a!.length, b!.length]);
      const same = changes.filter((change) => change === 'same').length;
      assert.equal(same, longestCommon(a!, b!), `${a} → ${b}: ${changes}`);
    }
  });

  it('gives two long texts that have little in common up', { timeout: 30_000 }, () => {
    const text = (of: string) => Array.from({ length: 20_000 }, (_, index) => `${of} ${index}`).join('\n');
    assert.equal(textDiff(text('a'), text('b')).length, 40_000);
  });
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0));
  for (const [i, one] of a.entries()) {
    for (const [j, other] of b.entries()) {
      table[i + 1]![j + 1] =
        one === other ? table[i]![j]! + 1 : Math.max(table[i]![j + 1]!, table[i + 1]![j]!);
    }
  }
  return table[a.length]![b.length]!;
}
