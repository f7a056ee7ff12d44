/** Whole bodies that no honest client sends. */

/** Not JSON, or not what any operation takes: always refused. */
export const brokenBodies: readonly (readonly [string, string | Uint8Array])[] = [
  ['a body that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['a body cut in a letter', Buffer.from([0x22, 0xe6, 0x97])],
  ['a body that ends early', '{"name":'],
  ['two values', '{}{}'],
  ['no JSON', 'hello'],
  ['JSON with a comment', '{/* */}'],
  ['a trailing comma', '{"a":1,}'],
  ['a list', '[]'],
  ['a number', '1'],
  ['U+0000 alone', '\0'],
];

/** JSON that nests without end. */
export const deepBodies: readonly (readonly [string, string])[] = [
  ['200,000 lists in each other', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ['200,000 objects in each other', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
  ['200,000 lists in a field', `{"name":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ['200,000 brackets and no end', '['.repeat(200_000)],
];

/** JSON that some operation may take; never a fault of the server. */
export const oddBodies: readonly (readonly [string, string])[] = [
  ['an empty body', ''],
  ['null', 'null'],
  ['a text', '"text"'],
  ['a bare NaN', 'NaN'],
  ['an empty object', '{}'],
  ['a byte order mark', '\ufeff{}'],
  ['100,000 fields', `{${Array.from({ length: 50_000 }, (_, index) => `"f${index}":1`).join(',')}}`],
  ['a long number', `{"name":${'9'.repeat(500_000)}}`],
  ['a million quotes', `{"name":"${'\\"'.repeat(400_000)}"}`],
];
