/** Twenty trainings at once, each from its first request to its last. */
import { type Connection, wireOf } from '../load/connection.ts';
import { api } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { metricsOf, paramsOf } from './points.ts';

const batches = 50;
const metricsPerBatch = 20;

export const trainingWorkloads: readonly Workload[] = [
  {
    name: `20 trainings at once (create, ${batches} batches of ${metricsPerBatch}, search, finish)`,
    group: 'scale',
    connections: 20,
    unit: 'runs',
    units: 1,
    open: async () => ({ scenario: train }),
  },
];

async function train(connection: Connection, index: number): Promise<number> {
  const post = async (path: string, body: unknown) => {
    const answer = await connection.send(wireOf('POST', `${api}/${path}`, JSON.stringify(body)), true);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
    return JSON.parse(String(answer.body)) as unknown;
  };
  const begun = 1_700_000_000_000 + index;
  const made = (await post('runs/create', { experiment_id: '0', start_time: begun })) as {
    run: { info: { run_id: string } };
  };
  const { run_id } = made.run.info;
  for (let batch = 0; batch < batches; batch++) {
    const params = batch === 0 ? paramsOf(20, 0) : [];
    await post('runs/log-batch', { run_id, metrics: metricsOf(metricsPerBatch, batch), params });
  }
  await post('runs/search', { experiment_ids: ['0'], order_by: ['metrics.m0 DESC'], max_results: 10 });
  await post('runs/update', { run_id, status: 'FINISHED', end_time: begun + 1000 });
  return 1;
}
