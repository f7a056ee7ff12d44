import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { artifactPath, folderPath, joinPath, pathLimits } from './artifact-path.ts';

const good: readonly string[] = [
  'a',
  'model/MLmodel',
  'a b/c  d.txt',
  '日本語/図 1.png',
  'العربية/ملف.csv',
  'e\u0301té/été.txt',
  '🦜/👩‍👩‍👧.txt',
  '.hidden/..rc/a..b/x.',
  '100%.txt',
  '50%25 off',
  'a%20b',
  'why?.txt',
  'a;b,c=d&e+f@g!',
  ';x/a..;/x..;y',
  'it\'s (1) [2] {3} ~ ^ $ ` | " < > *',
  'ab:c/de:f',
  'data:image',
  'x'.repeat(pathLimits.segment),
  '／全角／',
  `${'x'.repeat(127)}/`.repeat(7) + 'x'.repeat(127),
];

const bad: readonly string[] = [
  '',
  '/',
  '.',
  '..',
  '../x',
  'a/../b',
  'a/..',
  './a',
  'a/./b',
  'a//b',
  '/a',
  '//server/share',
  'a/',
  '...',
  '. .',
  ' ',
  'a/.. /b',
  '..;',
  '..;/x',
  'a/..;v=1/x',
  './.;/x',
  '%2e%2e;/x',
  '..%3b/x',
  'a\\b',
  '..\\..\\x',
  '\\\\server\\share',
  'C:',
  'C:/x',
  'c:x',
  'file:/etc/passwd',
  'file:///etc/passwd',
  'FILE:x',
  'file:x',
  'a/C:/x',
  'a/file:/x',
  'http://host/x',
  's3:/bucket',
  'a\0b',
  'a\nb',
  'a\u007fb',
  'a\u0085b',
  'a#b',
  '#/../../etc',
  'a\ufffdb',
  'a\ud800',
  '\uff0e\uff0e/x',
  '\u2024\u2024/x',
  '%2e%2e%2f',
  '%2E%2E/x',
  '%2e/x',
  '..%2fx',
  'a%2fb',
  'a%5cb',
  '%252e%252e%252fx',
  '%25252e%25252e%25252fx',
  '%252fetc',
  '%00',
  'a%0ab',
  '%23',
  '%c0%ae%c0%ae/x',
  '%e0%80%ae/x',
  '%zz/%2e%2e/x',
  '%u002e%2e%2e%2f',
  'C%3A/x',
  'file%3a/x',
  `%${'25'.repeat(20)}41`,
  'x'.repeat(pathLimits.segment + 1),
  '日'.repeat(86),
  `${'a/'.repeat(600)}b`,
];

describe('a path', () => {
  for (const path of good)
    it(`may be ${JSON.stringify(path).slice(0, 60)}`, () => {
      assert.equal(artifactPath('path', path), path);
    });

  for (const path of bad)
    it(`is not ${JSON.stringify(path).slice(0, 60)}`, () => {
      assert.throws(() => artifactPath('path', path), {
        code: 'invalid_argument',
        field: 'path',
        message: /^Invalid path: /,
      });
    });

  it('of a folder may end with a slash, or be none', () => {
    assert.equal(folderPath('path', ''), '');
    assert.equal(folderPath('path', 'a/b/'), 'a/b');
    for (const path of ['/', '//', 'a//', '../', 'a/../']) assert.throws(() => folderPath('path', path));
  });

  it('is joined below another, within the limit', () => {
    const [root, path] = [artifactPath('path', 'a'), artifactPath('path', 'b')];
    assert.equal(joinPath('path', root, path), 'a/b');
    assert.equal(joinPath('path', '', path), 'b');
    assert.equal(joinPath('path', root, ''), 'a');
    const long = artifactPath('path', `${'x'.repeat(127)}/`.repeat(7) + 'x'.repeat(127));
    assert.throws(() => joinPath('path', root, long), /longer than 1024 bytes/);
  });
});
