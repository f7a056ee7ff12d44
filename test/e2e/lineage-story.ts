/**
 * What a small team recorded: a job takes orders in from a database, another makes features of them, trainings of MLflow read these, and some of
 * their models serve. One model that serves recorded nothing that it learned from.
 */
import { createExperiment, type TestServer } from './server.ts';

const hour = 60 * 60 * 1000;

export interface LineageStory {
  /** uid of the version of the table that the first job read, which nobody is known to have written. */
  readonly raw: string;
  /** uid of the version of the features. */
  readonly features: string;
  /** uid of the version of the test set. */
  readonly test: string;
  /** Ids of runs. */
  readonly churn: string;
  /** uid of the model version that serves at prod/churn. */
  readonly version: string;
}

interface Neighbours {
  readonly nodes: readonly { readonly uid: string; readonly type: string }[];
  readonly edges: readonly { readonly kind: string; readonly from: string; readonly role: string | null }[];
}

export async function recordStory(server: TestServer, name: string, sweep = 24): Promise<LineageStory> {
  const began = Date.now() - 50 * hour;
  const place = (table: string) => ({ namespace: 's3://warehouse', name: `${name}/${table}` });
  const orders = { namespace: 'postgres://shop.example:5432', name: `shop.${name}_orders` };
  await event(server, `${name}.ingest`, began, [orders], [place('orders')]);
  await event(server, `${name}.build_features`, began + hour, [place('orders')], [place('features')]);

  const experiment = await createExperiment(server, `${name} training`);
  const features = `s3://warehouse/${name}/features`;
  const churn = await train(server, experiment, {
    ...{ name: 'gradient-boosting', started: began + 3 * hour },
    inputs: [
      ['features', features, 'training'],
      ['holdout', `s3://warehouse/${name}/holdout`, 'test'],
    ],
  });
  const upsell = await train(server, experiment, {
    ...{ name: 'logistic', started: began + 4 * hour, inputs: [['features', features, 'training']] },
  });
  const legacy = await train(server, experiment, {
    name: 'legacy-import',
    started: began + 5 * hour,
    inputs: [],
  });
  for (let index = 0; index < sweep; index++) {
    const started = began + 6 * hour + index * 60_000;
    const inputs = [['features', features, 'training']] as const;
    await train(server, experiment, { name: `sweep-${index}`, started, inputs, modelless: true });
  }
  const version = await deploy(server, `${name}-churn`, churn, `prod/${name}-churn`, began + 8 * hour);
  await deploy(server, `${name}-upsell`, upsell, `prod/${name}-upsell`, began + 20 * hour);
  await deploy(server, `${name}-legacy`, legacy, `prod/${name}-legacy`, began + 9 * hour);

  const near = (of: string, direction: string) =>
    server.call<Neighbours>('GET', `/lineage/neighbours?of=${of}&direction=${direction}`);
  const read = await near(churn.run, 'up');
  const bound = read.edges.find(({ kind }) => kind === 'binds')!.from;
  const test = read.edges.find(({ role }) => role === 'test')!.from;
  const [builder] = (await near(bound, 'up')).nodes.filter(({ type }) => type === 'job-run');
  const [ordersVersion] = (await near(builder!.uid, 'up')).nodes;
  const [ingest] = (await near(ordersVersion!.uid, 'up')).nodes.filter(({ type }) => type === 'job-run');
  const [raw] = (await near(ingest!.uid, 'up')).nodes;
  return { raw: raw!.uid, features: bound, test, churn: churn.run, version };
}

/** Another model that learned from the same features, and serves. */
export async function recordLater(server: TestServer, name: string): Promise<void> {
  const experiment = await createExperiment(server, `${name} later`);
  const inputs = [['features', `s3://warehouse/${name}/features`, 'training']] as const;
  const late = await train(server, experiment, { name: 'late', started: Date.now() - hour, inputs });
  await deploy(server, `${name}-late`, late, `prod/${name}-late`, Date.now());
}

type Place = { readonly namespace: string; readonly name: string };

async function event(
  server: TestServer,
  job: string,
  at: number,
  inputs: readonly Place[],
  outputs: readonly Place[],
): Promise<void> {
  const body = {
    eventTime: new Date(at).toISOString(),
    eventType: 'COMPLETE',
    producer: 'https://example.com/scheduler',
    run: { runId: crypto.randomUUID() },
    job: { namespace: 'nightly', name: job },
    ...{ inputs, outputs },
  };
  await server.call('POST', '/lineage', body);
}

interface Trained {
  readonly run: string;
  readonly model: string;
}

async function train(
  server: TestServer,
  experiment: string,
  training: {
    readonly name: string;
    readonly started: number;
    readonly inputs: readonly (readonly [name: string, place: string, context: string])[];
    readonly modelless?: boolean;
  },
): Promise<Trained> {
  const { run } = await server.mlflow<{ run: { info: { run_id: string } } }>('runs/create', {
    ...{ experiment_id: experiment, run_name: training.name, start_time: training.started },
  });
  const { run_id } = run.info;
  if (training.inputs.length > 0)
    await server.mlflow('runs/log-inputs', {
      run_id,
      datasets: training.inputs.map(([name, uri, context]) => ({
        tags: [{ key: 'mlflow.data.context', value: context }],
        dataset: { name, digest: `${name}-1`, source_type: 's3', source: JSON.stringify({ uri }) },
      })),
    });
  let model = '';
  if (training.modelless !== true) {
    const made = await server.mlflow<{ model: { info: { model_id: string } } }>('logged-models', {
      ...{ experiment_id: experiment, name: training.name, source_run_id: run_id },
    });
    model = made.model.info.model_id;
  }
  const end_time = training.started + hour / 2;
  await server.mlflow('runs/update', { run_id, status: 'FINISHED', end_time });
  return { run: run_id, model };
}

/** Resolves to the uid of the version. */
async function deploy(
  server: TestServer,
  name: string,
  { model }: Trained,
  endpoint: string,
  at: number,
): Promise<string> {
  await server.call('POST', '/models/registered', { name });
  const source = { source: `models:/${model}`, loggedModel: model };
  const { uid } = await server.call<{ uid: string }>('POST', `/models/registered/${name}/versions`, source);
  await server.call('POST', '/deployments', { endpoint, model: `models:/${name}/1`, at });
  return uid;
}
