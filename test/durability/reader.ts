/** Reads back over HTTP what a test compares. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Received, type Sent, send, sendForBytes } from './load/client.ts';
import type { ModelStatus, Owner, Point } from './load/effect.ts';

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

export interface ReadFile {
  readonly path: string;
  readonly size: number;
  /** Where the listing tells it. */
  readonly sha256?: string;
}

export interface ReadDataset {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly dataset: Readonly<Record<'name' | 'digest' | 'source_type' | 'source' | 'schema', string>>;
}

export interface ReadModels {
  readonly in: readonly { readonly id: string }[];
  /** Without a step where the model only names the run. */
  readonly out: readonly { readonly id: string; readonly step: number | null }[];
}

export interface ReadModel {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  readonly type: string;
  readonly status: ModelStatus;
  readonly sourceRun: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly (ReadSummary & {
    readonly key: string;
    readonly run: string;
    readonly dataset: { readonly name: string; readonly digest: string } | null;
  })[];
}

/** As MLflow's clients read it. */
export interface ReadModelPoint {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
  readonly run_id: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

export interface ReadEvent {
  readonly position: number;
  readonly action: string;
  readonly node: string;
  readonly run?: string;
  readonly experiment?: string;
  /** Of what was purged there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ReadRegistered {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
}

export interface ReadVersion {
  readonly version: number;
  readonly source: string;
  readonly stage: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
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

  async datasets(run: string): Promise<readonly ReadDataset[]> {
    const answer = await this.#json<{ run: { inputs?: { dataset_inputs?: ReadDataset[] } } }>(
      `/api/2.0/mlflow/runs/get?run_id=${run}`,
    );
    return answer.run.inputs?.dataset_inputs ?? [];
  }

  async modelsOf(run: string): Promise<ReadModels> {
    return (await this.#json<{ models: ReadModels }>(`/api/v1/runs/${run}/lineage`)).models;
  }

  /** Undefined for one that is deleted. */
  /** Whether anything is known of the run, deleted or not. */
  async hasRun(id: string): Promise<boolean> {
    return (await this.#get(`/api/v1/runs/${id}`)).status !== 404;
  }

  async model(id: string): Promise<ReadModel | undefined> {
    const received = await this.#get(`/api/v1/models/logged/${id}`);
    return received.status === 404 ? undefined : JSON.parse(received.bytes.toString());
  }

  /** Undefined where no registered model has the name. */
  async registered(name: string): Promise<ReadRegistered | undefined> {
    const received = await this.#get(`/api/v1/models/registered/${encodeURIComponent(name)}`);
    return received.status === 404 ? undefined : JSON.parse(received.bytes.toString());
  }

  /** None where there is no such registered model. */
  async versions(name: string): Promise<readonly ReadVersion[]> {
    const path = `/api/v1/models/registered/${encodeURIComponent(name)}/versions?limit=1000`;
    const received = await this.#get(path);
    return received.status === 404 ? [] : JSON.parse(received.bytes.toString()).items;
  }

  async modelPoints(id: string): Promise<readonly ReadModelPoint[]> {
    const path = `/api/2.0/mlflow/logged-models/${id}`;
    const answer = await this.#json<{ model: { data?: { metrics?: ReadModelPoint[] } } }>(path);
    return answer.model.data?.metrics ?? [];
  }

  /** Every file, in whatever folder. */
  async files(owner: Owner): Promise<ReadFile[]> {
    const all: ReadFile[] = [];
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const { directory, ...entry } of await this.#folder(owner, folder)) {
        if (directory) folders.push(entry.path);
        else all.push(entry);
      }
    }
    return all;
  }

  /** The bytes of a file; undefined when there is none. */
  async file({ kind, id }: Owner, path: string): Promise<Buffer | undefined> {
    const name = encodeURIComponent(path);
    const url =
      kind === 'run'
        ? `/get-artifact?run_id=${id}&path=${name}`
        : `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files?artifact_file_path=${name}`;
    const received = await this.#get(url);
    return received.status === 404 ? undefined : received.bytes;
  }

  async #folder({ kind, id }: Owner, folder: string): Promise<(ReadFile & { directory: boolean })[]> {
    const name = encodeURIComponent(folder);
    if (kind === 'run') {
      const path = `/api/v1/runs/${id}/artifacts?limit=10000&path=${name}`;
      return (await this.#json<{ items: (ReadFile & { directory: boolean })[] }>(path)).items;
    }
    const path = `/api/2.0/mlflow/logged-models/${id}/artifacts/directories?artifact_directory_path=${name}`;
    const { files = [] } = await this.#json<{
      files?: { path: string; is_dir: boolean; file_size?: number }[];
    }>(path);
    return files.map((file) => ({ path: file.path, directory: file.is_dir, size: file.file_size ?? 0 }));
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
    const { status, bytes } = await this.#get(path);
    assert.equal(status, 200, `GET ${path}: ${status} ${bytes}`);
    return JSON.parse(bytes.toString()) as T;
  }

  /** Something that is there, or 404. */
  async #get(path: string): Promise<Received> {
    const request: Sent = { method: 'GET', path };
    let answer = await sendForBytes(this.#server, request);
    // A machine that is busy with all else may be too slow for a moment.
    for (let tries = 1; isTooSlow(answer) && tries < 5; tries++) {
      await delay(500);
      answer = await sendForBytes(this.#server, request);
    }
    assert.ok(
      answer?.status === 200 || answer?.status === 404,
      `GET ${path}: ${answer?.status} ${answer?.bytes}`,
    );
    return answer;
  }
}

function isTooSlow(answer: Received | undefined): boolean {
  return answer?.status === 503 || (answer?.status === 422 && answer.bytes.includes('query_too_expensive'));
}

/** Runs `task` on each item, sixteen at a time. */
export async function forAll<T>(items: Iterable<T>, task: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
