/** A Cairn that answers: where batches go, and, for comparing and moving out, a source like any other. */
import {
  type Batch,
  type ExperimentRecord,
  fromWire,
  type LinkRecord,
  type ModelRecord,
  type Refusal,
  type RegisteredRecord,
  type RunRecord,
} from '../../domain/transfer/index.ts';
import { PointBuilder, type PointColumns } from '../../engines/metrics/index.ts';
import { fromJsonDouble, fromJsonInt64 } from '../../kernel/json-number.ts';
import { Problems } from './problems.ts';
import type {
  ArtifactPlace,
  Source,
  SourceExperiment,
  SourceModel,
  SourcePage,
  SourceRun,
  Survey,
} from './source.ts';

export interface MovedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What Cairn answered, in words for people. */
export class CairnRefused extends Error {}

interface Answer {
  readonly experiments?: readonly ExperimentRecord[];
  readonly runs?: readonly RunRecord[];
  readonly models?: readonly ModelRecord[];
  readonly links?: readonly LinkRecord[];
  readonly registered?: readonly RegisteredRecord[];
  readonly cursor?: string;
}

/** Points of one page of a long series. */
const historyPage = 100_000;

export class CairnServer implements Source {
  readonly name: string;
  readonly problems = new Problems();
  readonly #url: string;
  readonly #token: string | undefined;
  readonly #project: string;

  constructor(url: string, token: string | undefined, project: string) {
    this.#url = url.replace(/\/+$/, '');
    this.#token = token;
    this.#project = project;
    this.name = this.#url;
  }

  /** Throws unless a Cairn answers that lets us in and has the project. */
  async greet(): Promise<void> {
    const answer = await this.#json<{ name?: unknown }>('GET', '/api/v1/server', {});
    if (answer.name !== 'Cairn') throw new CairnRefused(`what answers at ${this.#url} is not Cairn`);
  }

  async makeProject(): Promise<void> {
    const found = await this.#send('GET', '/api/v1/experiments', { project: this.#project, limit: '1' });
    if (found.status !== 404) return;
    await this.#json('POST', '/api/v1/projects', {}, { name: this.#project });
  }

  /** The cursor of a move that was cut off; undefined where there is none, null where all was read. */
  async progress(source: string): Promise<string | null | undefined> {
    const query = { project: this.#project, source };
    const { progress } = await this.#json<{ progress: { cursor: string | null } | null }>(
      'GET',
      '/api/v1/transfer/progress',
      query,
    );
    return progress?.cursor;
  }

  put(batch: Batch): Promise<{ changed: number; refused: readonly Refusal[] }> {
    return this.#json('POST', '/api/v1/transfer/batches', { project: this.#project }, batch);
  }

  async survey(): Promise<Survey> {
    let experiments = 0;
    for await (const page of this.experiments()) experiments += page.length;
    return { description: `Cairn at ${this.#url}`, experiments, runs: 0, unheld: [] };
  }

  async countRuns(): Promise<number> {
    return 0;
  }

