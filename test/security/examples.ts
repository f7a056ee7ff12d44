/** A good request for every operation that is built: what hostile ones are made from. An operation without one fails the test. */
import { aboutTransfers, inTree, newTransfer, noTransfer, postTo, type Transfer } from './transfers.ts';
import type { Wire } from './wire.ts';

/** What the requests of one operation are about: made anew for each. */
export interface Subject {
  readonly experiment: string;
  readonly run: string;
  /** A logged model that the run made, with what it names; '' for operations about neither models nor datasets. */
  readonly model: string;
  /** Uid of a dataset that the run uses; '' likewise. */
  readonly dataset: string;
  /** An upload in parts whose only part was sent, and what was handed out with it and with a file; likewise. */
  readonly transfer: Transfer;
  /** Unique names for what a request makes. */
  readonly fresh: () => string;
}

export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

export interface Example {
  /** Path parameters. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly [name: string]: Value };
  /** A body that is no JSON. */
  readonly bytes?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the good request is answered, where that is no success: the operation says that it is not supported here. */
  readonly answers?: 400 | 501;
}

const time = 1_760_000_000_000;
const tag = { key: 'note', value: 'text' };
const point = { key: 'loss', value: 0.5, timestamp: time, step: 7 };

const newDataset = {
  tags: [{ key: 'mlflow.data.context', value: 'training' }],
  dataset: {
    name: 'rows',
    digest: 'abcd1234',
    source_type: 's3',
    source: '{"uri": "s3://bucket/rows"}',
    schema: '{"mlflow_colspec": []}',
    profile: '{}',
  },
};

