/**
 * One step from a node, as it is stored: what is next to it on one side, in groups and in pages. A step follows the rule of
 * engines/graph (a read that a binding explains leads to the version, an asset is met where no version was told), and shows besides what
 * serves where and which versions and deployments an asset has.
 */
import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, emptySql, joinSql, rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import { edgeKinds, type NodeRow, nodeKinds } from '../../graph/index.ts';
import { lives, type When } from '../answers/evidence-store.ts';

/** Causes and effects of one node are counted so far. */
const mostCounted = 100;

/** Edges of these kinds are steps between an execution and what it read, made or serves. */
const conducting = [
  edgeKinds.used,
  edgeKinds.generated,
  edgeKinds.derived,
  edgeKinds.binds,
  edgeKinds.serves,
];

export interface Near extends When {
  readonly node: Pick<NodeRow, 'id' | 'kind' | 'uid'>;
  readonly direction: 'up' | 'down';
  /** Projects whose nodes the reader may see; absent: all. */
  readonly projects?: readonly number[];
  readonly type?: string | undefined;
  /** uid of the group. */
  readonly group?: string | undefined;
  /** As stored. */
  readonly known?: number | undefined;
}

// As text: in a CASE a store cannot know the type of bound values.
const [versionOf, memberOf] = [
  rawSql(String(edgeKinds['version-of'])),
  rawSql(String(edgeKinds['member-of'])),
];

/** What a node is told with others of its kind under: asset of a version, endpoint of a deployment, job of its run; else its context. */
const groupOf = sql`COALESCE((SELECT min(m.target) FROM edge m WHERE m.source = n.id AND m.known_to IS NULL
    AND m.kind = CASE WHEN n.kind = ${nodeKinds.artifact} THEN ${versionOf} ELSE ${memberOf} END), n.context)`;

/** Rows (edge, other, known, role): a line for each assertion. */
function steps(near: Near): Sql {
  const { node, direction } = near;
  const [here, there] =
    direction === 'down' ? [sql`s.source`, sql`s.target`] : [sql`s.target`, sql`s.source`];
  const row = (from: Sql, to: Sql, where: Sql) =>
    sql`SELECT s.id AS edge, ${to} AS other, s.kind, s.known, s.subtype FROM edge s WHERE ${from} = ${node.id} AND ${lives(near)} AND ${where}`;
  const parts = [
    row(here, there, sql`s.kind ${anyOf(conducting)}${explainedAway(near)}`),
    row(sql`s.source`, sql`s.target`, sql`s.kind = ${edgeKinds.same}`),
    row(sql`s.target`, sql`s.source`, sql`s.kind = ${edgeKinds.same}`),
  ];
  if (node.kind === nodeKinds.asset && direction === 'up')
    parts.push(row(here, there, sql`s.kind ${anyOf([edgeKinds['version-of'], edgeKinds['member-of']])}`));
  if (node.kind === nodeKinds.artifact && direction === 'down')
    parts.push(row(here, there, sql`s.kind = ${edgeKinds['version-of']} AND ${readUnbound(near)}`));
  return joinSql(parts, ' UNION ALL ');
}

/** Reads of an asset of which a binding says the version are not met there. */
function explainedAway(near: Near): Sql {
  const { node, direction } = near;
  if (node.kind === nodeKinds.asset && direction === 'down')
    return sql` AND NOT (s.kind = ${edgeKinds.used} AND EXISTS (SELECT 1 FROM edge b
      WHERE b.target = s.target AND b.kind = ${edgeKinds.binds} AND b.source_slot = ${node.uid} AND ${lives(near, 'b')}))`;
  if (node.kind !== nodeKinds.execution || direction === 'down') return emptySql;
  return sql` AND NOT (s.kind = ${edgeKinds.used} AND s.source IN (SELECT a.id FROM edge b
    JOIN node a ON a.project = b.project AND a.uid = b.source_slot AND a.kind = ${nodeKinds.asset}
    WHERE b.target = ${node.id} AND b.kind = ${edgeKinds.binds} AND ${lives(near, 'b')}))`;
}

/** Somebody read the asset, and nobody can say in which version. */
function readUnbound(near: Near): Sql {
  return sql`EXISTS (SELECT 1 FROM edge u JOIN node a ON a.id = u.source
    WHERE u.source = s.target AND u.kind ${anyOf([edgeKinds.used, edgeKinds.derived])} AND ${lives(near, 'u')}
      AND NOT (u.kind = ${edgeKinds.used} AND EXISTS (SELECT 1 FROM edge b WHERE b.target = u.target
        AND b.kind = ${edgeKinds.binds} AND b.source_slot = a.uid AND ${lives(near, 'b')})))`;
}

function wanted({ projects, type, known }: Near): Sql {
  const seen = projects === undefined ? sql`1 = 1` : sql`n.project ${anyOf(projects)}`;
  const ofType = type === undefined ? emptySql : sql` AND t.name = ${type}`;
  return sql`${seen}${ofType}${known === undefined ? emptySql : sql` AND e.known = ${known}`}`;
}