  async *experiments(): AsyncGenerator<readonly SourceExperiment[]> {
    for await (const { experiments = [] } of this.#pages('experiments'))
      yield experiments.map((record) => ({ record }));
  }

  async *runs(experiment: string): AsyncGenerator<SourcePage<SourceRun>> {
    for await (const { runs = [] } of this.#pages('runs', experiment)) {
      for (const { series, ...record } of runs) {
        const loaded = series.flatMap(({ key, points }) =>
          points === undefined ? [] : { key, points: fromWire(points, key) },
        );
        const base = { record };
        yield { items: [{ ...base, series: loaded, continues: false }], after: record.id };
        for (const { key, points } of series) {
          if (points !== undefined) continue;
          for await (const piece of this.#history(record.id, key))
            yield {
              items: [{ ...base, series: [{ key, points: piece }], continues: true }],
              after: record.id,
            };
        }
      }
    }
  }

  async *models(experiment: string): AsyncGenerator<SourcePage<SourceModel>> {
    for await (const { models = [] } of this.#pages('models', experiment)) {
      const items = models.map(({ series, ...record }) => ({
        record,
        series: series.map(({ key, run, dataset, points }) => ({
          key,
          run,
          dataset: dataset && ([dataset[0] ?? '', dataset[1] ?? ''] as const),
          points: fromWire(points, key),
        })),
      }));
      yield { items, after: items.at(-1)?.record.id ?? '' };
    }
  }

  async *links(experiment: string): AsyncGenerator<readonly LinkRecord[]> {
    for await (const { links = [] } of this.#pages('links', experiment)) yield links;
  }

  async *registered(): AsyncGenerator<readonly RegisteredRecord[]> {
    for await (const { registered = [] } of this.#pages('registered')) yield registered;
  }

  async *places(): AsyncGenerator<readonly ArtifactPlace[]> {}

  /** All files below a place of the tree. */
  async files(uri: string): Promise<readonly MovedFile[]> {
    interface Files {
      readonly items: readonly MovedFile[];
      readonly more: boolean;
    }
    const found: MovedFile[] = [];
    for (;;) {
      const query = { project: this.#project, uri, after: found.at(-1)?.path ?? '' };
      const page: Files = await this.#json('GET', '/api/v1/transfer/files', query);
      found.push(...page.items);
      if (!page.more) return found;
    }
  }

  /** The bytes of a file, by its path in the tree. */
  async readFile(treePath: string): Promise<ReadableStream<Uint8Array>> {
    const segments = treePath.split('/').map(encodeURIComponent).join('/');
    const response = await this.#send('GET', `/api/2.0/mlflow-artifacts/artifacts/${segments}`, {});
    if (!response.ok || response.body === null) throw new CairnRefused(`the file ${treePath} cannot be read`);
    return response.body;
  }

  /** Stores a file; resolves to why it is refused, if it is. */
  async putFile(uri: string, path: string, bytes: AsyncIterable<Uint8Array>): Promise<string | undefined> {
    const query = new URLSearchParams({ project: this.#project, uri, path });
    const response = await fetch(`${this.#url}/api/v1/transfer/files?${query}`, {
      method: 'PUT',
      body: ReadableStream.from(bytes),
      duplex: 'half',
      headers: {
        'content-type': 'application/octet-stream',
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
      },
    } as RequestInit);
    if (response.status >= 400 && response.status < 500 && response.status !== 401) {
      const problem = (await response.json().catch(() => ({}))) as { detail?: unknown };
      return String(problem.detail ?? response.status);
    }
    await this.#read(response);
    return undefined;
  }

  async close(): Promise<void> {}

  async *#pages(kind: string, experiment?: string): AsyncGenerator<Answer> {
    for (let cursor: string | undefined; ; ) {
      const query = {
        project: this.#project,
        kind,
        ...(experiment !== undefined && { experiment }),
        ...(cursor !== undefined && { cursor }),
      };
      const page = await this.#json<Answer>('GET', '/api/v1/transfer/records', query);
      yield page;
      cursor = page.cursor;
      if (cursor === undefined) return;
    }
  }

  /** A series that is too long for a page, in pieces. */
  async *#history(run: string, key: string): AsyncGenerator<PointColumns> {
    interface Points {
      readonly items: readonly { value: number | string; step: number | string; time: number | string }[];
      readonly cursor?: string;
    }
    for (let cursor: string | undefined; ; ) {
      const query = {
        project: this.#project,
        key,
        limit: String(historyPage),
        ...(cursor !== undefined && { cursor }),
      };
      const page: Points = await this.#json('GET', `/api/v1/runs/${run}/points`, query);
      const builder = new PointBuilder(page.items.length);
      for (const { value, step, time } of page.items)
        builder.push(fromJsonDouble(value), fromJsonInt64(step) ?? 0, fromJsonInt64(time) ?? 0);
      yield builder.finish();
      cursor = page.cursor;
      if (cursor === undefined) return;
    }
  }

  async #json<T>(method: string, path: string, query: Record<string, string>, body?: unknown): Promise<T> {
    return this.#read<T>(await this.#send(method, path, query, body));
  }

  async #read<T>(response: Response): Promise<T> {
    if (response.ok) return (await response.json()) as T;
    const problem = (await response.json().catch(() => ({}))) as { detail?: unknown };
    const detail = typeof problem.detail === 'string' ? problem.detail : `status ${response.status}`;
    if (response.status === 401) {
      const how =
        this.#token === undefined
          ? 'set CAIRN_TOKEN to the one it was started with'
          : 'CAIRN_TOKEN is another';
      throw new CairnRefused(`the server at ${this.#url} asks for its token: ${how}`);
    }
    throw new CairnRefused(`the server at ${this.#url} refused: ${detail}`);
  }

  async #send(
    method: string,
    path: string,
    query: Record<string, string>,
    body?: unknown,
  ): Promise<Response> {
    const target = `${this.#url}${path}?${new URLSearchParams(query)}`;
    try {
      return await fetch(target, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        },
      });
    } catch (error) {
      const cause = (error as Error).cause;
      const why = cause instanceof Error ? cause.message : (error as Error).message;
      throw new CairnRefused(`no Cairn answers at ${this.#url} (${why})`);
    }
  }
}
