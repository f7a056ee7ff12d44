/** Jobs, runs, facets and columns on the wire of the native API. */
import { parseJsonText } from '../../kernel/json.ts';
import { JsonDouble, JsonInt64 } from '../../kernel/json-number.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { executionStates } from '../graph/index.ts';
import type { StoredFacet } from './facet-reading.ts';
import type { DatasetName, Job, JobRun, Relative, RunUse, ToldState } from './job.ts';
import type { NamedLink } from './jobs.ts';
import { type JsonObject, runEventTypes } from './lineage-event.ts';
import type { Measured } from './ml-facets.ts';

const Time = Type.Integer({ description: 'ms since 1970' });
const MaybeTime = Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970' });
const MaybeText = Type.Union([Type.String(), Type.Null()]);
export const StateWire = Type.Enum(Object.keys(executionStates));
const MaybeState = Type.Union([StateWire, Type.Null()], { description: 'null where no event has told it' });

const JobNameWire = Type.Object({ uid: Type.String(), namespace: Type.String(), name: Type.String() });

export const JobRunWire = Type.Object(
  {
    uid: Type.String(),
    runId: Type.String({ description: 'As its producer calls it; a UUID in small letters.' }),
    state: MaybeState,
    started: MaybeTime,
    ended: MaybeTime,
    jobs: Type.Array(JobNameWire),
  },
  { title: 'JobRun' },
);

export const JobWire = Type.Object(
  {
    uid: Type.String(),
    namespace: Type.String(),
    name: Type.String(),
    created: Time,
    integration: Type.Union([Type.String(), Type.Null()], {
      description: '`SPARK`, `AIRFLOW`, `DBT`, …; this and the next two as the facet `jobType` says.',
    }),
    type: Type.Union([Type.String(), Type.Null()], { description: '`DAG`, `TASK`, `QUERY`, `MODEL`, …' }),
    processing: Type.Union([Type.String(), Type.Null()], { description: '`BATCH`, `STREAMING`, …' }),
    latestRun: Type.Union([JobRunWire, Type.Null()], { description: 'The one that was heard of last.' }),
    recent: Type.Array(
      Type.Object({ uid: Type.String(), state: MaybeState, started: MaybeTime, ended: MaybeTime }),
      { description: 'As many of its last runs as were asked for, the latest heard of first.' },
    ),
    data: Type.Object(
      {
        run: Type.Union([Type.String(), Type.Null()], { description: 'null: as the job is declared' }),
        inputs: Type.Integer(),
        outputs: Type.Integer(),
      },
      { description: 'How many datasets the latest run that names any read and wrote.' },
    ),
  },
  { title: 'Job' },
);

export const FacetWire = Type.Object(
  {
    key: Type.String(),
    at: Type.Integer({ description: 'ms since 1970; time of the event that says so' }),
    event: Type.Integer({ description: 'The event that says so.' }),
    value: Type.Any({ description: 'As it was sent.' }),
  },
  { title: 'Facet' },
);

export const DatasetNameWire = Type.Object(
  {
    uid: Type.String(),
    project: Type.String({ description: 'Name of its project.' }),
    namespace: Type.String({ description: 'Empty where it has none.' }),
    name: Type.String(),
  },
  { title: 'DatasetName' },
);

export const ParameterWire = Type.Object({
  key: Type.String(),
  value: Type.Any({ description: 'As it was sent.' }),
});

export const MeasuredWire = Type.Object({
  key: Type.String(),
  value: JsonDouble,
  step: Type.Union([JsonInt64, Type.Null()]),
  at: MaybeTime,
  model: Type.Union([Type.String(), Type.Null()], {
    description: 'Which model was measured: `models:/churn/3`.',
  }),
});

export const UseWire = Type.Object(
  {
    dataset: DatasetNameWire,
    first: Type.Integer({ description: 'ms since 1970; when an event first says so' }),
    named: Type.Union([Type.String(), Type.Null()], { description: 'The version that an event names.' }),
    role: Type.Union([Type.String(), Type.Null()], {
      description: 'What an input was for, in the words of its producer: `train`, `test`.',
    }),
    version: Type.Union(
      [
        Type.Object({
          uid: Type.String(),
          project: Type.String({ description: 'Name of its project.' }),
          rule: MaybeText,
          known: Type.String({ description: 'observed, declared or inferred' }),
        }),
        Type.Null(),
      ],
      {
        description:
          'Written: the version that this made. Read: the one it saw, and how that is known; null where nobody knows.',
      },
    ),
    masked: Type.Boolean({ description: 'It saw a version that may not be seen.' }),
    metrics: Type.Array(MeasuredWire, { description: 'What was measured on this input.' }),
    facets: Type.Array(FacetWire, { description: 'Of this reading or writing only.' }),
  },
  { title: 'DatasetUse' },
);

export const ToldStateWire = Type.Object({
  type: Type.Enum([...runEventTypes]),
  at: Time,
  event: Type.Integer(),
});