export const examples: Readonly<Record<string, (subject: Subject) => Example>> = {
  'server.get': () => ({}),
  'server.live': () => ({}),
  'server.ready': () => ({}),
  'server.figures': () => ({}),
  'server.openapi': () => ({}),
  'project.list': () => ({ query: { limit: '1' } }),
  'project.create': ({ fresh }) => ({ body: { name: fresh() } }),
  'experiment.list': () => ({
    query: { project: 'default', view: 'all', search: 'e', limit: '1', order: '-latest', days: '7' },
  }),
  'experiment.create': ({ fresh }) => ({
    query: { project: 'default' },
    body: { name: fresh(), artifactLocation: 's3://bucket/place', tags: [tag] },
  }),
  'experiment.get': ({ experiment }) => ({ params: { experiment }, query: { project: 'default' } }),
  'experiment.rename': ({ experiment, fresh }) => ({ params: { experiment }, body: { name: fresh() } }),
  'experiment.delete': ({ experiment }) => ({ params: { experiment } }),
  'experiment.restore': ({ experiment }) => ({ params: { experiment } }),
  'experiment.tag': ({ experiment }) => ({ params: { experiment }, body: tag }),
  'experiment.untag': ({ experiment }) => ({ params: { experiment }, query: { key: 'note' } }),
  'experiment.columns': ({ experiment }) => ({ params: { experiment }, query: { search: 'o', limit: '10' } }),
  'experiment.values': ({ experiment }) => ({
    params: { experiment },
    query: { scope: 'param', key: 'lr', prefix: '0', limit: '10' },
  }),
  find: ({ run }) => ({ query: { project: 'default', text: run, limit: '5' } }),
  'run.create': ({ experiment, run }) => ({
    body: { experiment, name: 'name', user: 'user', started: time, tags: [tag], parent: run },
  }),
  'run.get': ({ run }) => ({ params: { run }, query: { project: 'default' } }),
  'run.update': ({ run }) => ({ params: { run }, body: { state: 'finished', ended: time, name: 'other' } }),
  'run.delete': ({ run }) => ({ params: { run } }),
  'run.restore': ({ run }) => ({ params: { run } }),
  'run.tag': ({ run }) => ({ params: { run }, body: tag }),
  'run.untag': ({ run }) => ({ params: { run }, query: { key: 'note' } }),
  'run.log': ({ run }) => ({
    params: { run },
    body: {
      metrics: [{ key: 'loss', value: 0.5, time, step: 3 }],
      params: [{ key: 'lr', value: '0.1' }],
      tags: [tag],
    },
  }),
  'run.points': ({ run }) => ({ params: { run }, query: { key: 'loss', limit: '3' } }),
  'run.metrics': ({ run }) => ({ params: { run }, query: { prefix: 'l', contains: 'OS', limit: '1' } }),
  'run.rewind': ({ run }) => ({ params: { run }, body: { step: 1_000_000 } }),
  'run.rewinds': ({ run }) => ({ params: { run }, query: { limit: '1' } }),
  'series.draw': ({ run }) => ({
    body: { runs: [run], keys: ['loss'], x: 'time', from: 0, to: 9_000, pixels: 100 },
  }),
  'run.search': ({ experiment }) => ({
    body: {
      experiments: [experiment],
      filter: "metrics.loss < 5 AND params.lr LIKE '%1%'",
      order: ['metrics.loss.min asc', 'params.lr'],
      view: 'all',
      limit: 1,
      columns: { params: ['lr'], tags: ['note'], metrics: ['loss'] },
      count: true,
    },
  }),
  'run.anchors': ({ experiment }) => ({
    body: {
      experiments: [experiment],
      filter: "params.lr =~ '^0' AND started > -7d",
      order: ['metrics.loss.min asc', 'params.lr'],
      view: 'all',
      every: 2,
    },
  }),
  'run.groups': ({ experiment }) => ({
    body: {
      experiments: [experiment],
      filter: "text CONTAINS 'a' OR duration > 5m",
      by: ['params.lr', 'state'],
      figures: ['metrics.loss.min'],
      view: 'all',
      order: 'values',
      limit: 1,
    },
  }),
  'artifact.list': ({ run }) => ({ params: { run }, query: { path: 'folder', limit: '1' } }),
  'artifact.get': ({ run }) => ({ params: { run }, query: { path: 'folder/a.txt' } }),
  'artifact.put': ({ run }) => ({ params: { run }, query: { path: 'folder/new.txt' }, bytes: 'bytes' }),
  'artifact.delete': ({ run }) => ({ params: { run }, query: { path: 'folder/a.txt' } }),
  'experiment-artifact.list': ({ experiment, run }) => ({
    params: { experiment },
    query: { path: `${run}/artifacts/folder`, limit: '1' },
  }),
  'experiment-artifact.get': ({ experiment, run }) => ({
    params: { experiment },
    query: { path: `${run}/artifacts/folder/a.txt` },
  }),
  'experiment-artifact.put': ({ experiment }) => ({
    params: { experiment },
    query: { path: 'folder/new.txt' },
    bytes: 'bytes',
  }),
  'experiment-artifact.delete': ({ experiment, run }) => ({
    params: { experiment },
    query: { path: `${run}/artifacts/folder/a.txt` },
  }),
  'model-artifact.list': ({ model }) => ({ params: { model }, query: { path: 'folder', limit: '1' } }),
  'model-artifact.get': ({ model }) => ({ params: { model }, query: { path: 'folder/a.txt' } }),
  'model-artifact.put': ({ model }) => ({
    params: { model },
    query: { path: 'folder/new.txt' },
    bytes: 'bytes',
  }),
  'model-artifact.delete': ({ model }) => ({ params: { model }, query: { path: 'folder/a.txt' } }),
  'dataset.list': () => ({ query: { search: 'o', limit: '1' } }),
  'dataset.get': ({ dataset }) => ({ params: { dataset }, query: { limit: '1' } }),
  'model.list': ({ experiment }) => ({ query: { experiment, search: 'o', limit: '1' } }),
  'model.get': ({ model }) => ({ params: { model } }),
  'run.lineage': ({ run }) => ({ params: { run }, query: { project: 'default' } }),
  'event.list': ({ experiment, run }) => ({
    query: { experiment, run, order: 'newest', before: '1000', limit: '5' },
  }),
  'node.get': ({ run }) => ({ params: { uid: run } }),
  'mlflow.health': () => ({}),
  'mlflow.version': () => ({}),
  'mlflow.server-info': () => ({}),
  'mlflow.server-info.post': () => ({ body: {} }),
  'mlflow.experiments.create': ({ fresh }) => ({
    body: { name: fresh(), artifact_location: 's3://bucket/place', tags: [tag] },
  }),
  'mlflow.experiments.get': ({ experiment }) => ({ query: { experiment_id: experiment } }),
  'mlflow.experiments.get-by-name': () => ({ query: { experiment_name: 'Default' } }),
  'mlflow.experiments.update': ({ experiment, fresh }) => ({
    body: { experiment_id: experiment, new_name: fresh() },
  }),
  'mlflow.experiments.delete': ({ experiment }) => ({ body: { experiment_id: experiment } }),
  'mlflow.experiments.restore': ({ experiment }) => ({ body: { experiment_id: experiment } }),
  'mlflow.experiments.set-tag': ({ experiment }) => ({ body: { experiment_id: experiment, ...tag } }),
  'mlflow.experiments.delete-tag': ({ experiment }) => ({ body: { experiment_id: experiment, key: 'note' } }),
  'mlflow.experiments.search': () => ({
    body: { max_results: 1, filter: "name LIKE '%e%'", order_by: ['name ASC'], view_type: 'ALL' },
  }),
  'mlflow.experiments.search.get': () => ({
    query: { max_results: '1', filter: "name LIKE '%e%'", view_type: 'ALL' },
  }),
  'mlflow.runs.create': ({ experiment }) => ({
    body: { experiment_id: experiment, user_id: 'user', run_name: 'name', start_time: time, tags: [tag] },
  }),
  'mlflow.runs.get': ({ run }) => ({ query: { run_id: run } }),
  'mlflow.runs.update': ({ run }) => ({
    body: { run_id: run, status: 'FINISHED', end_time: time, run_name: 'other' },
  }),
  'mlflow.runs.delete': ({ run }) => ({ body: { run_id: run } }),
  'mlflow.runs.restore': ({ run }) => ({ body: { run_id: run } }),
  'mlflow.runs.log-metric': ({ run, model }) => ({
    body: {
      run_id: run,
      ...point,
      model_id: model,
      dataset_name: 'rows',
      dataset_digest: 'abcd1234',
    },
  }),
  'mlflow.runs.log-parameter': ({ run }) => ({ body: { run_id: run, key: 'lr', value: '0.1' } }),
  'mlflow.runs.set-tag': ({ run }) => ({ body: { run_id: run, ...tag } }),
  'mlflow.runs.delete-tag': ({ run }) => ({ body: { run_id: run, key: 'note' } }),
  'mlflow.runs.log-batch': ({ run }) => ({
    body: { run_id: run, metrics: [point], params: [{ key: 'lr', value: '0.1' }], tags: [tag] },
  }),
  'mlflow.runs.log-inputs': ({ run, model, fresh }) => ({
    body: {
      run_id: run,
      datasets: [{ ...newDataset, dataset: { ...newDataset.dataset, name: fresh() } }],
      models: [{ model_id: model }],
    },
  }),
  'mlflow.runs.outputs': ({ run, model }) => ({
    body: { run_id: run, models: [{ model_id: model, step: 3 }] },
  }),
  'mlflow.runs.log-model': ({ run }) => ({
    body: {
      run_id: run,
      model_json: JSON.stringify({
        artifact_path: 'model',
        flavors: {},
        utc_time_created: 'now',
        run_id: run,
      }),
    },
  }),
  'mlflow.experiments.search-datasets': ({ experiment }) => ({ body: { experiment_ids: [experiment] } }),
  'mlflow.logged-models.create': ({ experiment, run, fresh }) => ({
    body: {
      experiment_id: experiment,
      name: fresh(),
      model_type: 'tree',
      source_run_id: run,
      params: [{ key: 'depth', value: '3' }],
      tags: [tag],
    },
  }),
  'mlflow.logged-models.get': ({ model }) => ({ params: { model_id: model } }),
  'mlflow.logged-models.finalize': ({ model }) => ({
    params: { model_id: model },
    body: { status: 'LOGGED_MODEL_READY' },
  }),
  'mlflow.logged-models.delete': ({ model }) => ({ params: { model_id: model } }),
  'mlflow.logged-models.set-tags': ({ model }) => ({ params: { model_id: model }, body: { tags: [tag] } }),
  'mlflow.logged-models.delete-tag': ({ model }) => ({ params: { model_id: model, tag_key: 'note' } }),
  'mlflow.logged-models.log-params': ({ model }) => ({
    params: { model_id: model },
    body: { params: [{ key: 'width', value: '3' }] },
  }),
  'mlflow.logged-models.search': ({ experiment }) => ({
    body: {
      experiment_ids: [experiment],
      filter: "metrics.loss < 5 AND params.depth LIKE '%3%'",
      datasets: [{ dataset_name: 'rows', dataset_digest: 'abcd1234' }],
      max_results: 1,
      order_by: [
        { field_name: 'metrics.loss', ascending: false, dataset_name: 'rows', dataset_digest: 'abcd1234' },
      ],
    },
  }),
  'mlflow.logged-models.list-artifacts': ({ model }) => ({
    params: { model_id: model },
    query: { artifact_directory_path: 'folder' },
  }),
  'mlflow.logged-models.get-artifact': ({ model }) => ({
    params: { model_id: model },
    query: { artifact_file_path: 'folder/a.txt' },
  }),
  'mlflow.runs.search': ({ experiment }) => ({
    body: {
      experiment_ids: [experiment],
      filter: "metrics.loss < 5 AND params.lr LIKE '%1%'",
      run_view_type: 'ALL',
      max_results: 1,
      order_by: ['metrics.loss DESC'],
    },
  }),
  'mlflow.artifacts.list': ({ run }) => ({ query: { run_id: run, path: 'folder' } }),
  'mlflow.artifacts.get': ({ run }) => ({ query: { run_id: run, path: 'folder/a.txt' } }),
  'mlflow.artifacts.upload-small': ({ run }) => ({
    query: { run_uuid: run, path: 'folder/new.txt' },
    bytes: 'bytes',
  }),
  'mlflow.artifacts.list-tree': ({ experiment, run }) => ({
    query: { path: `${experiment}/${run}/artifacts/folder` },
  }),
  'mlflow.artifacts.download': (subject) => ({ params: { '*': inTree(subject, 'a.txt') } }),
  'mlflow.artifacts.upload': (subject) => ({ params: { '*': inTree(subject, 'new.txt') }, bytes: 'bytes' }),
  'mlflow.artifacts.delete': (subject) => ({ params: { '*': inTree(subject, 'a.txt') } }),
  'mlflow.artifacts.multipart-create': (subject) => ({
    params: { '*': inTree(subject, 'deeper') },
    body: { path: '/mnt/files/large.bin', num_parts: 2 },
  }),
  'mlflow.artifacts.multipart-part': ({ transfer }) => ({
    params: { upload: transfer.upload, part: '1' },
    headers: { 'x-cairn-ticket': transfer.partTicket },
    bytes: 'bytes',
  }),
  'mlflow.artifacts.multipart-complete': (subject) => ({
    params: { '*': inTree(subject, 'deeper') },
    body: {
      path: '/mnt/files/large.bin',
      upload_id: subject.transfer.upload,
      parts: [{ part_number: 1, etag: subject.transfer.etag, url: 'http://127.0.0.1/x' }],
    },
  }),
  'mlflow.artifacts.multipart-abort': (subject) => ({
    params: { '*': inTree(subject, 'deeper') },
    body: { path: '/mnt/files/large.bin', upload_id: subject.transfer.upload },
  }),
  'mlflow.artifacts.presigned': (subject) => ({ params: { '*': inTree(subject, 'a.txt') } }),
  'mlflow.artifacts.download-version': (subject) => ({
    params: { sha256: subject.transfer.sha256, '*': inTree(subject, 'a.txt') },
    headers: { 'x-cairn-ticket': subject.transfer.versionTicket },
  }),
  'mlflow.artifacts.presigned-upload-url': ({ run }) => ({
    body: { run_id: run, path: 'a.txt' },
    answers: 400,
  }),
  'mlflow.artifacts.presigned-download-url': ({ run }) => ({
    body: { run_id: run, path: 'a.txt' },
    answers: 400,
  }),
  'mlflow.metrics.get-history': ({ run }) => ({
    query: { run_id: run, metric_key: 'loss', max_results: '3' },
  }),
  'mlflow.metrics.get-history-bulk': ({ run }) => ({
    query: { run_id: run, metric_key: 'loss', max_results: '3' },
  }),
  'mlflow.metrics.get-history-bulk-interval': ({ run }) => ({
    query: { run_ids: run, metric_key: 'loss', start_step: '0', end_step: '9', max_results: '3' },
  }),
};

