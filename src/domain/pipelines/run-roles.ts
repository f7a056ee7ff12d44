/** What the inputs of a run were for, as the facets that hold tell it: the role of the edge `used`, by which a test set conducts nothing. */
import type { Tx } from '../../db/db.ts';
import type { EdgeId, KeyId, NodeId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { Graph } from '../graph/index.ts';
import { facetScopes, ioDirections } from './codes.ts';
import type { NewFacet } from './facets.ts';
import type { JsonObject } from './lineage-event.ts';
import { roleFacets, roleOf } from './ml-facets.ts';
import type { RunIo } from './run-store.ts';

/** Of assets about whose role an event says the latest: what it is now, null for none. */
export type Roles = ReadonlyMap<NodeId, string | null>;

/** `won`: facets that hold from now on. */
export async function rolesAmong(
  tx: Tx,
  graph: Graph,
  run: NodeId,
  won: readonly NewFacet[],
): Promise<Roles> {
  const told = won.filter(({ scope, facet }) => scope === 'input' && roleFacets.includes(facet.key));
  if (told.length === 0) return new Map();
  const keys = await graph.keys.resolve(tx, roleFacets);
  const names = new Map([...keys].map(([name, id]) => [id, name]));
  const rows = await tx.many<{ other: NodeId; key: KeyId; text: string }>(sql`SELECT f.other, f.key, b.text
    FROM facet f JOIN facet_body b ON b.project = f.project AND b.hash = f.body
    WHERE f.owner = ${run} AND f.scope = ${facetScopes.input} AND f.key ${anyOf([...names.keys()])}`);
  const held = Map.groupBy(rows, ({ other }) => other);
  return new Map(
    told.map(({ other = 0 as NodeId }) => {
      const facets = (held.get(other) ?? []).map(({ key, text }): [string, JsonObject] => [
        names.get(key)!,
        JSON.parse(text),
      ]);
      return [other, roleOf(new Map(facets))];
    }),
  );
}

/** The roles of reads whose role is told again, or which are told of again, by the edges that say so until now. */
export async function rolesBefore(
  tx: Tx,
  stored: readonly RunIo[],
  roles: Roles,
  isToldAgain: (place: string) => boolean,
): Promise<ReadonlyMap<EdgeId, string | null>> {
  const edges = stored
    .filter(({ direction, asset }) => {
      return direction === ioDirections.read && (roles.has(asset) || isToldAgain(`${direction} ${asset}`));
    })
    .map(({ edge }) => edge);
  if (edges.length === 0) return new Map();
  const rows = await tx.many<{ id: EdgeId; subtype: string | null }>(
    sql`SELECT id, subtype FROM edge WHERE id ${anyOf(edges)}`,
  );
  return new Map(rows.map(({ id, subtype }) => [id, subtype]));
}