export const RelativeWire = Type.Object(
  {
    uid: Type.String(),
    type: Type.String({ description: '`run` of an experiment, `job-run` of a job' }),
    name: Type.String({ description: "A run's name, or a job run's id." }),
    job: Type.Union([JobNameWire, Type.Null()], { description: 'Of a run of a job.' }),
    state: MaybeState,
    started: MaybeTime,
    ended: MaybeTime,
  },
  { title: 'RelatedRun' },
);

export const ColumnLinkWire = Type.Object({
  target: Type.Object({
    dataset: DatasetNameWire,
    version: Type.Union([Type.String(), Type.Null()], { description: 'null where no run made it' }),
    project: Type.Union([Type.String(), Type.Null()], {
      description: 'Name of the project of that version.',
    }),
    field: Type.Union([Type.String(), Type.Null()], { description: 'null: the whole of it' }),
  }),
  source: Type.Object({
    dataset: DatasetNameWire,
    version: Type.Union([Type.String(), Type.Null()], {
      description: 'null where nobody knows which was read, or it may not be seen',
    }),
    project: Type.Union([Type.String(), Type.Null()], {
      description: 'Name of the project of that version.',
    }),
    field: Type.Union([Type.String(), Type.Null()], { description: 'null: the whole of it' }),
  }),
  transformations: Type.Any({ description: 'As they were sent; null where none were.' }),
});

export function jobRunWire({ uid, runId, state, started, ended, jobs }: JobRun): Static<typeof JobRunWire> {
  return {
    uid,
    runId,
    state: state ?? null,
    started: started ?? null,
    ended: ended ?? null,
    jobs: jobs.map((job) => ({ uid: job.uid, namespace: job.namespace, name: job.name })),
  };
}

export function jobWire(job: Job): Static<typeof JobWire> {
  const { uid, namespace, name, created, integration, type, processing, latestRun, recent, data } = job;
  return {
    ...{ uid, namespace, name, created },
    integration: integration ?? null,
    type: type ?? null,
    processing: processing ?? null,
    latestRun: latestRun ? jobRunWire(latestRun) : null,
    recent: recent.map((run) => ({
      uid: run.uid,
      state: run.state ?? null,
      started: run.started ?? null,
      ended: run.ended ?? null,
    })),
    data: { ...data, run: data.run ?? null },
  };
}

export function facetWire({ key, at, event, text }: StoredFacet): Static<typeof FacetWire> {
  return { key, at, event, value: parseJsonText(text, key, wideLimits) };
}

/** What was taken is given back, however much it is. */
const wideLimits = { depth: 200, values: 1_000_000 };

export function datasetNameWire({
  uid,
  project,
  namespace,
  name,
}: DatasetName): Static<typeof DatasetNameWire> {
  return { uid, project, namespace, name };
}

export function useWire(
  { dataset, first, named, role, version, masked }: RunUse,
  facets: readonly StoredFacet[],
  metrics: readonly Measured[],
): Static<typeof UseWire> {
  return {
    dataset: datasetNameWire(dataset),
    first,
    named: named ?? null,
    role: role ?? null,
    version: version
      ? {
          ...{ uid: version.uid, project: version.project },
          ...{ rule: version.rule ?? null, known: version.known },
        }
      : null,
    masked,
    metrics: metrics.map(measuredWire),
    facets: facets.map(facetWire),
  };
}

/** By their keys; a facet that is no object says nothing. */
export function valuesOf(facets: readonly StoredFacet[]): ReadonlyMap<string, JsonObject> {
  return new Map(facets.map((facet) => [facet.key, facetWire(facet).value as JsonObject]));
}

export function measuredWire({ key, value, step, at, model }: Measured): Static<typeof MeasuredWire> {
  return {
    key,
    value: value as Static<typeof JsonDouble>,
    step: typeof step === 'bigint' ? String(step) : (step ?? null),
    at: at ?? null,
    model: model ?? null,
  };
}

export const toldStateWire = ({ type, at, event }: ToldState): Static<typeof ToldStateWire> => ({
  type,
  at,
  event,
});

export function relativeWire(relative: Relative): Static<typeof RelativeWire> {
  const { uid, type, name, job, state, started, ended } = relative;
  return {
    ...{ uid, type, name },
    job: job === undefined ? null : { uid: job.uid, namespace: job.namespace, name: job.name },
    ...{ state: state ?? null, started: started ?? null, ended: ended ?? null },
  };
}

export function columnLinkWire({ link, target, source }: NamedLink): Static<typeof ColumnLinkWire> {
  return {
    target: {
      dataset: datasetNameWire(target),
      version: link.targetUid === target.uid ? null : link.targetUid,
      project: link.targetUid === target.uid ? null : target.project,
      field: link.targetField ?? null,
    },
    source: {
      dataset: datasetNameWire(source),
      version: link.sourceVersion ?? null,
      project: link.sourceProject ?? null,
      field: link.sourceField ?? null,
    },
    transformations: link.how === undefined ? null : parseJsonText(link.how, 'transformations', wideLimits),
  };
}
