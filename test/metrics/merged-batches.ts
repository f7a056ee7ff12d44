import type { MetricPoint } from '../../src/domain/metrics/index.ts';

export const pointsOfBatch = 600;

/** Points of one request. Every fifth batch fills the steps that the one before it left out, so merges also rewrite chunks. */
export function batchOf(batch: number): MetricPoint[] {
  const late = batch % 5 === 4;
  return Array.from({ length: pointsOfBatch }, (_, i) => ({
    key: i % 2 === 0 ? 'loss' : 'accuracy',
    value: Math.fround(Math.sin(batch * pointsOfBatch + i)),
    step: late ? (batch - 2) * 2 * pointsOfBatch + 2 * i + 1 : batch * 2 * pointsOfBatch + 2 * i,
    time: 1_760_000_000_000 + batch * 1000 + i,
  }));
}
