import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteCache } from './byte-cache.ts';

describe('the cache of bytes', () => {
  it('gives back what was put for the same version, and nothing for another', () => {
    const cache = new ByteCache(100_000);
    assert.equal(String(cache.put(1, 4, 'grün')), 'grün');
    assert.equal(String(cache.get(1, 4)), 'grün');
    assert.equal(cache.get(1, 3), undefined);
    assert.equal(cache.get(2, 4), undefined);
  });

  it('holds one version of a record', () => {
    const cache = new ByteCache(100_000);
    cache.put(1, 0, 'x'.repeat(1000));
    const { size } = cache;
    for (let version = 1; version < 100; version++) cache.put(1, version, 'y'.repeat(1000));
    assert.equal(cache.size, size);
    assert.equal(cache.get(1, 98), undefined);
    assert.equal(cache.get(1, 99)?.length, 1000);
  });

  it('stays within its bound: what was used longest ago goes', () => {
    const cache = new ByteCache(100_000);
    for (let key = 0; key < 1000; key++) {
      cache.put(key, 0, 'x'.repeat(1000));
      cache.get(0, 0);
      assert.ok(cache.size <= 100_000);
    }
    assert.equal(cache.get(0, 0)?.length, 1000);
    assert.equal(cache.get(1, 0), undefined);
    assert.equal(cache.get(999, 0)?.length, 1000);
  });

  it('does not keep what would push out too many others', () => {
    const cache = new ByteCache(100_000);
    cache.put(1, 0, 'small');
    assert.equal(cache.put(2, 0, 'x'.repeat(10_000)).length, 10_000);
    assert.equal(cache.get(2, 0), undefined);
    assert.equal(cache.get(1, 0)?.length, 5);
  });
});
