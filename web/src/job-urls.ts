/** Addresses of the pages of jobs and of their runs. */
import { onlySite, type SiteSearch, siteSearchOf, textOf } from './url-parts.ts';

export type JobRunState = 'running' | 'finished' | 'failed' | 'killed';
export const jobRunStates: readonly JobRunState[] = ['running', 'finished', 'failed', 'killed'];

/** The state of the list of jobs, and of that of their runs. */
export interface JobsSearch extends SiteSearch {
  /** Part of the name. */
  search?: string;
  /** Only jobs of this namespace. */
  namespace?: string;
  /** Absent = the jobs. */
  view?: 'runs';
  /** Of the runs: only those in this state. */
  state?: JobRunState;
}

export function jobsUrl(search: JobsSearch = {}) {
  return { to: '/jobs', search } as const;
}

export function jobsSearchOf(raw: Record<string, unknown>): JobsSearch {
  const [search, namespace] = [textOf(raw.search), textOf(raw.namespace)];
  return {
    ...siteSearchOf(raw),
    ...(search === undefined ? {} : { search }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(raw.view === 'runs' ? { view: 'runs' } : {}),
    ...stateOf(raw),
  };
}

/** The state of the page of a job: which of its runs are listed. */
export interface JobSearch extends SiteSearch {
  state?: JobRunState;
}

export function jobUrl(job: string, site: SiteSearch) {
  const search: JobSearch = onlySite(site);
  return { to: '/jobs/$job', params: { job }, search } as const;
}

export function jobSearchOf(raw: Record<string, unknown>): JobSearch {
  return { ...siteSearchOf(raw), ...stateOf(raw) };
}

export function jobRunUrl(run: string, site: SiteSearch) {
  return { to: '/job-runs/$run', params: { run }, search: onlySite(site) } as const;
}

function stateOf({ state }: Record<string, unknown>): { state?: JobRunState } {
  return jobRunStates.includes(state as JobRunState) ? { state: state as JobRunState } : {};
}
