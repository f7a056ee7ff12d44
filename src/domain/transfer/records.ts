/**
 * The neutral records that stores are moved in and out as: what every tracker has, in Cairn's words, with the ids and times
 * of where it comes from. Readers of foreign stores yield them, `transfer.put` stores them, `transfer.read` yields them
 * again; so both sides of a move are compared, and written out, by the same code.
 */
import { type Static, Type } from '../../kernel/schema.ts';

/** Most of each kind in one batch. */
export const batchLimits = {
  experiments: 1_000,
  runs: 500,
  models: 100,
  links: 2_000,
  registered: 100,
  /** Points of one batch. */
  points: 400_000,
  /** Bytes of its JSON. */
  bytes: 64 * 1024 * 1024,
} as const;

/** UTF-16 units of a key: keys are interned, and indexed whole. */
export const transferKeyLimit = 500;

const Pairs = Type.Array(Type.Array(Type.String(), { minItems: 2, maxItems: 2 }), {
  description: 'Pairs of key and value; no key twice.',
});
const Instant = Type.Integer({ description: 'ms since 1970' });
const LifecycleWire = Type.Enum(['active', 'deleted']);

/** Equal lengths; little-endian, as base64: 64-bit floats, and 64-bit signed integers of steps and of ms since 1970. */
export const ColumnsWire = Type.Object(
  { values: Type.String(), steps: Type.String(), times: Type.String() },
  { title: 'MovedColumns', additionalProperties: false },
);

export const ExperimentRecord = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, pattern: '^[0-9]+$' }),
    name: Type.String({ minLength: 1, maxLength: 500 }),
    location: Type.String({ minLength: 1, maxLength: 2048, description: 'Where its artifacts lie.' }),
    lifecycle: LifecycleWire,
    created: Instant,
    updated: Instant,
    tags: Pairs,
  },
  { title: 'MovedExperiment', additionalProperties: false },
);

const InputRecord = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 500 }),
    digest: Type.String({ minLength: 1, maxLength: 100 }),
    sourceType: Type.String({ maxLength: 100 }),
    source: Type.String(),
    schema: Type.Optional(Type.String()),
    profile: Type.Optional(Type.String()),
    tags: Pairs,
  },
  { title: 'MovedInput', additionalProperties: false },
);

const SeriesRecord = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: transferKeyLimit }),
    points: Type.Optional(ColumnsWire),
    count: Type.Optional(
      Type.Integer({
        description: 'Of an answer: how many points there are, where they were too many to come along.',
      }),
    ),
  },
  { title: 'MovedSeries', additionalProperties: false },
);

export const RunRecord = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    name: Type.String({ maxLength: 8_000 }),
    user: Type.String({ maxLength: 500 }),
    state: Type.Enum(['scheduled', 'running', 'finished', 'failed', 'killed']),
    started: Instant,
    ended: Type.Union([Instant, Type.Null()]),
    lifecycle: LifecycleWire,
    deleted: Type.Union([Instant, Type.Null()], { description: 'When it was deleted, where that is known.' }),
    params: Pairs,
    tags: Pairs,
    inputs: Type.Array(InputRecord, { description: 'The data sets that it read, in the order logged.' }),
    series: Type.Array(SeriesRecord),
  },
  { title: 'MovedRun', additionalProperties: false },
);

const TiedSeriesRecord = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: transferKeyLimit }),
    run: Type.String({ description: 'Id of the run that measured it.' }),
    dataset: Type.Optional(
      Type.Array(Type.String(), { minItems: 2, maxItems: 2, description: 'Name and digest.' }),
    ),
    points: ColumnsWire,
  },
  { title: 'MovedModelSeries', additionalProperties: false },
);

export const ModelRecord = Type.Object(
  {
    id: Type.String({ pattern: '^m-[0-9a-f]{32}$' }),
    name: Type.String({ minLength: 1, maxLength: 500 }),
    type: Type.String({ maxLength: 500 }),
    sourceRun: Type.String({ maxLength: 250 }),
    state: Type.Enum(['pending', 'ready', 'failed']),
    message: Type.String({
      maxLength: 1_000,
      description: 'Why it is in its state, in the words of who said so.',
    }),
    created: Instant,
    updated: Instant,
    lifecycle: LifecycleWire,
    params: Pairs,
    tags: Pairs,
    series: Type.Array(TiedSeriesRecord),
  },
  { title: 'MovedModel', additionalProperties: false },
);

