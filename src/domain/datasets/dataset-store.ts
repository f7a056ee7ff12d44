/** Reading datasets as MLflow's runs have them: their inputs, and what an experiment uses. */
import type { Queries } from '../../db/db.ts';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { Tag } from '../contexts/index.ts';
import {
  edgeKinds,
  type Graph,
  keySpaces,
  nodeKinds,
  propertiesOf,
  propertyScopes,
  textOf,
} from '../graph/index.ts';
import type { DatasetInput, DatasetUse, DatasetVersion } from './dataset.ts';

/** Inputs of runs in the order they were logged: four statements, whatever the number of runs. */
export async function inputsOfRuns(
  queries: Queries,
  graph: Graph,
  runs: readonly NodeId[],
): Promise<DatasetInput[]> {
  if (runs.length === 0) return [];
  const edges = await queries.many<{ edge: EdgeId; run: NodeId; node: NodeId; subtype: string | null }>(
    sql`SELECT e.id AS edge, e.target AS run, e.source AS node, e.subtype FROM edge e JOIN node d ON d.id = e.source
      WHERE e.target ${anyOf(runs)} AND e.kind = ${edgeKinds.used} AND e.known_to IS NULL
        AND d.type = ${graph.types['dataset-version']} ORDER BY e.id`,
  );
  if (edges.length === 0) return [];
  const versions = await versionsById(queries, graph, [...new Set(edges.map(({ node }) => node))]);
  const tags = await tagsOfEdges(
    queries,
    graph,
    edges.map(({ edge }) => edge),
  );
  return edges.flatMap(({ edge, run, node, subtype }) => {
    const dataset = versions.get(node);
    if (dataset === undefined) return [];
    return { edge, run, dataset, context: subtype ?? undefined, tags: tags.get(edge) ?? [] };
  });
}

async function tagsOfEdges(
  queries: Queries,
  graph: Graph,
  edges: readonly EdgeId[],
): Promise<Map<EdgeId, Tag[]>> {
  const rows = await propertiesOf(queries, edges, { scope: 'tag' });
  const names = await graph.keys.names(
    queries,
    rows.map((row) => row.key),
  );
  const tags = new Map<EdgeId, Tag[]>();
  for (const row of rows) {
    const edge = row.owner as number as EdgeId;
    const tag = { key: names.get(row.key) ?? '', value: textOf(row) };
    tags.set(edge, [...(tags.get(edge) ?? []), tag]);
  }
  for (const list of tags.values())
    list.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return tags;
}

/** Dataset versions as they were written. */
async function versionsById(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<Map<NodeId, DatasetVersion>> {
  if (nodes.length === 0) return new Map();
  const rows = await queries.many<{ id: NodeId; uid: Uid; name: string; created: number }>(
    sql`SELECT n.id, n.uid, n.name, n.created FROM node n WHERE n.id ${anyOf(nodes)}`,
  );
  const properties = await propertiesOf(queries, nodes, { scope: 'declared' });
  const names = await graph.keys.names(
    queries,
    properties.map((row) => row.key),
  );
  const texts = new Map<NodeId, Map<string, string>>(nodes.map((node) => [node, new Map()]));
  for (const row of properties) texts.get(row.owner)?.set(names.get(row.key) ?? '', textOf(row));
  return new Map(
    rows.map(({ id: node, uid, name, created }) => {
      const text = (key: string) => texts.get(node)?.get(key);
      return [
        node,
        {
          node,
          uid,
          name,
          created,
          digest: text('digest') ?? '',
          sourceType: text('source_type') ?? '',
          source: text('source') ?? '',
          schema: text('schema'),
          profile: text('profile'),
        },
      ];
    }),
  );
}

/** Which dataset versions the runs of experiments use, and as what; each once, in the order of its words. */
export async function usesInExperiments(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  experiments: readonly string[],
  limit: number,
): Promise<DatasetUse[]> {
  const digest = (await graph.keys.find(queries, ['digest'])).get('digest');
  if (digest === undefined || experiments.length === 0) return [];
  const rows = await queries.many<{
    experiment: string;
    name: string;
    digest: string | null;
    subtype: string | null;
  }>(sql`SELECT k.value AS experiment, d.name, p.text AS digest, e.subtype
    FROM node_key k JOIN node d ON d.context = k.node AND d.kind = ${nodeKinds.artifact}
    JOIN edge e ON e.source = d.id AND e.kind = ${edgeKinds.used} AND e.known_to IS NULL
    JOIN property p ON p.owner = d.id AND p.scope = ${propertyScopes.declared} AND p.key = ${digest}
    WHERE k.project = ${project} AND k.space = ${keySpaces['experiment-id']} AND k.value ${anyOf(experiments)}
      AND d.type = ${graph.types['dataset-version']}
    GROUP BY k.node, k.value, d.name, p.text, e.subtype
    ORDER BY k.node, d.name, p.text, CASE WHEN e.subtype IS NULL THEN 1 ELSE 0 END, e.subtype LIMIT ${limit}`);
  return rows.map((row) => ({
    experiment: row.experiment,
    name: row.name,
    digest: row.digest ?? '',
    context: row.subtype ?? undefined,
  }));
}
