import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkArtifactLocation, checkKey, checkLength, cut, normalPath } from './entity-names.ts';

describe('keys', () => {
  for (const key of ['loss', 'a/b', 'a b:c', 'é', 'x.y-z_1', 'a..b', '日本', '٣']) {
    it(`takes ${key}`, () => checkKey('key', key));
  }
  for (const key of [
    '',
    '.',
    '..',
    '../a',
    'a//b',
    '/a',
    'a/',
    './a',
    'a/../b',
    'a(b)',
    'a\n',
    'a\tb',
    'a\\b',
    'a\u0301',
  ]) {
    it(`refuses ${JSON.stringify(key)}`, () =>
      assert.throws(() => checkKey('tags[0].key', key), {
        code: 'invalid_argument',
        field: 'tags[0].key',
        message: /^Invalid value ".*" for parameter 'tags\[0\]\.key' supplied: Names may/,
      }));
  }
});

it('refuses locations that are no place for artifacts', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['runs:/abc/x', /^Artifact location cannot be a runs:\/ URI\. Given: 'runs:\/abc\/x'$/],
    ['s3://bucket/a#b', /can't include fragments or params/],
    [`s3://${'a'.repeat(2044)}`, /^Invalid artifact path length\. .* 2048 characters\.$/],
  ];
  for (const [location, message] of rows) {
    assert.throws(() => checkArtifactLocation(location), { field: 'artifact_location', message });
  }
  checkArtifactLocation(`s3://${'a'.repeat(2043)}`);
});

it('brings paths to the form that Python gives them', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['', '.'],
    ['a/./b//c', 'a/b/c'],
    ['a/../..', '..'],
    ['../../a', '../../a'],
    ['/..', '/'],
    ['//a', '//a'],
    ['///a', '/a'],
  ];
  for (const [path, expected] of rows) assert.equal(normalPath(path), expected);
});

it('counts and cuts by code points', () => {
  const text = '😀'.repeat(10);
  checkLength('name', 'name', text, 10);
  assert.throws(() => checkLength('name', 'name', `${text}x`, 10), {
    message: "'name' exceeds the maximum length of 10 characters",
  });
  assert.equal(cut(text, 3), '😀😀😀');
  assert.equal(cut(text, 10), text);
});
