/**
 * The records of many contexts in parts of bounded size, so that whatever is asked of all of them is asked in steps: some
 * small contexts together, or a stretch of a large one by start and id.
 */
import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, type Sql, sql } from '../../../kernel/sql.ts';
import { inContexts } from '../fields/layouts.ts';
import { type Budget, StepSize } from './budget.ts';

export interface RecordRanges {
  readonly contexts: readonly NodeId[];
  /** Kind of node; these have a start. */
  readonly kind: number;
  /** Where they were counted already: what `sizesOf` tells. */
  readonly sizes?: ReadonlyMap<NodeId, number> | undefined;
}

/** Records of a context are counted so far; a larger context is walked in stretches. */
const sizeLimit = 2_000;
const firstRows = 4_000;

/** How many records each context has, counted up to a little more than `sizeLimit`. */
export async function sizesOf(
  queries: Queries,
  { contexts, kind, sizes }: RecordRanges,
): Promise<ReadonlyMap<NodeId, number>> {
  if (sizes !== undefined) return sizes;
  const rows = await queries.many<{ id: NodeId; size: number }>(sql`SELECT c.id,
      (SELECT count(*) FROM (SELECT 1 FROM node n WHERE n.context = c.id AND n.kind = ${kind} LIMIT ${sizeLimit + 1}) r) AS size
    FROM node c WHERE c.id ${anyOf(contexts)}`);
  return new Map(rows.map(({ id, size }) => [id, size]));
}

/** Whether all of them together are few. */
export async function areFew(
  queries: Queries,
  { contexts, kind }: RecordRanges,
  limit: number,
): Promise<boolean> {
  const row = await queries.one<{ size: number }>(sql`SELECT count(*) AS size FROM
    (SELECT 1 FROM node n WHERE ${inContexts('n.context', contexts)} AND n.kind = ${kind} LIMIT ${limit + 1}) r`);
  return (row?.size ?? 0) <= limit;
}

/** Conditions on `n`, each for one part; together they hold every record of the contexts once. */
export async function* partsOf(
  queries: Queries,
  ranges: RecordRanges,
  sizes: ReadonlyMap<NodeId, number>,
  budget: Budget,
): AsyncGenerator<Sql, void> {
  const step = new StepSize(budget, firstRows);
  const ofKind = sql`n.kind = ${ranges.kind}`;
  let group: NodeId[] = [];
  let grouped = 0;
  for (const [context, size] of sizes) {
    if (size > sizeLimit) {
      for await (const stretch of stretchesOf(queries, context, ofKind, step)) yield stretch;
      continue;
    }
    if (size === 0) continue;
    group.push(context);
    grouped += size;
    if (grouped < step.rows) continue;
    yield sql`${inContexts('n.context', group)} AND ${ofKind}`;
    step.next();
    [group, grouped] = [[], 0];
  }
  if (group.length > 0) yield sql`${inContexts('n.context', group)} AND ${ofKind}`;
}

interface Place {
  readonly started: number;
  readonly uid: string;
}

async function* stretchesOf(
  queries: Queries,
  context: NodeId,
  ofKind: Sql,
  step: StepSize,
): AsyncGenerator<Sql, void> {
  let from = sql`n.context = ${context} AND ${ofKind}`;
  const all = from;
  for (;;) {
    const end = await queries.one<Place>(sql`SELECT n.started, n.uid FROM node n WHERE ${from}
      ORDER BY n.started, n.uid LIMIT 1 OFFSET ${step.rows}`);
    if (end === undefined) {
      yield from;
      step.next();
      return;
    }
    yield sql`${from} AND (n.started, n.uid) <= (${end.started}, ${end.uid})`;
    step.next();
    from = sql`${all} AND (n.started, n.uid) > (${end.started}, ${end.uid})`;
  }
}
