/** Runs with everything a run may hold, for tests of what is purged. */
import assert from 'node:assert/strict';
import type { Served } from '../fixtures/served-domain.ts';

const base = '/api/2.0/mlflow';

interface PurgeBody {
  readonly olderThan?: number;
  readonly dryRun?: boolean;
  readonly runs?: readonly string[];
  readonly experiments?: readonly string[];
}

export class Things {
  readonly #served: () => Served;

  constructor(served: () => Served) {
    this.#served = served;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  async ask(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.#served().call(method, path, body);
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async experiment(name: string): Promise<string> {
    return (await this.ask('POST', `${base}/experiments/create`, { name })).experiment_id;
  }

  /** With a parameter, a tag, points of some metrics, a data set and a model file. */
  async run(experiment: string, metrics = 2): Promise<{ readonly id: string; readonly uri: string }> {
    const { run } = await this.ask('POST', `${base}/runs/create`, {
      experiment_id: experiment,
      start_time: 1,
    });
    const { run_id: id, artifact_uri: uri } = run.info;
    await this.ask('POST', `${base}/runs/log-batch`, {
      run_id: id,
      params: [{ key: 'lr', value: 'secret-param' }],
      tags: [{ key: 'note', value: 'secret-tag' }],
      metrics: Array.from({ length: metrics * 3 }, (_, index) => ({
        key: `m${index % metrics}`,
        value: index,
        timestamp: index,
        step: Math.floor(index / metrics),
      })),
    });
    await this.ask('POST', `${base}/runs/log-inputs`, {
      run_id: id,
      datasets: [
        {
          tags: [{ key: 'mlflow.data.context', value: 'training' }],
          dataset: { name: 'd', digest: 'abc', source_type: 'local', source: '{"uri":"d.csv"}' },
        },
      ],
    });
    await this.put(uri, 'model/weights', `weights of ${id}`);
    await this.put(uri, 'log.txt', `log of ${id}`);
    return { id, uri };
  }

  async put(uri: string, path: string, text: string): Promise<void> {
    const response = await fetch(this.#file(uri, path), { method: 'PUT', body: text });
    assert.equal(response.status, 200);
  }

  async file(uri: string, path: string): Promise<string | undefined> {
    const response = await fetch(this.#file(uri, path));
    const text = await response.text();
    return response.status === 200 ? text : undefined;
  }

  /** Makes the next version of a model, and the model where there is none. */
  async version(name: string, source: string, run: string): Promise<string> {
    const made = await this.#served().call('POST', `${base}/registered-models/create`, { name });
    assert.ok([200, 400].includes(made.status));
    const body = { name, source, run_id: run };
    return (await this.ask('POST', `${base}/model-versions/create`, body)).model_version.version;
  }

  delete(what: 'runs' | 'experiments', id: string): Promise<unknown> {
    return this.ask('POST', `${base}/${what}/delete`, { [what === 'runs' ? 'run_id' : 'experiment_id']: id });
  }

  /** Purges what was deleted until now, all parts; the figures by kind. */
  // biome-ignore lint/suspicious/noExplicitAny: as the answer is
  async purge(options: PurgeBody = {}): Promise<Record<string, any>> {
    const parts = [];
    let cursor: string | undefined;
    do {
      const body = { olderThan: 0, dryRun: false, ...options, ...(cursor && { cursor }) };
      const part = await this.ask('POST', '/api/v1/retention/purge', body);
      parts.push(part);
      cursor = part.cursor;
    } while (cursor !== undefined);
    const sum: Record<string, { records: number; held: number; points: number; files: number }> = {};
    for (const { kind, records, held, points, files } of parts.flatMap((part) => part.kinds)) {
      const so = sum[kind] ?? { records: 0, held: 0, points: 0, files: 0 };
      sum[kind] = {
        records: so.records + records,
        held: so.held + held,
        points: so.points + points,
        files: so.files + files,
      };
    }
    return sum;
  }

  #file(uri: string, path: string): string {
    return `${this.#served().url}/api/2.0/mlflow-artifacts/artifacts/${uri.replace('mlflow-artifacts:/', '')}/${path}`;
  }
}
