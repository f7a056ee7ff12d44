/** Points in bulk by the native API: the same ones as JSON and as batches of columns (docs/formats/ingest.md). */
import { encodePointBatch, pointBatchType } from '../../sdk/src/point-batch.ts';
import { type Wire, wireOf } from '../load/connection.ts';
import type { Session } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { pointsOf, type SentMetric } from './points.ts';

/** Metrics that are logged together. */
const together = 10;

type Spelling = (run: string, series: readonly (readonly SentMetric[])[]) => Wire;

export const ingestWorkloads: readonly Workload[] = [
  row('batch of 1,000 points, native JSON', 1_000, asJson),
  row('batch of 1,000 points, binary', 1_000, asColumns),
  row('batch of 10,000 points, native JSON', 10_000, asJson),
  row('batch of 10,000 points, binary', 10_000, asColumns),
];

function row(name: string, points: number, spell: Spelling): Workload {
  return {
    name,
    group: 'tracking',
    connections: 8,
    unit: 'points',
    units: points,
    needs: 'native',
    async open(session) {
      return { requests: (_connection, count) => batches(session, count, points / together, spell) };
    },
  };
}

async function batches(session: Session, count: number, steps: number, spell: Spelling): Promise<Wire[]> {
  const [run] = await session.runs(1);
  return Array.from({ length: count }, (_, batch) =>
    spell(
      run!,
      Array.from({ length: together }, (_, metric) => pointsOf(`m${metric}`, steps, batch * steps)),
    ),
  );
}

function asJson(run: string, series: readonly (readonly SentMetric[])[]): Wire {
  const metrics = series.flat().map(({ timestamp: time, ...point }) => ({ ...point, time }));
  return wireOf('POST', `/api/v1/runs/${run}/log`, JSON.stringify({ metrics }));
}

function asColumns(run: string, series: readonly (readonly SentMetric[])[]): Wire {
  const body = encodePointBatch(
    series.map((points) => ({
      name: points[0]!.key,
      steps: points.map(({ step }) => step),
      times: points.map(({ timestamp }) => timestamp),
      values: points.map(({ value }) => value),
    })),
  );
  return wireOf('POST', `/api/v1/runs/${run}/points`, '', pointBatchType, body);
}
