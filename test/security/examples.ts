/** A good request for every operation that is built: what hostile ones are made from. An operation without one fails the test. */
import { type Examples, newDataset, nobodyThere, point, type Subject, tag, time } from './example.ts';
import { mlflowExamples } from './mlflow-examples.ts';
import { nativeExamples } from './native-examples.ts';
import { openLineageExamples } from './openlineage-examples.ts';
import { aboutTransfers, newTransfer, noTransfer, postTo } from './transfers.ts';
import type { Wire } from './wire.ts';

export const examples: Examples = { ...nativeExamples, ...mlflowExamples, ...openLineageExamples };

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
  const withdrawn = /withdraw-(\w+)|(taint)-reach/.exec(operation)?.slice(1).find(Boolean);
  if (withdrawn !== undefined) await post(`lineage/${withdrawn}s`, { of: linked.dataset });
  const transfer = aboutTransfers.test(operation)
    ? await newTransfer(wire, experiment, runs[0]!)
    : noTransfer;
  const registered = aboutRegistry.test(operation)
    ? await newRegistered(wire, fresh().replace(' ', '-'), runs[0]!)
    : noRegistered;
  const hooked = aboutWebhooks.test(operation)
    ? await newWebhook(wire, fresh().replace(' ', '-'))
    : noWebhook;
  const deployed = aboutDeployments.test(operation)
    ? await newDeployed(wire, registered.registered, operation.endsWith('.restore'))
    : noDeployed;
  const piped = aboutPipelines.test(operation) ? await newPiped(wire, fresh()) : noPiped;
  const words = aboutWords.test(operation) ? await newWords(wire, operation, fresh()) : {};
  const parts = { ...linked, ...words, ...registered, ...deployed, ...hooked, ...piped };
  return { experiment, run: runs[0]!, ...parts, transfer, fresh };
}

/** Operations whose subject needs datasets and models. */
const aboutLinks = /model|dataset|inputs|outputs|lineage|log-metric$/;
const noLinks = { model: '', dataset: '', usedVersion: '' };
/** … and those whose subject needs a registered model. */
const aboutRegistry = /registered-model|model-version|model-alias|deployment|endpoint/;
const noRegistered = { registered: '', version: '' };

/** … and those whose subject needs something that serves. */
const aboutDeployments = /deployment|endpoint/;
const noDeployed = { endpointName: '', endpoint: '', deployment: '' };

/** … and those whose subject needs a job that ran. */
const aboutPipelines = /^job|run\.family|lineage-event|dataset-version\./;
const noPiped = { job: '', jobRun: '', datasetVersion: '', lineageEvent: '' };

/** … and those whose subject needs a webhook. */
const aboutWebhooks = /webhook/;
const noWebhook = { webhook: '', delivery: '' };

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
  const listed = await wire.send({ method: 'GET', path: '/api/v1/datasets?limit=1&search=rows' });
  const dataset = JSON.parse(listed.text).items[0].uid as string;
  const { text } = await wire.send({ method: 'GET', path: `/api/v1/datasets/${dataset}/versions` });
  return { model: models[0]!, dataset, usedVersion: JSON.parse(text).items[0].uid as string };
}

/** Operations whose subject needs a dataset of which nobody has said anything, or one thing. */
const aboutWords = /^dataset\.(describe|undo)$/;

async function newWords(wire: Wire, operation: string, name: string) {
  const { dataset } = await postTo(wire, '/api/v1/dataset-versions', { name });
  if (operation === 'dataset.undo') {
    const body = JSON.stringify({ description: 'text' });
    const headers = { 'content-type': 'application/json' };
    await wire.send({ method: 'PATCH', path: `/api/v1/datasets/${dataset}`, body, headers });
  }
  return { dataset: dataset as string };
}

