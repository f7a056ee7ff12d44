/** Parts of requests that several operations of metrics take. */
import { invalid } from '../../kernel/errors.ts';
import { fromJsonInt64 } from '../../kernel/json-number.ts';
import { Type } from '../../kernel/schema.ts';
import type { Projects } from '../contexts/index.ts';
import { type Metrics, metricKeyLimit } from './metrics.ts';

export const Key = Type.String({ minLength: 1, maxLength: metricKeyLimit });
export const RunParams = Type.Object({ run: Type.String({ description: 'Id of the run.' }) });
export const RewindId = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Instead of what the run says now: what this rewind superseded.',
});

export interface MetricServices {
  readonly projects: Projects;
  readonly metrics: Metrics;
}

export function int64(field: string, value: number | string): number | bigint {
  const exact = fromJsonInt64(value);
  if (exact === undefined)
    throw invalid(field, `${field} is not an int64; send what is beyond 2^53 as decimal text`);
  return exact;
}
