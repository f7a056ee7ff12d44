/** Endpoint tests as rows: request, status, answer, events. Each row has an experiment and a run of its own. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { HttpMethod } from '../../src/kernel/operation.ts';
import { forEachStore } from '../stores/stores.ts';
import { type FaceReply, type ServedFace, serveMlflowFace } from './mlflow-face.ts';

/** What a row may speak of. */
export interface Given {
  /** Id of an active experiment with the tag `kind: row`. */
  readonly experiment: string;
  /** Name of that experiment. */
  readonly name: string;
  /** Id of an active run in it, named `swift`, with param `depth: 3` and the metric `loss`: 0.5 at step 1, time 10. */
  readonly run: string;
  /** Where asked for: id of a logged model `oak` that the run made, with param `depth: 3` and tag `kind: row`. */
  readonly model: string;
}

interface Wanted {
  readonly model?: true;
}

export interface Row {
  readonly title: string;
  /** Requests that must succeed first. */
  readonly first?: readonly Request[];
  readonly request: Request;
  readonly status: number;
  /** The whole answer; for an error its message; or a check of the answer. */
  readonly answer?: unknown;
  /** Actions of the events that the last request recorded; none for reads and refusals. */
  readonly events?: readonly string[];
}
export type Request = readonly [
  method: HttpMethod,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
];

/** Runs the rows on every store. */
export function testRows(title: string, rows: (given: Given) => readonly Row[], wanted: Wanted = {}): void {
  describe(title, () => {
    forEachStore((open) => {
      let face: Awaited<ReturnType<typeof serveMlflowFace>>;
      before(async () => {
        face = await serveMlflowFace(await open());
      });
      after(() => face.close());
      for (const [index, { title: rowTitle }] of rows(noneGiven).entries()) {
        it(rowTitle, async () => runRow(face, rows(await prepare(face, index, wanted))[index]!));
      }
    });
  });
}

const noneGiven: Given = { experiment: '', name: '', run: '', model: '' };

async function prepare(face: ServedFace, index: number, wanted: Wanted): Promise<Given> {
  const name = `row ${index}`;
  const tags = [{ key: 'kind', value: 'row' }];
  const made = await call(face, ['POST', 'experiments/create', { name, tags }]);
  const experiment: string = made.json.experiment_id;
  const created = await call(face, [
    'POST',
    'runs/create',
    { experiment_id: experiment, run_name: 'swift', start_time: 1000, user_id: 'ada' },
  ]);
  const run: string = created.json.run.info.run_id;
  await call(face, [
    'POST',
    'runs/log-batch',
    {
      run_id: run,
      metrics: [{ key: 'loss', value: 0.5, timestamp: 10, step: 1 }],
      params: [{ key: 'depth', value: '3' }],
    },
  ]);
  return { experiment, name, run, model: wanted.model ? await makeModel(face, experiment, run) : '' };
}

async function makeModel(face: ServedFace, experiment: string, run: string): Promise<string> {
  const made = await call(face, [
    'POST',
    'logged-models',
    {
      experiment_id: experiment,
      name: 'oak',
      model_type: 'tree',
      source_run_id: run,
      params: [{ key: 'depth', value: '3' }],
      tags: [{ key: 'kind', value: 'row' }],
    },
  ]);
  return made.json.model.info.model_id;
}

async function runRow(face: ServedFace, row: Row): Promise<void> {
  for (const request of row.first ?? []) await call(face, request);
  await face.newEvents();
  const reply = await face.call(...row.request);
  assert.equal(reply.status, row.status, reply.text);
  if (typeof row.answer === 'function') row.answer(reply.json, reply.text);
  else if (row.status >= 400) checkError(reply, row.answer);
  else if (row.answer !== undefined) assert.deepEqual(reply.json, row.answer);
  assert.deepEqual(await face.newEvents(), row.events ?? []);
}

function checkError(reply: FaceReply, message: unknown): void {
  assert.deepEqual(Object.keys(reply.json), ['error_code', 'message']);
  if (message instanceof RegExp) assert.match(reply.json.message, message);
  else if (typeof message === 'string') assert.equal(reply.json.message, message);
  else assert.deepEqual(reply.json, message);
}

async function call(face: ServedFace, request: Request): Promise<FaceReply> {
  const reply = await face.call(...request);
  assert.equal(reply.status, 200, `${request[1]}: ${reply.text}`);
  return reply;
}
