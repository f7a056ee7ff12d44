/** Datasets on the wire of the native API. Absent figures are null, so that a table has its columns. */
import { type Static, type TSchema, Type } from '../../kernel/schema.ts';
import type { CataloguedDataset, CataloguedUse, FaceRecord } from './catalogue/catalogue.ts';
import type { Execution } from './catalogue/executions.ts';
import type { CataloguedVersion, VersionDifference } from './catalogue/versions.ts';
import { datasetLimits } from './dataset.ts';
import type { Field } from './shape/shape.ts';

const orNull = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
const MaybeText = (description?: string) => orNull(Type.String(), description);
const MaybeCount = (description?: string) => orNull(Type.Integer(), description);
const Instant = (description: string) => Type.Integer({ description: `ms since 1970; ${description}` });
const Named = Type.Object({ name: Type.String(), value: Type.String() });
const Tags = Type.Array(Type.Object({ key: Type.String(), value: Type.String() }));

const RecordWire = Type.Object(
  {
    uid: Type.String(),
    face: MaybeText('Whose record it is: native, mlflow, openlineage, …'),
    project: Type.String({
      description: 'Name of the project it is of: what lies in one place is one dataset for all.',
    }),
    name: Type.String(),
    uri: MaybeText('As it was written.'),
    created: Type.Integer({ description: 'ms since 1970' }),
    same: orNull(
      Type.Object({
        as: Type.String({ description: 'Uid of the record it was found equal to.' }),
        rule: Type.String({
          description: '`equal uri`, `symlink`, `equal version`, `equal digest`, `equal weak digest`',
        }),
        known: Type.String({ description: 'observed, declared or inferred' }),
      }),
      'Why it is one thing with the others; null where nothing else is known of it.',
    ),
  },
  { title: 'DatasetRecord' },
);

const SaidWire = orNull(
  Type.Object({
    value: Type.String(),
    by: Type.Enum(['people', 'producer'], { description: 'Somebody here, or a producer in a facet.' }),
  }),
);

export const DatasetWire = Type.Object(
  {
    uid: Type.String({ description: 'Of its first record; any of their uids will do to ask for it.' }),
    name: Type.String({ description: 'Of its first record.' }),
    uri: MaybeText('Where it lies, in one spelling for equal places; null where it has no place of its own.'),
    created: Instant('when its first record was made'),
    latest: orNull(
      Type.Integer(),
      'ms since 1970; when it was last written, or else its latest version recorded',
    ),
    versions: Type.Integer({ description: 'Equal ones count once.' }),
    readers: Type.Integer({ description: 'Runs that read it.' }),
    writers: Type.Integer({ description: 'Runs that wrote it.' }),
    description: SaidWire,
    owner: SaidWire,
    licence: SaidWire,
    tags: Type.Array(
      Type.Object({ key: Type.String(), value: Type.String(), by: Type.Enum(['people', 'producer']) }),
    ),
    facts: Type.Array(Named, { description: 'What else producers tell: kind, storage, catalogue.' }),
    undoable: Type.Boolean({ description: 'The last change of the description can be taken back.' }),
    records: Type.Array(RecordWire, { description: 'Those of the project first.' }),
    masked: Type.Integer({ description: 'Records in projects that may not be seen.' }),
  },
  { title: 'Dataset' },
);

const ExecutionWire = Type.Object(
  {
    uid: Type.String(),
    project: Type.String({ description: 'Name of its project.' }),
    type: Type.String({ description: '`run`, or `job-run` of a pipeline.' }),
    name: Type.String(),
    purged: Type.Boolean({ description: 'That it was there is all that is left of it.' }),
    state: MaybeText(),
    started: MaybeCount('ms since 1970'),
    ended: MaybeCount('ms since 1970'),
    experiment: orNull(Type.Object({ id: Type.String(), name: Type.String() })),
    job: orNull(Type.Object({ uid: Type.String(), name: Type.String(), namespace: Type.String() })),
    user: MaybeText(),
    where: MaybeText('What ran it, as far as it was told: an engine, a script, a scheduler.'),
  },
  { title: 'DatasetExecution' },
);

/** Fields nest; a schema cannot say so of itself here, so what is inside is not described further. */
const FieldWire = Type.Object(
  {
    path: Type.String({ description: 'Names from the outside in, joined by dots.' }),
    depth: Type.Integer({ description: '0 for a column.' }),
    type: MaybeText('As its producer spells it.'),
    nullable: orNull(Type.Boolean()),
    description: MaybeText(),
  },
  { title: 'DatasetField' },
);

const Bound = orNull(Type.Union([Type.Number(), Type.String()]));
const Figure = orNull(Type.Number());
const ColumnStatisticsWire = Type.Object(
  {
    name: Type.String(),
    ...{ count: Figure, nulls: Figure, distinct: Figure, min: Bound, max: Bound },
    ...{ mean: Figure, deviation: Figure, sum: Figure },
    quantiles: Type.Array(Type.Object({ at: Type.String(), value: Type.Number() })),
  },
  { title: 'ColumnStatistics' },
);

