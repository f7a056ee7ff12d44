/**
 * Experiments and runs by what somebody typed, by few index lookups: ids and names that begin with it, names that equal
 * it, and names that hold it among the latest records. No statement costs by the number of runs.
 */
import type { Queries } from '../../../db/db.ts';
import { afterPrefix, foldAscii } from '../../../engines/search/pattern.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import { anyOf, joinSql, type Sql, sql, textHead, textHeadLength } from '../../../kernel/sql.ts';
import { findByKey, type Graph, keySpaces, nodeKinds, propertyScopes } from '../../graph/index.ts';
import { isStorable, nameContains } from '../fields/layouts.ts';

/** The latest records whose names are looked through for a text in their middle: 50,000 take some 30 ms. */
export const findWindow = 50_000;
/** What each way of finding brings at most; the best of them are shown. */
const bringLimit = 60;
/** Words of the text that the store looks for. */
const wordLimit = 8;
/** Hexadecimal digits from which a text may be the beginning of an id. */
const idFrom = 4;

export type FoundKind = 'experiment' | 'run';

/** A record as the list of what was found shows it. */
export interface FoundNode {
  readonly node: NodeId;
  readonly kind: FoundKind;
  /** Of a run its uid, of an experiment its number. */
  readonly id: string;
  readonly name: string;
  readonly state: number | null;
  readonly user: string | null;
  readonly started: number | null;
  readonly created: number;
  readonly updated: number;
  readonly deleted: boolean;
  /** The experiment it is, or is in. */
  readonly experiment: { readonly id: string; readonly name: string };
}

const kindOf = { experiment: nodeKinds.context, run: nodeKinds.execution } as const;

/** Ids of records that the text may mean, with no order. `complete`: whether every name was looked through. */
export async function candidates(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  text: string,
): Promise<{ nodes: Set<NodeId>; complete: boolean }> {
  const nodes = new Set<NodeId>();
  if (!isStorable(text)) return { nodes, complete: true };
  const experiment = await findByKey(queries, project, 'experiment-id', text);
  if (experiment !== undefined) nodes.add(experiment);
  const ways: Sql[] = [];
  for (const kind of ['experiment', 'run'] as const) {
    ways.push(...namedLike(graph, project, kind, text));
    if (kind === 'experiment') ways.push(experimentsHolding(graph, project, text));
  }
  if (new RegExp(`^[0-9a-f]{${idFrom},64}$`, 'i').test(text)) ways.push(runsOfId(graph, project, text));
  for (const way of ways) {
    for (const { id } of await queries.many<{ id: NodeId }>(sql`${way} LIMIT ${bringLimit}`)) nodes.add(id);
  }
  const walked = await latestHolding(queries, graph, project, text);
  for (const id of walked.nodes) nodes.add(id);
  return { nodes, complete: walked.complete };
}

/** Names that equal the text, the latest first, and names that begin with it, in the spellings people use. */
function namedLike(graph: Graph, project: ProjectId, kind: FoundKind, text: string): Sql[] {
  const name = textHead('n.name');
  const rows = sql`SELECT n.id FROM node n WHERE n.project = ${project} AND n.kind = ${kindOf[kind]}
    AND +n.type = ${graph.types[kind]}`;
  const lower = foldAscii(text);
  const spellings = new Set([text, lower, lower.replace(/^[a-z]/, (letter) => letter.toUpperCase())]);
  return [...spellings].flatMap((spelling) => {
    const head = [...spelling].slice(0, textHeadLength).join('');
    const end = afterPrefix(head);
    const before = end === undefined ? sql`` : sql` AND ${name} < ${end}`;
    return [
      sql`${rows} AND ${name} = ${head} ORDER BY n.id DESC`,
      sql`${rows} AND ${name} >= ${head}${before} ORDER BY ${name}, n.id`,
    ];
  });
}

