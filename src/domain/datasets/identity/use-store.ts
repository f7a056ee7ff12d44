import type { Queries, Tx } from '../../../db/db.ts';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import { anyOf, joinSql, rawSql, rowBatches, sql, valueRows } from '../../../kernel/sql.ts';
import { knownHows } from '../../graph/index.ts';
import { markKinds, useDirections } from './claims.ts';
import { chunksOf, numberRows } from './value-table.ts';

/** A row of dataset_use, without what follows from it. */
export interface NewUseRow {
  readonly id: number;
  readonly project: ProjectId;
  readonly run: NodeId;
  readonly asset: NodeId;
  readonly direction: number;
  readonly record: NodeId;
  readonly uid: Uid;
  readonly at: number;
  readonly version: Uint8Array | null;
  readonly binds: number;
  readonly class: NodeId;
}

export interface UseRow extends NewUseRow {
  readonly bound: NodeId | null;
  readonly edge: EdgeId | null;
}

export const useColumns = rawSql(
  'u.id, u.project, u.run, u.asset, u.direction, u.record, u.uid, u.at, u.version, u.binds, u.class, u.bound, u.edge',
);

const { read, write } = useDirections;

/** All of these pairs, of either direction and any record. */
export async function usesOf(
  queries: Queries,
  pairs: readonly { readonly run: NodeId; readonly asset: NodeId }[],
): Promise<UseRow[]> {
  const found: UseRow[] = [];
  for (const chunk of chunksOf(pairs)) {
    const rows = numberRows(chunk.map(({ run, asset }) => [run, asset]));
    // SQLite keeps the order of tables that are cross-joined.
    const part = await queries.many<UseRow>(sql`WITH pair (run, asset) AS (${rows})
      SELECT ${useColumns} FROM pair p CROSS JOIN dataset_use u WHERE u.run = p.run AND u.asset = p.asset`);
    for (const row of part) found.push(row);
  }
  return found;
}

/** Ids of the uses of assets. */
export async function useIdsOf(
  queries: Queries,
  assets: readonly NodeId[],
  direction: number,
): Promise<number[]> {
  const rows = await queries.many<{ id: number }>(
    sql`SELECT id FROM dataset_use WHERE asset ${anyOf(assets)} AND direction = ${direction}`,
  );
  return rows.map(({ id }) => id);
}

/** Inserts uses, or puts what they say in place of what was said. What they are bound to stays until it is worked out. */
export async function putUseRows(tx: Tx, uses: readonly NewUseRow[]): Promise<void> {
  for (const batch of rowBatches(tx.dialect, uses)) {
    const rows = batch.map((use) => [
      ...[use.id, use.project, use.run, use.asset, use.direction, use.record, use.uid, use.at, use.version],
      ...[use.binds, use.class],
    ]);
    await tx.run(sql`INSERT INTO dataset_use (id, project, run, asset, direction, record, uid, at, version, binds, class)
      VALUES ${valueRows(rows)} ON CONFLICT (run, asset, direction, record) DO UPDATE SET at = excluded.at,
        version = excluded.version, binds = excluded.binds, class = excluded.class`);
  }
}

/** The uses of assets follow these into their classes. */
export async function moveUses(
  tx: Tx,
  moves: readonly { readonly asset: NodeId; readonly to: NodeId }[],
): Promise<void> {
  for (const chunk of chunksOf(moves)) {
    const rows = numberRows(chunk.map(({ asset, to }) => [asset, to]));
    await tx.run(sql`WITH moved (asset, class) AS (${rows}) UPDATE dataset_use SET class = moved.class
      FROM moved WHERE dataset_use.asset = moved.asset`);
  }
}

interface Span {
  readonly class: NodeId;
  readonly begin: number;
  /** Where the next write of the class stands; null for none. */
  readonly until: number | null;
  readonly next_run: NodeId | null;
}

/** No time is greater. */
const always = Number.MAX_SAFE_INTEGER;

/**
 * Reads whose version these writes, where they stand, may decide: those up to the next write of the class, and those of the next
 * write's own run, which does not read what it writes itself.
 */