/** A run of a job that read a dataset and wrote another one, field by field. */
async function newPiped(wire: Wire, name: string) {
  const [input, output] = [
    { namespace: 's3://examples', name: 'in' },
    { namespace: 's3://examples', name: 'out' },
  ];
  const columnLineage = { fields: { a: { inputFields: [{ ...input, field: 'b' }] } } };
  await postTo(wire, '/api/v1/lineage', {
    ...{ eventTime: '2026-11-02T00:00:00Z', eventType: 'COMPLETE', producer: 'https://example.com' },
    ...{ run: { runId: name, facets: { note: { text: 'x' } } }, job: { namespace: 'examples', name } },
    ...{ inputs: [input], outputs: [{ ...output, facets: { columnLineage } }] },
  });
  const read = async (path: string) => JSON.parse((await wire.send({ method: 'GET', path })).text);
  const [{ uid: jobRun, jobs }] = (await read('/api/v1/job-runs?limit=1')).items;
  const { outputs, states } = await read(`/api/v1/job-runs/${jobRun}`);
  return {
    ...{ job: jobs[0].uid as string, jobRun: jobRun as string },
    datasetVersion: outputs[0].version.uid as string,
    lineageEvent: String(states[0].event),
  };
}

/** One that was to be told of a model at a port where nobody listens, and is disabled now: nothing is sent any more. */
async function newWebhook(wire: Wire, name: string) {
  const events = ['registered_model.created'];
  await deleteMany(wire);
  const made = await postTo(wire, '/api/v1/webhooks', { name, url: nobodyThere, events });
  await postTo(wire, '/api/v1/models/registered', { name });
  const path = `/api/v1/webhooks/${made.id}`;
  for (;;) {
    const { text } = await wire.send({ method: 'GET', path: `${path}/deliveries` });
    const [delivery] = JSON.parse(text).items;
    if (delivery === undefined || delivery.error === null) continue;
    const body = JSON.stringify({ active: false });
    await wire.send({ method: 'PATCH', path, body, headers: { 'content-type': 'application/json' } });
    return { webhook: made.id as string, delivery: delivery.id as string };
  }
}

/** A project holds so many at most, and the walk of a route makes a new one for every few requests. */
async function deleteMany(wire: Wire): Promise<void> {
  const { text } = await wire.send({ method: 'GET', path: '/api/v1/webhooks?limit=100' });
  const { items } = JSON.parse(text) as { items: { id: string }[] };
  if (items.length < 50) return;
  for (const { id } of items) await wire.send({ method: 'DELETE', path: `/api/v1/webhooks/${id}` });
}

/** The second version serves in the place of the first, on an endpoint that is perhaps deleted. */
async function newDeployed(wire: Wire, registered: string, deleted: boolean) {
  const endpointName = `prod/${registered}`;
  const record = (version: number, at: number) =>
    postTo(wire, '/api/v1/deployments', {
      ...{ endpoint: endpointName, model: `models:/${registered}/${version}`, at },
    });
  await record(1, time);
  const { uid: deployment, endpoint } = await record(2, time + 1_000);
  if (deleted) await wire.send({ method: 'DELETE', path: `/api/v1/endpoints/${endpoint.uid}` });
  return { endpointName, endpoint: endpoint.uid as string, deployment: deployment as string };
}

/** Two versions of the run's folder. */
async function newRegistered(wire: Wire, registered: string, run: string) {
  const mlflow = (path: string, body: unknown) => postTo(wire, `/api/2.0/mlflow/${path}`, body);
  await mlflow('registered-models/create', { name: registered, description: 'text', tags: [tag] });
  for (const _ of [1, 2]) {
    const source = `runs:/${run}/folder`;
    await mlflow('model-versions/create', { name: registered, source, run_id: run, tags: [tag] });
  }
  await mlflow('registered-models/alias', { name: registered, alias: 'champion', version: '1' });
  const path = `/api/v1/models/registered/${encodeURIComponent(registered)}/versions/1`;
  const { text } = await wire.send({ method: 'GET', path });
  return { registered, version: JSON.parse(text).uid as string };
}
