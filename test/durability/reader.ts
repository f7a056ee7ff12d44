/** Reads back over HTTP what a test compares. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { send } from './load/client.ts';
import type { Point } from './load/effect.ts';

export interface ReadRun {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly state: string;
  readonly started: number;
  readonly ended: number | null;
  readonly lifecycle: 'active' | 'deleted';
  readonly experiment: string;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, ReadSummary>>;
}

export interface ReadSummary {
  readonly points: number;
  readonly nonFinite: number;
  readonly last: Point['value'];
  readonly lastStep: number;
  readonly lastTime: number;
  readonly first: Point['value'];
  readonly firstStep: number;
  readonly min: Point['value'] | null;
  readonly max: Point['value'] | null;
  readonly mean: Point['value'] | null;
}

export interface ReadExperiment {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: 'active' | 'deleted';
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

export interface ReadEvent {
  readonly position: number;
  readonly action: string;
  readonly node: string;
  readonly run?: string;
  readonly experiment?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export class Reader {
  readonly #server: string;

  constructor(server: string) {
    this.#server = server;
  }

  run(id: string): Promise<ReadRun> {
    return this.#json(`/api/v1/runs/${id}`);
  }

  experiment(id: string): Promise<ReadExperiment> {
    return this.#json(`/api/v1/experiments/${id}`);
  }

  /** Its id, or undefined when no experiment has the name. */
  async experimentNamed(name: string): Promise<string | undefined> {
    const path = `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const answer = await send(this.#server, { method: 'GET', path });
    if (answer?.status === 404) return undefined;
    assert.equal(answer?.status, 200, answer?.text);
    return JSON.parse(answer!.text).experiment.experiment_id;
  }

  async points(run: string, key: string): Promise<Omit<Point, 'key'>[]> {
    const all: Omit<Point, 'key'>[] = [];
    let cursor = '';
    do {
      const path = `/api/v1/runs/${run}/points?key=${encodeURIComponent(key)}&limit=20000${cursor}`;
      const page = await this.#json<{ items: Omit<Point, 'key'>[]; cursor?: string }>(path);
      all.push(...page.items);
      cursor = page.cursor === undefined ? '' : `&cursor=${page.cursor}`;
    } while (cursor !== '');
    return all;
  }

  /** Every event after a position. */
  async events(after: number): Promise<ReadEvent[]> {
    const all: ReadEvent[] = [];
    for (let position = after; ; ) {
      const { items, reached } = await this.#json<{ items: ReadEvent[]; reached: number }>(
        `/api/v1/events?after=${position}`,
      );
      all.push(...items);
      if (reached === position) return all;
      position = reached;
    }
  }

  async #json<T>(path: string): Promise<T> {
    let answer = await send(this.#server, { method: 'GET', path });
    // A machine that is busy with all else may be too slow for a moment.
    for (let tries = 1; answer?.status === 503 && tries < 5; tries++) {
      await delay(500);
      answer = await send(this.#server, { method: 'GET', path });
    }
    assert.equal(answer?.status, 200, `GET ${path}: ${answer?.status} ${answer?.text}`);
    return JSON.parse(answer!.text) as T;
  }
}

/** Runs `task` on each item, sixteen at a time. */
export async function forAll<T>(items: Iterable<T>, task: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