/** Nodes of the group asked for, if one is; `of` is the id of the group. */
const inGroup = ({ group }: Near, of: Sql): Sql =>
  group === undefined ? emptySql : sql` JOIN node g ON g.id = ${of} AND g.uid = ${group}`;

export interface GroupRow {
  readonly type: string;
  readonly group: NodeId;
  readonly known: number;
  readonly count: number;
}

/** The largest first. A node counts once in each group that it is in: by two assertions of different strength in two. */
export function groupsNear(queries: Queries, near: Near, limit: number): Promise<GroupRow[]> {
  return queries.many(sql`SELECT x.type, x.grp AS "group", x.known, count(DISTINCT x.other) AS count
    FROM (SELECT t.name AS type, ${groupOf} AS grp, e.known, e.other
      FROM (${steps(near)}) e JOIN node n ON n.id = e.other JOIN type t ON t.id = n.type WHERE ${wanted(near)}) x${inGroup(near, sql`x.grp`)}
    GROUP BY x.type, x.grp, x.known ORDER BY count(DISTINCT x.other) DESC, x.type, x.grp, x.known LIMIT ${limit}`);
}

/** Nodes next to it: those that the reader may see, and of what is asked for; and those hidden. */
export async function countNear(
  queries: Queries,
  near: Near,
): Promise<{ readonly count: number; readonly masked: number }> {
  const seen = near.projects === undefined ? sql`1 = 1` : sql`n.project ${anyOf(near.projects)}`;
  const row = await queries.one<{ count: number; masked: number }>(sql`SELECT
      count(DISTINCT CASE WHEN ${seen} THEN e.other END) AS count,
      count(DISTINCT CASE WHEN ${seen} THEN NULL ELSE e.other END) AS masked
    FROM (${steps(near)}) e JOIN node n ON n.id = e.other`);
  return row!;
}

export interface StepRow {
  readonly edge: number;
  readonly other: NodeId;
}

/** The nodes made last come first; several assertions about one follow each other. */
export function pageNear(
  queries: Queries,
  near: Near,
  after: readonly [node: number, edge: number] | undefined,
  limit: number,
): Promise<StepRow[]> {
  const beyond = after === undefined ? emptySql : sql` AND (e.other, e.edge) < (${after[0]}, ${after[1]})`;
  return queries.many(sql`SELECT e.edge, e.other FROM (${steps(near)}) e
    JOIN node n ON n.id = e.other JOIN type t ON t.id = n.type${inGroup(near, groupOf)}
    WHERE ${wanted(near)}${beyond} ORDER BY e.other DESC, e.edge DESC LIMIT ${limit}`);
}

export interface FactsRow {
  readonly id: NodeId;
  readonly uid: string;
  readonly project: string;
  readonly kind: number;
  readonly type: string;
  readonly name: string | null;
  readonly state: number | null;
  readonly at: number;
  readonly deleted: number;
  readonly group: NodeId;
  readonly causes: number;
  readonly effects: number;
}

/** What is told of nodes in a graph; causes and effects up to `mostCounted`. */
export function factsOfNodes(queries: Queries, nodes: readonly number[], when: When): Promise<FactsRow[]> {
  const some = (end: Sql, kinds: Sql) => sql`(SELECT count(*) FROM (SELECT 1 AS one FROM edge s
    WHERE ${end} = n.id AND s.kind ${kinds} AND ${lives(when)} LIMIT ${mostCounted}) c)`;
  const same = anyOf([...conducting, edgeKinds.same]);
  const members = anyOf([edgeKinds['version-of'], edgeKinds['member-of']]);
  const [source, target] = [sql`s.source`, sql`s.target`];
  const [ofSource, ofTarget] = [
    some(source, sql`= ${edgeKinds.same}`),
    some(target, sql`= ${edgeKinds.same}`),
  ];
  return queries.many(sql`SELECT n.id, n.uid, p.name AS project, n.kind, t.name AS type, n.name, n.state,
      COALESCE(n.started, n.created) AS at, n.deleted, ${groupOf} AS "group",
      ${some(target, same)} + ${ofSource} + CASE WHEN n.kind = ${nodeKinds.asset} THEN ${some(target, members)} ELSE 0 END AS causes,
      ${some(source, same)} + ${ofTarget} AS effects
    FROM node n JOIN type t ON t.id = n.type JOIN node p ON p.id = n.project WHERE n.id ${anyOf(nodes)}`);
}

/** Of these artifacts those that tell by explicit edges what they derive from: that an execution made them conducts nothing. */
export async function explicitOf(
  queries: Queries,
  artifacts: readonly number[],
  when: When,
): Promise<ReadonlySet<number>> {
  const rows = await queries.many<{ id: number }>(sql`SELECT n.id FROM node n WHERE n.id ${anyOf(artifacts)}
    AND EXISTS (SELECT 1 FROM edge s WHERE s.target = n.id AND s.kind = ${edgeKinds.derived} AND ${lives(when)})`);
  return new Set(rows.map(({ id }) => id));
}