/** Experiments are few: all their names are looked through. */
function experimentsHolding(graph: Graph, project: ProjectId, text: string): Sql {
  return sql`SELECT n.id FROM node n WHERE n.context = ${project as number} AND n.kind = ${nodeKinds.context}
    AND n.type = ${graph.types.experiment} AND ${allWords(graph, text)} ORDER BY n.id DESC`;
}

function runsOfId(graph: Graph, project: ProjectId, text: string): Sql {
  const id = foldAscii(text);
  return sql`SELECT n.id FROM node n WHERE n.project = ${project} AND n.uid >= ${id} AND n.uid < ${afterPrefix(id)!}
    AND +n.type = ${graph.types.run} AND +n.kind = ${nodeKinds.execution} ORDER BY n.uid`;
}

/** Every word somewhere in the name; the first ones do for few enough to be looked at one by one. */
function allWords(graph: Graph, text: string): Sql {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return joinSql(
    words.slice(0, wordLimit).map((word) => nameContains(graph, word)),
    ' AND ',
  );
}

async function latestHolding(queries: Queries, graph: Graph, project: ProjectId, text: string) {
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT n.id FROM (
      SELECT id, project, kind, type, name FROM node ORDER BY id DESC LIMIT ${findWindow}
    ) n WHERE n.project = ${project} AND n.type = ${graph.types.run} AND n.kind = ${nodeKinds.execution}
      AND ${allWords(graph, text)}
    ORDER BY n.id DESC LIMIT ${bringLimit}`);
  const beyond = await queries.one(sql`SELECT id FROM node ORDER BY id DESC LIMIT 1 OFFSET ${findWindow}`);
  return { nodes: rows.map(({ id }) => id), complete: beyond === undefined };
}

/** Runs made last, some of them perhaps deleted. */
export async function latestRuns(queries: Queries, graph: Graph, project: ProjectId) {
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT n.id FROM (
      SELECT id, project, kind, type FROM node ORDER BY id DESC LIMIT ${findWindow}
    ) n WHERE n.project = ${project} AND n.type = ${graph.types.run} AND n.kind = ${nodeKinds.execution} ORDER BY n.id DESC LIMIT ${bringLimit}`);
  return rows.map(({ id }) => id);
}

/** What is shown of records, in one statement. */
export async function foundNodes(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<FoundNode[]> {
  if (nodes.length === 0) return [];
  const user = graph.systemKeys.user;
  const rows = await queries.many<{
    node: NodeId;
    type: number;
    uid: string;
    name: string | null;
    state: number | null;
    user_name: string | null;
    started: number | null;
    created: number;
    updated: number;
    deleted: number;
    experiment: string | null;
    experiment_name: string | null;
  }>(sql`SELECT n.id AS node, n.type, n.uid, n.name, n.state, p.text AS user_name, n.started, n.created, n.updated,
      CASE WHEN n.type = ${graph.types.run} AND n.mark < c.mark THEN c.deleted ELSE n.deleted END AS deleted,
      k.value AS experiment, c.name AS experiment_name
    FROM node n
    JOIN node c ON c.id = CASE WHEN n.type = ${graph.types.run} THEN n.context ELSE n.id END
    LEFT JOIN node_key k ON k.node = c.id AND k.space = ${keySpaces['experiment-id']}
    LEFT JOIN property p ON p.owner = n.id AND p.scope = ${propertyScopes.system} AND p.key = ${user}
    WHERE n.id ${anyOf(nodes)}`);
  return rows.map((row) => {
    const isRun = row.type === graph.types.run;
    const experiment = { id: row.experiment ?? '', name: row.experiment_name ?? '' };
    return {
      node: row.node,
      kind: isRun ? 'run' : 'experiment',
      id: isRun ? row.uid : experiment.id,
      name: row.name ?? '',
      state: row.state,
      user: row.user_name,
      started: row.started,
      created: row.created,
      updated: row.updated,
      deleted: row.deleted === 1,
      experiment,
    };
  });
}
