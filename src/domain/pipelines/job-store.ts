/** Reading jobs and their runs. */
import type { Queries } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { EventId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/request-context.ts';
import { anyOf, emptySql, type Sql, sql, textHead } from '../../kernel/sql.ts';
import { seenIn } from '../access/index.ts';
import { edgeKinds, executionStates, type Graph, keySpaces, knownHows } from '../graph/index.ts';
import { type IoDirection, ioDirections, runEventCodes } from './codes.ts';
import type { DatasetName, Job, JobRun, RunUse, ToldState } from './job.ts';
import { glancesAt } from './job-glance.ts';

interface JobRow {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly namespace: string;
  readonly name: string;
  readonly created: number;
  /** Heads of both, by which pages go on. */
  readonly namespace_head: string;
  readonly name_head: string;
}

export type JobPlace = readonly [namespaceHead: string, nameHead: string, node: number];

const jobColumns = sql`j.node, n.uid, j.namespace, j.name, n.created,
  ${textHead('j.namespace')} AS namespace_head, ${textHead('j.name')} AS name_head`;

/** By namespace and name; `places` say where each stands. */
export async function listJobs(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  filter: {
    /** How many of the last runs of each are told. */
    readonly recent: number;
    readonly namespace?: string | undefined;
    readonly search?: Sql | undefined;
    readonly after?: JobPlace | undefined;
    readonly limit: number;
  },
): Promise<{ readonly jobs: Job[]; readonly places: readonly JobPlace[] }> {
  const { after } = filter;
  const [namespaceHead, nameHead] = [textHead('j.namespace'), textHead('j.name')];
  const beyond = after
    ? sql` AND (${namespaceHead} > ${after[0]} OR (${namespaceHead} = ${after[0]} AND (${nameHead} > ${after[1]}
        OR (${nameHead} = ${after[1]} AND j.node > ${after[2]}))))`
    : emptySql;
  const inNamespace =
    filter.namespace === undefined
      ? emptySql
      : sql` AND ${namespaceHead} = ${[...filter.namespace].slice(0, 64).join('')} AND j.namespace = ${filter.namespace}`;
  const matches = filter.search === undefined ? emptySql : sql` AND ${filter.search}`;
  const rows = await queries.many<JobRow>(sql`SELECT ${jobColumns} FROM job j JOIN node n ON n.id = j.node
    WHERE j.project = ${project}${inNamespace}${matches}${beyond}
    ORDER BY ${namespaceHead}, ${nameHead}, j.node LIMIT ${filter.limit}`);
  return {
    jobs: await withRuns(queries, graph, rows, filter.recent),
    places: rows.map((row) => [row.namespace_head, row.name_head, row.node]),
  };
}

export async function findJob(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  uid: string,
): Promise<Job | undefined> {
  const rows = await queries.many<JobRow>(sql`SELECT ${jobColumns} FROM job j JOIN node n ON n.id = j.node
    WHERE n.project = ${project} AND n.uid = ${uid}`);
  return (await withRuns(queries, graph, rows, 0))[0];
}

async function withRuns(
  queries: Queries,
  graph: Graph,
  rows: readonly JobRow[],
  recent: number,
): Promise<Job[]> {
  const glances = await glancesAt(
    queries,
    graph,
    rows.map(({ node }) => node),
    recent,
  );
  const latest = await runsById(
    queries,
    [...glances.values()].flatMap((glance) => glance.latest ?? []),
  );
  return rows.map(({ node, uid, namespace, name, created }) => {
    const { latest: last, ...glance } = glances.get(node)!;
    return {
      ...{ node, uid, namespace, name, created },
      ...glance,
      latestRun: last === undefined ? undefined : latest.get(last),
    };
  });
}

interface RunRow {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly run_id: string;
  readonly state: number | null;
  readonly started: number | null;
  readonly ended: number | null;
}

const runColumns = sql`r.node, n.uid, r.run_id, n.state, n.started, n.ended`;

async function runsById(queries: Queries, nodes: readonly NodeId[]): Promise<ReadonlyMap<NodeId, JobRun>> {
  if (nodes.length === 0) return new Map();
  const rows = await queries.many<RunRow>(
    sql`SELECT ${runColumns} FROM job_run r JOIN node n ON n.id = r.node WHERE r.node ${anyOf(nodes)}`,
  );
  return new Map((await withJobs(queries, rows)).map((run) => [run.node, run]));
}

export async function findRun(
  queries: Queries,
  project: ProjectId,
  uid: string,
): Promise<JobRun | undefined> {
  const rows = await queries.many<RunRow>(sql`SELECT ${runColumns} FROM job_run r JOIN node n ON n.id = r.node
    WHERE n.project = ${project} AND n.uid = ${uid}`);
  return (await withJobs(queries, rows))[0];
}

/** The latest heard of first; of one job, or in one state, only. */
export async function listRuns(
  queries: Queries,
  project: ProjectId,
  filter: {
    readonly job?: NodeId | undefined;
    readonly state?: number | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  },
): Promise<JobRun[]> {
  const inState = filter.state === undefined ? emptySql : sql` AND n.state = ${filter.state}`;
  const before = filter.before === undefined ? emptySql : sql` AND r.node < ${filter.before}`;
  const from =
    filter.job === undefined
      ? sql`FROM job_run r JOIN node n ON n.id = r.node WHERE r.project = ${project}`
      : sql`FROM edge e JOIN job_run r ON r.node = e.source JOIN node n ON n.id = r.node
          WHERE e.target = ${filter.job} AND e.kind = ${edgeKinds['member-of']} AND e.known_to IS NULL`;
  const rows = await queries.many<RunRow>(
    sql`SELECT ${runColumns} ${from}${inState}${before} ORDER BY r.node DESC LIMIT ${filter.limit}`,
  );
  return withJobs(queries, rows);
}

async function withJobs(queries: Queries, rows: readonly RunRow[]): Promise<JobRun[]> {
  const jobs = await jobsOfRuns(
    queries,
    rows.map(({ node }) => node),
  );
  return rows.map((row) => ({
    node: row.node,
    uid: row.uid,
    runId: row.run_id,
    state: row.state === null ? undefined : wordOf(executionStates, row.state),
    started: row.started ?? undefined,
    ended: row.ended ?? undefined,
    jobs: jobs.get(row.node) ?? [],
  }));
}

/** A run is of one job; of several where its events say so. */
export async function jobsOfRuns(
  queries: Queries,
  runs: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, JobRun['jobs']>> {
  if (runs.length === 0) return new Map();
  const members = await queries.many<{ run: NodeId; uid: Uid; namespace: string; name: string }>(
    sql`SELECT e.source AS run, n.uid, j.namespace, j.name
      FROM edge e JOIN job j ON j.node = e.target JOIN node n ON n.id = j.node
      WHERE e.source ${anyOf(runs)} AND e.kind = ${edgeKinds['member-of']} AND e.known_to IS NULL
      ORDER BY n.uid`,
  );
  return new Map(
    [...Map.groupBy(members, ({ run }) => run)].map(([run, jobs]) => [
      run,
      jobs.map(({ uid, namespace, name }) => ({ uid, namespace, name })),
    ]),
  );
}

/** Every state that events told, in the order of their times. */
export async function statesOf(queries: Queries, run: NodeId, limit: number): Promise<ToldState[]> {
  const rows = await queries.many<{ type: number; at: number; event: EventId }>(
    sql`SELECT type, at, event FROM run_state WHERE run = ${run} ORDER BY stamp LIMIT ${limit}`,
  );
  return rows.map(({ type, at, event }) => ({ type: wordOf(runEventCodes, type), at, event }));
}

interface UseRow {
  readonly asset: NodeId;
  readonly uid: Uid;
  readonly name: string;
  readonly first: number;
  readonly named: string | null;
  readonly role: string | null;
  readonly bound: NodeId | null;
  readonly version: Uid | null;
  readonly project: string | null;
  readonly rule: string | null;
  readonly known: number | null;
}

/** What the run read or wrote, by the names of the datasets. */
export async function usesOfRun(
  queries: Queries,
  scope: Scope,
  run: NodeId,
  direction: IoDirection,
  limit: number,
): Promise<RunUse[]> {
  const seen = seenIn(scope, sql`v.project`);
  const version =
    direction === 'write'
      ? sql`LEFT JOIN node v ON v.id = i.record LEFT JOIN edge b ON b.id = i.edge`
      : sql`LEFT JOIN edge b ON b.target = i.run AND b.kind = ${edgeKinds.binds} AND b.known_to IS NULL
          AND b.source_slot = a.uid LEFT JOIN node v ON v.id = b.source AND ${seen}`;
  const rows = await queries.many<UseRow>(sql`SELECT i.asset, a.uid, a.name, i.first, i.version AS named,
      u.subtype AS role, b.source AS bound, v.uid AS version, p.name AS project, b.rule, b.known
    FROM run_io i JOIN node a ON a.id = i.asset LEFT JOIN edge u ON u.id = i.edge ${version}
      LEFT JOIN node p ON p.id = v.project
    WHERE i.run = ${run} AND i.direction = ${ioDirections[direction]} ORDER BY a.name, a.uid LIMIT ${limit}`);
  const names = await datasetNames(
    queries,
    rows.map(({ asset }) => asset),
  );
  return rows.map(({ asset, first, named, role, bound, version: uid, project, rule, known }) => ({
    dataset: names.get(asset)!,
    first,
    named: named ?? undefined,
    role: role ?? undefined,
    version:
      uid === null
        ? undefined
        : {
            uid,
            project: project ?? '',
            rule: rule ?? undefined,
            known: known === null ? 'observed' : wordOf(knownHows, known),
          },
    masked: uid === null && bound !== null,
  }));
}

/** What a job is declared to read and write. */
export async function declaredUses(
  queries: Queries,
  job: NodeId,
  limit: number,
): Promise<{ readonly inputs: DatasetName[]; readonly outputs: DatasetName[] }> {
  const rows = await queries.many<{ asset: NodeId; kind: number }>(sql`SELECT source AS asset, kind FROM edge
      WHERE target = ${job} AND kind = ${edgeKinds.used} AND known_to IS NULL
    UNION ALL SELECT target AS asset, kind FROM edge
      WHERE source = ${job} AND kind = ${edgeKinds.generated} AND known_to IS NULL
    LIMIT ${limit}`);
  const names = await datasetNames(
    queries,
    rows.map(({ asset }) => asset),
  );
  const of = (kind: number) =>
    rows.filter((row) => row.kind === kind).flatMap(({ asset }) => names.get(asset) ?? []);
  return { inputs: of(edgeKinds.used), outputs: of(edgeKinds.generated) };
}

/** Datasets as their face names them; one that it names by its place or name alone has no namespace. */
export async function datasetNames(
  queries: Queries,
  assets: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, DatasetName>> {
  if (assets.length === 0) return new Map();
  const rows = await queries.many<{
    node: NodeId;
    uid: Uid;
    project: string;
    name: string;
    key: string | null;
  }>(
    sql`SELECT n.id AS node, n.uid, p.name AS project, n.name, k.value AS key FROM node n JOIN node p ON p.id = n.project
      LEFT JOIN node_key k ON k.node = n.id AND k.space = ${keySpaces['dataset-asset']}
      WHERE n.id ${anyOf([...new Set(assets)])}`,
  );
  return new Map(
    rows.map(({ node, uid, project, name, key }) => {
      const parts: unknown[] = key === null ? [] : JSON.parse(key);
      const namespace = parts[0] === 'openlineage' && typeof parts[1] === 'string' ? parts[1] : '';
      return [node, { node, uid, project, namespace, name }];
    }),
  );
}
