/**
 * Which runs started which: edges `parent-of` of every face, and the tag by which MLflow's nested runs name their parent
 * (a parent that did not exist yet when its child was made has no edge).
 */
import type { Queries } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { emptySql, type Sql, sql, textHead } from '../../kernel/sql.ts';
import { edgeKinds, executionStates, type Graph, nodeKinds, propertyScopes } from '../graph/index.ts';
import { parentRunTag } from '../runs/index.ts';
import { rootRun } from './codes.ts';
import type { Relative } from './job.ts';
import { jobsOfRuns } from './job-store.ts';

/** An execution with what its relatives are found by. */
export interface FamilyMember extends Relative {
  readonly project: ProjectId;
  readonly context: NodeId;
}

interface Row {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly context: NodeId;
  readonly type: string;
  readonly name: string | null;
  readonly state: number | null;
  readonly started: number | null;
  readonly ended: number | null;
}

const executions = (
  where: Sql,
): Sql => sql`SELECT n.id AS node, n.uid, n.project, n.context, t.name AS type, n.name,
    n.state, n.started, n.ended
  FROM node n JOIN type t ON t.id = n.type WHERE n.kind = ${nodeKinds.execution} AND ${where}`;

async function members(queries: Queries, where: Sql): Promise<FamilyMember[]> {
  const rows = await queries.many<Row>(executions(where));
  const jobs = await jobsOfRuns(
    queries,
    rows.filter(({ type }) => type === 'job-run').map(({ node }) => node),
  );
  return rows.map(({ name, state, started, ended, ...row }) => ({
    ...row,
    name: name ?? '',
    job: jobs.get(row.node)?.[0],
    state: state === null ? undefined : wordOf(executionStates, state),
    started: started ?? undefined,
    ended: ended ?? undefined,
  }));
}

export async function findMember(
  queries: Queries,
  project: ProjectId,
  uid: string,
): Promise<FamilyMember | undefined> {
  return (await members(queries, sql`n.project = ${project} AND n.uid = ${uid}`))[0];
}

const isParent = sql`e.kind = ${edgeKinds['parent-of']} AND e.known_to IS NULL AND (e.subtype IS NULL OR e.subtype <> ${rootRun})`;

export async function parentsOfMember(
  queries: Queries,
  graph: Graph,
  member: FamilyMember,
): Promise<FamilyMember[]> {
  const key = (await graph.keys.find(queries, [parentRunTag])).get(parentRunTag);
  const tagged =
    key === undefined
      ? emptySql
      : sql` UNION SELECT p.id FROM property v JOIN node p ON p.project = ${member.project} AND p.uid = v.text
          WHERE v.owner = ${member.node} AND v.scope = ${propertyScopes.tag} AND v.key = ${key}`;
  return members(
    queries,
    sql`n.id IN (SELECT e.source FROM edge e WHERE e.target = ${member.node} AND ${isParent}${tagged}) ORDER BY n.id`,
  );
}

/** The one at the top, where the run says it. */
export async function rootsOfMember(queries: Queries, member: FamilyMember): Promise<FamilyMember[]> {
  return members(
    queries,
    sql`n.id IN (SELECT e.source FROM edge e WHERE e.target = ${member.node} AND e.kind = ${edgeKinds['parent-of']}
      AND e.known_to IS NULL AND e.subtype = ${rootRun}) ORDER BY n.id`,
  );
}

/** In the order in which they were heard of. */
export async function childrenOfMember(
  queries: Queries,
  graph: Graph,
  member: FamilyMember,
  after: number,
  limit: number,
): Promise<FamilyMember[]> {
  const key = (await graph.keys.find(queries, [parentRunTag])).get(parentRunTag);
  const tagged =
    key === undefined
      ? emptySql
      : sql` UNION SELECT v.owner FROM property v WHERE v.project = ${member.project} AND v.context = ${member.context}
          AND v.scope = ${propertyScopes.tag} AND v.key = ${key} AND ${textHead('v.text')} = ${member.uid} AND v.text = ${member.uid}`;
  return members(
    queries,
    sql`n.id IN (SELECT e.target FROM edge e WHERE e.source = ${member.node} AND ${isParent}${tagged})
      AND n.id > ${after} ORDER BY n.id LIMIT ${limit}`,
  );
}
