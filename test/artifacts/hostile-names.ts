/** Names that have led artifact servers out of their folder, and the encodings that hide them. */

/** As they are written, before any encoding. */
export const names: readonly string[] = [
  '../secret',
  '../../secret',
  '../../../../../../../../etc/passwd',
  'a/../../../secret',
  'a/..',
  '..',
  '.',
  './a',
  '...',
  '.. ',
  // With a path parameter: servers that cut it off see `..`. MLflow refuses most (`..;` 400, an upload to `..;/x` 500).
  '..;/secret',
  '..;a=b/../secret',
  'a/..;/..;x/secret',
  'a/..;',
  '.;/a',
  '/etc/passwd',
  '//etc/passwd',
  '..\\secret',
  '..\\..\\secret',
  'a\\..\\..\\secret',
  '\\\\host\\share',
  '//host/share',
  '\\\\?\\C:\\Windows\\x',
  '\\\\.\\pipe\\x',
  'a/C:/x',
  'D:',
  'C:/Windows/x',
  'C:\\Windows\\x',
  'c:x',
  'file:/etc/passwd',
  'file:///etc/passwd',
  'http://127.0.0.1/x',
  '#/../../secret',
  'a#b',
  'a\0b',
  'a\0/../../secret',
  'a\r\nX-Injected: 1',
  'a\tb',
  'a\u007fb',
  'a//b',
  'a/./b',
  'a/',
  '\uff0e\uff0e/secret',
  '\u2024\u2024/secret',
  '\u2025/secret',
  '\u2026/secret',
  'a/\ufe52\ufe52/secret',
  '\u00a0/secret',
  '..\u0000/secret',
  'x'.repeat(300),
  `${'x/'.repeat(600)}y`,
];

/** Each character as its escape, also those that need none. */
const escaped = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** How a name may be dressed so that its first reader sees another one. All of them are URL-encoded once by who sends them. */
export const dresses: readonly (readonly [name: string, dress: (name: string) => string])[] = [
  ['plain', (name) => name],
  ['encoded once more', (name) => encodeURIComponent(name).replaceAll('.', '%2e')],
  ['encoded twice more', (name) => encodeURIComponent(encodeURIComponent(name).replaceAll('.', '%2e'))],
  ['every byte escaped', escaped],
  ['every byte escaped twice', (name) => escaped(escaped(name))],
];
