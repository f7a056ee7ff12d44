/** A good request for every operation of the native API, and of the probes. */
import { encodePointBatch, pointBatchType } from '../../sdk/src/point-batch.ts';
import { type Examples, nobodyThere, tag, time } from './example.ts';

const lineageQuery = {
  ...{ project: 'default', as_of: '2026-03-01', known_at: '9000000000000', depth: '20' },
  ...{ weakest: 'inferred', evaluation: 'true', limit: '10' },
};

export const nativeExamples: Examples = {
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
  'run.ingest': ({ run }) => ({
    params: { run },
    bytes: encodePointBatch([{ name: 'loss', steps: [3], times: [time], values: [0.5] }]),
    headers: { 'content-type': pointBatchType },
  }),
  'run.points': ({ run }) => ({ params: { run }, query: { key: 'loss', limit: '3' } }),
  'run.metrics': ({ run }) => ({ params: { run }, query: { prefix: 'l', contains: 'OS', limit: '1' } }),
  'run.rewind': ({ run }) => ({ params: { run }, body: { step: 1_000_000 } }),
  'run.rewinds': ({ run }) => ({ params: { run }, query: { limit: '1' } }),
  'series.draw': ({ run }) => ({
    body: { runs: [run], keys: ['loss'], x: 'time', from: 0, to: 9_000, pixels: 100 },
  }),
  'series.read': ({ run }) => ({
    body: { runs: [run], keys: ['loss'], x: 'step', from: 0, to: 9_000, every: 2, format: 'csv' },
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
  'dataset.facets': ({ dataset }) => ({ params: { dataset } }),
  'dataset-version.facets': ({ datasetVersion: version }) => ({ params: { version } }),
  'dataset-version.columns': ({ datasetVersion: version }) => ({
    params: { version },
    query: { direction: 'upstream', field: 'a', limit: '1' },
  }),
  'job.list': () => ({ query: { namespace: 'examples', search: 'e', limit: '1' } }),
  'job.get': ({ job }) => ({ params: { job } }),
  'job-run.list': ({ job }) => ({ query: { job, state: 'finished', limit: '1' } }),
  'job-run.get': ({ jobRun: run }) => ({ params: { run } }),
  'job-run.events': ({ jobRun: run }) => ({ params: { run }, query: { limit: '1' } }),
  'run.family': ({ jobRun: run }) => ({ params: { run }, query: { limit: '1' } }),
  'lineage-event.get': ({ lineageEvent: event }) => ({ params: { event } }),
  'dataset.list': () => ({ query: { search: 'o', limit: '1', order: '-latest' } }),
  'dataset.get': ({ dataset }) => ({ params: { dataset } }),
  'dataset.uses': ({ dataset, usedVersion }) => ({
    params: { dataset },
    query: { direction: 'read', version: usedVersion, limit: '1' },
  }),
  'dataset.describe': ({ dataset }) => ({
    params: { dataset },
    body: {
      ...{ description: 'text', owner: 'eve', licence: 'CC0', tags: { note: 'text' } },
      expected: { description: null, owner: null, licence: null, tags: { note: null } },
    },
  }),
  'dataset.undo': ({ dataset }) => ({ params: { dataset }, body: { expected: { description: 'text' } } }),
  'dataset-version.list': ({ dataset }) => ({ params: { dataset }, query: { limit: '1' } }),
  'dataset-version.get': ({ usedVersion: version }) => ({ params: { version } }),
  'dataset-version.difference': ({ usedVersion }) => ({
    query: { left: usedVersion, right: usedVersion },
  }),
  'dataset-version.record': ({ fresh, run }) => ({
    body: {
      ...{ name: fresh(), uri: 's3://bucket/place', version: fresh(), created: time, run, note: 'text' },
      digests: [{ algorithm: 'etag', value: 'abcd', of: 'content' }],
      schema: { fields: [{ name: 'a', type: 'struct', nullable: true, fields: [{ name: 'b' }] }] },
      ...{ rows: 3, bytes: 4, files: 1 },
      statistics: [{ name: 'a', count: 3, nulls: 0, min: 'x', max: 'y', quantiles: { '0.5': 1 } }],
      preview: { columns: ['a'], rows: [['x']] },
      tags: [tag],
    },
  }),
  'model.list': ({ experiment }) => ({ query: { experiment, search: 'o', limit: '1' } }),
  'model.get': ({ model }) => ({ params: { model } }),
  'registered-model.list': () => ({
    query: { search: 'u', kind: 'all', order: '-updated', limit: '1' },
  }),
  'registered-model.create': ({ fresh }) => ({
    body: { name: fresh(), description: 'text', tags: [tag] },
  }),
  'registered-model.get': ({ registered: model }) => ({ params: { model } }),
  'registered-model.history': ({ registered: model }) => ({
    params: { model },
    query: { alias: 'champion', limit: '1' },
  }),
  'registered-model.update': ({ registered: model, fresh }) => ({
    params: { model },
    body: { name: fresh(), description: 'text' },
  }),
  'registered-model.delete': ({ registered: model }) => ({ params: { model } }),
  'registered-model.tag': ({ registered: model }) => ({ params: { model }, body: tag }),
  'registered-model.untag': ({ registered: model }) => ({ params: { model }, query: { key: 'note' } }),
  'model-version.list': ({ registered: model }) => ({ params: { model }, query: { limit: '1' } }),
  'model-version.of-run': ({ run }) => ({ params: { run }, query: { limit: '1' } }),
  'model-version.get': ({ registered: model }) => ({ params: { model, version: '1' } }),
  'model-version.resolve': ({ registered }) => ({
    query: { uri: `models:/${registered}@champion`, at: '9000000000000' },
  }),
  'model-version.create': ({ registered: model, run }) => ({
    params: { model },
    body: {
      source: `runs:/${run}/folder`,
      run,
      runLink: 'https://host/run',
      description: 'text',
      tags: [tag],
    },
  }),
  'model-version.update': ({ registered: model }) => ({
    params: { model, version: '1' },
    body: { description: 'other' },
  }),
  'model-version.delete': ({ registered: model }) => ({ params: { model, version: '1' } }),
  'model-version.stage': ({ registered: model }) => ({
    params: { model, version: '1' },
    body: { stage: 'Production', archiveExisting: true, expected: 'None' },
  }),
  'model-version.tag': ({ registered: model }) => ({ params: { model, version: '1' }, body: tag }),
  'model-version.untag': ({ registered: model }) => ({
    params: { model, version: '1' },
    query: { key: 'note' },
  }),
  'model-version-artifact.list': ({ version }) => ({ params: { version }, query: { limit: '1' } }),
  'model-version-artifact.get': ({ version }) => ({ params: { version }, query: { path: 'a.txt' } }),
  'model-alias.set': ({ registered: model }) => ({
    params: { model, alias: 'champion' },
    body: { version: 2, expected: 1 },
  }),
  'model-alias.remove': ({ registered: model }) => ({
    params: { model, alias: 'champion' },
    query: { expected: '1' },
  }),
  'model-alias.undo': ({ registered: model }) => ({
    params: { model, alias: 'champion' },
    body: { expected: 1 },
  }),
  'endpoint.list': () => ({
    query: {
      search: 'o',
      view: 'all',
      order: '-updated',
      as_of: '2026-03-01',
      known_at: '9000000000000',
      limit: '1',
    },
  }),
  'endpoint.get': ({ endpoint }) => ({
    params: { endpoint },
    query: { as_of: '2026-03-01T12:00Z', known_at: '9000000000000' },
  }),
  'endpoint.serving': ({ endpointName }) => ({
    query: { endpoint: endpointName, as_of: '2026-03-01', known_at: '9000000000000' },
  }),
  'endpoint.update': ({ endpoint }) => ({ params: { endpoint }, body: { description: 'text' } }),
  'endpoint.delete': ({ endpoint }) => ({ params: { endpoint } }),
  'endpoint.restore': ({ endpoint }) => ({ params: { endpoint } }),
  'deployment.list': ({ endpointName, registered }) => ({
    query: {
      ...{ endpoint: endpointName, slot: 'main', model: `models:/${registered}/2`, registered },
      ...{ serving: 'true', as_of: '2026-03-01', known_at: '9000000000000', limit: '1' },
    },
  }),
  'deployment.get': ({ deployment }) => ({
    params: { deployment },
    query: { as_of: '2026-03-01', known_at: '9000000000000' },
  }),
  'deployment.record': ({ registered, fresh }) => ({
    body: {
      ...{ endpoint: `prod/${fresh()}`, model: `models:/${registered}@champion`, slot: 'canary', at: time },
      ...{ ended: time + 1_000, traffic: 20, others: 'keep', note: 'text', expected: [] },
      platform: {
        ...{ kind: 'kserve', url: 'https://host/v1', image: 'registry/scoring:1', replicas: 2 },
        ...{ cluster: 'eu', namespace: 'prod', service: 'scoring', revision: '3', runtime: 'sklearn' },
        config: { batch: 8 },
      },
    },
  }),
  'deployment.end': ({ endpointName, registered }) => ({
    body: {
      ...{ endpoint: endpointName, slot: 'main', model: `models:/${registered}/2`, at: time + 5_000 },
      ...{ outcome: 'failed', others: 'share', expected: [`models:/${registered}/2`] },
    },
  }),
  'deployment.roll-back': ({ endpointName, registered }) => ({
    body: {
      ...{ endpoint: endpointName, slot: 'main', at: time + 5_000, note: 'text' },
      expected: [`models:/${registered}/2`],
    },
  }),
  'deployment.correct': ({ deployment }) => ({
    params: { deployment },
    body: {
      ...{ started: time + 2_000, ended: time + 4_000, outcome: 'failed', note: 'text' },
      platform: {
        kind: 'sagemaker',
        region: 'eu-central-1',
        instanceType: 'ml.m5.xlarge',
        account: '123456789012',
      },
    },
  }),
  'deployment.retract': ({ deployment }) => ({ params: { deployment } }),
  'webhook.list': () => ({ query: { limit: '1' } }),
  'webhook.create': ({ fresh }) => ({
    body: {
      name: fresh().replace(' ', '-'),
      url: nobodyThere,
      events: ['budget_policy.exceeded'],
      description: 'text',
      secret: 'secret',
      active: true,
    },
  }),
  'webhook.get': ({ webhook }) => ({ params: { webhook } }),
  'webhook.update': ({ webhook, fresh }) => ({
    params: { webhook },
    body: {
      name: fresh().replace(' ', '-'),
      url: nobodyThere,
      events: ['budget_policy.exceeded'],
      description: 'other',
      secret: 'other',
      active: false,
    },
  }),
  'webhook.delete': ({ webhook }) => ({ params: { webhook } }),
  'webhook.test': ({ webhook }) => ({ params: { webhook }, body: { event: 'model_version.created' } }),
  'webhook-delivery.list': ({ webhook }) => ({
    params: { webhook },
    query: { state: 'waiting', limit: '1' },
  }),
  'webhook-delivery.replay': ({ webhook, delivery }) => ({ params: { webhook, delivery } }),
  'run.lineage': ({ run }) => ({ params: { run }, query: { project: 'default' } }),
  'event.list': ({ experiment, run }) => ({
    query: { experiment, run, order: 'newest', before: '1000', limit: '5' },
  }),
  'transfer.put': ({ experiment }) => ({
    query: { project: 'default' },
    body: {
      source: 'sqlite:///elsewhere.db',
      cursor: 'here',
      experiment: { id: experiment, name: 'another' },
      runs: [],
    },
  }),
  'transfer.progress': () => ({ query: { project: 'default', source: 'moved' } }),
  'transfer.put-file': ({ experiment, run }) => ({
    query: {
      project: 'default',
      uri: `mlflow-artifacts:/${experiment}/${run}/artifacts`,
      path: 'moved/a.txt',
    },
    bytes: 'bytes',
  }),
  'transfer.files': ({ experiment, run }) => ({
    query: { uri: `mlflow-artifacts:/${experiment}/${run}/artifacts`, after: 'a' },
  }),
  'transfer.read': ({ experiment }) => ({ query: { project: 'default', kind: 'runs', experiment } }),
  'retention.purge': () => ({ query: { project: 'default' }, body: { olderThan: 1_000, dryRun: true } }),
  'node.get': ({ run }) => ({ params: { uid: run } }),
  'lineage.impact': ({ dataset }) => ({ query: { ...lineageQuery, of: dataset, deployed: 'true' } }),
  'lineage.impact-rows': ({ dataset }) => ({ query: { ...lineageQuery, of: dataset, format: 'ndjson' } }),
  'lineage.common': ({ run, dataset }) => ({ query: { ...lineageQuery, of: run, and: dataset } }),
  'lineage.ancestry': ({ run }) => ({ query: { ...lineageQuery, of: run } }),
  'lineage.neighbours': ({ run }) => ({
    query: {
      ...{ project: 'default', as_of: '2026-03-01', known_at: '9000000000000', of: run, direction: 'up' },
      ...{ type: 'dataset-version', group: 'none', strength: 'observed', limit: '10' },
    },
  }),
  'lineage.nodes': ({ run, dataset }) => ({ query: { project: 'default', of: `${run},${dataset}` } }),
  'lineage.diff': ({ run: from, dataset: to }) => ({
    query: { project: 'default', from, to, as_of: '2026-03-01', known_at: '9000000000000' },
  }),
  'lineage.resolve': ({ dataset: ref }) => ({ query: { project: 'default', ref, as_of: '2026-03-01' } }),
  'lineage.sources': ({ dataset: of }) => ({
    query: { project: 'default', of, known_at: '9000000000000', all: 'true', limit: '10' },
  }),
  'lineage.declare-source': ({ dataset: of }) => ({
    query: { project: 'default' },
    body: { of, note: 'text', from: time, to: time + 1 },
  }),
  'lineage.taints': ({ dataset: of }) => ({
    query: { project: 'default', of, known_at: '9000000000000', all: 'true', limit: '10' },
  }),
  'lineage.declare-taint': ({ dataset: of }) => ({
    query: { project: 'default' },
    body: { of, note: 'text', since: time },
  }),
  'lineage.withdraw-taint': ({ dataset: of }) => ({ query: { project: 'default', of } }),
  'lineage.taint-preview': ({ dataset: of }) => ({ query: { project: 'default', of, limit: '10' } }),
  'lineage.taint-reach': ({ dataset: of }) => ({ query: { project: 'default', of, limit: '10' } }),
  'lineage.marks': ({ dataset: of }) => ({ query: { project: 'default', of } }),
  'lineage.withdraw-source': ({ dataset: of }) => ({ query: { project: 'default', of } }),
};
