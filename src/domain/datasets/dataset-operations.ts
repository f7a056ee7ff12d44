/** Datasets in the native API. */
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import { changeOperations } from './change-operations.ts';
import {
  DatasetWire,
  DifferenceWire,
  datasetWire,
  differenceWire,
  UseWire,
  useWire,
  VersionSummaryWire,
  VersionWire,
  versionSummaryWire,
  versionWire,
} from './dataset-wire.ts';
import type { Datasets } from './datasets.ts';

export interface DatasetServices {
  readonly projects: Projects;
  readonly datasets: Datasets;
}

const DatasetParams = Type.Object({
  dataset: Type.String({ description: 'Uid of the dataset, by any of its records.' }),
});
const Uid = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });

export function datasetOperations(services: DatasetServices): Operation[] {
  return [...listOperations(services), ...versionOperations(services), ...changeOperations(services)];
}

function listOperations({ projects, datasets }: DatasetServices): Operation[] {
  return [
    operation({
      id: 'dataset.list',
      method: 'GET',
      path: '/api/v1/datasets',
      permission: 'metadata:read',
      summary: 'Datasets, each once, whichever faces speak of it.',
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(500, 100),
        search: Type.Optional(
          Type.String({
            maxLength: 500,
            description: 'Part of the name of any of its records, A–Z equal to a–z.',
          }),
        ),
        order: Type.Enum(['-recorded', '-latest', 'name'], {
          default: '-recorded',
          description: 'Recorded last, written last, or by name.',
        }),
      }),
      output: Type.Object({ items: Type.Array(DatasetWire), cursor: Type.Optional(Type.String()) }),
      errors: ['query_too_expensive', 'not_found'],
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
      summary: 'One dataset: its records, where it lies, what people and producers say of it.',
      params: DatasetParams,
      query: Type.Object(ProjectQuery),
      output: DatasetWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        return datasetWire(await datasets.get(context, project, params.dataset));
      },
    }),
    operation({
      id: 'dataset.uses',
      method: 'GET',
      path: '/api/v1/datasets/{dataset}/uses',
      permission: 'metadata:read',
      summary: 'Runs that read and wrote a dataset, and which version each saw; the latest first.',
      params: DatasetParams,
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(500, 100),
        direction: Type.Optional(Type.Enum(['read', 'write'], { description: 'Only one of the two.' })),
        version: Type.Optional(Uid('Uid of a version: only what wrote or saw that.')),
      }),
      output: Type.Object({ items: Type.Array(UseWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const page = await datasets.uses(context, project, params.dataset, query);
        return { ...page, items: page.items.map(useWire) };
      },
    }),
  ];
}

function versionOperations({ projects, datasets }: DatasetServices): Operation[] {
  return [
    operation({
      id: 'dataset-version.list',
      method: 'GET',
      path: '/api/v1/datasets/{dataset}/versions',
      permission: 'metadata:read',
      summary: 'Versions of a dataset with what is known of each, the latest first.',
      params: DatasetParams,
      query: Type.Object({ ...ProjectQuery, ...pageQuery(200, 50) }),
      output: Type.Object({ items: Type.Array(VersionSummaryWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const page = await datasets.versions(context, project, params.dataset, query);
        return { ...page, items: page.items.map(versionSummaryWire) };
      },
    }),
    operation({
      id: 'dataset-version.get',
      method: 'GET',
      path: '/api/v1/dataset-versions/{version}',
      permission: 'metadata:read',
      summary: 'One version: digests, schema, statistics, preview, who made it and how long that took.',
      params: Type.Object({
        version: Type.String({ description: 'Uid of the version, by any of its records.' }),
      }),
      query: Type.Object(ProjectQuery),
      output: VersionWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        return versionWire(await datasets.version(context, project, params.version));
      },
    }),
    operation({
      id: 'dataset-version.difference',
      method: 'GET',
      path: '/api/v1/dataset-differences',
      permission: 'metadata:read',
      summary: 'What differs between two versions: fields added, removed, changed and moved; figures.',
      query: Type.Object({
        ...ProjectQuery,
        left: Uid('Uid of the earlier version.'),
        right: Uid('Uid of the later version.'),
      }),
      output: DifferenceWire,
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        return differenceWire(await datasets.difference(context, project, query));
      },
    }),
  ];
}
