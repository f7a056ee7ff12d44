import type { Queries } from '../../db/db.ts';
import { notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import type { Tag } from '../contexts/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  edgeKinds,
  findByKey,
  type Graph,
  lockNodes,
  propertiesOf,
  propertyScopes,
  textOf,
} from '../graph/index.ts';
import { latestByStage, loadVersions, sortedByKey, versionKey, versionNodes } from './model-version-store.ts';
import { namedNow } from './naming-store.ts';
import {
  checkRegisteredName,
  isPrompt,
  type ModelVersion,
  promptTag,
  type RegisteredModel,
} from './registered-model.ts';

export interface RegisteredRow {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly name: string;
  readonly created: number;
  readonly updated: number;
}

/**
 * The registered model of that name. With `lock` it is held until the transaction ends: whatever changes a model, its
 * versions or their names comes one after the other.
 */
export async function requireRegistered(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  name: string,
  lock = false,
): Promise<RegisteredRow> {
  checkRegisteredName(name);
  const node = await findByKey(queries, project, 'registered-model-name', name);
  const row =
    node &&
    (await queries.one<RegisteredRow>(sql`SELECT n.id, n.uid, n.project, n.name, n.created, n.updated
      FROM node n WHERE n.id = ${node} AND n.deleted = 0 ${lock ? lockNodes(graph.db.dialect) : emptySql}`));
  // While this waited for the lock it may have been given another name.
  if (row === undefined || row.name !== name) {
    throw notFound(`Registered Model with name=${name} not found`, 'name');
  }
  return row;
}

/** Whole registered models with their latest versions, by their nodes: ten statements, whatever their number. */
export async function loadRegistered(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  nodes: readonly NodeId[],
): Promise<Map<NodeId, RegisteredModel>> {
  if (nodes.length === 0) return new Map();
  const rows =
    await queries.many<RegisteredRow>(sql`SELECT n.id, n.uid, n.project, n.name, n.created, n.updated
    FROM node n WHERE n.id ${anyOf(nodes)}`);
  const properties = await propertiesOf(queries, nodes);
  const keys = await graph.keys.names(
    queries,
    properties.map(({ key }) => key),
  );
  const owned = Map.groupBy(properties, ({ owner }) => owner);
  const namings = (await namedNow(queries, 'model', nodes)).filter(({ naming }) =>
    naming.startsWith('alias/'),
  );
  const stages = await latestByStage(queries, graph, nodes);
  const latest = await versionNodes(queries, project, stages);
  const versions = await loadVersions(queries, graph, [
    ...new Set([...latest.values(), ...namings.map(({ version }) => version)]),
  ]);
  return new Map(
    rows.map(({ id: node, ...row }) => {
      const tags: Tag[] = [];
      let description: string | undefined;
      for (const property of owned.get(node) ?? []) {
        const [key, value] = [keys.get(property.key) ?? '', textOf(property)];
        if (property.scope === propertyScopes['registered-model-tag']) tags.push({ key, value });
        else if (key === 'description') description = value;
      }
      const own = stages.filter(({ model }) => model === node);
      const model: RegisteredModel = {
        ...row,
        node,
        description,
        tags: sortedByKey(tags),
        aliases: namings
          .filter((naming) => naming.model === node)
          .flatMap(({ naming, version }) => {
            const found = versions.get(version);
            return found === undefined
              ? []
              : { alias: naming.slice('alias/'.length), version: found.version };
          }),
        versions: own.reduce((sum, stage) => sum + stage.versions, 0),
        latest: own.flatMap(({ number }): ModelVersion[] => {
          const found = latest.get(versionKey(node, number));
          return found !== undefined && versions.get(found) ? [versions.get(found)!] : [];
        }),
      };
      return [node, model];
    }),
  );
}

/** Those of the nodes, registered models or versions, deleted ones too, whose model is a prompt. */
export async function promptNodes(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<ReadonlySet<NodeId>> {
  const key = (await graph.keys.find(queries, [promptTag])).get(promptTag);
  if (nodes.length === 0 || key === undefined) return new Set();
  const edges = await queries.many<{ version: NodeId; model: NodeId }>(
    sql`SELECT e.source AS version, e.target AS model FROM edge e
      WHERE e.source ${anyOf(nodes)} AND e.kind = ${edgeKinds['version-of']}`,
  );
  const models = new Map<NodeId, NodeId>(nodes.map((node) => [node, node]));
  for (const { version, model } of edges) models.set(version, model);
  const marks = await propertiesOf(queries, [...new Set(models.values())], {
    scope: 'registered-model-tag',
    keys: [key],
  });
  const prompts = new Set(
    marks
      .filter((mark) => isPrompt([{ key: promptTag, value: textOf(mark) }]))
      .map(({ owner }) => owner as NodeId),
  );
  return new Set(nodes.filter((node) => prompts.has(models.get(node)!)));
}

/** Changes a registered model as it stands: `not_found` if there is none of the name. */
export type ModelChanges = <T>(
  context: RequestContext,
  project: ProjectId,
  name: string,
  action: string,
  body: (tx: ChangeTx, model: RegisteredRow) => Promise<T>,
) => Promise<T>;

export function modelChanges(graph: Graph, journal: Journal): ModelChanges {
  return (context, project, name, action, body) =>
    journal.write(context, project, action, async (tx) =>
      body(tx, await requireRegistered(tx, graph, project, name, true)),
    );
}
