/** A good request for every operation of the MLflow face. */
import { type Examples, newDataset, nobodyThere, point, tag, time } from './example.ts';
import { inTree } from './transfers.ts';

export const mlflowExamples: Examples = {
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
  'mlflow.registered-models.create': ({ fresh }) => ({
    body: { name: fresh(), description: 'text', tags: [tag] },
  }),
  'mlflow.registered-models.get': ({ registered: name }) => ({ query: { name } }),
  'mlflow.registered-models.rename': ({ registered: name, fresh }) => ({
    body: { name, new_name: fresh() },
  }),
  'mlflow.registered-models.update': ({ registered: name }) => ({ body: { name, description: 'other' } }),
  'mlflow.registered-models.delete': ({ registered: name }) => ({ body: { name } }),
  'mlflow.registered-models.search': () => ({
    query: {
      filter: "name LIKE '%u%' AND tags.note = 'text'",
      max_results: '1',
      order_by: 'last_updated_timestamp DESC',
    },
  }),
  'mlflow.registered-models.get-latest-versions': ({ registered: name }) => ({
    body: { name, stages: ['None'] },
  }),
  'mlflow.registered-models.get-latest-versions.get': ({ registered: name }) => ({
    query: { name, stages: 'None' },
  }),
  'mlflow.registered-models.set-tag': ({ registered: name }) => ({ body: { name, ...tag } }),
  'mlflow.registered-models.delete-tag': ({ registered: name }) => ({ body: { name, key: 'note' } }),
  'mlflow.registered-models.set-alias': ({ registered: name }) => ({
    body: { name, alias: 'challenger', version: '2' },
  }),
  'mlflow.registered-models.delete-alias': ({ registered: name }) => ({ body: { name, alias: 'champion' } }),
  'mlflow.registered-models.get-by-alias': ({ registered: name }) => ({
    query: { name, alias: 'champion' },
  }),
  'mlflow.webhooks.create': ({ fresh }) => ({
    body: {
      name: fresh().replace(' ', '-'),
      url: nobodyThere,
      events: [{ entity: 'BUDGET_POLICY', action: 'EXCEEDED' }],
      description: 'text',
      secret: 'secret',
      status: 'ACTIVE',
    },
  }),
  'mlflow.workspaces.list': () => ({}),
  'mlflow.workspaces.create': ({ fresh }) => ({
    body: { name: fresh().replaceAll(/[^a-z0-9]+/g, '-'), description: 'a team' },
  }),
  'mlflow.workspaces.get': () => ({ params: { workspace_name: 'default' } }),
  'mlflow.workspaces.update': ({ fresh }) => ({
    params: { workspace_name: 'default' },
    body: { description: fresh() },
  }),
  'mlflow.workspaces.delete': () => ({ params: { workspace_name: 'default' }, answers: 400 }),
  'mlflow.webhooks.list': () => ({ query: { max_results: '1' } }),
  'mlflow.webhooks.get': ({ webhook }) => ({ params: { webhook_id: webhook } }),
  'mlflow.webhooks.update': ({ webhook, fresh }) => ({
    params: { webhook_id: webhook },
    body: {
      name: fresh().replace(' ', '-'),
      url: nobodyThere,
      events: [{ entity: 'BUDGET_POLICY', action: 'EXCEEDED' }],
      description: 'other',
      secret: 'other',
      status: 'DISABLED',
    },
  }),
  'mlflow.webhooks.delete': ({ webhook }) => ({ params: { webhook_id: webhook } }),
  'mlflow.webhooks.test': ({ webhook }) => ({
    params: { webhook_id: webhook },
    body: { event: { entity: 'MODEL_VERSION', action: 'CREATED' } },
  }),
  'mlflow.model-versions.create': ({ registered: name, model }) => ({
    body: {
      name,
      source: `models:/${model}`,
      model_id: model,
      run_link: 'https://host/run',
      description: 'text',
      tags: [tag],
    },
  }),
  'mlflow.model-versions.get': ({ registered: name }) => ({ query: { name, version: '1' } }),
  'mlflow.model-versions.update': ({ registered: name }) => ({
    body: { name, version: '1', description: 'other' },
  }),
  'mlflow.model-versions.transition-stage': ({ registered: name }) => ({
    body: { name, version: '1', stage: 'Staging', archive_existing_versions: true },
  }),
  'mlflow.model-versions.delete': ({ registered: name }) => ({ body: { name, version: '1' } }),
  'mlflow.model-versions.search': ({ registered, run }) => ({
    query: {
      filter: `name = '${registered}' AND run_id = '${run}' AND version_number > 0`,
      max_results: '1',
      order_by: 'version_number DESC',
    },
  }),
  'mlflow.model-versions.set-tag': ({ registered: name }) => ({ body: { name, version: '1', ...tag } }),
  'mlflow.model-versions.delete-tag': ({ registered: name }) => ({
    body: { name, version: '1', key: 'note' },
  }),
  'mlflow.model-versions.get-download-uri': ({ registered: name }) => ({ query: { name, version: '1' } }),
  'mlflow.model-versions.get-artifact': ({ registered: name }) => ({
    query: { name, version: '1', path: 'a.txt' },
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
