/** Registered models as records, with all their versions and the numbers of those that are deleted. */
import type { Queries } from '../../db/db.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { edgeKinds, findByKey, type Graph, keySpaces, propertyScopes } from '../graph/index.ts';
import { loadRegistered, loadVersions } from '../registry/index.ts';
import type { RegisteredRecord } from './records.ts';

/** Registered models of one answer. */
const modelsOfPage = 20;

export async function readRegistered(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  after: number,
): Promise<{ readonly items: readonly RegisteredRecord[]; readonly last?: number }> {
  const found = await queries.many<{ node: NodeId }>(sql`SELECT k.node FROM node_key k
    WHERE k.project = ${project} AND k.space = ${keySpaces['registered-model-name']} AND k.node > ${after}
    ORDER BY k.node LIMIT ${modelsOfPage + 1}`);
  const nodes = found.slice(0, modelsOfPage).map(({ node }) => node);
  const items: RegisteredRecord[] = [];
  for (const node of nodes) items.push(await recordOf(queries, graph, project, node));
  return found.length > modelsOfPage ? { items, last: nodes.at(-1)! } : { items };
}

/** Undefined for a name that is free. */
export async function readRegisteredByName(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  name: string,
): Promise<RegisteredRecord | undefined> {
  const node = await findByKey(queries, project, 'registered-model-name', name);
  return node && recordOf(queries, graph, project, node);
}

async function recordOf(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  node: NodeId,
): Promise<RegisteredRecord> {
  const model = (await loadRegistered(queries, graph, project, [node])).get(node)!;
  const rows = await queries.many<{
    id: NodeId;
    number: number;
    deleted: number;
  }>(sql`SELECT n.id, v.int AS number, n.deleted
    FROM edge e JOIN node n ON n.id = e.source
    JOIN property v ON v.owner = n.id AND v.scope = ${propertyScopes.system} AND v.key = ${graph.systemKeys.version_number}
    WHERE e.target = ${node} AND e.kind = ${edgeKinds['version-of']} ORDER BY v.int`);
  const live = rows.filter(({ deleted }) => deleted === 0).map(({ id }) => id);
  const versions = await loadVersions(queries, graph, live);
  return {
    name: model.name,
    ...(model.description !== undefined && { description: model.description }),
    created: model.created,
    updated: model.updated,
    tags: model.tags.map(({ key, value }) => [key, value]),
    aliases: model.aliases.map(({ alias, version }) => [alias, String(version)]),
    versions: live.map((id) => {
      const version = versions.get(id)!;
      return {
        version: version.version,
        ...(version.description !== undefined && { description: version.description }),
        created: version.created,
        updated: version.updated,
        creator: version.creator,
        stage: version.stage,
        source: version.source,
        location: version.location,
        run: version.run,
        runLink: version.runLink,
        loggedModel: version.loggedModel,
        tags: version.tags.map(({ key, value }) => [key, value]),
      };
    }),
    deleted: rows.filter(({ deleted }) => deleted !== 0).map(({ number }) => number),
  };
}
