import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { Locations, treePath } from './artifact-location.ts';

describe('the path in the tree', () => {
  const rows: readonly (readonly [location: string, path: string | undefined])[] = [
    ['mlflow-artifacts:/', ''],
    ['mlflow-artifacts:', ''],
    ['mlflow-artifacts:/3', '3'],
    ['mlflow-artifacts:/3/', '3'],
    ['mlflow-artifacts:3/x', '3/x'],
    ['mlflow-artifacts://host:5000/3/abc/artifacts', '3/abc/artifacts'],
    ['mlflow-artifacts:///3//abc', '3/abc'],
    ['MLFLOW-ARTIFACTS:/3', '3'],
    ['mlflow-artifacts:/my%20place', 'my place'],
    ['mlflow-artifacts:/100%', '100%'],
    ['s3://bucket/3', undefined],
    ['/srv/3', undefined],
    ['file:///srv/3', undefined],
    ['http://host/api/2.0/mlflow-artifacts/artifacts/3', undefined],
  ];
  for (const [location, expected] of rows) {
    it(`of ${location} is ${expected ?? 'none'}`, () => assert.equal(treePath(location), expected));
  }

  it('is never one that a client may not name', () => {
    for (const location of [
      'mlflow-artifacts:/../x',
      'mlflow-artifacts:/%2e%2e/x',
      'mlflow-artifacts:/a%2fb%252f..',
    ]) {
      assert.throws(() => treePath(location), { code: 'invalid_argument' });
    }
  });
});

describe('a place outside of the tree', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'cairn-locations-'));
  after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(path.join(home, 'allowed', 'runs'), { recursive: true });
  mkdirSync(path.join(home, 'allowed-not'));
  writeFileSync(path.join(home, 'allowed', 'runs', 'a.txt'), 'x');
  const allowed = new Locations([path.join(home, 'allowed'), 'relative/root', 's3://bucket/ours/'], home);
  const none = new Locations([], home);

  it('is opened below an allowed root only', async () => {
    for (const location of [
      `${home}/allowed/runs`,
      `file://${home}/allowed/runs`,
      `file:${home}/allowed/runs/`,
      'allowed/runs',
      `${home}/allowed/r%75ns`, // decoded, as clients do
    ]) {
      const place = allowed.placeOf(location);
      assert(place.kind === 'folder', location);
      assert.deepEqual(
        (await place.view.list(place.segments)).map(({ name }) => name),
        ['a.txt'],
        location,
      );
      assert.throws(() => none.placeOf(location), { code: 'failed_precondition' }, location);
    }
    assert.deepEqual(
      { ...allowed.placeOf('relative/root/x'), view: undefined },
      { kind: 'folder', segments: ['x'], view: undefined },
    );
  });

  it('is refused anywhere else, in words', () => {
    for (const location of [
      '/etc',
      'file:///etc',
      'file:/etc/',
      'file://localhost/etc',
      'file://otherhost/srv',
      `${home}/allowed-not`,
      `${home}/allowed/../allowed-not`,
      `${home}/allowed/%2e%2e/allowed-not`,
      `${home}/allowed/%00`,
      `file://${home}/allowed/a%00b`,
      `file://${home}/allowed/%2e%2e/allowed-not`,
      home,
      '.',
      '',
      's3://bucket/ours-not',
      's3://other/ours',
      'dbfs:/x',
      'http://host/x',
      `ftp://${home}/allowed`,
    ]) {
      assert.throws(
        () => allowed.placeOf(location),
        {
          code: 'failed_precondition',
          message: /clients read and write there themselves.*--allow-artifact-root/,
        },
        location,
      );
    }
  });

  it('is not opened where it may be but nothing can', () => {
    for (const location of ['s3://bucket/ours', 's3://bucket/ours/3/abc']) {
      assert.throws(() => allowed.placeOf(location), { code: 'not_implemented' }, location);
    }
  });
});
