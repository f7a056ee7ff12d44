/** What the server is asked, with the key each answer is kept under. */
import { queryOptions } from '@tanstack/react-query';
import {
  columnList,
  experimentGet,
  experimentList,
  modelGet,
  projectList,
  runGet,
  runLineage,
  serverGet,
} from './operations.ts';

/** Experiments beside every page: those with the latest runs. */
export const experimentsPerPage = 50;

export const serverQuery = queryOptions({
  queryKey: ['server'],
  queryFn: ({ signal }) => serverGet(signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => projectList(signal),
  staleTime: 60_000,
});

export function experimentsQuery(project: string, search?: string) {
  return queryOptions({
    queryKey: ['experiments', project, search ?? ''],
    queryFn: ({ signal }) =>
      experimentList(project, { search, limit: experimentsPerPage, order: '-latest' }, signal),
    // While a search is typed the list before it stays, if it is of the same project.
    placeholderData: (previous, query) => (query?.queryKey[1] === project ? previous : undefined),
    // The event stream covers the experiment on the screen; the others are asked about now and then.
    refetchInterval: 10_000,
  });
}

export function experimentQuery(project: string, id: string) {
  return queryOptions({
    queryKey: ['experiment', project, id],
    queryFn: ({ signal }) => experimentGet(project, id, signal),
    refetchInterval: 30_000,
  });
}

/** Varying ones first, so the first page is what a table starts with. */
export function columnsQuery(project: string, experiment: string, search = '') {
  return queryOptions({
    queryKey: ['columns', project, experiment, search],
    queryFn: ({ signal }) =>
      columnList(project, experiment, { search: search === '' ? undefined : search, limit: 200 }, signal),
    placeholderData: (previous, query) =>
      query?.queryKey[1] === project && query.queryKey[2] === experiment ? previous : undefined,
    staleTime: 5_000,
  });
}

export function runQuery(project: string, id: string) {
  return queryOptions({
    queryKey: ['run', project, id],
    queryFn: ({ signal }) => runGet(project, id, signal),
    refetchInterval: 30_000,
  });
}

export function lineageQuery(project: string, run: string) {
  return queryOptions({
    queryKey: ['lineage', project, run],
    queryFn: ({ signal }) => runLineage(project, run, signal),
  });
}

export function modelQuery(project: string, id: string) {
  return queryOptions({
    queryKey: ['model', project, id],
    queryFn: ({ signal }) => modelGet(project, id, signal),
    refetchInterval: 30_000,
  });
}
