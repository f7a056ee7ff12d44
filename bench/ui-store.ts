/** The store that bench/ui.ts looks at: very many runs, one run of very many metrics, one series of very many points. */
import path from 'node:path';
import { openDb } from '../src/db/open-db.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { systemClock } from '../src/kernel/time.ts';
import { localContext, openSlices } from '../test/fixtures/opened-slices.ts';
import { fillStore } from './run-store.ts';

/** Makes a store in the folder; resolves to the id of its experiment. */
export async function fillRuns(target: string, runs: number): Promise<string> {
  const context = localContext();
  const db = await openDb({
    address: path.join(target, 'cairn.db'),
    clock: systemClock,
    random: systemRandom,
  });
  const [id] = await fillStore(await openSlices(db, 'mlflow-artifacts:/'), context, runs);
  await db.close();
  return id!;
}

const batch = 10_000;

interface LoggedPoint {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly time: number;
}

/** A run of a server, with points as they are told one by one; resolves to its id. */
async function logRun(url: string, name: string, points: Iterable<LoggedPoint>): Promise<string> {
  const call = async (method: string, operation: string, body: unknown): Promise<Response> => {
    const answer = await fetch(`${url}/api/v1${operation}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const created = await call('POST', '/runs', { experiment: '0', name, started: begun });
  const { id } = (await created.json()) as { id: string };
  let metrics: LoggedPoint[] = [];
  const flush = async () => {
    if (metrics.length > 0) await call('POST', `/runs/${id}/log`, { metrics });
    metrics = [];
  };
  for (const point of points) if (metrics.push(point) === batch) await flush();
  await flush();
  await call('PATCH', `/runs/${id}`, { state: 'finished' });
  return id;
}

const begun = 1_760_000_000_000;

/** Metrics as a network tells of every layer, five points each. */
export function logWideRun(url: string, metrics: number): Promise<string> {
  function* points(): Generator<LoggedPoint> {
    for (let step = 0; step < 5; step++)
      for (let index = 0; index < metrics; index++) {
        const key = `layer${String(index % 1000).padStart(3, '0')}/unit.${Math.floor(index / 1000)}.norm`;
        yield { key, value: 1 + Math.sin(index + step), step, time: begun + step * 1000 };
      }
  }
  return logRun(url, 'wide', points());
}

/** A loss of so many points, with noise and a spike. */
export function logLongRun(url: string, count: number): Promise<string> {
  function* points(): Generator<LoggedPoint> {
    for (let step = 0; step < count; step++) {
      const value =
        step === Math.floor(count * 0.7)
          ? 9
          : 0.2 + 2 * Math.exp((-4 * step) / count) + 0.1 * Math.sin(step * 12.9898);
      yield { key: 'loss', value: Number(value.toFixed(4)), step, time: begun + step * 100 };
    }
  }
  return logRun(url, 'long', points());
}
