/**
 * The client's own process: it makes requests ahead, sends them and takes the times. One process sends more than any of
 * the servers can take; how busy it was stands beside the figures.
 */
import { allWorkloads } from '../workloads/all-workloads.ts';
import { type Figures, measure } from './measure.ts';
import { memoryOf } from './process-tree.ts';
import { Session, type Sizes, type Target } from './session.ts';
import type { Job, RequestJob } from './workload.ts';

/** One repeat of a row on a server; the first one also fills the store. */
export interface Order {
  readonly target: Target;
  readonly sizes: Sizes;
  readonly workload: string;
  readonly seconds: number;
}

export type Report =
  | { readonly figures: Figures; readonly memory: number | undefined; readonly floor: number | undefined }
  | { readonly error: string };

interface Open {
  readonly session: Session;
  readonly jobs: Map<string, Job>;
  /** Requests a second that the repeat before reached. */
  readonly rates: Map<string, number>;
}

const open = new Map<string, Open>();

process.on('message', (order: Order) => {
  repeat(order).then(
    (report) => process.send?.(report),
    (error) => process.send?.({ error: String(error?.stack ?? error) } satisfies Report),
  );
});
process.once('disconnect', () => process.exit());

async function repeat({ target, sizes, workload: name, seconds }: Order): Promise<Report> {
  const workload = allWorkloads(sizes).find((candidate) => candidate.name === name);
  if (workload === undefined) throw new Error(`no workload is called ${name}`);
  const { session, jobs, rates } = openOn(target, sizes);
  const known = jobs.get(name);
  const job = known ?? (await workload.open(session));
  jobs.set(name, job);
  const figures = await measure(session, workload, job, seconds, rates.get(name));
  rates.set(name, figures.rate / workload.units);
  const floor = 'floor' in job && known === undefined ? await floorOf(job, workload.units) : undefined;
  return { figures, memory: memoryOf(target.pid), floor };
}

function openOn(target: Target, sizes: Sizes): Open {
  const found = open.get(target.name) ?? {
    session: new Session(target, sizes),
    jobs: new Map(),
    rates: new Map(),
  };
  open.set(target.name, found);
  return found;
}

/** Requests that the floor is measured on. */
const floorRequests = 300;

/** Units a second. */
async function floorOf(job: RequestJob, units: number): Promise<number | undefined> {
  if (job.floor === undefined) return undefined;
  const requests = await job.requests(0, floorRequests);
  job.floor(requests.slice(0, floorRequests / 4)); // compiled by then
  return (requests.length * units * 1000) / job.floor(requests);
}
