/** Endpoints and deployments as readers ask for them: as of an instant, as known at another. */
import type { Queries } from '../../db/db.ts';
import { invalid, notFound } from '../../kernel/errors.ts';
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../kernel/page.ts';
import { anyOf, emptySql, type Sql, sql, textHead, textHeadLength } from '../../kernel/sql.ts';
import { edgeKinds, findNode, type Graph, nodeKinds, propertyScopes } from '../graph/index.ts';
import { checkRegisteredName } from '../registry/index.ts';
import { isStorable, nameContains } from '../search/index.ts';
import { type AsOf, checkSlot, type Deployment, type Endpoint, type Share } from './deployment.ts';
import { believed, facts, holding, loadDeployments, membersOf, sharesOf } from './deployment-store.ts';
import {
  type EndpointRow,
  endpointByUid,
  endpointColumns,
  endpointNamed,
  loadEndpoints,
} from './endpoint-store.ts';
import { resolveModel } from './model-reference.ts';

export interface EndpointSearch extends AsOf {
  /** Part of the name. */
  readonly search?: string | undefined;
  readonly view: 'active' | 'deleted' | 'all';
  readonly order: 'name' | '-name' | 'updated' | '-updated';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface DeploymentSearch extends AsOf {
  /** Name of an endpoint. */
  readonly endpoint?: string | undefined;
  readonly slot?: string | undefined;
  /** A `models:/` URI. */
  readonly model?: string | undefined;
  /** Name of a registered model: any of its versions. */
  readonly registered?: string | undefined;
  /** Only what served at `asOf`; now, where that is absent. */
  readonly serving?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What a reader is shown of one belief: a stretch, when it was believed, who said so and who took it back. */
export interface Assertion extends Share {
  readonly retractedBy: string | undefined;
}

export async function listEndpoints(
  graph: Graph,
  project: ProjectId,
  search: EndpointSearch,
): Promise<Page<Endpoint>> {
  const { view, order, limit } = search;
  const byName = order.endsWith('name');
  const isDown = order.startsWith('-');
  const text = search.search ?? '';
  if (!isStorable(text)) return { items: [] };
  const fingerprint = queryFingerprint([
    'endpoints',
    project,
    text,
    view,
    order,
    search.asOf,
    search.knownAt,
  ]);
  const after = cursorOf(search.cursor, fingerprint, byName ? ['string', 'number'] : ['number', 'number']);
  return graph.db.read(async (queries) => {
    const ofView = view === 'all' ? emptySql : sql` AND n.deleted = ${view === 'deleted' ? 1 : 0}`;
    const like = text === '' ? emptySql : sql` AND ${nameContains(graph, text)}`;
    // What nobody knew of then was not there.
    const known = search.knownAt === undefined ? emptySql : sql` AND n.created <= ${search.knownAt}`;
    const column = byName ? sql`n.name` : sql`n.updated`;
    const direction = isDown ? sql`<` : sql`>`;
    const beyond =
      after === undefined
        ? emptySql
        : sql` AND (${column} ${direction} ${after[0]!} OR (${column} = ${after[0]!} AND n.id ${direction} ${after[1]!}))`;
    const sorted = isDown ? sql`${column} DESC, n.id DESC` : sql`${column}, n.id`;
    const rows = await queries.many<EndpointRow>(sql`SELECT ${endpointColumns} FROM node n
      WHERE n.context = ${project as number} AND n.kind = ${nodeKinds.asset} AND n.type = ${graph.types.endpoint}
        ${ofView}${like}${known}${beyond} ORDER BY ${sorted} LIMIT ${limit + 1}`);
    const items = await loadEndpoints(queries, graph, rows.slice(0, limit), search);
    const last = rows[limit - 1];
    if (rows.length <= limit || last === undefined) return { items };
    return {
      items,
      cursor: encodeCursor(fingerprint, [byName ? last.name : last.updated, last.id]),
    };
  });
}

/** By uid, or by name. */
export async function getEndpoint(
  graph: Graph,
  project: ProjectId,
  which: { readonly uid: string } | { readonly name: string },
  when: AsOf,
): Promise<Endpoint> {
  return graph.db.read(async (queries) => {
    const row =
      'uid' in which
        ? await endpointByUid(queries, graph, project, which.uid)
        : await endpointNamed(queries, graph, project, which.name);
    return (await loadEndpoints(queries, graph, [row], when))[0]!;
  });
}

/** The latest begun first. */
export async function listDeployments(
  graph: Graph,
  project: ProjectId,
  search: DeploymentSearch,
): Promise<Page<Deployment>> {
  const { endpoint, slot, model, registered, serving, asOf, knownAt, limit } = search;
  if (slot !== undefined) checkSlot(slot);
  if (registered !== undefined) checkRegisteredName(registered, 'registered');
  const fingerprint = queryFingerprint([
    ...['deployments', project, endpoint ?? null, slot ?? null, model ?? null, registered ?? null],
    ...[serving === true, asOf ?? null, knownAt ?? null],
  ]);
  const after = cursorOf(search.cursor, fingerprint, ['number', 'number']);
  return graph.db.read(async (queries) => {
    const members =
      endpoint === undefined
        ? emptySql
        : sql` AND n.id IN (${membersOf([(await endpointNamed(queries, graph, project, endpoint)).id])})`;
    const served = await servedBy(queries, graph, project, search);
    const inSlot = slot === undefined ? emptySql : sql` AND s.target_slot = ${slot}`;
    const then = serving === true || asOf !== undefined ? sql` AND ${holding(asOf)}` : emptySql;
    const beyond =
      after === undefined
        ? emptySql
        : sql` AND (n.started < ${after[0]!} OR (n.started = ${after[0]!} AND n.id < ${after[1]!}))`;
    const rows = await queries.many<{ id: NodeId; started: number }>(sql`SELECT n.id, n.started FROM node n
      WHERE n.context = ${project as number} AND n.kind = ${nodeKinds.execution} AND n.type = ${graph.types.deployment}${members}
        AND EXISTS (SELECT 1 FROM edge s WHERE s.target = n.id AND s.kind = ${edgeKinds.serves} AND ${believed(knownAt)}${inSlot}${then}${served})${beyond}
      ORDER BY n.started DESC, n.id DESC LIMIT ${limit + 1}`);
    const shown = rows.slice(0, limit);
    const found = await loadDeployments(
      queries,
      graph,
      shown.map(({ id }) => id),
      { asOf, knownAt },
    );
    const items = shown.flatMap(({ id }) => found.get(id) ?? []);
    const last = shown.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    return { items, cursor: encodeCursor(fingerprint, [last.started, last.id]) };
  });
}

/** ` AND …` of the edge `s`: it serves this model. One that was deleted is found by the name it had. */
async function servedBy(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  { model, registered }: DeploymentSearch,
): Promise<Sql> {
  if (model !== undefined) {
    try {
      const { node } = await resolveModel(queries, graph, project, model, 'model');
      return sql` AND s.source = ${node}`;
    } catch (error) {
      const recorded = await recordedAs(queries, graph, project, model);
      if (recorded.length === 0) throw error;
      return sql` AND s.target ${anyOf(recorded)}`;
    }
  }
  if (registered === undefined) return emptySql;
  return sql` AND s.source IN (SELECT v.id FROM node v WHERE v.project = ${project} AND v.kind = ${nodeKinds.artifact}
    AND v.type = ${graph.types['model-version']} AND v.name = ${registered})`;
}

/** Deployments of what this URI led to then, though its record is deleted now. */
async function recordedAs(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  uri: string,
): Promise<NodeId[]> {
  if (!isStorable(uri)) return [];
  const key = (await graph.keys.find(queries, [facts.model])).get(facts.model);
  if (key === undefined) return [];
  const head = [...uri].slice(0, textHeadLength).join('');
  const rows = await queries.many<{ node: NodeId }>(sql`SELECT p.owner AS node FROM property p
    WHERE p.project = ${project} AND p.context = ${project as number} AND p.scope = ${propertyScopes.declared} AND p.key = ${key}
      AND ${textHead('p.text')} = ${head} AND p.text = ${uri}`);
  return rows.map(({ node }) => node);
}

/** One deployment; one that nobody knew of at `knownAt` is not found, one that was retracted is, and says so. */
export async function getDeployment(
  graph: Graph,
  project: ProjectId,
  uid: string,
  when: AsOf,
): Promise<{ readonly deployment: Deployment; readonly assertions: readonly Assertion[] }> {
  return graph.db.read(async (queries) => {
    const node = uid.includes('\0') ? undefined : await findNode(queries, project, uid);
    const isOne = node?.type === graph.types.deployment;
    const deployment = isOne
      ? (await loadDeployments(queries, graph, [node.id], when)).get(node.id)
      : undefined;
    if (deployment === undefined) throw notFound(`No deployment ${uid}.`, 'deployment');
    const all = await sharesOf(queries, graph, [deployment.node], 'all');
    // What was believed later is not told to who asks what was known then.
    const told = all.filter(({ knownFrom }) => when.knownAt === undefined || knownFrom <= when.knownAt);
    const actors = await actorsOf(
      queries,
      told.flatMap(({ retracted }) => retracted ?? []),
    );
    const assertions = told
      .map((share) => ({
        ...share,
        retractedBy: share.retracted === null ? undefined : actors.get(share.retracted),
      }))
      .sort((a, b) => a.knownFrom - b.knownFrom || a.id - b.id);
    return { deployment, assertions };
  });
}

async function actorsOf(queries: Queries, events: readonly EventId[]): Promise<ReadonlyMap<EventId, string>> {
  if (events.length === 0) return new Map();
  const rows = await queries.many<{ id: EventId; actor: string }>(
    sql`SELECT id, actor FROM event WHERE id ${anyOf(events)}`,
  );
  return new Map(rows.map(({ id, actor }) => [id, actor]));
}

function cursorOf(
  cursor: string | undefined,
  fingerprint: string,
  kinds: readonly ('string' | 'number')[],
): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  const values = decodeCursor(cursor, fingerprint, kinds.length, 'cursor');
  for (const [index, value] of values.entries()) {
    if (typeof value !== kinds[index] || (typeof value === 'number' && !Number.isSafeInteger(value))) {
      throw invalid('cursor', 'Invalid page token: not one of this server');
    }
  }
  return values as (string | number)[];
}
