import type { Queries, Tx } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { KeyId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, emptySql, rawSql, type Sql, sql } from '../../kernel/sql.ts';
import { type ExperimentRow, lifecycleOf, type MemberMarks, type Tag } from '../contexts/index.ts';
import {
  executionStates,
  type Graph,
  lockNodes,
  nodeKinds,
  type PropertyRow,
  propertiesOf,
  propertyScopes,
  textOf,
} from '../graph/index.ts';
import type { Param, Run, RunData, RunVersion } from './run.ts';

/** A run's own columns; what it takes from its experiment comes with an ExperimentRow. */
export interface RunRow extends MemberMarks {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly context: NodeId;
  readonly name: string;
  readonly state: number;
  readonly started: number;
  readonly ended: number | null;
  readonly revision: number;
}

/** Columns of RunRow: the run under the alias `n`, its experiment under `c`. */
export const runColumns = rawSql(
  'n.id, n.uid, n.project, n.context, n.name, n.state, n.started, n.ended, n.revision, n.mark, n.deleted, c.mark AS context_mark, c.deleted AS context_deleted',
);

/**
 * A run's revision counts its own recorded changes. That its experiment was deleted or restored is no change of the run,
 * and yet it shows.
 */
function versionOf(row: MemberMarks & Pick<RunRow, 'revision'>): number {
  return 2 * row.revision + (lifecycleOf(row) === 'deleted' ? 1 : 0);
}

const versionColumns = rawSql(
  'n.id AS node, n.revision, n.mark, n.deleted, c.mark AS context_mark, c.deleted AS context_deleted',
);
type VersionRow = MemberMarks & Pick<RunRow, 'revision'> & { readonly node: NodeId };

/** Versions of runs by their nodes, in no order. */
export async function runVersions(queries: Queries, nodes: readonly NodeId[]): Promise<RunVersion[]> {
  const rows = await queries.many<VersionRow>(
    sql`SELECT ${versionColumns} FROM node n JOIN node c ON c.id = n.context WHERE n.id ${anyOf(nodes)}`,
  );
  return rows.map((row) => ({ node: row.node, version: versionOf(row) }));
}

/** Of type run, and not what a purge left of one. */
const isRun = (graph: Graph): Sql => sql`n.type = ${graph.types.run} AND n.kind = ${nodeKinds.execution}`;

/** The version of the run with this id. */
export async function findRunVersion(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  id: string,
): Promise<RunVersion | undefined> {
  const row =
    await queries.one<VersionRow>(sql`SELECT ${versionColumns} FROM node n JOIN node c ON c.id = n.context
    WHERE n.project = ${project} AND n.uid = ${id} AND ${isRun(graph)}`);
  return row && { node: row.node, version: versionOf(row) };
}

/** The run with this id in the project; with `lock` it (not its experiment) is held until the transaction ends. */
export async function findRun(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  id: string,
  lock = false,
): Promise<RunRow | undefined> {
  const suffix = lock ? lockNodes(graph.db.dialect) : emptySql;
  return queries.one(sql`SELECT ${runColumns} FROM node n JOIN node c ON c.id = n.context
    WHERE n.project = ${project} AND n.uid = ${id} AND ${isRun(graph)} ${suffix}`);
}

export function runFromRow(row: RunRow, experiment: ExperimentRow, user: string): Run {
  return {
    node: row.id,
    project: row.project,
    id: row.uid,
    experimentNode: row.context,
    experiment: experiment.id,
    name: row.name,
    user,
    state: wordOf(executionStates, row.state),
    started: row.started,
    ended: row.ended ?? undefined,
    lifecycle: lifecycleOf(row),
    artifactUri: `${experiment.artifact_location.replace(/\/+$/, '')}/${row.uid}/artifacts`,
    version: versionOf(row),
  };
}

/** Parameters, tags and user of runs, from their property rows; `keep` narrows to the columns asked for. */
export function runDataFromProperties(
  rows: readonly PropertyRow[],
  names: ReadonlyMap<KeyId, string>,
  graph: Graph,
): Map<NodeId, RunData & { readonly user: string }> {
  const found = new Map<NodeId, { params: Param[]; tags: Tag[]; user: string }>();
  for (const row of rows) {
    let data = found.get(row.owner);
    if (data === undefined) {
      data = { params: [], tags: [], user: '' };
      found.set(row.owner, data);
    }
    if (row.scope === propertyScopes.param)
      data.params.push({ key: names.get(row.key) ?? '', value: textOf(row) });
    else if (row.scope === propertyScopes.tag)
      data.tags.push({ key: names.get(row.key) ?? '', value: textOf(row) });
    else if (row.key === graph.systemKeys.user) data.user = textOf(row);
  }
  return found;
}

/** All properties of runs with the names of their keys: two statements at most, whatever the number of runs. */
export async function loadRunData(
  queries: Queries,
  graph: Graph,
  runs: readonly NodeId[],
): Promise<Map<NodeId, RunData & { readonly user: string }>> {
  const rows = await propertiesOf(queries, runs);
  const names = await graph.keys.names(
    queries,
    rows.map((row) => row.key),
  );
  return runDataFromProperties(rows, names, graph);
}

/** Sets a run's own lifecycle as decided now, after its experiment's last. */
export async function setRunLifecycle(tx: Tx, run: RunRow, deleted: 0 | 1, now: number): Promise<void> {
  await tx.run(
    sql`UPDATE node SET deleted = ${deleted}, mark = ${run.context_mark}, updated = ${now} WHERE id = ${run.id}`,
  );
}

/** Runs that have ended, among those that the last `events` recorded changes, and such as have no position yet, updated. */
export async function lastEnded(
  queries: Queries,
  events: number,
): Promise<{ readonly node: NodeId; readonly project: ProjectId }[]> {
  const { finished, failed, killed } = executionStates;
  return queries.many(sql`SELECT DISTINCT n.id AS node, n.project FROM event e JOIN node n ON n.id = e.node
    WHERE e.id IN (SELECT id FROM event WHERE position > (SELECT coalesce(max(position), 0) FROM event) - ${events}
      UNION ALL SELECT id FROM event WHERE position IS NULL)
    AND e.action = 'run.update' AND n.state ${anyOf([finished, failed, killed])}`);
}
