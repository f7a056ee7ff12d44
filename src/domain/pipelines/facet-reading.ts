/** Facets as they are read. */
import type { Queries } from '../../db/db.ts';
import type { EventId, KeyId, NodeId } from '../../kernel/ids.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import type { Graph } from '../graph/index.ts';
import { type FacetScope, facetScopes } from './codes.ts';
import { timeOfStamp } from './stamp.ts';

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
