/** Runs as those who ask about data see them: what ran, of which experiment or job, whose, when, how long, where. */
import type { Queries } from '../../../db/db.ts';
import { wordOf } from '../../../kernel/codes.ts';
import type { NodeId, Uid } from '../../../kernel/ids.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import {
  type ExecutionState,
  edgeKinds,
  executionStates,
  type Graph,
  keySpaces,
  nodeKinds,
  propertiesOf,
  textOf,
} from '../../graph/index.ts';
import { facetWords } from '../shape/facet-shape.ts';
import { member, readJson, textOf as textIn } from '../shape/json-parts.ts';
import type { FacetSource } from './facet-source.ts';

export interface Execution {
  readonly uid: Uid;
  /** Name of its project. */
  readonly project: string;
  /** `run`, or `job-run` of a pipeline. */
  readonly type: string;
  readonly name: string;
  /** It was purged: that it was there is all that is left. */
  readonly purged: boolean;
  readonly state: ExecutionState | undefined;
  /** ms */
  readonly started: number | undefined;
  readonly ended: number | undefined;
  /** Decimal id of its experiment. */
  readonly experiment: { readonly id: string; readonly name: string } | undefined;
  readonly job: { readonly uid: Uid; readonly name: string; readonly namespace: string } | undefined;
  readonly user: string | undefined;
  /** What ran it, as far as it was told: a script, an engine, a scheduler. */
  readonly where: string | undefined;
}

interface Row {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: string;
  readonly type: string;
  readonly kind: number;
  readonly name: string | null;
  readonly state: number | null;
  readonly started: number | null;
  readonly ended: number | null;
  readonly context_name: string | null;
  readonly experiment: string | null;
}

/** Six statements, whatever their number. */
export async function executionsById(
  queries: Queries,
  graph: Graph,
  facets: FacetSource,
  nodes: readonly NodeId[],
): Promise<Map<NodeId, Execution>> {
  if (nodes.length === 0) return new Map();
  const rows =
    await queries.many<Row>(sql`SELECT n.id, n.uid, p.name AS project, t.name AS type, n.kind, n.name, n.state, n.started, n.ended,
      c.name AS context_name, k.value AS experiment FROM node n JOIN type t ON t.id = n.type JOIN node p ON p.id = n.project
    LEFT JOIN node c ON c.id = n.context
    LEFT JOIN node_key k ON k.node = n.context AND k.space = ${keySpaces['experiment-id']}
    WHERE n.id ${anyOf(nodes)}`);
  const jobs = await jobsOf(queries, nodes);
  const said = await facets.ofNodes(queries, nodes, ['processing_engine', 'ownership']);
  const told = await toldOf(queries, graph, nodes);
  return new Map(
    rows.map((row) => {
      const job = jobs.get(row.id);
      const own = told.get(row.id);
      const words = facetWords(said.get(row.id) ?? new Map());
      const engine = readJson(said.get(row.id)?.get('processing_engine'));
      const engineName = [textIn(member(engine, 'name')), textIn(member(engine, 'version'))]
        .filter((part) => part !== undefined)
        .join(' ');
      return [
        row.id,
        {
          ...{ uid: row.uid, project: row.project, type: row.type, name: row.name ?? '' },
          purged: row.kind === nodeKinds.tombstone,
          state: row.state === null ? undefined : wordOf(executionStates, row.state),
          started: row.started ?? undefined,
          ended: row.ended ?? undefined,
          experiment:
            row.experiment === null ? undefined : { id: row.experiment, name: row.context_name ?? '' },
          job,
          user: own?.user || words.owner,
          where: engineName || own?.source || job?.namespace || undefined,
        },
      ];
    }),
  );
}

async function jobsOf(queries: Queries, nodes: readonly NodeId[]) {
  const rows = await queries.many<{
    run: NodeId;
    uid: Uid;
    name: string;
    key: string | null;
  }>(sql`SELECT e.source AS run,
      j.uid, j.name, k.value AS key FROM edge e JOIN node j ON j.id = e.target JOIN type t ON t.id = j.type AND t.name = 'job'
    LEFT JOIN node_key k ON k.node = j.id
    WHERE e.source ${anyOf(nodes)} AND e.kind = ${edgeKinds['member-of']} AND e.known_to IS NULL ORDER BY e.id`);
  // A key of a job is (face, namespace, name).
  return new Map(
    rows.map(({ run, uid, name, key }) => {
      const parts = readJson(key ?? undefined);
      const namespace = Array.isArray(parts) ? (textIn(parts[1]) ?? '') : '';
      return [run, { uid, name, namespace }] as const;
    }),
  );
}

async function toldOf(queries: Queries, graph: Graph, nodes: readonly NodeId[]) {
  const found = new Map<NodeId, { user?: string; source?: string }>();
  const put = (owner: NodeId, part: { user?: string; source?: string }) =>
    found.set(owner, { ...found.get(owner), ...part });
  const { user } = graph.systemKeys;
  for (const row of await propertiesOf(queries, nodes, { scope: 'system', keys: [user] })) {
    put(row.owner, { user: textOf(row) });
  }
  const source = (await graph.keys.find(queries, ['mlflow.source.name'])).get('mlflow.source.name');
  if (source === undefined) return found;
  for (const row of await propertiesOf(queries, nodes, { scope: 'tag', keys: [source] })) {
    put(row.owner, { source: textOf(row) });
  }
  return found;
}
