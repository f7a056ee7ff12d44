/** What follows from what, as the native API shows it: steps of the graph, and the two questions with their answers. */
import { queryOptions } from '@tanstack/react-query';
import type { Operations } from '../../../sdk/src/wire.ts';
import { apiUrl, call, type Query } from './client.ts';

export type GraphNode = Operations['lineage.nodes']['output']['items'][number];
export type Neighbours = Operations['lineage.neighbours']['output'];
export type GraphEdge = Neighbours['edges'][number];
export type GroupCount = Neighbours['groups'][number];
export type Strength = GraphEdge['strength'];
export type Impact = Operations['lineage.impact']['output'];
export type Ancestry = Operations['lineage.ancestry']['output'];
export type FoundItem = Impact['derives'][number];
export type UnknownItem = Impact['cannotSay'][number];
export type PathStep = FoundItem['path'][number];
export type OpenEnd = Impact['openEnds'][number];
export type OpenReason = OpenEnd['reason'];
export type DataItem = Ancestry['data'][number];
export type LineageThing = Operations['lineage.resolve']['output']['candidates'][number];
export type LineageSource = Operations['lineage.sources']['output']['items'][number];
export type Serving = FoundItem['serving'][number];

/** When a question is asked about, ms. */
export interface When {
  readonly asOf: number | undefined;
  readonly knownAt: number | undefined;
}

/** Of the neighbours of a node those that are asked for. */
export interface Near {
  readonly of: string;
  readonly direction: 'up' | 'down';
  readonly type?: string | undefined;
  readonly group?: string | undefined;
}

export const lineageKey = (project: string) => ['lineage-graph', project] as const;
const whenQuery = ({ asOf, knownAt }: When): Query => ({ as_of: asOf, known_at: knownAt });

export function neighboursQuery(
  project: string,
  near: Near,
  when: When,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'near', near, when, page],
    queryFn: ({ signal }) =>
      call<Neighbours>('GET', '/lineage/neighbours', {
        query: { project, ...near, ...whenQuery(when), ...page },
        signal,
      }),
    staleTime: 30_000,
  });
}

/** No more than a hundred. */
export function nodesQuery(project: string, uids: readonly string[], when: When) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'nodes', uids, when],
    queryFn: async ({ signal }) => {
      const query = { project, of: uids.join(','), ...whenQuery(when) };
      const { items } = await call<{ items: GraphNode[] }>('GET', '/lineage/nodes', { query, signal });
      return items;
    },
    staleTime: 30_000,
  });
}

export interface Question {
  readonly of: string;
  readonly when: When;
  readonly deployed: boolean;
  /** Also through inputs for judging. */
  readonly judged: boolean;
  readonly limit: number;
}

function questionQuery({ of, when, judged, limit }: Question): Query {
  return { of, ...whenQuery(when), limit, evaluation: judged ? 'true' : undefined };
}

export function impactQuery(project: string, question: Question) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'impact', question],
    queryFn: ({ signal }) =>
      call<Impact>('GET', '/lineage/impact', {
        query: { project, ...questionQuery(question), deployed: String(question.deployed) },
        signal,
      }),
    staleTime: 30_000,
  });
}

export type VersionDifference = Operations['lineage.diff']['output'];

/** What differs between two things as people write them: `models:/churn/2`. */
export function differenceQuery(project: string, from: string, to: string) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'diff', from, to],
    queryFn: ({ signal }) =>
      call<VersionDifference>('GET', '/lineage/diff', { query: { project, from, to }, signal }),
    staleTime: 60_000,
    // Where it cannot be told the page stands without it, and says so.
    retry: false,
  });
}

export function ancestryQuery(project: string, question: Question) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'ancestry', question],
    queryFn: ({ signal }) =>
      call<Ancestry>('GET', '/lineage/ancestry', {
        query: { project, ...questionQuery(question) },
        signal,
      }),
    staleTime: 30_000,
  });
}

/** Where the same answer is to be had by programs. */
export function answerUrl(project: string, ask: 'impact' | 'ancestry', question: Question): string {
  const deployed = ask === 'impact' ? { deployed: String(question.deployed) } : {};
  return apiUrl(`/lineage/${ask}`, { project, ...questionQuery(question), ...deployed });
}

/** One event of the log, by its position, of the first of these projects that has it. */
export function eventQuery(projects: readonly string[], position: number) {
  return queryOptions({
    queryKey: ['event', ...projects, position],
    queryFn: async ({ signal }) => {
      for (const project of projects) {
        const query = { project, order: 'newest', before: position + 1, limit: 1 };
        const page = await call<Operations['event.list']['output']>('GET', '/events', { query, signal });
        const found = page.items.find((event) => event.position === position);
        if (found !== undefined) return found;
      }
      return null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a text means that people write for a thing. */
export function lineageResolve(
  project: string,
  ref: string,
): Promise<Operations['lineage.resolve']['output']> {
  return call('GET', '/lineage/resolve', { query: { project, ref } });
}

export type Taint = Operations['lineage.taints']['output']['items'][number];
/** What is touched by something wrong, declared so or not yet. */
export type Touched = Operations['lineage.taint-preview']['output'];
export type TaintMark = Operations['lineage.marks']['output']['taints'][number];

/** What is declared of the node: that nothing comes before it, and what is wrong among what it derives from. */
export function marksQuery(project: string, uid: string) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'marks', uid],
    queryFn: ({ signal }) =>
      call<Operations['lineage.marks']['output']>('GET', '/lineage/marks', {
        ...{ query: { project, of: uid }, signal },
      }),
    staleTime: 30_000,
  });
}

export function sourceDeclare(project: string, uid: string): Promise<LineageSource> {
  return call('POST', '/lineage/sources', { query: { project }, body: { of: uid } });
}

export function sourceWithdraw(project: string, uid: string): Promise<null> {
  return call('DELETE', '/lineage/sources', { query: { project, of: uid } });
}

/** The latest declarations that stand. */
export function taintsQuery(project: string, limit: number) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'taints', limit],
    queryFn: ({ signal }) =>
      call<Operations['lineage.taints']['output']>('GET', '/lineage/taints', {
        ...{ query: { project, limit }, signal },
      }),
    staleTime: 30_000,
  });
}

export function sourcesQuery(project: string, limit: number) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'sources', limit],
    queryFn: ({ signal }) =>
      call<Operations['lineage.sources']['output']>('GET', '/lineage/sources', {
        ...{ query: { project, limit }, signal },
      }),
    staleTime: 30_000,
  });
}

/** What declaring it wrong would touch; of a dataset or a model its versions since an instant, or all. */
export function touchedQuery(project: string, of: string, since: number | null) {
  return queryOptions({
    queryKey: [...lineageKey(project), 'touched', of, since],
    queryFn: ({ signal }) =>
      call<Touched>('GET', '/lineage/taints/preview', {
        ...{ query: { project, of, since: since ?? undefined, limit: 100 }, signal },
      }),
    staleTime: 30_000,
  });
}

/** What is declared wrong of a node, and why. */
export interface Wrong {
  readonly of: string;
  readonly note: string;
  /** ms */
  readonly since: number | null;
}

export function taintDeclare(project: string, { of, note, since }: Wrong): Promise<Taint> {
  const body = { of, note, ...(since === null ? {} : { since }) };
  return call('POST', '/lineage/taints', { query: { project }, body });
}

export function taintWithdraw(project: string, of: string): Promise<null> {
  return call('DELETE', '/lineage/taints', { query: { project, of } });
}