let made = 0;

/** An experiment with two runs that hold what every example names; what the operation restores is deleted. */
export async function newSubject(wire: Wire, operation: string): Promise<Subject> {
  const fresh = () => `subject ${++made}`;
  const post = (path: string, body: unknown) => postTo(wire, `/api/v1/${path}`, body);
  const experiment = (await post('experiments', { name: fresh(), tags: [tag] })).id;
  const runs: string[] = [];
  for (const lr of ['0.1', '0.01']) {
    // Long texts of one letter: what a pattern with many wildcards is slowest on.
    const tags = [tag, { key: 'long', value: 'a'.repeat(20_000) }];
    const run = (await post('runs', { experiment, name: 'a'.repeat(2000), tags })).id;
    const metrics = Array.from({ length: 30 }, (_, step) => ({
      key: 'loss',
      value: 1 / (step + 1),
      time: time + step,
      step,
    }));
    await post(`runs/${run}/log`, { metrics, params: [{ key: 'lr', value: lr }] });
    for (const name of ['a.txt', 'b.txt']) {
      const path = `/api/v1/runs/${run}/artifacts?path=folder/${name}`;
      const { status, text } = await wire.send({ method: 'PUT', path, body: 'bytes' });
      if (status > 204) throw new Error(`${path}: ${status} ${text}`);
    }
    runs.push(run);
  }
  if (operation.endsWith('.restore')) {
    const what = operation.includes('experiment') ? `experiments/${experiment}` : `runs/${runs[0]}`;
    await wire.send({ method: 'DELETE', path: `/api/v1/${what}` });
  }
  const linked = aboutLinks.test(operation) ? await newLinks(wire, experiment, runs[0]!) : noLinks;
  const transfer = aboutTransfers.test(operation)
    ? await newTransfer(wire, experiment, runs[0]!)
    : noTransfer;
  return { experiment, run: runs[0]!, ...linked, transfer, fresh };
}

