/** One server as the workloads see it: calls outside of the clock, and what they filled the store with. */
import { Connection, type Wire, wireOf } from './connection.ts';
import type { Feature } from './workload.ts';

/** A server that runs, as the load process is told of it. */
export interface Target {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly features: readonly Feature[];
}

/** How large the stores are that rows are measured on; a smoke run divides. */
export interface Sizes {
  /** Runs in the experiment that searches look at. */
  readonly searchedRuns: number;
  /** Runs in the large experiments; of the last size only where a server fills fast. */
  readonly manyRuns: readonly number[];
  /** Bytes of the large artifact. */
  readonly largeFile: number;
  /** Points of the long history. */
  readonly historyPoints: number;
  /** Points of the series that is read down-sampled. */
  readonly chartPoints: number;
}

export const api = '/api/2.0/mlflow';

/** Connections that prepare; more would not help any of the servers. */
const preparing = 8;

export class Session {
  readonly target: Target;
  readonly sizes: Sizes;
  readonly #connections: Connection[] = [];
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(target: Target, sizes: Sizes) {
    this.target = target;
    this.sizes = sizes;
  }

  /** The parsed answer of one request; any status but 200 is an error. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const wire = wireOf(method, path, body === undefined ? '' : JSON.stringify(body));
    const [answer] = await this.send([wire]);
    return JSON.parse(String(answer)) as T;
  }

  /** Posts many, several at once; resolves to their answers in order. */
  async post<T>(path: string, bodies: readonly unknown[]): Promise<T[]> {
    const answers = await this.send(bodies.map((body) => wireOf('POST', path, JSON.stringify(body))));
    return answers.map((answer) => JSON.parse(String(answer)) as T);
  }

  /** New runs of an experiment, by their ids. */
  async runs(count: number, experiment = '0'): Promise<string[]> {
    const bodies = Array.from({ length: count }, (_, index) => ({
      experiment_id: experiment,
      run_name: `run-${index}`,
      start_time: 1_700_000_000_000 + index,
    }));
    const made = await this.post<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, bodies);
    return made.map(({ run }) => run.info.run_id);
  }

  /** What several workloads need, made once. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made as Promise<T>;
  }

  /** Sends what was made ahead; resolves to the bodies of the answers in order. */
  async send(wires: readonly Wire[]): Promise<Buffer[]> {
    const answers: Buffer[] = [];
    let next = 0;
    const work = async (slot: number) => {
      for (let index = next++; index < wires.length; index = next++) {
        let connection = this.#connections[slot];
        if (connection === undefined || connection.isClosed) {
          connection = await Connection.open(this.target.url);
          this.#connections[slot] = connection;
        }
        const { status, body } = await connection.send(wires[index]!, true);
        if (status !== 200) throw new Error(`${this.target.name} answered ${status}: ${body}`);
        answers[index] = body!;
      }
    };
    await Promise.all(Array.from({ length: Math.min(preparing, wires.length) }, (_, slot) => work(slot)));
    return answers;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}
