/** Finding runs: a page of the best by a metric, and all of them page by page. */
import { type Connection, type Wire, wireOf } from '../load/connection.ts';
import { pageOf } from '../load/page.ts';
import { api, type Session, type Sizes } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { metricsOf, paramsOf } from './points.ts';

const pageSize = 100;
/** Runs of one page when all are read: MLflow's own clients ask for as many. */
const largePage = 1000;

export function searchWorkloads({ manyRuns }: Sizes): Workload[] {
  return [
    search('search: filter and order by a metric, 100 runs', 8, searchedExperiment),
    search('the same on one connection', 1, searchedExperiment),
    ...manyRuns.flatMap((runs, index): Workload[] => {
      const scale: Pick<Workload, 'group' | 'needs'> =
        index === 0 ? { group: 'scale' } : { group: 'scale', needs: 'fast-fill' };
      const size = runs.toLocaleString('en');
      const experiment = (session: Session) => largeExperiment(session, runs);
      return [
        { ...search(`the same of ${size} runs, one connection`, 1, experiment), ...scale },
        {
          ...scale,
          name: `paging through ${size} runs`,
          connections: 1,
          unit: 'runs',
          units: 1,
          async open(session) {
            const id = await experiment(session);
            return { scenario: (connection) => readAll(connection, id, runs) };
          },
        },
      ];
    }),
  ];
}

function search(
  name: string,
  connections: number,
  experiment: (session: Session) => Promise<string>,
): Workload {
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
          experiment_ids: [await experiment(session)],
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
function searchedExperiment(session: Session): Promise<string> {
  const { searchedRuns } = session.sizes;
  return session.once('searched experiment', () => fill(session, 'searched', searchedRuns, 10));
}

/** Two metrics and two parameters each, so that the peers are filled within minutes. */
function largeExperiment(session: Session, runs: number): Promise<string> {
  const name = `${runs} runs`;
  return session.once(name, () => fill(session, name, runs, 2));
}

/** At a time, so that what is sent and answered need not be held at once. */
const filledAtOnce = 1_000;

async function fill(session: Session, name: string, runs: number, values: number): Promise<string> {
  const { experiment_id } = await session.call<{ experiment_id: string }>(
    'POST',
    `${api}/experiments/create`,
    { name },
  );
  for (let first = 0; first < runs; first += filledAtOnce) {
    const made = await session.runs(Math.min(filledAtOnce, runs - first), experiment_id);
    const bodies = made.map((run_id, index) => ({
      run_id,
      metrics: metricsOf(values, first + index),
      params: paramsOf(values, 0),
    }));
    await session.post(`${api}/runs/log-batch`, bodies);
  }
  return experiment_id;
}

async function readAll(connection: Connection, experiment: string, expected: number): Promise<number> {
  let runs = 0;
  let page_token = '';
  do {
    const body = { experiment_ids: [experiment], max_results: largePage, ...(page_token && { page_token }) };
    const { status, body: bytes } = await connection.send(
      wireOf('POST', `${api}/runs/search`, JSON.stringify(body)),
      true,
    );
    if (status !== 200) return 0;
    const { items, token } = pageOf(bytes!, '"run_uuid"');
    runs += items;
    page_token = token;
    // FastTrackML refuses some of its own tokens, such as the one that would lead to the empty page at the end.
  } while (page_token !== '' && runs < expected);
  return runs === expected ? runs : 0;
}
