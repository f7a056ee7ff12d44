/** Endpoints: found by name, made when first deployed to, held while something of theirs changes. */
import type { Queries } from '../../db/db.ts';
import { CairnError, notFound } from '../../kernel/errors.ts';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, emptySql, type Sql, sql } from '../../kernel/sql.ts';
import type { ChangeTx, EventTx } from '../events/index.ts';
import {
  claimKey,
  claimKeys,
  edgeKinds,
  findByKey,
  type Graph,
  insertEdge,
  insertNode,
  lockNodes,
  propertiesOf,
  propertyScopes,
  textOf,
} from '../graph/index.ts';
import { lookOf } from '../registry/index.ts';
import { type AsOf, checkEndpointName, type Endpoint, precondition } from './deployment.ts';
import { believed, holding, loadDeployments } from './deployment-store.ts';

export interface EndpointRow {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly name: string;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

export const endpointColumns = sql`n.id, n.uid, n.project, n.name, n.created, n.updated, n.deleted`;

const noSuch = (name: string, field: string) => notFound(`No endpoint is called ${name}.`, field);

/** By name, or by uid; a deleted one too. With `lock` it is held until the transaction ends. */
async function find(
  queries: Queries,
  graph: Graph,
  which: Sql,
  lock: boolean,
): Promise<EndpointRow | undefined> {
  return queries.one(sql`SELECT ${endpointColumns} FROM node n WHERE ${which} AND n.type = ${graph.types.endpoint}
    ${lock ? lockNodes(graph.db.dialect) : emptySql}`);
}

export async function endpointNamed(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  name: string,
  lock = false,
): Promise<EndpointRow> {
  checkEndpointName(name);
  const node = await findByKey(queries, project, 'endpoint-name', name);
  const row = node && (await find(queries, graph, sql`n.id = ${node}`, lock));
  if (row === undefined) throw noSuch(name, 'endpoint');
  return row;
}

export async function endpointByUid(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  uid: string,
  lock = false,
): Promise<EndpointRow> {
  const which = sql`n.project = ${project} AND n.uid = ${uid}`;
  const row = uid.includes('\0') ? undefined : await find(queries, graph, which, lock);
  if (row === undefined) throw notFound(`No endpoint ${uid}.`, 'endpoint');
  return row;
}

export function mustBeActive(row: EndpointRow): void {
  if (row.deleted !== 0) {
    throw precondition('endpoint', `The endpoint ${row.name} is deleted: restore it first.`);
  }
}

/** The endpoint, held; made where there is none. `already_exists` where the name reads like another endpoint's. */
export async function ensureEndpoint(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  name: string,
): Promise<EndpointRow & { readonly made: boolean }> {
  checkEndpointName(name);
  const first = await graph.db.nextIds(2);
  const id = first as NodeId;
  if (!(await claimKey(tx, project, 'endpoint-name', name, id))) {
    const row = await endpointNamed(tx, graph, project, name, true);
    mustBeActive(row);
    return { ...row, made: false };
  }
  if (!(await claimKey(tx, project, 'endpoint-look', lookOf(name), id))) {
    const message = `The endpoint ${name} reads like another one that exists; they would be taken for each other.`;
    throw new CairnError('already_exists', message, { field: 'endpoint' });
  }
  const now = context.clock.now();
  const uid = context.newUid();
  const row = { id, uid, project, name, created: now };
  await insertNode(tx, {
    ...row,
    context: project as number as NodeId,
    kind: 'asset',
    type: graph.types.endpoint,
    state: null,
    started: now,
    ended: null,
    mark: 0,
  });
  await insertEdge(tx, context, {
    id: (first + 1) as EdgeId,
    project,
    source: id,
    target: project as number as NodeId,
    kind: 'member-of',
    known: 'observed',
    validFrom: now,
    event: tx.eventId,
  });
  return { ...row, updated: now, deleted: 0, made: true };
}

/**
 * Endpoints that runs of jobs name, held, by their names: made where there are none, though one may read like another, and found where they
 * are deleted. A name is what a producer says: nobody is there who could be refused.
 */
export async function ensureToldEndpoints(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  uids: ReadonlyMap<string, Uid>,
): Promise<ReadonlyMap<string, EndpointRow>> {
  const names = [...uids.keys()].sort();
  if (names.length === 0) return new Map();
  const first = await graph.db.nextIds(names.length * 2);
  const proposed = new Map(names.map((name, index) => [name, (first + index) as NodeId]));
  const held = await claimKeys(tx, project, 'endpoint-name', proposed);
  const fresh = names.filter((name) => held.get(name) === proposed.get(name));
  const now = context.clock.now();
  for (const [index, name] of fresh.entries()) {
    const id = held.get(name)!;
    await claimKey(tx, project, 'endpoint-look', lookOf(name), id);
    await insertNode(tx, {
      ...{ id, uid: uids.get(name)!, project, name, created: now, started: now },
      ...{ context: project as number as NodeId, kind: 'asset', type: graph.types.endpoint },
      ...{ state: null, ended: null, mark: 0 },
    });
    await insertEdge(tx, context, {
      ...{ id: (first + names.length + index) as EdgeId, project, source: id },
      ...{ target: project as number as NodeId, kind: 'member-of', known: 'observed' },
      ...{ validFrom: null, event: tx.eventId },
    });
  }
  const rows =
    await tx.many<EndpointRow>(sql`SELECT ${endpointColumns} FROM node n WHERE n.id ${anyOf([...held.values()])}
    ORDER BY n.id ${lockNodes(graph.db.dialect)}`);
  return new Map(rows.map((row) => [row.name, row]));
}

/** Whole endpoints with what serves there, in the order of the rows: a bounded number of statements. */
export async function loadEndpoints(
  queries: Queries,
  graph: Graph,
  rows: readonly EndpointRow[],
  when: AsOf,
): Promise<Endpoint[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const serving = await queries.many<{
    endpoint: NodeId;
    deployment: NodeId;
  }>(sql`SELECT DISTINCT m.target AS endpoint,
      s.target AS deployment
    FROM edge m JOIN edge s ON s.target = m.source AND s.kind = ${edgeKinds.serves}
    WHERE m.target ${anyOf(ids)} AND m.kind = ${edgeKinds['member-of']} AND ${believed(when.knownAt)}
      AND ${holding(when.asOf)}`);
  const counts = await queries.many<{
    endpoint: NodeId;
    deployments: number;
  }>(sql`SELECT m.target AS endpoint,
      count(*) AS deployments
    FROM edge m JOIN node d ON d.id = m.source AND d.deleted = 0
    WHERE m.target ${anyOf(ids)} AND m.kind = ${edgeKinds['member-of']} GROUP BY m.target`);
  const deployments = await loadDeployments(
    queries,
    graph,
    serving.map(({ deployment }) => deployment),
    when,
  );
  const keys = await graph.keys.find(queries, ['description']);
  const descriptions = await propertiesOf(queries, ids, { scope: 'declared', keys: [...keys.values()] });
  return rows.map(({ id: node, deleted, ...row }) => {
    const description = descriptions.find(
      ({ owner, scope }) => owner === node && scope === propertyScopes.declared,
    );
    return {
      ...row,
      node,
      deleted: deleted !== 0,
      description: description && textOf(description),
      serving: serving
        .flatMap(({ endpoint, deployment }) => (endpoint === node ? (deployments.get(deployment) ?? []) : []))
        .sort(
          (a, b) =>
            Buffer.compare(Buffer.from(a.slot), Buffer.from(b.slot)) ||
            b.percent - a.percent ||
            b.started - a.started ||
            b.node - a.node,
        ),
      deployments: counts.find(({ endpoint }) => endpoint === node)?.deployments ?? 0,
    };
  });
}
