import { type Operation, operation } from '../../kernel/operation.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import type { Dataset, DatasetVersion } from './dataset.ts';
import type { Datasets } from './datasets.ts';
import { schemaSummary } from './schema-summary.ts';

interface Services {
  readonly projects: Projects;
  readonly datasets: Datasets;
}

const Text = Type.Union([Type.String(), Type.Null()]);

const DatasetWire = Type.Object(
  {
    uid: Type.String(),
    name: Type.String({ description: 'Of its first version.' }),
    uri: Type.Union([Type.String(), Type.Null()], {
      description: 'Where it lies, in one spelling for equal places; null where it has no place of its own.',
    }),
    created: Type.Integer({ description: 'ms since 1970' }),
    versions: Type.Integer(),
  },
  { title: 'Dataset' },
);

export const DatasetVersionWire = Type.Object(
  {
    uid: Type.String(),
    name: Type.String(),
    digest: Type.String({ description: "The client's own, of a sample of the rows." }),
    sourceType: Type.String(),
    source: Type.String({ description: 'JSON text, as the client wrote it.' }),
    created: Type.Integer({ description: 'ms since 1970' }),
    schema: Type.Union(
      [
        Type.Object({
          columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String() }), {
            description: 'The first of them.',
          }),
          total: Type.Integer({ description: 'How many there are.' }),
        }),
        Type.Null(),
      ],
      { description: 'Columns, where the schema that the client wrote tells them.' },
    ),
  },
  { title: 'DatasetVersion' },
);

export function datasetVersionWire(version: DatasetVersion): Static<typeof DatasetVersionWire> {
  const { uid, name, digest, sourceType, source, created, schema } = version;
  return { uid, name, digest, sourceType, source, created, schema: schemaSummary(schema) };
}

function datasetWire({ uid, name, uri, created, versions }: Dataset): Static<typeof DatasetWire> {
  return { uid, name, uri: uri ?? null, created, versions };
}

export function datasetOperations({ projects, datasets }: Services): Operation[] {
  return [
    operation({
      id: 'dataset.list',
      method: 'GET',
      path: '/api/v1/datasets',
      permission: 'metadata:read',
      summary: 'Datasets that runs have used, the latest recorded first.',
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(1000, 100),
        search: Type.Optional(
          Type.String({ maxLength: 500, description: 'Part of the name, case ignored.' }),
        ),
      }),
      output: Type.Object({ items: Type.Array(DatasetWire), cursor: Type.Optional(Type.String()) }),
      errors: ['query_too_expensive'],
      async run(context, { query }) {
        const page = await datasets.list(context, await projects.resolve(context, query.project), query);
        return { ...page, items: page.items.map(datasetWire) };
      },
    }),
    operation({
      id: 'dataset.get',
      method: 'GET',
      path: '/api/v1/datasets/{dataset}',
      permission: 'metadata:read',
      summary: 'One dataset with its versions, the latest recorded first.',
      params: Type.Object({ dataset: Type.String({ description: 'Uid of the dataset.' }) }),
      query: Type.Object({ ...ProjectQuery, ...pageQuery(1000, 100) }),
      output: Type.Intersect([
        DatasetWire,
        Type.Object({
          items: Type.Array(
            Type.Intersect([
              DatasetVersionWire,
              Type.Object({ runs: Type.Integer({ description: 'Runs that use it.' }), profile: Text }),
            ]),
          ),
          cursor: Type.Optional(Type.String()),
        }),
      ]),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const dataset = await datasets.get(context, project, params.dataset);
        const page = await datasets.versions(context, project, params.dataset, query);
        return {
          ...datasetWire(dataset),
          ...page,
          items: page.items.map((version) => ({
            ...datasetVersionWire(version),
            runs: version.runs,
            profile: version.profile ?? null,
          })),
        };
      },
    }),
  ];
}
