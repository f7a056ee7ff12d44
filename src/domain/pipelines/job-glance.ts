/**
 * What a list shows of jobs beside their names: how their last runs went, of what kind they are, how many datasets they read and
 * write. The same number of statements for any number of jobs, and none that grows with the runs a job has had.
 */
import type { Queries } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { NodeId, Uid } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { edgeKinds, executionStates, type Graph } from '../graph/index.ts';
import { ioDirections } from './codes.ts';
import { facetsOf } from './facet-reading.ts';
import type { JobData, JobGlance, JobKind, RunGlance } from './job.ts';

/** At least so many of the last runs are looked at for one that says what it reads and writes: one that has begun says it later. */
const lookedAt = 5;

type SeenRun = RunGlance & { readonly node: NodeId };

/** `recent`: how many of the last runs are told. */
export async function glancesAt(
  queries: Queries,
  graph: Graph,
  jobs: readonly NodeId[],
  recent: number,
): Promise<ReadonlyMap<NodeId, JobGlance>> {
  if (jobs.length === 0) return new Map();
  const runs = await lastRuns(queries, jobs, Math.max(recent, lookedAt));
  const data = await dataOf(queries, jobs, runs);
  const kinds = await kindsOf(queries, graph, jobs);
  return new Map(
    jobs.map((job) => {
      const own = runs.get(job) ?? [];
      const told = own
        .slice(0, recent)
        .map(({ uid, state, started, ended }) => ({ uid, state, started, ended }));
      return [job, { ...kinds.get(job), recent: told, data: data.get(job)!, latest: own[0]?.node }];
    }),
  );
}

/** The ones heard of last, those first. */
async function lastRuns(
  queries: Queries,
  jobs: readonly NodeId[],
  count: number,
): Promise<ReadonlyMap<NodeId, readonly SeenRun[]>> {
  const rows = await queries.many<{
    job: NodeId;
    node: NodeId;
    uid: Uid;
    state: number | null;
    started: number | null;
    ended: number | null;
  }>(sql`WITH beyond AS MATERIALIZED (SELECT j.node AS job, coalesce((SELECT s.source FROM edge s
        WHERE s.target = j.node AND s.kind = ${edgeKinds['member-of']} AND s.known_to IS NULL
        ORDER BY s.source DESC LIMIT 1 OFFSET ${count}), 0) AS run FROM job j WHERE j.node ${anyOf(jobs)})
    SELECT b.job, n.id AS node, n.uid, n.state, n.started, n.ended
    FROM beyond b JOIN edge e ON e.target = b.job AND e.kind = ${edgeKinds['member-of']} AND e.source > b.run
      AND e.known_to IS NULL
    JOIN node n ON n.id = e.source ORDER BY b.job, n.id DESC`);
  const runs = rows.map(({ state, started, ended, ...row }) => ({
    ...row,
    state: state === null ? undefined : wordOf(executionStates, state),
    started: started ?? undefined,
    ended: ended ?? undefined,
  }));
  return Map.groupBy(runs, ({ job }) => job);
}

/** Of the latest run that names any dataset; of a job without one, what it is declared to read and write. */
async function dataOf(
  queries: Queries,
  jobs: readonly NodeId[],
  runs: ReadonlyMap<NodeId, readonly SeenRun[]>,
): Promise<ReadonlyMap<NodeId, JobData>> {
  const candidates = [...runs.values()].flatMap((own) => own.map(({ node }) => node));
  const speaking = new Set(
    candidates.length === 0
      ? []
      : (
          await queries.many<{ node: NodeId }>(sql`SELECT r.node FROM job_run r
            WHERE r.node ${anyOf(candidates)} AND EXISTS (SELECT 1 FROM run_io i WHERE i.run = r.node)`)
        ).map(({ node }) => node),
  );
  const chosen = new Map(
    jobs.map((job) => [job, (runs.get(job) ?? []).find(({ node }) => speaking.has(node))] as const),
  );
  const told = await countsOfRuns(
    queries,
    [...chosen.values()].flatMap((run) => run?.node ?? []),
  );
  const silent = jobs.filter((job) => chosen.get(job) === undefined);
  const declared = await declaredCounts(queries, silent);
  return new Map(
    jobs.map((job) => {
      const run = chosen.get(job);
      const counts = run === undefined ? declared.get(job) : told.get(run.node);
      return [job, { run: run?.uid, inputs: counts?.inputs ?? 0, outputs: counts?.outputs ?? 0 }];
    }),
  );
}

interface Counts {
  readonly inputs: number;
  readonly outputs: number;
}

async function countsOfRuns(queries: Queries, runs: readonly NodeId[]): Promise<ReadonlyMap<NodeId, Counts>> {
  if (runs.length === 0) return new Map();
  const rows = await queries.many<{ node: NodeId; direction: number; count: number }>(
    sql`SELECT run AS node, direction, count(*) AS count FROM run_io WHERE run ${anyOf(runs)} GROUP BY run, direction`,
  );
  return counted(rows, ({ direction }) => direction === ioDirections.read);
}

async function declaredCounts(
  queries: Queries,
  jobs: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, Counts>> {
  if (jobs.length === 0) return new Map();
  const rows = await queries.many<{ node: NodeId; kind: number; count: number }>(
    sql`SELECT target AS node, kind, count(*) AS count FROM edge
        WHERE target ${anyOf(jobs)} AND kind = ${edgeKinds.used} AND known_to IS NULL GROUP BY target, kind
      UNION ALL SELECT source AS node, kind, count(*) AS count FROM edge
        WHERE source ${anyOf(jobs)} AND kind = ${edgeKinds.generated} AND known_to IS NULL GROUP BY source, kind`,
  );
  return counted(rows, ({ kind }) => kind === edgeKinds.used);
}

function counted<Row extends { readonly node: NodeId; readonly count: number }>(
  rows: readonly Row[],
  isInput: (row: Row) => boolean,
): ReadonlyMap<NodeId, Counts> {
  const sum = (own: readonly Row[]) => own.reduce((total, { count }) => total + Number(count), 0);
  return new Map(
    [...Map.groupBy(rows, ({ node }) => node)].map(([node, own]) => [
      node,
      {
        inputs: sum(own.filter(isInput)),
        outputs: sum(own.filter((row) => !isInput(row))),
      },
    ]),
  );
}

/** As the facet `jobType` says. */
async function kindsOf(
  queries: Queries,
  graph: Graph,
  jobs: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, JobKind>> {
  const facets = await facetsOf(queries, graph, jobs, ['job'], ['jobType']);
  return new Map(
    facets.map(({ owner, text }) => {
      const said = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const word = (name: string) => {
        const value = said[name];
        return typeof value === 'string' && value !== '' ? value.slice(0, 200).toWellFormed() : undefined;
      };
      return [
        owner,
        { integration: word('integration'), type: word('jobType'), processing: word('processingType') },
      ];
    }),
  );
}
