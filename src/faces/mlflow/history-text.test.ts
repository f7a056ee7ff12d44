import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { historyAnswer } from './history-text.ts';
import { printMessage } from './message-printing.ts';
import { listOf, nested, text } from './message-schema.ts';
import { metric } from './messages.ts';

const message = { metrics: listOf(nested(metric)), next_page_token: text };
const values = [0.5, 1, -0, Number.NaN, Number.POSITIVE_INFINITY, -1e300, 1e21, 5e-324, 1 / 3];
const wide = (count: number) => BigInt64Array.from({ length: count }, (_, i) => 2n ** 62n - BigInt(i));
const whole = [0, 9, 10, 999_999_999, 1_000_000_000, 2 ** 31, 2 ** 53 - 1, -7, 1_700_000_000_123];
const narrow = (count: number) => Float64Array.from({ length: count }, (_, i) => whole[i % whole.length]!);
const columns = (count: number) => ({
  values: Float64Array.from({ length: count }, (_, i) => values[i % values.length]!),
  times: Float64Array.from({ length: count }, (_, i) => 1_700_000_000_000 + i),
  steps: [wide, narrow][count % 2]!(count),
});

describe('the text of a history', () => {
  for (const counts of [[], [1], [9], [3, 1, 2], [2_000], [2_001, 4_500], [70_000]]) {
    for (const cursor of [undefined, 'next "ü"']) {
      it(`is that of its message: ${counts.join(' + ') || 'no'} points, ${cursor ?? 'the last page'}`, async () => {
        const stretches = counts.map(columns);
        const metrics = stretches.flatMap(({ values, times, steps }) =>
          Array.from(values, (value, i) => ({
            key: 'Verlust "ü"',
            value,
            timestamp: times[i]!,
            step: steps[i]!,
          })),
        );
        const page = { stretches, ...(cursor !== undefined && { cursor }) };
        assert.equal(
          String(await historyAnswer('Verlust "ü"', page)),
          printMessage(message, { metrics, next_page_token: cursor }),
        );
      });
    }
  }
});
