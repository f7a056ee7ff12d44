/** Columns of points as they travel: little-endian 64-bit values in base64. */
import { endianness } from 'node:os';
import { asBigInts, canonicalColumn, type PointColumns } from '../../engines/metrics/index.ts';
import { invalid } from '../../kernel/errors.ts';
import type { ColumnsWire } from './records.ts';

export function toWire({ values, steps, times }: PointColumns): ColumnsWire {
  return { values: base64(values), steps: base64(asBigInts(steps)), times: base64(asBigInts(times)) };
}

/** `field` names the series, for what is no column. */
export function fromWire(wire: ColumnsWire, field: string): PointColumns {
  const values = new Float64Array(bytes(wire.values, `${field}.values`));
  const steps = new BigInt64Array(bytes(wire.steps, `${field}.steps`));
  const times = new BigInt64Array(bytes(wire.times, `${field}.times`));
  if (steps.length !== values.length || times.length !== values.length)
    throw invalid(field, `${field} has columns of different lengths`);
  return { values, steps: canonicalColumn(steps), times: canonicalColumn(times) };
}

function base64(column: Float64Array | BigInt64Array): string {
  const view = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  return ordered(view).toString('base64');
}

function bytes(text: string, field: string): ArrayBuffer {
  const decoded = Buffer.from(text, 'base64');
  if (decoded.length % 8 !== 0 || decoded.length !== Math.floor((text.replace(/=+$/, '').length * 3) / 4))
    throw invalid(field, `${field} is not base64 of 64-bit values`);
  const own = new Uint8Array(ordered(decoded));
  return own.buffer;
}

/** Little-endian, whatever the machine is. */
function ordered(buffer: Buffer): Buffer {
  return endianness() === 'LE' ? buffer : Buffer.from(buffer).swap64();
}
