/** Servers as people start them, and experiments at places of all kinds on them, with every route that reads there. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CairnCommand, temporaryFolder } from '../start/cairn-command.ts';
import { type RawAnswer, send } from './raw-http.ts';

const words = /does not open artifacts at .*clients read and write there themselves.*--allow-artifact-root/;

/** An experiment at some place, with a run and a logged model. */
export interface Place {
  readonly location: string;
  readonly experiment: string;
  readonly run: string;
  readonly runUri: string;
  readonly model: string;
  readonly modelUri: string;
}

/** `cairn serve` in a folder of its own, which `folder` names. */
export class Started {
  readonly folder: string;
  readonly data = temporaryFolder();
  #command: CairnCommand | undefined;
  #url = '';

  constructor() {
    this.folder = realpathSync(temporaryFolder());
  }

  async start(...flags: string[]): Promise<this> {
    await this.end();
    const args = ['serve', '--port', '0', '--data', this.data, ...flags];
    this.#command = new CairnCommand(args, { cwd: this.folder });
    this.#url = await this.#command.ready();
    return this;
  }

  async end(): Promise<void> {
    await this.#command?.end();
  }

  get(target: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
    return send(this.#url, { method: 'GET', path: target, headers });
  }

  put(target: string, body: string): Promise<RawAnswer> {
    return send(this.#url, { method: 'PUT', path: target, body });
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes
  async json(target: string, body?: object): Promise<{ status: number; body: any }> {
    const headers = { 'content-type': 'application/json' };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const { status, bytes } = await send(this.#url, { method, path: target, headers, ...sent });
    return { status, body: JSON.parse(bytes.toString()) };
  }

  create(
    location: string | undefined,
  ): Promise<{ status: number; body: { experiment_id: string; message: string } }> {
    const name = `place ${randomUUID()}`;
    return this.json('/api/2.0/mlflow/experiments/create', { name, artifact_location: location });
  }

  async place(location?: string): Promise<Place> {
    const made = await this.create(location);
    assert.equal(made.status, 200, `${location}: ${JSON.stringify(made.body)}`);
    return this.placeOf(made.body.experiment_id);
  }

  async placeOf(experiment: string): Promise<Place> {
    const mlflow = '/api/2.0/mlflow';
    const { body: found } = await this.json(`${mlflow}/experiments/get?experiment_id=${experiment}`);
    const wanted = { experiment_id: experiment };
    const { info: run } = (await this.json(`${mlflow}/runs/create`, wanted)).body.run;
    const { info: model } = (await this.json(`${mlflow}/logged-models`, { ...wanted, name: 'digits' })).body
      .model;
    return {
      location: found.experiment.artifact_location,
      experiment,
      run: run.run_id,
      runUri: run.artifact_uri,
      model: model.model_id,
      modelUri: model.artifact_uri,
    };
  }
}

/** Every route that lists a directory of a run, of a model or of their experiment. */
export function lists({ run, model, experiment }: Place, directory = ''): string[] {
  const at = encodeURIComponent(directory);
  return [
    `/api/2.0/mlflow/artifacts/list?run_id=${run}&path=${at}`,
    `/ajax-api/2.0/mlflow/artifacts/list?run_id=${run}&path=${at}`,
    `/api/v1/runs/${run}/artifacts?path=${at}`,
    `/api/2.0/mlflow/logged-models/${model}/artifacts/directories?artifact_directory_path=${at}`,
    `/api/v1/models/logged/${model}/artifacts?path=${at}`,
    `/api/v1/experiments/${experiment}/artifacts?path=${at}`,
  ];
}

/** Every route that answers with the bytes of a file; of the experiment only below the run. */
export function contents({ run, model, experiment }: Place, file: string): string[] {
  const at = encodeURIComponent(file);
  return [
    `/get-artifact?run_id=${run}&path=${at}`,
    `/api/v1/runs/${run}/artifacts/content?path=${at}`,
    `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=${at}`,
    `/api/v1/models/logged/${model}/artifacts/content?path=${at}`,
    `/api/v1/experiments/${experiment}/artifacts/content?path=${run}/artifacts/${at}`,
  ];
}

/** The folders of the run and of the model. */
export const foldersOf = (root: string, { run, model }: Place): string[] => [
  path.join(root, run, 'artifacts'),
  path.join(root, 'models', model, 'artifacts'),
];

/** As a client does that uses the place directly. */
export function write(root: string, place: Place, file: string, text: string): void {
  for (const folder of foldersOf(root, place)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

export async function assertClosed(server: Started, place: Place, file = 'a.txt'): Promise<void> {
  for (const target of [...lists(place), ...contents(place, file)]) {
    const { status, bytes } = await server.get(target);
    const { message, detail, field } = JSON.parse(bytes.toString());
    assert.ok([400, 409].includes(status), `${place.location}: ${target}: ${status}`);
    assert.match(message ?? detail, words, target);
    if (field !== undefined) assert.equal(field, 'artifact_location', target);
  }
}

export async function assertServes(server: Started, place: Place, file: string, text: string): Promise<void> {
  for (const target of contents(place, file)) {
    const { status, bytes } = await server.get(target);
    assert.deepEqual([status, bytes.toString()], [200, text], target);
  }
}
