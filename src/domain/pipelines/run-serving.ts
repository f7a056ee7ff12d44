/** Runs that serve a model, as the facet `cairn_deployment` says: what another slice records of that is told here. */
import type { Queries } from '../../db/db.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { Change, EventTx } from '../events/index.ts';
import { facetScopes } from './codes.ts';
import type { RecordScope } from './event-recorder.ts';
import type { NewFacet } from './facets.ts';
import { type JsonObject, mlFacets } from './lineage-event.ts';
import { isSamePicture, type RunPicture } from './run-state.ts';
import type { RunStory } from './run-story.ts';

/** What events that are recorded together say of what runs serve. */
export interface ServingNews {
  /** Facets as they were told, whether or not they hold: what one names is there from now on. */
  readonly told: readonly { readonly run: NodeId; readonly value: JsonObject }[];
  /** Runs whose facet, or whose beginning or end, may be another now. They are held. */
  readonly runs: readonly NodeId[];
}

/** Records what follows in the same transaction; resolves to what is told of it in the log, as events of their own. */
export type FollowServing = (
  tx: EventTx,
  context: RequestContext,
  project: ProjectId,
  news: ServingNews,
) => Promise<readonly Change[]>;

export async function followServing(
  { tx, context, project, serving }: RecordScope,
  stories: readonly RunStory[],
  won: readonly NewFacet[],
): Promise<void> {
  const isServing = ({ key }: { readonly key: string }) => key === mlFacets.deployment;
  const told = stories.flatMap(({ run, told: events }) =>
    events.flatMap(({ event }) =>
      event.run.facets.filter(isServing).map(({ value, removed }) => ({ run, value, removed })),
    ),
  );
  const moved = stories.flatMap(({ run, serves, before, picture }) =>
    serves && !isSamePicture(before, picture) ? run : [],
  );
  if (told.length === 0 && moved.length === 0) return;
  const known = new Set(stories.flatMap(({ run, serves }) => (serves ? run : [])));
  const fresh = new Set(told.flatMap(({ run }) => (known.has(run) ? [] : run)));
  if (fresh.size > 0) await tx.run(sql`UPDATE job_run SET serves = 1 WHERE node ${anyOf([...fresh])}`);
  const changed = won.flatMap(({ owner, scope, facet }) =>
    scope === 'run' && isServing(facet) ? owner : [],
  );
  const news = { told: told.filter(({ removed }) => !removed), runs: [...new Set([...changed, ...moved])] };
  serving.changes.push(...(await serving.follow(tx, context, project, news)));
}

/** A run by which something is served, as all of its events make it. */
export interface ServingRun {
  readonly run: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  /** ms */
  readonly began: number | null;
  /** ms */
  readonly ended: number | null;
  readonly state: number | null;
  /** The facet that holds; undefined where there is none, or none any more. */
  readonly facet: JsonObject | undefined;
}

export async function loadServingRuns(queries: Queries, runs: readonly NodeId[]): Promise<ServingRun[]> {
  if (runs.length === 0) return [];
  const rows = await queries.many<
    Pick<RunPicture, 'first' | 'started' | 'ended' | 'state'> &
      Pick<ServingRun, 'run' | 'uid' | 'project'> & { readonly text: string | null }
  >(sql`SELECT n.id AS run, n.uid, n.project, r.first, r.started, r.ended, r.state,
      (SELECT b.text FROM facet f JOIN interned_key k ON k.id = f.key JOIN facet_body b ON b.project = f.project AND b.hash = f.body
        WHERE f.owner = n.id AND f.scope = ${facetScopes.run} AND f.other = 0 AND k.name = ${mlFacets.deployment}) AS text
    FROM job_run r JOIN node n ON n.id = r.node WHERE r.node ${anyOf(runs)} ORDER BY r.node`);
  return rows.map(({ run, uid, project, text, first, started, ended, state }) => ({
    ...{ run, uid, project, ended, state },
    began: started ?? first,
    facet: text === null ? undefined : (JSON.parse(text) as JsonObject),
  }));
}

/** All runs of which events ever told that they serve something, by their ids. */
export async function servingRunsAfter(queries: Queries, after: number, limit: number): Promise<NodeId[]> {
  const rows = await queries.many<{ node: NodeId }>(
    sql`SELECT node FROM job_run WHERE serves IS NOT NULL AND node > ${after} ORDER BY node LIMIT ${limit}`,
  );
  return rows.map(({ node }) => node);
}