/** That a run read a logged model, or made it as an output. */
export const LinkRecord = Type.Object(
  {
    run: Type.String(),
    model: Type.String(),
    role: Type.Enum(['input', 'output']),
    step: Type.String({ pattern: '^-?[0-9]{1,19}$', description: 'Of an output; an int64 as text.' }),
  },
  { title: 'MovedLink', additionalProperties: false },
);

const VersionRecord = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    description: Type.Optional(Type.String()),
    created: Instant,
    updated: Instant,
    creator: Type.String({ maxLength: 500 }),
    stage: Type.Enum(['None', 'Staging', 'Production', 'Archived']),
    source: Type.String({ maxLength: 2_048 }),
    location: Type.String({ maxLength: 2_048, description: 'Where clients read its files.' }),
    run: Type.String({ maxLength: 256 }),
    runLink: Type.String({ maxLength: 2_048 }),
    loggedModel: Type.String({ maxLength: 256 }),
    tags: Pairs,
  },
  { title: 'MovedVersion', additionalProperties: false },
);

export const RegisteredRecord = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 512 }),
    description: Type.Optional(Type.String()),
    created: Instant,
    updated: Instant,
    tags: Pairs,
    aliases: Pairs,
    versions: Type.Array(VersionRecord, { maxItems: 10_000 }),
    deleted: Type.Array(Type.Integer({ minimum: 1 }), {
      description: 'Numbers of deleted versions, which are never given again.',
    }),
  },
  { title: 'MovedRegisteredModel', additionalProperties: false },
);

export type RegisteredRecord = Static<typeof RegisteredRecord>;
export type ExperimentRecord = Static<typeof ExperimentRecord>;
export type InputRecord = Static<typeof InputRecord>;
export type SeriesRecord = Static<typeof SeriesRecord>;
export type RunRecord = Static<typeof RunRecord>;
export type TiedSeriesRecord = Static<typeof TiedSeriesRecord>;
export type ModelRecord = Static<typeof ModelRecord>;
export type LinkRecord = Static<typeof LinkRecord>;
export type ColumnsWire = Static<typeof ColumnsWire>;

/** The experiment that runs or models belong to: the name is held against the one here, so that no id means another's. */
const ExperimentName = Type.Object(
  { id: Type.String(), name: Type.String() },
  { additionalProperties: false },
);

/** What one batch holds: records of one kind. */
export const BatchBody = Type.Object(
  {
    source: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'What is moved in: an address without secrets.',
    }),
    cursor: Type.Union([Type.String({ maxLength: 4_000 }), Type.Null()], {
      description: 'Where its reader goes on after this batch, kept with it; null when all of it was read.',
    }),
    experiments: Type.Optional(Type.Array(ExperimentRecord, { maxItems: batchLimits.experiments })),
    experiment: Type.Optional(ExperimentName),
    runs: Type.Optional(Type.Array(RunRecord, { maxItems: batchLimits.runs })),
    models: Type.Optional(Type.Array(ModelRecord, { maxItems: batchLimits.models })),
    links: Type.Optional(Type.Array(LinkRecord, { maxItems: batchLimits.links })),
    registered: Type.Optional(Type.Array(RegisteredRecord, { maxItems: batchLimits.registered })),
  },
  { additionalProperties: false },
);
export type Batch = Static<typeof BatchBody>;

/** A record that was not stored, for something else stands here; nothing of it was changed. */
export const Refusal = Type.Object({
  kind: Type.Enum(['experiment', 'run', 'model', 'link', 'registered']),
  id: Type.String(),
  why: Type.String(),
});
export type Refusal = Static<typeof Refusal>;

export type Pair = readonly [key: string, value: string];
export const asPairs = (pairs: readonly (readonly string[])[]): Pair[] =>
  pairs.map((pair) => [pair[0] ?? '', pair[1] ?? '']);

export const recordKinds = ['experiments', 'runs', 'models', 'links', 'registered'] as const;
export type RecordKind = (typeof recordKinds)[number];
