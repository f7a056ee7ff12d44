/** One timed repeat of one workload against one server. */
import { Connection, type Wire } from './connection.ts';
import { cpuOf } from './process-tree.ts';
import type { Session } from './session.ts';
import type { Job, RequestJob, ScenarioJob, Workload } from './workload.ts';

export interface Figures {
  /** Units a second. */
  readonly rate: number;
  /** ms of one request, or one scenario. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** ms of CPU that the server spent on one request (or scenario); undefined where the system does not tell. */
  readonly cpu: number | undefined;
  /** Requests (or scenarios) that were answered as they should be, and others. */
  readonly done: number;
  readonly failed: number;
  /** Share of one core that the client used: near 1, it was the client that was measured. */
  readonly client: number;
}

/** Requests of each connection before the clock of a first repeat: they tell how many to make ahead. */
const firstRequests = 20;
/** Bytes of requests made ahead at most. Where they do not last, a repeat is shorter. */
const aheadLimit = 400e6;

export async function measure(
  session: Session,
  workload: Workload,
  job: Job,
  seconds: number,
  expected: number | undefined,
): Promise<Figures> {
  if ('scenario' in job) return timed(session, workload, scenarioLanes(job, workload), seconds);
  let rate = expected;
  if (rate === undefined) {
    // The first requests of a server are slower than all others; the second handful shows what to expect.
    for (let round = 0; round < 2; round++) {
      const lanes = await requestLanes(job, workload, firstRequests);
      rate = (await timed(session, workload, lanes, seconds / 2)).rate / workload.units;
    }
  }
  const count = Math.ceil(((rate ?? 0) * seconds * 1.5) / workload.connections);
  const lanes = await requestLanes(job, workload, Math.max(firstRequests, count));
  return timed(session, workload, lanes, seconds);
}

/** What one connection does until the time is over; resolves to the units done, undefined when there is nothing left. */
type Lane = (connection: Connection, n: number) => Promise<number | undefined>;
type Lanes = (connection: number) => Lane;

/** Makes the requests of every connection. */
async function requestLanes(
  job: RequestJob,
  { connections, units }: Workload,
  count: number,
): Promise<Lanes> {
  const [sample = []] = await job.requests(0, 1);
  const bytes = sample[0]?.length ?? 1; // the shared part costs nothing
  const most = Math.max(2, Math.floor(aheadLimit / bytes / connections));
  const requests: (readonly Wire[])[] = [];
  for (let index = 0; index < connections; index++) {
    requests.push(await job.requests(index, Math.min(count, most)));
  }
  return (index) => async (connection, n) => {
    const request = requests[index]![n];
    if (request === undefined) return undefined;
    const { status } = await connection.send(request);
    return status >= 200 && status < 300 ? units : 0;
  };
}

function scenarioLanes(job: ScenarioJob, { connections }: Workload): Lanes {
  return (index) => (connection, n) => job.scenario(connection, index + n * connections);
}

async function timed(session: Session, workload: Workload, lanes: Lanes, seconds: number): Promise<Figures> {
  // Opened only now: servers close connections that were idle while requests were made.
  const connections = await Promise.all(
    Array.from({ length: workload.connections }, () => Connection.open(session.target.url)),
  );
  const durations: number[] = [];
  let units = 0;
  let failed = 0;
  const cpuBefore = cpuOf(session.target.pid);
  const clientBefore = process.cpuUsage();
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const drive = async (connection: Connection, lane: Lane) => {
    let at = performance.now();
    for (let n = 0; at < until; n++) {
      const done = await lane(connection, n);
      if (done === undefined) return;
      const now = performance.now();
      if (done === 0) failed++;
      else durations.push(now - at);
      units += done;
      at = now;
    }
  };
  try {
    await Promise.all(connections.map((connection, index) => drive(connection, lanes(index))));
  } finally {
    for (const connection of connections) connection.close();
  }
  const elapsed = performance.now() - begun;
  const client = process.cpuUsage(clientBefore);
  const cpuAfter = cpuOf(session.target.pid);
  durations.sort((a, b) => a - b);
  return {
    rate: (units * 1000) / elapsed,
    p50: quantile(durations, 0.5),
    p95: quantile(durations, 0.95),
    p99: quantile(durations, 0.99),
    cpu:
      cpuBefore === undefined || cpuAfter === undefined
        ? undefined
        : (cpuAfter - cpuBefore) / Math.max(1, durations.length + failed),
    done: durations.length,
    failed,
    client: (client.user + client.system) / 1000 / elapsed,
  };
}

/** Of sorted values; NaN of none. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