const DigestWire = Type.Object(
  {
    algorithm: Type.String(),
    value: Type.String(),
    of: Type.Enum(['content', 'sample']),
    weak: Type.Boolean({ description: 'Equal ones suggest the same content, and prove nothing.' }),
  },
  { title: 'DatasetDigest' },
);

const summary = {
  uid: Type.String({ description: 'Of its first record; any of their uids will do to ask for it.' }),
  project: Type.String({ description: 'Name of the project of that record: where to ask for it.' }),
  dataset: Type.String({ description: 'Uid of the dataset.' }),
  name: Type.String(),
  at: Instant('when it was written, or else recorded'),
  version: MaybeText('As its source names it: a snapshot, a commit.'),
  digests: Type.Array(DigestWire),
  rows: MaybeCount(),
  bytes: MaybeCount(),
  files: MaybeCount(),
  fields: MaybeCount('How many columns its schema has.'),
  schemaDigest: MaybeText('Equal for versions with equal schemas; null where none was told.'),
  makers: Type.Array(ExecutionWire, { description: 'Runs that wrote it.' }),
  readers: Type.Integer({ description: 'Runs that read it.' }),
  seen: orNull(
    Type.Object({
      uid: Type.String(),
      project: Type.String({ description: 'Name of its project.' }),
      called: Type.String({ description: 'What that version is called.' }),
      known: Type.String({ description: 'declared or inferred' }),
    }),
    'Of a version that nobody wrote, but a client saw: the one that its latest reading is bound to.',
  ),
  note: MaybeText(),
  tags: Tags,
  records: Type.Array(RecordWire),
};

export const VersionSummaryWire = Type.Object(summary, { title: 'DatasetVersionSummary' });

export const VersionWire = Type.Object(
  {
    ...summary,
    schema: orNull(Type.Array(FieldWire), 'Fields in their order, each before those inside it.'),
    statistics: Type.Object({
      columns: Type.Array(ColumnStatisticsWire),
      others: Type.Array(Named, { description: 'Figures that only their producer has a name for.' }),
    }),
    preview: orNull(
      Type.Object({
        columns: Type.Array(Type.String()),
        rows: Type.Array(Type.Array(Type.Any())),
      }),
    ),
    source: orNull(
      Type.Object({ type: Type.String(), text: Type.String({ description: 'JSON, as it was written.' }) }),
      'As an MLflow client wrote it.',
    ),
    facts: Type.Array(Named),
  },
  { title: 'DatasetVersion' },
);

export const UseWire = Type.Object(
  {
    direction: Type.Enum(['read', 'write']),
    at: Instant('when the run began that read, or ended that wrote'),
    context: MaybeText('What for: training, test, …'),
    run: ExecutionWire,
    record: MaybeText('Uid of the version that the run itself names; null where it names the dataset alone.'),
    version: MaybeText(
      'Uid of the version written, or that a read is bound to; null: which one is not known.',
    ),
    version_project: MaybeText('Name of the project of the version that a read is bound to.'),
    masked: Type.Boolean({ description: 'It is bound to a version that may not be seen.' }),
    called: MaybeText('What that version is called: as its source names it, or by its digest.'),
    rule: MaybeText('How a read was bound: `explicit version`, `current at its time`.'),
    known: MaybeText('declared or inferred'),
  },
  { title: 'DatasetUsage' },
);

const FigureValue = orNull(Type.Union([Type.Number(), Type.String()]));

export const DifferenceWire = Type.Object(
  {
    left: VersionSummaryWire,
    right: VersionSummaryWire,
    schema: orNull(
      Type.Object({
        added: Type.Array(FieldWire),
        removed: Type.Array(FieldWire),
        changed: Type.Array(Type.Object({ path: Type.String(), left: FieldWire, right: FieldWire })),
        moved: Type.Array(Type.Object({ path: Type.String(), left: Type.Integer(), right: Type.Integer() }), {
          description: 'Places, counted from 0; as few fields as account for the new order.',
        }),
      }),
      'null where one of the two tells no fields.',
    ),
    statistics: Type.Array(
      Type.Object({
        column: MaybeText('null: of the whole'),
        figure: Type.String(),
        left: FigureValue,
        right: FigureValue,
      }),
    ),
    more: Type.Integer({
      description: `Figures that differ beyond the first ${datasetLimits.differences}.`,
    }),
  },
  { title: 'DatasetDifference' },
);

const recordWire = ({ uid, face, project, name, uri, created, same }: FaceRecord) => ({
  ...{ uid, face: face ?? null, project, name, uri: uri ?? null, created, same: same ?? null },
});

