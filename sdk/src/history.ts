/** Reading points: pages of JSON become columns. */
import type { Transport } from './transport.ts';

/** Points of one metric in the order of (time, step, value). */
export interface History {
  /** BigInt64Array only where a step is beyond 2^53. */
  readonly steps: Float64Array | BigInt64Array;
  /** ms since 1970 */
  readonly times: Float64Array | BigInt64Array;
  readonly values: Float64Array;
}

const pageSize = 100_000;

export async function historyOf(
  transport: Transport,
  run: string,
  key: string,
  options: { readonly rewind?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<History> {
  const steps: (number | string)[] = [];
  const times: (number | string)[] = [];
  const values: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await transport.call('run.points', {
      params: { run },
      query: { key, limit: pageSize, cursor, rewind: options.rewind },
      signal: options.signal,
    });
    for (const point of page.items) {
      steps.push(point.step);
      times.push(point.time);
      values.push(Number(point.value));
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { steps: integers(steps), times: integers(times), values: Float64Array.from(values) };
}

/** What is beyond 2^53 comes as text. */
function integers(column: readonly (number | string)[]): Float64Array | BigInt64Array {
  return column.every((value) => typeof value === 'number')
    ? Float64Array.from(column)
    : BigInt64Array.from(column, BigInt);
}
