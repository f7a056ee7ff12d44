/** The calls the UI makes, one function each, named as in the API reference. */
import { call } from './client.ts';
import type {
  Experiment,
  FoundRuns,
  KnownColumns,
  ListedExperiment,
  Page,
  Project,
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
  options: { search?: string | undefined; limit: number; cursor?: string | undefined },
  signal?: AbortSignal,
): Promise<Page<ListedExperiment>> {
  return call('GET', '/experiments', { query: { project, view: 'active', ...options }, signal });
}

export function experimentGet(project: string, id: string, signal?: AbortSignal): Promise<Experiment> {
  return call('GET', `/experiments/${encodeURIComponent(id)}`, { query: { project }, signal });
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

export function runDelete(project: string, id: string): Promise<void> {
  return call('DELETE', `/runs/${encodeURIComponent(id)}`, { query: { project } });
}

export function runRestore(project: string, id: string): Promise<void> {
  return call('POST', `/runs/${encodeURIComponent(id)}/restore`, { query: { project } });
}