export function datasetWire(dataset: CataloguedDataset): Static<typeof DatasetWire> {
  const { description, records, uri, latest, ...rest } = dataset;
  const { fields, tags, facts, undoable } = description;
  return {
    ...rest,
    ...{ uri: uri ?? null, latest: latest ?? null },
    ...{ description: fields.description ?? null, owner: fields.owner ?? null },
    licence: fields.licence ?? null,
    ...{ tags: [...tags], facts: [...facts], undoable, records: records.map(recordWire) },
  };
}

const executionWire = ({
  uid,
  project,
  type,
  name,
  purged,
  ...run
}: Execution): Static<typeof ExecutionWire> => ({
  ...{
    uid,
    project,
    type,
    name,
    purged,
    state: run.state ?? null,
    started: run.started ?? null,
    ended: run.ended ?? null,
  },
  ...{ experiment: run.experiment ?? null, job: run.job ?? null },
  ...{ user: run.user ?? null, where: run.where ?? null },
});

export function versionSummaryWire(version: CataloguedVersion): Static<typeof VersionSummaryWire> {
  const { uid, project, dataset, name, at, facts, schemaDigest, makers, readers, seen, records } = version;
  const { rows, bytes, files } = facts.statistics;
  return {
    ...{ uid, project, dataset, name, at, version: facts.version ?? null, digests: [...facts.digests] },
    ...{ rows: rows ?? null, bytes: bytes ?? null, files: files ?? null },
    ...{ fields: facts.fields?.length ?? null, schemaDigest: schemaDigest ?? null },
    ...{
      makers: makers.map(executionWire),
      readers,
      seen: seen ?? null,
      note: facts.note ?? null,
      tags: [...facts.tags],
    },
    records: records.map(recordWire),
  };
}

/** A field as a row of a table: its names from the outside in, how deep it lies. */
const fieldWire = (path: string, depth: number, field: Field): Static<typeof FieldWire> => ({
  ...{ path, depth, type: field.type ?? null, nullable: field.nullable ?? null },
  description: field.description ?? null,
});

function fieldRows(fields: readonly Field[], prefix = '', depth = 0): Static<typeof FieldWire>[] {
  return fields.flatMap((field) => {
    const path = prefix + field.name;
    return [fieldWire(path, depth, field), ...fieldRows(field.fields ?? [], `${path}.`, depth + 1)];
  });
}

export function versionWire(version: CataloguedVersion): Static<typeof VersionWire> {
  const { facts } = version;
  const columns = facts.statistics.columns.map(({ name, quantiles, ...figures }) => ({
    name,
    ...{ count: figures.count ?? null, nulls: figures.nulls ?? null, distinct: figures.distinct ?? null },
    ...{ min: figures.min ?? null, max: figures.max ?? null, mean: figures.mean ?? null },
    ...{ deviation: figures.deviation ?? null, sum: figures.sum ?? null },
    quantiles: Object.entries(quantiles ?? {}).map(([at, value]) => ({ at, value })),
  }));
  const { preview, source } = facts;
  return {
    ...versionSummaryWire(version),
    schema: facts.fields === undefined ? null : fieldRows(facts.fields),
    statistics: { columns, others: [...(facts.statistics.others ?? [])] },
    preview:
      preview === undefined
        ? null
        : { columns: [...preview.columns], rows: preview.rows.map((row) => [...row]) },
    source: source ?? null,
    facts: [...facts.words],
  };
}

export function useWire(use: CataloguedUse): Static<typeof UseWire> {
  const record = use.isAsset ? null : use.record_uid;
  return {
    ...{ direction: use.direction, at: use.at, context: use.context ?? null, run: executionWire(use.run) },
    ...{ record, version: use.direction === 'write' ? record : (use.bound ?? (use.masked ? null : record)) },
    ...{ version_project: use.bound_project ?? null, masked: use.masked },
    ...{ called: use.called ?? null, rule: use.rule ?? null, known: use.known ?? null },
  };
}

export function differenceWire(found: VersionDifference): Static<typeof DifferenceWire> {
  const { left, right, schema, statistics } = found;
  const shown = statistics.slice(0, datasetLimits.differences);
  const row = ({ path, field }: { readonly path: string; readonly field: Field }) =>
    fieldWire(path, path.split('.').length - 1, field);
  return {
    ...{ left: versionSummaryWire(left), right: versionSummaryWire(right) },
    schema:
      schema === undefined
        ? null
        : {
            added: schema.added.map(row),
            removed: schema.removed.map(row),
            changed: schema.changed.map(({ path, left: before, right: after }) => ({
              ...{ path, left: row({ path, field: before }), right: row({ path, field: after }) },
            })),
            moved: schema.moved.map((each) => ({ ...each })),
          },
    statistics: shown.map(({ column, figure, left: before, right: after }) => ({
      ...{ column: column ?? null, figure, left: before ?? null, right: after ?? null },
    })),
    more: statistics.length - shown.length,
  };
}
