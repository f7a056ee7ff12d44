/** The calls the UI makes, one function each, named as in the API reference. */
import { apiUrl, call } from './client.ts';
import type {
  ActiveExperiment,
  ArtifactEntry,
  ArtifactOwner,
  CurveRequest,
  DrawnCurves,
  EventPage,
  Experiment,
  ExperimentOrder,
  Found,
  FoundRuns,
  GroupSearch,
  KnownColumns,
  Lifecycle,
  ListedExperiment,
  LoggedModel,
  NamedMetric,
  Page,
  Project,
  Run,
  RunGroup,
  RunLineage,
  RunSearch,
  ServerFacts,
} from './types.ts';

export function serverGet(signal?: AbortSignal): Promise<ServerFacts> {
  return call('GET', '/server', { signal });
}

export function projectList(signal?: AbortSignal): Promise<Page<Project>> {
  return call('GET', '/projects', { signal });
}

export function experimentList(
  project: string,
  options: {
    search?: string | undefined;
    limit: number;
    cursor?: string | undefined;
    view?: Lifecycle;
    order?: ExperimentOrder;
    days?: number;
  },
  signal?: AbortSignal,
): Promise<Page<ListedExperiment>> {
  return call('GET', '/experiments', { query: { project, view: 'active', ...options }, signal });
}

export function experimentGet(project: string, id: string, signal?: AbortSignal): Promise<ActiveExperiment> {
  return call('GET', `/experiments/${encodeURIComponent(id)}`, { query: { project }, signal });
}

export function experimentCreate(project: string, name: string): Promise<Experiment> {
  return call('POST', '/experiments', { query: { project }, body: { name } });
}

export function experimentRename(project: string, id: string, name: string): Promise<Experiment> {
  return call('PATCH', `/experiments/${encodeURIComponent(id)}`, { query: { project }, body: { name } });
}

export function experimentDelete(project: string, id: string): Promise<void> {
  return call('DELETE', `/experiments/${encodeURIComponent(id)}`, { query: { project } });
}

export function find(project: string, text: string, limit: number, signal?: AbortSignal): Promise<Found> {
  return call('GET', '/find', { query: { project, text, limit }, signal });
}

export function experimentRestore(project: string, id: string): Promise<void> {
  return call('POST', `/experiments/${encodeURIComponent(id)}/restore`, { query: { project } });
}

export function columnList(
  project: string,
  experiment: string,
  options: { search?: string | undefined; limit: number },
  signal?: AbortSignal,
): Promise<KnownColumns> {
  const path = `/experiments/${encodeURIComponent(experiment)}/columns`;
  return call('GET', path, { query: { project, ...options }, signal });
}

export function runSearch(project: string, search: RunSearch, signal?: AbortSignal): Promise<FoundRuns> {
  return call('POST', '/runs/search', { query: { project }, body: search, signal });
}

export function runGroups(
  project: string,
  search: GroupSearch,
  signal?: AbortSignal,
): Promise<Page<RunGroup> & { readonly total: number }> {
  return call('POST', '/runs/groups', { query: { project }, body: search, signal });
}

export function runDelete(project: string, id: string): Promise<void> {
  return call('DELETE', `/runs/${encodeURIComponent(id)}`, { query: { project } });
}

export function runRestore(project: string, id: string): Promise<void> {
  return call('POST', `/runs/${encodeURIComponent(id)}/restore`, { query: { project } });
}

export function runGet(project: string, id: string, signal?: AbortSignal): Promise<Run> {
  return call('GET', `/runs/${encodeURIComponent(id)}`, { query: { project }, signal });
}

/** Metrics in the order of their names; of a text, those whose names hold it. */
export function runMetrics(
  project: string,
  id: string,
  options: { contains?: string; limit: number; cursor?: string },
  signal?: AbortSignal,
): Promise<Page<NamedMetric>> {
  return call('GET', `/runs/${encodeURIComponent(id)}/metrics`, { query: { project, ...options }, signal });
}

export function runRename(project: string, id: string, name: string): Promise<Run> {
  return call('PATCH', `/runs/${encodeURIComponent(id)}`, { query: { project }, body: { name } });
}

export function runTag(project: string, id: string, key: string, value: string): Promise<void> {
  return call('POST', `/runs/${encodeURIComponent(id)}/tags`, { query: { project }, body: { key, value } });
}

export function runUntag(project: string, id: string, key: string): Promise<void> {
  return call('DELETE', `/runs/${encodeURIComponent(id)}/tags`, { query: { project, key } });
}

/** Metrics of runs as a chart of so many pixels shows them. */
export function seriesDraw(
  project: string,
  request: CurveRequest,
  signal?: AbortSignal,
): Promise<DrawnCurves> {
  return call('POST', '/series/draw', { query: { project }, body: request, signal });
}

/** Events of a run, the latest first; `reached` is where to go on before, 1 at the end. */
export function latestEvents(
  project: string,
  options: { run: string; before: number | undefined; limit: number },
  signal?: AbortSignal,
): Promise<EventPage> {
  return call('GET', '/events', { query: { project, order: 'newest', ...options }, signal });
}

function artifactsOf({ kind, id }: ArtifactOwner): string {
  return `${ownerPaths[kind]}/${encodeURIComponent(id)}/artifacts`;
}

const ownerPaths = { run: '/runs', model: '/models/logged', version: '/models/versions' } as const;

export function artifactList(
  project: string,
  owner: ArtifactOwner,
  options: { path?: string | undefined; limit: number; cursor?: string | undefined },
  signal?: AbortSignal,
): Promise<Page<ArtifactEntry>> {
  return call('GET', artifactsOf(owner), { query: { project, ...options }, signal });
}

/** Where the bytes of a file are. */
export function artifactUrl(project: string, owner: ArtifactOwner, path: string): string {
  return apiUrl(`${artifactsOf(owner)}/content`, { project, path });
}

export function modelGet(project: string, id: string, signal?: AbortSignal): Promise<LoggedModel> {
  return call('GET', `/models/logged/${encodeURIComponent(id)}`, { query: { project }, signal });
}

export function runLineage(project: string, id: string, signal?: AbortSignal): Promise<RunLineage> {
  return call('GET', `/runs/${encodeURIComponent(id)}/lineage`, { query: { project }, signal });
}
