/** Reading long series back: whole, and as many points as a chart has pixels. */
import { type Connection, type Wire, wireOf } from '../load/connection.ts';
import { pageOf } from '../load/page.ts';
import { api, type Session } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { pointsOf } from './points.ts';

/** Points of one page: MLflow's own client asks for as many. */
const pageSize = 25_000;
const chartPixels = 320;

export const historyWorkloads: readonly Workload[] = [
  {
    name: 'whole history of one metric',
    group: 'scale',
    connections: 1,
    unit: 'points',
    units: 1,
    async open(session) {
      const run = await longRun(session, session.sizes.historyPoints);
      return { scenario: (connection) => readHistory(connection, run, session.sizes.historyPoints) };
    },
  },
  {
    name: `${chartPixels} points of a long series`,
    group: 'scale',
    connections: 1,
    unit: 'requests',
    units: 1,
    needs: 'bulk-interval',
    async open(session) {
      const run = await longRun(session, session.sizes.chartPoints);
      const question = `run_ids=${run}&metric_key=loss&max_results=${chartPixels}`;
      const request = wireOf('GET', `/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${question}`);
      return { requests: async (_connection, count) => new Array<Wire>(count).fill(request) };
    },
  },
];

function longRun(session: Session, points: number): Promise<string> {
  return session.once(`run of ${points} points`, async () => {
    const [run_id] = await session.runs(1);
    const bodies = Array.from({ length: points / 1000 }, (_, batch) => ({
      run_id,
      metrics: pointsOf('loss', 1000, batch * 1000),
    }));
    await session.post(`${api}/runs/log-batch`, bodies);
    return run_id!;
  });
}

async function readHistory(connection: Connection, run: string, expected: number): Promise<number> {
  let points = 0;
  let token = '';
  do {
    const from = token === '' ? '' : `&page_token=${encodeURIComponent(token)}`;
    const path = `${api}/metrics/get-history?run_id=${run}&metric_key=loss&max_results=${pageSize}${from}`;
    const { status, body } = await connection.send(wireOf('GET', path), true);
    if (status !== 200) return 0;
    const page = pageOf(body!, '"timestamp"');
    points += page.items;
    token = page.token;
  } while (token !== '');
  return points === expected ? points : 0;
}
