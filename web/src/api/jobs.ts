/** Jobs and their runs as the native API shows them: their types, its calls, and the keys its answers are kept under. */
import { queryOptions } from '@tanstack/react-query';
import type { Operations } from '../../../sdk/src/wire.ts';
import { call, type Query, readText } from './client.ts';
import type { Page } from './types.ts';

export type Job = Operations['job.list']['output']['items'][number];
export type WholeJob = Operations['job.get']['output'];
export type JobRun = Operations['job-run.list']['output']['items'][number];
export type WholeJobRun = Operations['job-run.get']['output'];
export type RunGlance = Job['recent'][number];
export type DatasetUse = WholeJobRun['inputs'][number];
export type Measured = WholeJobRun['metrics'][number];
export type Facet = WholeJobRun['facets'][number];
export type DatasetName = WholeJob['inputs'][number];
export type Family = Operations['run.family']['output'];
export type RelatedRun = Family['items'][number];
export type ColumnLink = Operations['dataset-version.columns']['output']['items'][number];
export type KeptEvent = Operations['job-run.events']['output']['items'][number];
export type RunState = NonNullable<Operations['job-run.list']['query']['state']>;

/** An answer, and its text, in which numbers have all their digits. */
export type WithText<T> = T & { readonly text: string };

const pathOf = (job: string) => `/jobs/${encodeURIComponent(job)}`;
const runPathOf = (run: string) => `/job-runs/${encodeURIComponent(run)}`;

interface PartOf {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export function jobList(
  project: string,
  options: PartOf & { search?: string | undefined; namespace?: string | undefined; recent?: number },
  signal?: AbortSignal,
): Promise<Page<Job>> {
  return call('GET', '/jobs', { query: { project, ...options }, signal });
}

export function jobRunList(
  project: string,
  options: PartOf & { job?: string | undefined; state?: RunState | undefined },
  signal?: AbortSignal,
): Promise<Page<JobRun>> {
  return call('GET', '/job-runs', { query: { project, ...options }, signal });
}

export function jobRunEvents(
  project: string,
  run: string,
  options: PartOf,
  signal?: AbortSignal,
): Promise<Page<KeptEvent>> {
  return call('GET', `${runPathOf(run)}/events`, { query: { project, ...options }, signal });
}

export type ColumnDirection = NonNullable<Operations['dataset-version.columns']['query']['direction']>;

/** From which fields those of a version were made, or into which they went. */
export function versionColumns(
  project: string,
  version: string,
  options: PartOf & { direction: ColumnDirection },
  signal?: AbortSignal,
): Promise<Page<ColumnLink>> {
  const path = `/dataset-versions/${encodeURIComponent(version)}/columns`;
  return call('GET', path, { query: { project, ...options }, signal });
}

export function runFamily(
  project: string,
  run: string,
  options: PartOf,
  signal?: AbortSignal,
): Promise<Family> {
  return call('GET', `/run-family/${encodeURIComponent(run)}`, { query: { project, ...options }, signal });
}

/** Everything of jobs that is on the screen becomes stale by this. */
export const jobsKey = (project: string) => ['jobs', project] as const;

/** Changes are heard of; where the stream is not open they are asked for now and then. */
const reading = { staleTime: 2_000, refetchInterval: 30_000 } as const;

function read<T>(project: string, key: readonly unknown[], path: string, query: Query = {}) {
  return queryOptions({
    queryKey: [...jobsKey(project), ...key],
    queryFn: async ({ signal }) => {
      const text = await readText(path, { project, ...query }, signal);
      return { ...(JSON.parse(text) as T), text };
    },
    ...reading,
  });
}

export function jobQuery(project: string, job: string) {
  return read<WholeJob>(project, ['job', job], pathOf(job));
}

export function jobRunQuery(project: string, run: string) {
  return read<WholeJobRun>(project, ['run', run], runPathOf(run));
}

/** What producers told of a dataset as it is now, or of one version. */
export function datasetFacetsQuery(project: string, of: 'datasets' | 'dataset-versions', uid: string) {
  return read<{ readonly items: readonly Facet[] }>(
    project,
    ['facets', of, uid],
    `/${of}/${encodeURIComponent(uid)}/facets`,
  );
}

/** The event as it was sent. */
export function sentEventQuery(project: string, event: number) {
  return queryOptions({
    queryKey: ['lineage-event', project, event],
    queryFn: ({ signal }) => readText(`/lineage-events/${event}`, { project }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
