import { type Wire, wireOf } from '../load/connection.ts';
import { api } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { metricsOf, paramsOf } from './points.ts';

const one = { group: 'tracking', unit: 'requests', units: 1 } as const;

export const runWorkloads: readonly Workload[] = [
  {
    ...one,
    name: 'create run',
    connections: 16,
    async open() {
      const request = wireOf(
        'POST',
        `${api}/runs/create`,
        JSON.stringify({
          experiment_id: '0',
          run_name: 'bench',
          start_time: 1_700_000_000_000,
          tags: [{ key: 'mlflow.user', value: 'bench' }],
        }),
      );
      return { requests: async (_connection, count) => new Array<Wire>(count).fill(request) };
    },
  },
  {
    ...one,
    name: 'get run (10 metrics, 10 params)',
    connections: 16,
    async open(session) {
      const runs = await session.runs(16);
      const bodies = runs.map((run_id) => ({ run_id, metrics: metricsOf(10, 0), params: paramsOf(10, 0) }));
      await session.post(`${api}/runs/log-batch`, bodies);
      const requests = runs.map((run) => wireOf('GET', `${api}/runs/get?run_id=${run}`));
      return {
        requests: async (connection, count) => new Array<Wire>(count).fill(requests[connection]!),
      };
    },
  },
];
