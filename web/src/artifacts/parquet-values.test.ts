import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetCell, parsers, shownType } from './parquet-values.ts';

test('values as texts that lose nothing', () => {
  for (const [value, single, text] of [
    [1234567890123456789n, false, '1234567890123456789'],
    [Math.fround(0.1), true, '0.1'],
    [0.1, false, '0.1'],
    [Number.NaN, false, 'NaN'],
    [null, false, null],
    [undefined, false, null],
    [true, false, 'true'],
    [[1n, null, 'x'], false, '[1,null,"x"]'],
    [{ a: 2n ** 60n }, false, '{"a":"1152921504606846976"}'],
    [Uint8Array.of(0, 255), false, '0x00ff (2 bytes)'],
    [new TextEncoder().encode('é'), false, 'é'],
  ] as const)
    assert.equal(parquetCell(value, single), text);
  assert.equal(
    parsers.timestampFromNanoseconds?.(1_700_000_000_123_456_789n),
    '2023-11-14T22:13:20.123456789',
  );
  assert.equal(parsers.timestampFromMicroseconds?.(-1n), '1969-12-31T23:59:59.999999');
  assert.equal(parsers.timestampFromMilliseconds?.(10n ** 18n), String(10n ** 18n));
});

test('types in words', () => {
  const word = (facts: object, nested = false) => shownType({ name: 'x', ...facts }, nested);
  assert.equal(word({ type: 'INT64' }), 'int64');
  assert.equal(word({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }), 'string');
  assert.equal(word({ type: 'INT32', converted_type: 'UINT_8' }), 'uint8');
  assert.equal(
    word({ type: 'INT32', logical_type: { type: 'INTEGER', bitWidth: 16, isSigned: true } }),
    'int16',
  );
  assert.equal(
    word({ logical_type: { type: 'TIMESTAMP', unit: 'NANOS', isAdjustedToUTC: true } }),
    'timestamp[ns]',
  );
  assert.equal(word({ converted_type: 'LIST' }, true), 'list');
  assert.equal(word({}, true), 'struct');
});
