/** Facets as they are read. */
import type { Queries } from '../../db/db.ts';
import type { EventId, KeyId, NodeId } from '../../kernel/ids.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import { edgeKinds, type Graph } from '../graph/index.ts';
import { type FacetScope, facetScopes } from './codes.ts';
import { readTime, timeOfStamp } from './stamp.ts';

/** A facet that holds now. */
export interface StoredFacet {
  readonly owner: NodeId;
  readonly scope: number;
  readonly other: NodeId | 0;
  readonly key: string;
  /** JSON text. */
  readonly text: string;
  /** ms; of the event that said so */
  readonly at: number;
  readonly event: EventId;
}

/** Events of a run that are looked at for what they say of its job, the last ones told, and characters of one that are read. */
const lookedAt = { events: 10, length: 200_000 } as const;

/**
 * What was said of a run and, by its own events, of its job: a job's facets are those that were told last, of whichever run, and code changes
 * between two. What its events do not say counts as it was told of the job by others, up to the end of the run.
 */
export async function saidOfRun(
  queries: Queries,
  graph: Graph,
  run: NodeId,
): Promise<{ readonly run: ReadonlyMap<string, unknown>; readonly job: ReadonlyMap<string, unknown> }> {
  const jobs = await queries.many<{ job: NodeId; ended: number | null }>(sql`SELECT j.node AS job, n.ended
    FROM edge e JOIN job j ON j.node = e.target JOIN node n ON n.id = e.source
    WHERE e.source = ${run} AND e.kind = ${edgeKinds['member-of']} AND e.known_to IS NULL`);
  if (jobs.length === 0) return { run: new Map(), job: new Map() };
  const ended = jobs[0]!.ended ?? Infinity;
  const owners = [run, ...jobs.map(({ job }) => job)];
  const stored = await facetsOf(queries, graph, owners, ['run', 'job']);
  const ofRun = new Map(
    stored.filter(({ owner }) => owner === run).map(({ key, text }) => [key, parsed(text)]),
  );
  const ofJob = new Map(
    stored
      .filter(({ owner, at }) => owner !== run && at <= ended)
      .map(({ key, text }) => [key, parsed(text)]),
  );
  const bodies = await queries.many<{ body: string }>(sql`SELECT b.body FROM
      (SELECT id FROM event WHERE node = ${run} AND action = 'lineage.event' ORDER BY id DESC LIMIT ${lookedAt.events}) e
    JOIN event_body b ON b.event = e.id WHERE length(b.body) <= ${lookedAt.length}`);
  const told = bodies
    .flatMap(({ body }) => {
      const event = parsed(body) as { eventTime?: unknown; job?: { facets?: unknown } } | undefined;
      const facets = event?.job?.facets;
      if (typeof facets !== 'object' || facets === null) return [];
      return { at: readTime(String(event?.eventTime), 'eventTime').ms, facets };
    })
    .sort((one, other) => one.at - other.at);
  for (const { facets } of told) for (const [key, value] of Object.entries(facets)) ofJob.set(key, value);
  return { run: ofRun, job: ofJob };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Facets of these owners that hold, by key; of some keys only where they are named. */
export async function facetsOf(
  queries: Queries,
  graph: Graph,
  owners: readonly NodeId[],
  scopes: readonly FacetScope[],
  keys?: readonly string[],
): Promise<StoredFacet[]> {
  if (owners.length === 0) return [];
  const ids = keys && [...(await graph.keys.find(queries, keys)).values()];
  const ofKeys = ids === undefined ? emptySql : sql` AND f.key ${anyOf(ids)}`;
  const rows = await queries.many<{
    owner: NodeId;
    scope: number;
    other: NodeId | 0;
    key: KeyId;
    stamp: Uint8Array;
    event: EventId;
    text: string;
  }>(sql`SELECT f.owner, f.scope, f.other, f.key, f.stamp, f.event, b.text
    FROM facet f JOIN facet_body b ON b.project = f.project AND b.hash = f.body
    WHERE f.owner ${anyOf(owners)} AND f.scope ${anyOf(scopes.map((scope) => facetScopes[scope]))}${ofKeys}
    ORDER BY f.owner, f.scope, f.other`);
  const names = await graph.keys.names(
    queries,
    rows.map((row) => row.key),
  );
  return rows
    .map(({ stamp, key, ...row }) => ({ ...row, key: names.get(key) ?? '', at: timeOfStamp(stamp) }))
    .sort((a, b) => a.owner - b.owner || a.scope - b.scope || a.other - b.other || (a.key < b.key ? -1 : 1));
}
