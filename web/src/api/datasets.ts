/** Datasets as the native API shows them: its types, its calls, and the keys its answers are kept under. */
import { queryOptions } from '@tanstack/react-query';
import type { Operations } from '../../../sdk/src/wire.ts';
import { call, type Query } from './client.ts';
import type { Page } from './types.ts';

export type Dataset = Operations['dataset.get']['output'];
export type DatasetRecord = Dataset['records'][number];
export type VersionSummary = Operations['dataset-version.list']['output']['items'][number];
export type DatasetVersion = Operations['dataset-version.get']['output'];
export type DatasetField = NonNullable<DatasetVersion['schema']>[number];
export type ColumnStatistics = DatasetVersion['statistics']['columns'][number];
export type DatasetUsage = Operations['dataset.uses']['output']['items'][number];
export type Execution = DatasetUsage['run'];
export type DatasetDifference = Operations['dataset-version.difference']['output'];
export type DatasetOrder = NonNullable<Operations['dataset.list']['query']['order']>;
type Change = Operations['dataset.describe']['body'];

const all = '/datasets';
const pathOf = (dataset: string) => `${all}/${encodeURIComponent(dataset)}`;

export function datasetList(
  project: string,
  options: { search?: string | undefined; order?: DatasetOrder; limit: number; cursor?: string | undefined },
  signal?: AbortSignal,
): Promise<Page<Dataset>> {
  return call('GET', all, { query: { project, ...options }, signal });
}

export function datasetVersionList(
  project: string,
  dataset: string,
  options: { limit: number; cursor?: string | undefined },
  signal?: AbortSignal,
): Promise<Page<VersionSummary>> {
  return call('GET', `${pathOf(dataset)}/versions`, { query: { project, ...options }, signal });
}

export function datasetUses(
  project: string,
  dataset: string,
  options: {
    direction?: 'read' | 'write' | undefined;
    version?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<Page<DatasetUsage>> {
  return call('GET', `${pathOf(dataset)}/uses`, { query: { project, ...options }, signal });
}

/** Rejects with `conflict` where something else is said than what is expected. */
export function datasetDescribe(project: string, dataset: string, change: Change): Promise<Dataset> {
  return call('PATCH', pathOf(dataset), { query: { project }, body: change });
}

/** Takes the last change of what people say back. */
export function datasetUndo(
  project: string,
  dataset: string,
  expected: NonNullable<Change['expected']>,
): Promise<Dataset> {
  return call('POST', `${pathOf(dataset)}/undo`, { query: { project }, body: { expected } });
}

/** Everything of datasets that is on the screen becomes stale by this. */
export const datasetsKey = (project: string) => ['datasets', project] as const;

function read<T>(project: string, key: readonly unknown[], path: string, query: Query = {}) {
  return queryOptions({
    queryKey: [...datasetsKey(project), ...key],
    queryFn: ({ signal }) => call<T>('GET', path, { query: { project, ...query }, signal }),
    ...{ staleTime: 2_000, refetchInterval: 30_000 },
  });
}

export function datasetQuery(project: string, dataset: string) {
  return read<Dataset>(project, ['dataset', dataset], pathOf(dataset));
}

export function datasetVersionQuery(project: string, version: string) {
  return read<DatasetVersion>(
    project,
    ['version', version],
    `/dataset-versions/${encodeURIComponent(version)}`,
  );
}

export function datasetDifferenceQuery(project: string, left: string, right: string) {
  return read<DatasetDifference>(project, ['difference', left, right], '/dataset-differences', {
    left,
    right,
  });
}
