/** What is kept of runs beside their nodes: the picture that all events make, each state that was told, what is read and written. */
import type { Queries, Tx } from '../../db/db.ts';
import type { EdgeId, EventId, NodeId } from '../../kernel/ids.ts';
import { anyOf, sql, valueRows } from '../../kernel/sql.ts';
import { runEventCodes } from './codes.ts';
import type { RunEventType } from './lineage-event.ts';
import { beginningOf, isSamePicture, type RunPicture, unseenRun } from './run-state.ts';
import type { Stamp } from './stamp.ts';

/** A row of run_io. */
export interface RunIo {
  readonly direction: number;
  readonly asset: NodeId;
  /** ms */
  readonly first: number;
  readonly version: string | null;
  readonly version_stamp: Stamp | null;
  /** The version written; of a read the asset. */
  readonly record: NodeId;
  readonly edge: EdgeId;
}

/** The run is held until the transaction ends. */
export async function lockRun(tx: Tx, run: NodeId): Promise<RunPicture> {
  const row = await tx.one<RunPicture>(
    sql`SELECT first, started, ended, state, rank, stamp FROM job_run WHERE node = ${run}${tx.dialect.forUpdate}`,
  );
  return row ?? unseenRun;
}

/** Writes what differs from before. The node's revision counts the event, whatever it changed. */
export async function putPicture(
  tx: Tx,
  run: NodeId,
  before: RunPicture,
  picture: RunPicture,
  now: number,
): Promise<void> {
  const { first, started, ended, state, rank, stamp } = picture;
  if (!isSamePicture(before, picture)) {
    await tx.run(sql`UPDATE job_run SET first = ${first}, started = ${started}, ended = ${ended}, state = ${state},
      rank = ${rank}, stamp = ${stamp} WHERE node = ${run}`);
  }
  await tx.run(sql`UPDATE node SET started = ${beginningOf(picture)}, ended = ${ended}, state = ${state},
    updated = ${now}, revision = revision + 1 WHERE id = ${run}`);
}

export async function putState(
  tx: Tx,
  claim: {
    readonly run: NodeId;
    readonly stamp: Stamp;
    readonly type: RunEventType;
    readonly at: number;
    readonly event: EventId;
  },
): Promise<void> {
  const { run, stamp, type, at, event } = claim;
  await tx.run(sql`INSERT INTO run_state (run, stamp, type, at, event)
    VALUES (${run}, ${stamp}, ${runEventCodes[type]}, ${at}, ${event}) ON CONFLICT DO NOTHING`);
}

export async function ioOfRun(queries: Queries, run: NodeId): Promise<RunIo[]> {
  return queries.many(sql`SELECT direction, asset, first, version, version_stamp, record, edge FROM run_io
    WHERE run = ${run}`);
}

const rowsPerStatement = 500;

export async function putIo(tx: Tx, run: NodeId, rows: readonly RunIo[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const part = rows.slice(start, start + rowsPerStatement);
    const values = part.map(({ direction, asset, first, version, version_stamp, record, edge }) => [
      run,
      direction,
      asset,
      first,
      version,
      version_stamp,
      record,
      edge,
    ]);
    await tx.run(sql`INSERT INTO run_io (run, direction, asset, first, version, version_stamp, record, edge)
      VALUES ${valueRows(values)} ON CONFLICT (run, direction, asset) DO UPDATE SET first = excluded.first,
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
