/** Datasets in the native API: recorded, described, taken back. */
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery } from '../contexts/index.ts';
import { datasetLimits } from './dataset.ts';
import type { DatasetServices } from './dataset-operations.ts';
import { DatasetWire, datasetWire, VersionWire, versionWire } from './dataset-wire.ts';
import { digestAlgorithms } from './digest.ts';

const limits = datasetLimits;
const Text = (maxLength: number, description?: string) =>
  Type.String({ maxLength, ...(description !== undefined && { description }) });
const Count = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }));
const Figure = Type.Optional(Type.Number());

const field = {
  name: Type.String({ minLength: 1, maxLength: limits.name }),
  type: Type.Optional(Text(limits.name, 'As its producer spells it.')),
  nullable: Type.Optional(Type.Boolean()),
  description: Type.Optional(Text(limits.name)),
};
const closed = { additionalProperties: false } as const;
const list = { maxItems: limits.fields } as const;
/** Fields nest three deep on this wire; what lies deeper is told by the type of the one around it. */
const InnermostField = Type.Object(field, closed);
const InnerField = Type.Object({ ...field, fields: Type.Optional(Type.Array(InnermostField, list)) }, closed);
const FieldInput = Type.Object({ ...field, fields: Type.Optional(Type.Array(InnerField, list)) }, closed);

const ColumnInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: limits.name }),
    ...{ count: Count('Values that are there.'), nulls: Count('Values that are missing.') },
    distinct: Count('Different values.'),
    ...{ sum: Figure, mean: Figure, deviation: Figure },
    min: Type.Optional(Type.Union([Type.Number(), Text(limits.name)])),
    max: Type.Optional(Type.Union([Type.Number(), Text(limits.name)])),
    quantiles: Type.Optional(
      Type.Record(Type.String(), Type.Number(), { description: 'Fraction (`0.5`) → value.' }),
    ),
  },
  { additionalProperties: false },
);

const NewVersion = Type.Object(
  {
    name: Type.String({ description: 'What people call the dataset; with `namespace` its name in there.' }),
    uri: Type.Optional(
      Type.String({
        description: '`s3://bucket/key`, `/data/a.csv`, `postgres://host/db.schema.table`: where it lies.',
      }),
    ),
    namespace: Type.Optional(
      Type.String({
        description: 'In place of `uri`, as OpenLineage names it: `s3://bucket`, `postgres://host`.',
      }),
    ),
    version: Type.Optional(
      Type.String({ description: 'As the source names it: a snapshot, a commit, a tag that never moves.' }),
    ),
    digests: Type.Optional(
      Type.Array(
        Type.Object(
          {
            algorithm: Type.Enum([...digestAlgorithms], {
              description: 'Only the first four prove equal content; what the others give suggests it.',
            }),
            value: Type.String({ description: 'Hexadecimal, save of mlflow and etag.' }),
            of: Type.Optional(
              Type.Enum(['content', 'sample'], {
                description: 'Over what it was made; a sample proves nothing.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        { maxItems: limits.digests },
      ),
    ),
    created: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'ms since 1970; when it came to be. When its run ended, or now, where absent.',
      }),
    ),
    schema: Type.Optional(
      Type.Object(
        {
          fields: Type.Array(FieldInput, list),
        },
        { additionalProperties: false },
      ),
    ),
    rows: Count('Rows.'),
    bytes: Count('Bytes.'),
    files: Count('Files.'),
    statistics: Type.Optional(Type.Array(ColumnInput, { maxItems: limits.fields })),
    preview: Type.Optional(
      Type.Object(
        {
          columns: Type.Array(Text(limits.name), { maxItems: limits.previewColumns }),
          rows: Type.Array(
            Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
              maxItems: limits.previewColumns,
            }),
            { maxItems: limits.previewRows },
          ),
        },
        { additionalProperties: false },
      ),
    ),
    note: Type.Optional(Text(limits.description)),
    tags: Type.Optional(
      Type.Array(
        Type.Object({ key: Type.String(), value: Text(limits.tagValue) }, { additionalProperties: false }),
        { maxItems: limits.tags },
      ),
    ),
    run: Type.Optional(Type.String({ description: 'Uid of the run that wrote it.' })),
  },
  { additionalProperties: false },
);

const Word = (maxLength: number) => Type.Optional(Type.Union([Type.String({ maxLength }), Type.Null()]));
const description = {
  description: Word(limits.description),
  owner: Word(limits.words),
  licence: Word(limits.words),
  tags: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String({ maxLength: limits.tagValue }), Type.Null()]), {
      description: 'Key → value; null removes it, what is left out stays.',
      maxProperties: limits.tags,
    }),
  ),
};
const Expected = Type.Optional(
  Type.Object(description, {
    additionalProperties: false,
    description: 'What people say now, null for nothing; where they say something else nothing changes.',
  }),
);

export function changeOperations({ projects, datasets }: DatasetServices): Operation[] {
  const params = Type.Object({
    dataset: Type.String({ description: 'Uid of the dataset, by any of its records.' }),
  });
  const query = Type.Object(ProjectQuery);
  return [
    operation({
      id: 'dataset-version.record',
      method: 'POST',
      path: '/api/v1/dataset-versions',
      permission: 'metadata:write',
      summary:
        'Record a version of a dataset: place, digests, schema, counts, statistics, the run that wrote it. A version told of again gains what was not told before.',
      query,
      body: NewVersion,
      output: VersionWire,
      errors: ['not_found', 'conflict'],
      status: 201,
      idempotent: true,
      bodyLimit: 4 * 1024 * 1024,
      async run(context, { query: { project: name }, body }) {
        const project = await projects.resolve(context, name);
        const { uid } = await datasets.record(context, project, body);
        return versionWire(await datasets.version(context, project, uid));
      },
    }),
    operation({
      id: 'dataset.describe',
      method: 'PATCH',
      path: '/api/v1/datasets/{dataset}',
      permission: 'metadata:write',
      summary:
        'Say what a dataset is: description, owner, licence, tags. With `expected` only if nobody else has said otherwise.',
      params,
      query,
      body: Type.Object({ ...description, expected: Expected }, { additionalProperties: false }),
      output: DatasetWire,
      errors: ['not_found', 'conflict'],
      idempotent: true,
      async run(context, { params: { dataset }, query: { project: name }, body }) {
        const project = await projects.resolve(context, name);
        const { expected, ...change } = body;
        await datasets.describe(context, project, dataset, change, expected);
        return datasetWire(await datasets.get(context, project, dataset));
      },
    }),
    operation({
      id: 'dataset.undo',
      method: 'POST',
      path: '/api/v1/datasets/{dataset}/undo',
      permission: 'metadata:write',
      summary:
        'Take back the last change of what people say of a dataset. Undone again, that change is back.',
      params,
      query,
      body: Type.Object({ expected: Expected }, { additionalProperties: false }),
      output: DatasetWire,
      errors: ['not_found', 'conflict', 'failed_precondition'],
      idempotent: true,
      async run(context, { params: { dataset }, query: { project: name }, body }) {
        const project = await projects.resolve(context, name);
        await datasets.undo(context, project, dataset, body.expected);
        return datasetWire(await datasets.get(context, project, dataset));
      },
    }),
  ];
}
