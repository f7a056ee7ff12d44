import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantedAt } from './completion.ts';
import { literalText, withClause } from './field-text.ts';
import { tokensOf } from './tokens.ts';

/** `|` is the caret. */
function at(text: string) {
  const caret = text.indexOf('|');
  const wanted = wantedAt(text.replace('|', ''), caret);
  return (
    wanted && [wanted.kind, wanted.typed, wanted.entity, wanted.key].filter((part) => part !== undefined)
  );
}

test('what is wanted follows from what stands before the caret', () => {
  const rows: [string, unknown][] = [
    ['|', ['field', '']],
    ['met|', ['field', 'met']],
    ['metrics.val|', ['key', 'val', 'metrics']],
    ['metrics.`val/l|', ['key', 'val/l', 'metrics']],
    ['metrics.val_loss.m|', ['aggregate', 'm', 'metrics', 'val_loss']],
    ['metrics.val_loss |', ['operator', '']],
    ['params.optimizer = |', ['value', '', 'params', 'optimizer']],
    ["params.optimizer = 'ad|", ['value', 'ad', 'params', 'optimizer']],
    ["params.optimizer in ('sgd', |", ['value', '', 'params', 'optimizer']],
    ['attributes.status = |', ['value', '', 'attributes', 'status']],
    ["params.optimizer = 'adamw' |", ['join', '']],
    ["params.optimizer = 'adamw' and (|", ['field', '']],
    ["params.optimizer = 'adamw' and not par|", ['field', 'par']],
    ['metrics.loss < 0.1|', undefined],
    ['metrics.a.b.c|', ['aggregate', 'c', 'metrics', 'a.b']],
    ['metrics.a.bx|', ['key', 'a.bx', 'metrics']],
  ];
  for (const [text, wanted] of rows) assert.deepEqual(at(text), wanted, text);
});

test('every character belongs to one token, also of a broken filter', () => {
  for (const text of ['metrics.a<0.1 and(b', "params.x = 'open", 'a ?? "b" `', '💥 = 1']) {
    assert.equal(
      tokensOf(text)
        .map((token) => token.text)
        .join(''),
      text,
    );
  }
});

test('a clause is added with AND, and beside an OR in parentheses', () => {
  assert.equal(withClause('', 'a = 1'), 'a = 1');
  assert.equal(withClause('b = 2', 'a = 1'), 'b = 2 and a = 1');
  assert.equal(withClause('b = 2 or c = 3', 'a = 1'), '(b = 2 or c = 3) and a = 1');
  assert.equal(withClause('b = 2 and a = 1', 'a = 1'), 'b = 2 and a = 1');
});

test('a text is quoted with the quotes it does not hold', () => {
  assert.equal(literalText('a'), "'a'");
  assert.equal(literalText("it's"), '"it\'s"');
  assert.equal(literalText(`'"`), undefined);
});
