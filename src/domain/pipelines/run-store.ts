/** What is kept of runs beside their nodes: the picture that all events make, each state that was told, what is read and written. */
import type { Queries, Tx } from '../../db/db.ts';
import type { EdgeId, EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, rowBatches, sql, valueRows } from '../../kernel/sql.ts';
import { runEventCodes } from './codes.ts';
import type { RunEventType } from './lineage-event.ts';
import { beginningOf, isSamePicture, type RunPicture } from './run-state.ts';
import type { Stamp } from './stamp.ts';

/** A row of run_io. */
export interface RunIo {
  readonly run: NodeId;
  readonly direction: number;
  readonly asset: NodeId;
  /** ms */
  readonly first: number;
  readonly version: string | null;
  readonly version_stamp: Stamp | null;
  /** The version written; of a read the asset. */
  readonly record: NodeId;
  edge: EdgeId;
}

/** A row of job_run that is held. */
export interface HeldRun extends RunPicture {
  /** 1: events told that it serves something, whether or not that holds; else null. */
  readonly serves: number | null;
}

/** The runs are held until the transaction ends. */
export async function lockRuns(tx: Tx, runs: readonly NodeId[]): Promise<ReadonlyMap<NodeId, HeldRun>> {
  if (runs.length === 0) return new Map();
  const rows = await tx.many<HeldRun & { readonly node: NodeId }>(
    sql`SELECT node, first, started, ended, state, rank, stamp, serves FROM job_run WHERE node ${anyOf(runs)}
      ORDER BY node${tx.dialect.forUpdate}`,
  );
  return new Map(rows.map(({ node, ...picture }) => [node, picture]));
}

/** A run as it was and as it is. */
export interface ChangedRun {
  readonly run: NodeId;
  readonly before: RunPicture;
  readonly picture: RunPicture;
  /** Events that say so. */
  readonly told: readonly unknown[];
}

/** Writes what differs from before. The node's revision counts the events, whatever they changed. */
export async function putPictures(
  tx: Tx,
  project: ProjectId,
  runs: readonly ChangedRun[],
  now: number,
): Promise<void> {
  const rows = runs.flatMap(({ run, before, picture }) => {
    if (isSamePicture(before, picture)) return [];
    const { first, started, ended, state, rank, stamp } = picture;
    return [[run, project, '', first, started, ended, state, rank, stamp]];
  });
  for (const batch of rowBatches(tx.dialect, rows)) {
    // The rows are there: what else they hold stays.
    await tx.run(sql`INSERT INTO job_run (node, project, run_id, first, started, ended, state, rank, stamp)
      VALUES ${valueRows(batch)} ON CONFLICT (node) DO UPDATE SET first = excluded.first, started = excluded.started,
        ended = excluded.ended, state = excluded.state, rank = excluded.rank, stamp = excluded.stamp`);
  }
  for (const { run, picture, told } of runs) {
    await tx.run(sql`UPDATE node SET started = ${beginningOf(picture)}, ended = ${picture.ended}, state = ${picture.state},
      updated = ${now}, revision = revision + ${told.length} WHERE id = ${run}`);
  }
}

export async function putStates(
  tx: Tx,
  claims: readonly {
    readonly run: NodeId;
    readonly stamp: Stamp;
    readonly type: RunEventType;
    readonly at: number;
    readonly event: EventId;
  }[],
): Promise<void> {
  const rows = claims.map(({ run, stamp, type, at, event }) => [run, stamp, runEventCodes[type], at, event]);
  for (const batch of rowBatches(tx.dialect, rows)) {
    await tx.run(sql`INSERT INTO run_state (run, stamp, type, at, event) VALUES ${valueRows(batch)}
      ON CONFLICT DO NOTHING`);
  }
}

export async function ioOfRuns(queries: Queries, runs: readonly NodeId[]): Promise<RunIo[]> {
  if (runs.length === 0) return [];
  return queries.many(sql`SELECT run, direction, asset, first, version, version_stamp, record, edge FROM run_io
    WHERE run ${anyOf(runs)}`);
}

export async function putIo(tx: Tx, io: readonly RunIo[]): Promise<void> {
  const rows = io.map(({ run, direction, asset, first, version, version_stamp, record, edge }) => [
    ...[run, direction, asset, first],
    ...[version, version_stamp, record, edge],
  ]);
  for (const batch of rowBatches(tx.dialect, rows)) {
    await tx.run(sql`INSERT INTO run_io (run, direction, asset, first, version, version_stamp, record, edge)
      VALUES ${valueRows(batch)} ON CONFLICT (run, direction, asset) DO UPDATE SET first = excluded.first,
        version = excluded.version, version_stamp = excluded.version_stamp, edge = excluded.edge`);
  }
}

/** Ends assertions: what they said is not known any more from now on. */
export async function closeEdges(
  tx: Tx,
  edges: readonly EdgeId[],
  now: number,
  event: EventId,
): Promise<void> {
  if (edges.length === 0) return;
  await tx.run(sql`UPDATE edge SET known_to = ${now}, retracted_by = ${event} WHERE id ${anyOf(edges)}`);
}
