/** Events of a nightly job that computes the features of a model of churn, as Airflow tells them, and of jobs that run each hour. */

const day = 86_400_000;
export const namespace = 'prod-airflow';
export const warehouse = 'postgres://warehouse.example:5432';
/** Nights that are over; the last of them failed on the eleventh. */
export const nights = 16;
export const badNight = 11;
const firstNight = Date.now() - nights * day - 3_600_000;

type Members = Readonly<Record<string, unknown>>;
export const facet = (members: Members) => ({
  _producer: 'https://github.com/apache/airflow/tree/providers-openlineage/2.21.0',
  _schemaURL: 'https://openlineage.io/spec/facets/1-0-0/Facet.json',
  ...members,
});
/** A run id of a night: its last digits tell it apart, as those of real ones do. */
export const runId = (night: number, task: number) =>
  `01935c4a-${String(night).padStart(4, '0')}-7000-8000-${String(night * 10 + task).padStart(12, '0')}`;

interface Told {
  readonly type: 'START' | 'RUNNING' | 'COMPLETE' | 'FAIL';
  readonly at: number;
  readonly night: number;
  readonly task: number;
  readonly name: string;
  readonly runFacets?: Members;
  readonly jobFacets?: Members;
  readonly inputs?: readonly Members[];
  readonly outputs?: readonly Members[];
}

export const event = ({ type, at, night, task, name, runFacets, jobFacets, inputs, outputs }: Told) => ({
  eventType: type,
  eventTime: new Date(at).toISOString(),
  producer: 'https://github.com/apache/airflow/tree/providers-openlineage/2.21.0',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  run: {
    runId: runId(night, task),
    facets: {
      ...(task === 0
        ? {}
        : { parent: facet({ run: { runId: runId(night, 0) }, job: { namespace, name: 'churn_daily' } }) }),
      ...runFacets,
    },
  },
  job: { namespace, name, facets: jobFacets ?? {} },
  inputs: inputs ?? [],
  outputs: outputs ?? [],
});

const customers = { namespace: warehouse, name: 'crm.public.customers' };
const visits = { namespace: warehouse, name: 'crm.public.visits' };
const from = (dataset: typeof customers, field: string, subtype: string) => ({
  ...dataset,
  field,
  transformations: [{ type: 'DIRECT', subtype }],
});
const features = (rows: number) => ({
  ...{ namespace: 's3://lake', name: 'gold/churn-features' },
  facets: {
    schema: facet({
      fields: ['customer', 'months', 'visits'].map((name) => ({ name, type: 'bigint' })),
    }),
    columnLineage: facet({
      fields: {
        customer: { inputFields: [from(customers, 'id', 'IDENTITY')] },
        months: { inputFields: [from(customers, 'since', 'TRANSFORMATION')] },
        visits: { inputFields: [from(visits, 'at', 'AGGREGATION'), from(visits, 'page', 'AGGREGATION')] },
      },
    }),
  },
  outputFacets: { outputStatistics: facet({ rowCount: rows, size: rows * 38 }) },
});
const query = [
  'INSERT INTO features',
  'SELECT c.id AS customer, months_since(c.since), count(v.page)',
  '  FROM customers c LEFT JOIN visits v ON v.customer = c.id',
  ' GROUP BY 1, 2',
].join('\n');
const trace = 'psycopg2.errors.UndefinedColumn: column v.customer does not exist\n  at features.sql, line 3';

/** What a night tells: the DAG, the task that builds the features, and the one that exports them. */
export function nightly(night: number): object[] {
  const begin = firstNight + night * day;
  const failed = night === badNight;
  const took = 52_000 + ((night * 7) % 5) * 9_000 + (failed ? -45_000 : 0);
  const task = { ...{ night, task: 1 }, name: 'churn_daily.features' };
  const dag = { ...{ night, task: 0 }, name: 'churn_daily' };
  const dagFacets = { jobType: facet({ processingType: 'BATCH', integration: 'AIRFLOW', jobType: 'DAG' }) };
  return [
    event({ ...dag, type: 'START', at: begin, jobFacets: dagFacets }),
    event({
      ...{ ...task, type: 'START', at: begin + 2_000 },
      jobFacets: {
        jobType: facet({ processingType: 'BATCH', integration: 'AIRFLOW', jobType: 'TASK' }),
        documentation: facet({ description: 'Features of each customer, for the models of churn.' }),
        ownership: facet({ owners: [{ name: 'team:data-platform', type: 'MAINTAINER' }] }),
        sourceCodeLocation: facet({
          type: 'git',
          url: 'https://git.example/etl/churn.py',
          path: 'dags/churn.py',
          version: '4f2a9c1e',
        }),
        sql: facet({ query, dialect: 'postgres' }),
      },
      runFacets: {
        nominalTime: facet({ nominalStartTime: new Date(begin).toISOString() }),
        processing_engine: facet({ name: 'Airflow', version: '3.1.0', openlineageAdapterVersion: '2.21.0' }),
        acme_lease: facet({ ticket: 'Q', queue: { workers: 4 } }),
      },
    }),
    event({
      ...{ ...task, type: failed ? 'FAIL' : 'COMPLETE', at: begin + 2_000 + took },
      inputs: [
        { ...customers, inputFacets: { inputStatistics: facet({ rowCount: 90_000 + night * 12 }) } },
        visits,
      ],
      outputs: failed ? [] : [features(90_000 + night * 12)],
      ...(failed && {
        runFacets: {
          errorMessage: facet({
            message: 'column v.customer does not exist',
            programmingLanguage: 'PYTHON',
            stackTrace: trace,
          }),
        },
      }),
    }),
    event({ ...dag, type: failed ? 'FAIL' : 'COMPLETE', at: begin + 4_000 + took }),
  ];
}

/** A job that ran each hour; of its runs those in `failed` failed. */
export function hourly(
  space: string,
  name: string,
  runs: number,
  failed: readonly number[],
  jobType: string,
): object[] {
  const integration = space.split('-')[0]!.toUpperCase();
  const begun = (hour: number) => Date.now() - (runs - hour) * 3_600_000;
  return Array.from({ length: runs }, (_, hour) =>
    (['START', 'COMPLETE'] as const).map((type) => ({
      eventType: type === 'COMPLETE' && failed.includes(hour) ? 'FAIL' : type,
      eventTime: new Date(begun(hour) + (type === 'START' ? 0 : 240_000 + ((hour * 31) % 7) * 35_000)),
      producer: 'https://example.com/producer',
      run: { runId: `${name} ${hour}` },
      job: {
        ...{ namespace: space, name },
        facets: { jobType: facet({ processingType: 'BATCH', integration, jobType }) },
      },
      outputs: [{ namespace: 's3://lake', name: name.replace('.', '/') }],
    })),
  ).flat();
}
