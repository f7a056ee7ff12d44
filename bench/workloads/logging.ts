/** What a training script sends, in its three sizes. */
import { wireOf } from '../load/connection.ts';
import { api, type Session } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { jsonAndRowsFloor } from './floor.ts';
import { metricsOf, paramsOf, pointsOf } from './points.ts';

/** Batches that one run gets: with ten new parameters each it ends with a hundred, as a large configuration has. */
const batchesPerRun = 10;

export const loggingWorkloads: readonly Workload[] = [
  {
    name: 'log one metric',
    group: 'tracking',
    connections: 16,
    unit: 'requests',
    units: 1,
    async open(session) {
      return {
        async requests(_connection, count) {
          const [run_id] = await session.runs(1);
          return pointsOf('loss', count, 0).map((point) =>
            wireOf('POST', `${api}/runs/log-metric`, JSON.stringify({ run_id, ...point })),
          );
        },
      };
    },
  },
  {
    name: 'batch of 10 metrics + 10 params',
    group: 'tracking',
    connections: 16,
    unit: 'requests',
    units: 1,
    async open(session) {
      return {
        async requests(_connection, count) {
          const runs = await session.runs(Math.ceil(count / batchesPerRun));
          return runs.flatMap((run_id) =>
            Array.from({ length: batchesPerRun }, (_, batch) =>
              wireOf(
                'POST',
                `${api}/runs/log-batch`,
                JSON.stringify({ run_id, metrics: metricsOf(10, batch), params: paramsOf(10, batch) }),
              ),
            ),
          );
        },
      };
    },
  },
  {
    name: 'batch of 1,000 points',
    group: 'tracking',
    connections: 8,
    unit: 'points',
    units: 1000,
    async open(session) {
      return {
        requests: (_connection, count) => thousands(session, count),
        floor: jsonAndRowsFloor,
      };
    },
  },
];

async function thousands(session: Session, count: number) {
  const [run_id] = await session.runs(1);
  return Array.from({ length: count }, (_, batch) =>
    wireOf(
      'POST',
      `${api}/runs/log-batch`,
      JSON.stringify({ run_id, metrics: pointsOf('loss', 1000, batch * 1000) }),
    ),
  );
}
