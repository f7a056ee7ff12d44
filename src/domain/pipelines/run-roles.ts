/** What the inputs of a run were for, as the facets that hold tell it: the role of the edge `used`, by which a test set conducts nothing. */
import type { Queries, Tx } from '../../db/db.ts';
import type { EdgeId, EventId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { ChangeTx } from '../events/index.ts';
import { type Graph, insertEdges, retractEdges } from '../graph/index.ts';
import { facetScopes, ioDirections } from './codes.ts';
import type { NewFacet } from './facets.ts';
import type { JsonObject } from './lineage-event.ts';
import { roleFacets, roleOf } from './ml-facets.ts';
import type { RunIo } from './run-store.ts';

/** A run's reading of an asset. */
export const readKey = (run: NodeId, asset: NodeId): string => `${run} ${asset}`;

export interface ToldRole {
  /** What the reading was for; null for nothing that anybody says. */
  readonly role: string | null;
  readonly event: EventId;
}

/** Of readings about whose role events say the latest: what it is now. */
export type Roles = ReadonlyMap<string, ToldRole>;

/** `won`: facets that hold from now on. */
export async function rolesAmong(tx: Tx, graph: Graph, won: readonly NewFacet[]): Promise<Roles> {
  const told = won.filter(({ scope, facet }) => scope === 'input' && roleFacets.includes(facet.key));
  if (told.length === 0) return new Map();
  const keys = await graph.keys.resolve(tx, roleFacets);
  const names = new Map([...keys].map(([name, id]) => [id, name]));
  const runs = [...new Set(told.map(({ owner }) => owner))];
  const rows = await tx.many<{
    owner: NodeId;
    other: NodeId;
    key: KeyId;
    text: string;
  }>(sql`SELECT f.owner, f.other,
      f.key, b.text FROM facet f JOIN facet_body b ON b.project = f.project AND b.hash = f.body
    WHERE f.owner ${anyOf(runs)} AND f.scope = ${facetScopes.input} AND f.key ${anyOf([...names.keys()])}`);
  const held = Map.groupBy(rows, ({ owner, other }) => readKey(owner, other));
  return new Map(
    told.map(({ owner, other = 0 as NodeId, event }) => {
      const facets = (held.get(readKey(owner, other)) ?? []).map(({ key, text }): [string, JsonObject] => [
        names.get(key)!,
        JSON.parse(text),
      ]);
      return [readKey(owner, other), { role: roleOf(new Map(facets)), event }];
    }),
  );
}

/** The roles of readings, by the edges that say so until now. */
export async function rolesBefore(
  tx: Tx,
  readings: readonly RunIo[],
): Promise<ReadonlyMap<EdgeId, string | null>> {
  if (readings.length === 0) return new Map();
  const rows = await tx.many<{ id: EdgeId; subtype: string | null }>(
    sql`SELECT id, subtype FROM edge WHERE id ${anyOf(readings.map(({ edge }) => edge))}`,
  );
  return new Map(rows.map(({ id, subtype }) => [id, subtype]));
}

/** A reading whose edge says another role than the facets that hold. */
export interface WrongRole {
  readonly run: NodeId;
  readonly asset: NodeId;
  readonly edge: EdgeId;
  readonly project: ProjectId;
  readonly first: number;
  readonly role: string | null;
}

export async function wrongRoles(queries: Queries, runs: readonly NodeId[]): Promise<WrongRole[]> {
  if (runs.length === 0) return [];
  const rows = await queries.many<{ run: NodeId; asset: NodeId; name: string; text: string }>(
    sql`SELECT f.owner AS run, f.other AS asset, k.name, b.text FROM facet f
      JOIN interned_key k ON k.id = f.key JOIN facet_body b ON b.project = f.project AND b.hash = f.body
      WHERE f.owner ${anyOf(runs)} AND f.scope = ${facetScopes.input} AND k.name ${anyOf(roleFacets)}`,
  );
  const told = new Map(
    [...Map.groupBy(rows, ({ run, asset }) => `${run} ${asset}`)].map(([place, own]) => [
      place,
      roleOf(new Map(own.map(({ name, text }): [string, JsonObject] => [name, JSON.parse(text)]))),
    ]),
  );
  const reads = await queries.many<Omit<WrongRole, 'role'> & { readonly subtype: string | null }>(
    sql`SELECT i.run, i.asset, i.edge, i.first, e.project, e.subtype FROM run_io i JOIN edge e ON e.id = i.edge
      WHERE i.run ${anyOf(runs)} AND i.direction = ${ioDirections.read}`,
  );
  return reads.flatMap(({ subtype, ...read }) => {
    const role = told.get(`${read.run} ${read.asset}`) ?? null;
    return role === subtype ? [] : { ...read, role };
  });
}

/** Asserts the edges again, with the roles that the facets tell. */
export async function mendRoles(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  wrong: readonly WrongRole[],
): Promise<void> {
  await retractEdges(
    tx,
    context,
    wrong.map(({ edge }) => edge),
    tx.eventId,
  );
  for (const { run, asset, project, first, role } of wrong) {
    const id = (await graph.db.nextIds(1)) as EdgeId;
    await insertEdges(tx, context, [
      {
        ...{ id, project, source: asset, target: run, kind: 'used', known: 'observed', validFrom: first },
        ...{ event: tx.eventId, ...(role !== null && { subtype: role }) },
      },
    ]);
    await tx.run(sql`UPDATE run_io SET edge = ${id}
      WHERE run = ${run} AND direction = ${ioDirections.read} AND asset = ${asset}`);
  }
}