export async function readsNear(queries: Queries, writes: readonly number[]): Promise<number[]> {
  const found = new Set<number>();
  for (const chunk of chunksOf(writes)) {
    const spans =
      await queries.many<Span>(sql`SELECT s.class, s.begin, n.at AS until, n.run AS next_run FROM (
        SELECT w.class, w.at AS begin, (SELECT x.id FROM dataset_use x WHERE x.class = w.class AND x.direction = ${write}
          AND x.binds = 1 AND (x.at, x.uid, x.project) > (w.at, w.uid, w.project) ORDER BY x.at, x.uid, x.project LIMIT 1) AS next
        FROM dataset_use w WHERE w.id ${anyOf(chunk)} AND w.direction = ${write} AND w.binds = 1) s
      LEFT JOIN dataset_use n ON n.id = s.next`);
    if (spans.length === 0) continue;
    const rows = numberRows(
      spans.map((span) => [span.class, span.begin, span.until ?? always, span.next_run ?? 0]),
    );
    // SQLite keeps the order of tables that are cross-joined.
    const near = await queries.many<{ id: number }>(sql`WITH span (class, begin, until, next_run) AS (${rows})
      SELECT r.id FROM span s CROSS JOIN dataset_use r WHERE r.class = s.class AND r.direction = ${read} AND r.binds = 1
        AND r.at >= s.begin AND r.at < s.until
      UNION ALL SELECT r.id FROM span s CROSS JOIN dataset_use r WHERE r.run = s.next_run AND r.class = s.class
        AND r.direction = ${read} AND r.binds = 1 AND r.at >= s.begin`);
    for (const { id } of near) found.add(id);
  }
  return [...found];
}

/** Reads of these classes that name one of these versions. */
export async function readsNaming(
  queries: Queries,
  versions: readonly { readonly scope: number; readonly value: Uint8Array }[],
): Promise<number[]> {
  const found: number[] = [];
  for (const chunk of chunksOf(versions, 100)) {
    const alternatives = chunk.map(({ scope, value }) => sql`(class = ${scope} AND version = ${value})`);
    const rows = await queries.many<{ id: number }>(
      sql`SELECT id FROM dataset_use WHERE ${joinSql(alternatives, ' OR ')}`,
    );
    for (const { id } of rows) found.push(id);
  }
  return found;
}

export type WantedBinding = Pick<
  UseRow,
  'id' | 'project' | 'run' | 'asset' | 'record' | 'uid' | 'at' | 'bound' | 'edge'
> & {
  /** 1 where the read names its version. */
  readonly named: number;
  /** 1 where the edge says what holds now, but for the version. */
  readonly holds: number;
  readonly wanted: NodeId | null;
};

/** The version that each read saw. */
export async function wantedBindings(queries: Queries, reads: readonly number[]): Promise<WantedBinding[]> {
  const found: WantedBinding[] = [];
  for (const chunk of chunksOf(reads)) {
    const rows =
      await queries.many<WantedBinding>(sql`SELECT r.id, r.project, r.run, r.asset, r.record, r.uid, r.at, r.bound, r.edge,
        CASE WHEN r.version IS NULL THEN 0 ELSE 1 END AS named,
        CASE WHEN e.valid_from = r.at AND (r.version IS NULL AND e.known = ${knownHows.inferred}
          OR r.version IS NOT NULL AND e.known = ${knownHows.declared}) THEN 1 ELSE 0 END AS holds,
        CASE WHEN r.binds = 0 THEN NULL
          WHEN r.version IS NULL THEN (SELECT w.record FROM dataset_use w WHERE w.class = r.class AND w.direction = ${write}
            AND w.binds = 1 AND w.at <= r.at AND w.run <> r.run ORDER BY w.at DESC, w.uid DESC, w.project DESC LIMIT 1)
          ELSE (SELECT m.node FROM identity_mark m WHERE m.scope = r.class
            AND m.kind = ${markKinds.explicit} AND m.value = r.version ORDER BY m.uid, m.project LIMIT 1) END AS wanted
      FROM dataset_use r LEFT JOIN edge e ON e.id = r.edge WHERE r.id ${anyOf(chunk)} AND r.direction = ${read}`);
    for (const row of rows) found.push(row);
  }
  return found;
}

export async function bindUses(
  tx: Tx,
  bindings: readonly { readonly id: number; readonly bound: NodeId | null; readonly edge: EdgeId | null }[],
): Promise<void> {
  for (const chunk of chunksOf(bindings)) {
    const rows = numberRows(chunk.map(({ id, bound, edge }) => [id, bound, edge]));
    await tx.run(sql`WITH given (id, bound, edge) AS (${rows}) UPDATE dataset_use SET bound = given.bound, edge = given.edge
      FROM given WHERE dataset_use.id = given.id`);
  }
}
