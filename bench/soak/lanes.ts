/** What connections do for as long as a soak lasts: trainings that write, people who search, a page that hardly reads. */
import { connect } from 'node:net';
import { Connection, wireOf } from '../load/connection.ts';
import { api } from '../load/session.ts';
import { metricsOf, paramsOf, pointsOf } from '../workloads/points.ts';
import type { Ledger } from './ledger.ts';

/** Small batches of a training, metrics of each, and the large batches of one long series that end it. */
const batches = 50;
export const metrics = 20;
const largeBatches = 4;
export const largeBatch = 1000;
/** The metric that the large batches belong to. */
export const longMetric = 'loss';

export interface Soak {
  readonly url: string;
  readonly experiment: string;
  readonly ledger: Ledger;
  readonly goesOn: () => boolean;
}

/** Requests of one connection. A 429 is waited for as it asks, and sent again. */
class Lane {
  readonly #soak: Soak;
  #connection: Connection | undefined;

  constructor(soak: Soak) {
    this.#soak = soak;
  }

  async post<T>(kind: string, path: string, body: unknown): Promise<T> {
    const wire = wireOf('POST', path, JSON.stringify(body));
    for (;;) {
      if (this.#connection === undefined || this.#connection.isClosed)
        this.#connection = await Connection.open(this.#soak.url);
      const begun = performance.now();
      const answer = await this.#connection.send(wire, true);
      this.#soak.ledger.took(kind, performance.now() - begun);
      if (answer.status === 200) return JSON.parse(String(answer.body)) as T;
      if (answer.status !== 429) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
      this.#soak.ledger.refused++;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  close(): void {
    this.#connection?.close();
  }
}

/** One training after the other. What is acknowledged goes into the ledger, and only that. */
export async function train(soak: Soak): Promise<void> {
  const lane = new Lane(soak);
  while (soak.goesOn()) {
    const made = await lane.post<{ run: { info: { run_id: string } } }>('create', `${api}/runs/create`, {
      experiment_id: soak.experiment,
      start_time: Date.now(),
    });
    const { run_id } = made.run.info;
    const acknowledged = { small: 0, large: 0 };
    soak.ledger.runs.set(run_id, acknowledged);
    for (let batch = 0; batch < batches; batch++) {
      const params = batch === 0 ? paramsOf(metrics, 0) : [];
      const body = { run_id, metrics: metricsOf(metrics, batch), params };
      await lane.post('batch of 20', `${api}/runs/log-batch`, body);
      acknowledged.small++;
      soak.ledger.points += metrics;
    }
    for (let batch = 0; batch < largeBatches; batch++) {
      const body = { run_id, metrics: pointsOf(longMetric, largeBatch, batch * largeBatch) };
      await lane.post('batch of 1,000', `${api}/runs/log-batch`, body);
      acknowledged.large++;
      soak.ledger.points += largeBatch;
    }
    await lane.post('finish', `${api}/runs/update`, { run_id, status: 'FINISHED', end_time: Date.now() });
  }
  lane.close();
}

/** Pages of 100 runs by filter and order, a jump into the list, and a curve: what an open table asks for. */
export async function look(soak: Soak): Promise<void> {
  const lane = new Lane(soak);
  for (let turn = 0; soak.goesOn(); turn++) {
    await lane.post('search', `${api}/runs/search`, {
      experiment_ids: [soak.experiment],
      filter: 'metrics.m1 > 1.2',
      order_by: [`metrics.m${turn % 3} DESC`],
      max_results: 100,
    });
    const run = [...soak.ledger.runs.keys()].at(-50);
    if (run !== undefined)
      await lane.post('draw', '/api/v1/series/draw', { runs: [run], keys: [longMetric], pixels: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  lane.close();
}

/** Follows the events and hardly reads them: a browser in a laptop that sleeps. Comes back when it is cut off. */
export async function dawdle(soak: Soak): Promise<void> {
  const { hostname, port } = new URL(soak.url);
  while (soak.goesOn()) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => {});
    socket.write('GET /api/v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n');
    socket.pause();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    for (let open = true; open && soak.goesOn(); ) {
      socket.read(1024);
      open = await Promise.race([
        closed.then(() => false),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 1000)),
      ]);
    }
    socket.destroy();
  }
}
