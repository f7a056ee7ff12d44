import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { Type } from './schema.ts';

/** The original. Only its compiler may be imported elsewhere, and late. */
const original = (createRequire(import.meta.url)('typebox') as { Type: typeof Type }).Type;

/** The same schemas, made by one set of builders and by the other. */
function samples(T: typeof Type): unknown[] {
  const text = T.String({ minLength: 1, description: 'a text' });
  const both = T.Object(
    { text, count: T.Optional(T.Integer({ minimum: 0 })) },
    { additionalProperties: false },
  );
  return [
    text,
    T.Optional(text),
    both,
    T.Object({}),
    T.Object({ count: T.Optional(T.Integer()) }),
    T.Array(both, { maxItems: 3 }),
    T.Union([text, T.Null()]),
    T.Optional(T.Union([T.Number(), T.BigInt()], { description: 'a number' })),
    T.Intersect([both, T.Object({ more: T.Boolean({ default: true }) })]),
    T.Record(T.String(), text),
    T.Record(T.String({ pattern: '^a' }), text, { maxProperties: 5 }),
    T.Enum(['a', 'b'], { default: 'a' }),
    T.Literal('a'),
    T.Any({ description: 'anything' }),
    T.Unsafe({ type: 'string', format: 'binary' }),
  ];
}

/** With every property and its flags, also those that JSON does not show, in their order. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Reflect.ownKeys(value).map((key) => {
    const { value: inner, ...flags } = Object.getOwnPropertyDescriptor(value, key)!;
    return [key, flags, bare(inner)];
  });
}

describe('schemas', () => {
  const expected = samples(original);
  for (const [index, schema] of samples(Type).entries()) {
    it(`are those of TypeBox: ${JSON.stringify(schema)}`, () => {
      assert.equal(JSON.stringify(schema), JSON.stringify(expected[index]), 'in the order of the original');
      assert.deepEqual(sorted(bare(schema)), sorted(bare(expected[index])));
    });
  }
});

/** Where a mark stands among the properties does not matter. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.map(sorted).sort((a, b) => (String(a) < String(b) ? -1 : 1)) : value;
}
