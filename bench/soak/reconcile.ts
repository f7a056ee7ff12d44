/** What the store holds against what was acknowledged: every run, and of every metric the number of points. */
import { Connection, wireOf } from '../load/connection.ts';
import { largeBatch, longMetric, metrics } from './lanes.ts';
import type { Acknowledged, Ledger } from './ledger.ts';

interface FoundRun {
  readonly id: string;
  readonly metrics: Readonly<Record<string, { points: number }>>;
}

export interface Reconciled {
  readonly runs: number;
  readonly points: number;
  /** One sentence for each difference. */
  readonly differences: readonly string[];
}

export async function reconcile(url: string, experiment: string, ledger: Ledger): Promise<Reconciled> {
  const differences: string[] = [];
  const missing = new Set(ledger.runs.keys());
  let points = 0;
  for await (const run of allRuns(url, experiment)) {
    const acknowledged = ledger.runs.get(run.id);
    if (acknowledged === undefined || !missing.delete(run.id)) {
      differences.push(`run ${run.id} was never acknowledged, or is listed twice`);
      continue;
    }
    for (const [key, expected] of expectedOf(acknowledged)) {
      const held = run.metrics[key]?.points ?? 0;
      points += held;
      if (held !== expected)
        differences.push(`run ${run.id} holds ${held} points of ${key}, acknowledged were ${expected}`);
    }
  }
  for (const run of missing) differences.push(`run ${run} was acknowledged and is not there`);
  return { runs: ledger.runs.size, points, differences };
}

function* expectedOf({ small, large }: Acknowledged): Generator<[key: string, points: number]> {
  for (let index = 0; index < metrics; index++) yield [`m${index}`, small];
  yield [longMetric, large * largeBatch];
}

async function* allRuns(url: string, experiment: string): AsyncGenerator<FoundRun> {
  const connection = await Connection.open(url);
  let cursor: string | undefined;
  do {
    const query = { experiments: [experiment], order: ['started asc'], limit: 500, count: false, cursor };
    const body = JSON.stringify({ ...query, columns: { params: [], tags: [] } });
    const answer = await connection.send(wireOf('POST', '/api/v1/runs/search', body), true);
    if (answer.status !== 200) throw new Error(`the search answered ${answer.status}: ${answer.body}`);
    const page = JSON.parse(String(answer.body)) as { items: FoundRun[]; cursor?: string };
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
  connection.close();
}
