/** Finding runs: a page of the best by a metric, and all of them page by page. */
import { type Connection, type Wire, wireOf } from '../load/connection.ts';
import { api, type Session } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { metricsOf, paramsOf } from './points.ts';

const pageSize = 100;
/** Runs of one page when all are read: MLflow's own clients ask for as many. */
const largePage = 1000;

export const searchWorkloads: readonly Workload[] = [
  search('search: filter and order by a metric, 100 runs', 8),
  search('the same on one connection', 1),
  {
    name: 'paging through all runs',
    group: 'scale',
    connections: 1,
    unit: 'runs',
    units: 1,
    async open(session) {
      const experiment = await searchedExperiment(session);
      return { scenario: (connection) => readAll(connection, experiment) };
    },
  },
];

function search(name: string, connections: number): Workload {
  return {
    name,
    group: 'tracking',
    connections,
    unit: 'requests',
    units: 1,
    async open(session) {
      const request = wireOf(
        'POST',
        `${api}/runs/search`,
        JSON.stringify({
          experiment_ids: [await searchedExperiment(session)],
          filter: 'metrics.m1 > 1.2',
          order_by: ['metrics.m0 DESC'],
          max_results: pageSize,
        }),
      );
      return { requests: async (_connection, count) => new Array<Wire>(count).fill(request) };
    },
  };
}

/** An experiment of runs with ten metrics and ten parameters each; what the other rows write lies elsewhere. */
export function searchedExperiment(session: Session): Promise<string> {
  return session.once('searched experiment', async () => {
    const name = 'searched';
    const { experiment_id } = await session.call<{ experiment_id: string }>(
      'POST',
      `${api}/experiments/create`,
      {
        name,
      },
    );
    const runs = await session.runs(session.sizes.searchedRuns, experiment_id);
    const bodies = runs.map((run_id, index) => ({
      run_id,
      metrics: metricsOf(10, index),
      params: paramsOf(10, 0),
    }));
    await session.post(`${api}/runs/log-batch`, bodies);
    return experiment_id;
  });
}

async function readAll(connection: Connection, experiment: string): Promise<number> {
  let runs = 0;
  let page_token: string | undefined;
  do {
    const body = { experiment_ids: [experiment], max_results: largePage, ...(page_token && { page_token }) };
    const { status, body: bytes } = await connection.send(
      wireOf('POST', `${api}/runs/search`, JSON.stringify(body)),
      true,
    );
    if (status !== 200) return 0;
    const page = JSON.parse(String(bytes)) as { runs?: unknown[]; next_page_token?: string };
    runs += page.runs?.length ?? 0;
    page_token = page.next_page_token || undefined;
  } while (page_token !== undefined);
  return runs;
}