/** Operations whose subject needs datasets and models. */
const aboutLinks = /model|dataset|inputs|outputs|lineage|log-metric$/;
const noLinks = { model: '', dataset: '' };

/** Two models that the run made, measured on a dataset that it uses, each with a file. */
async function newLinks(wire: Wire, experiment: string, run: string) {
  const mlflow = (path: string, body: unknown) => postTo(wire, `/api/2.0/mlflow/${path}`, body);
  await mlflow('runs/log-inputs', { run_id: run, datasets: [newDataset] });
  const models: string[] = [];
  for (const name of ['one', 'two']) {
    const params = [{ key: 'depth', value: '3' }];
    const model = { experiment_id: experiment, name, source_run_id: run, params, tags: [tag] };
    const { model_id: id } = (await mlflow('logged-models', model)).model.info;
    const on = { model_id: id, dataset_name: 'rows', dataset_digest: 'abcd1234' };
    await mlflow('runs/log-batch', { run_id: run, metrics: [{ ...point, ...on }] });
    const path = `/api/2.0/mlflow-artifacts/artifacts/${experiment}/models/${id}/artifacts/folder/a.txt`;
    const { status, text } = await wire.send({ method: 'PUT', path, body: 'bytes' });
    if (status > 204) throw new Error(`${path}: ${status} ${text}`);
    models.push(id);
  }
  const listed = await wire.send({ method: 'GET', path: '/api/v1/datasets?limit=1' });
  return { model: models[0]!, dataset: JSON.parse(listed.text).items[0].uid as string };
}
