/**
 * Ways to the first records of an order in bounded steps: along the index by start, along a ranking, or over all of them
 * with the best kept.
 */
import type { Queries } from '../../../db/db.ts';
import type { CompiledFilter } from '../../../engines/search/compile.ts';
import { after, type CompiledOrder, orderBy } from '../../../engines/search/order.ts';
import { sortKey } from '../../../engines/search/sort-key.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, emptySql, type Sql, type SqlValue, sql } from '../../../kernel/sql.ts';
import type { UsedRanking } from '../rankings/ranking.ts';
import { StepSize } from './budget.ts';
import type { RecordSearch, RecordSteps } from './record-search.ts';
import { partsOf, sizesOf } from './run-parts.ts';
import { countsOf, mostSeeks } from './seek-counts.ts';
import { selectedValues, valuesOf } from './sort-columns.ts';

export interface RecordWalk {
  readonly search: RecordSearch;
  readonly compiled: CompiledFilter | undefined;
  readonly order: CompiledOrder;
  readonly range: RecordRange;
  readonly steps: RecordSteps;
}

/** Which records of the order: after sort values, so many passed over, so many read. */
export interface RecordRange {
  readonly start: readonly SqlValue[] | undefined;
  readonly offset: number;
  readonly count: number;
}

/** ` AND …`: what a record must pass beside being of the part at hand. */
export function restOf(
  { condition }: RecordSteps,
  compiled: CompiledFilter | undefined,
  walked = false,
): Sql {
  const view = condition === undefined ? emptySql : sql` AND ${condition}`;
  return compiled === undefined ? view : sql`${view} AND ${compiled.where(new Set(), walked)}`;
}

export interface Placed {
  readonly id: NodeId;
  readonly sort: Uint8Array;
}

const byPlace = (a: Placed, b: Placed) => Buffer.compare(a.sort, b.sort);

/** A record that was found, with its sort values where they were read. */
export interface FoundRecord {
  readonly id: NodeId;
  readonly values?: readonly SqlValue[];
}

interface ValuedRecord extends Required<FoundRecord> {
  /** Made when it is first compared: one part of records comes in its order. */
  sort?: Uint8Array;
}

async function valued(
  queries: Queries,
  { order, range: { start } }: RecordWalk,
  where: Sql,
  limit: number,
): Promise<ValuedRecord[]> {
  const from = start === undefined ? emptySql : sql` AND ${after(order.columns, start)}`;
  const rows = await queries.many<Record<string, SqlValue> & { run: NodeId }>(
    sql`SELECT n.id AS run, ${selectedValues(order)} FROM node n${order.joins} WHERE ${where}${from}
      ORDER BY ${orderBy(order.columns)} LIMIT ${limit}`,
  );
  return rows.map((row) => ({ id: row.run, values: valuesOf(order, row) }));
}

/** Every record is looked at; `looked` of them, about. */
export async function firstOfAll(
  queries: Queries,
  walk: RecordWalk,
): Promise<{ found: readonly FoundRecord[]; looked: number }> {
  const { steps, compiled, order, range } = walk;
  const sortOf = (row: ValuedRecord) => {
    row.sort ??= sortKey(order.columns, row.values);
    return row.sort;
  };
  const sizes = await sizesOf(queries, steps);
  const rest = restOf(steps, compiled);
  const most = range.offset + range.count;
  let kept: ValuedRecord[] = [];
  let parts = 0;
  for await (const part of partsOf(queries, steps, sizes, steps.budget)) {
    parts += 1;
    const more = await valued(queries, walk, sql`${part}${rest}`, most);
    if (parts === 1) kept = more;
    else kept = [...kept, ...more].sort((a, b) => Buffer.compare(sortOf(a), sortOf(b))).slice(0, most);
  }
  const looked = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { found: kept.slice(range.offset), looked };
}

/** Records of one context by start, filtered: from one instant to the next until the page is full. */
export async function walkByStart(
  queries: Queries,
  walk: RecordWalk,
): Promise<{ ids: readonly NodeId[]; looked: number }> {
  const { steps, compiled, order, range } = walk;
  const step = new StepSize(steps.budget, 2_000);
  const later = range.start === undefined ? emptySql : sql` AND ${after(order.columns, range.start)}`;
  const rest = sql`${later}${restOf(steps, compiled, true)}`;
  const ids: NodeId[] = [];
  let { offset } = range;
  let looked = 0;
  for await (const window of windowsOf(queries, walk, step)) {
    looked += step.rows;
    const from = sql`node n${order.joins} WHERE ${window}${rest}`;
    const passed = offset === 0 ? 0 : await countOf(queries, from);
    if (passed <= offset && offset > 0) {
      offset -= passed;
      continue;
    }
    const rows = await queries.many<{ id: NodeId }>(sql`SELECT n.id FROM ${from}
      ORDER BY ${orderBy(order.columns)} LIMIT ${range.count - ids.length} OFFSET ${offset}`);
    offset = 0;
    for (const { id } of rows) ids.push(id);
    if (ids.length >= range.count) break;
  }
  return { ids, looked };
}

/** `from`: what stands behind FROM. */
export async function countOf(queries: Queries, from: Sql): Promise<number> {
  return (await queries.one<{ count: number }>(sql`SELECT count(*) AS count FROM ${from}`))?.count ?? 0;
}

/** Conditions for stretches of one context's records by start, in the direction of the order. */
export async function* windowsOf(
  queries: Queries,
  { steps, order, range: { start } }: RecordWalk,
  step: StepSize,
): AsyncGenerator<Sql, void> {
  const { descending } = order.columns[0]!;
  const [onward, back] = descending ? [sql`<`, sql`>=`] : [sql`>`, sql`<=`];
  const context = sql`n.context = ${steps.contexts[0]!} AND n.kind = ${steps.kind}`;
  const first = start?.[0] ?? null;
  let from = first === null ? context : sql`${context} AND n.started ${onward}= ${first}`;
  for (;;) {
    const end = await queries.one<{ started: number }>(sql`SELECT n.started FROM node n WHERE ${from}
      ORDER BY n.started${descending ? sql` DESC` : emptySql} LIMIT 1 OFFSET ${step.rows}`);
    if (end === undefined) {
      yield from;
      return;
    }
    yield sql`${from} AND n.started ${back} ${end.started}`;
    step.next();
    from = sql`${context} AND n.started ${onward} ${end.started}`;
  }
}

/** Rows of a ranking that a first step looks at. */
const firstStretch = 256;
const longestStretch = 16_384;
/** Rows after which a walk asks whether it is worth going on. */
const hopelessAfter = 5_000;

/**
 * Along the ranking; runs that changed since are read as they are now and put where they belong. Without `ids` where so few
 * pass that looking at all records in the order in which they lie is faster.
 */
export async function walkRanking(
  queries: Queries,
  walk: RecordWalk,
  ranking: UsedRanking,
): Promise<{ ids?: readonly NodeId[]; looked: number }> {
  const { search, compiled, order, range } = walk;
  const filter = compiled === undefined ? emptySql : sql` AND ${compiled.where(new Set(), true)}`;
  const scope = sql`${search.scope(true)}${filter}`;
  let fresh = (await freshRows(queries, walk, ranking, scope, range.offset + range.count)).sort(byPlace);
  const unchanged = isUnchanged(ranking);
  const found: Placed[] = [];
  let { offset } = range;
  let looked = 0;
  const from = range.start === undefined ? undefined : sortKey(order.columns, range.start);
  const outside = offset < search.seekLimits.passed ? undefined : await outsiders(queries, walk);
  let lists: Sql | undefined;
  for await (const { rows, end, size } of stretchesOf(queries, walk, ranking, from, 2 * range.count)) {
    const ahead = ((range.count - found.length) * looked) / (found.length + 1);
    if (lists === undefined && ahead >= search.seekLimits.listed) lists = await leastOf(queries, walk, ahead);
    looked += size;
    const inside = sql`${rankedNodes} AND ${rows}${unchanged}${lists ?? emptySql} AND ${scope}`;
    const here = fresh.filter(({ sort }) => end === undefined || Buffer.compare(sort, end) <= 0);
    fresh = fresh.slice(here.length);
    const counted = outside === undefined ? inside : sql`${rankedAlone} WHERE ${rows}${unchanged}${outside}`;
    const passed = offset === 0 ? 0 : here.length + (await countOf(queries, counted));
    if (passed <= offset && offset > 0) {
      offset -= passed;
      continue;
    }
    const most = offset + range.count - found.length;
    const more = await queries.many<Placed>(
      sql`SELECT n.id, r.sort FROM ${inside} ORDER BY r.sort LIMIT ${most}`,
    );
    const all = here.length === 0 ? more : [...more, ...here].sort(byPlace);
    for (const row of all.slice(offset, most)) found.push(row);
    offset = 0;
    if (found.length >= range.count) break;
    const isHopeless =
      looked > hopelessAfter && (looked / (found.length + 1)) * range.count > ranking.runs / 2;
    if (range.offset === 0 && isHopeless && looked < ranking.runs / 2) return { looked };
  }
  return { ids: found.map(({ id }) => id), looked };
}

/**
 * ` AND … IN …`: the records of the seek that finds fewest, so that most rows of the ranking are passed over by a look into a
 * list and not by reading their values. Of 1 M runs of which 2 % pass: 20 ms and not 70.
 */
async function leastOf(queries: Queries, { compiled, search }: RecordWalk, ahead: number): Promise<Sql> {
  const seeks = compiled?.seeks.slice(0, mostSeeks) ?? [];
  const counts = [...(await countsOf(queries, seeks, search.seekLimits.all))];
  const [least] = counts.sort(([, a], [, b]) => a - b);
  // A row of the list costs a sixth of what reading the values of a row ahead does.
  const isWorth = least !== undefined && (least[1] <= 6 * ahead || search.seekLimits.listed === 0);
  // The plus keeps the store from walking the list and sorting what it finds.
  return !isWorth ? emptySql : sql` AND +r.node IN (${least[0].owners})`;
}

/** SQLite keeps the order of tables that are cross-joined. */
export const rankedNodes = sql`ranked r CROSS JOIN node n WHERE n.id = r.node`;
export const rankedAlone = sql`ranked r`;

const mostOutside = 5_000;

/**
 * ` AND NOT …`: the records of a ranking that the view leaves out, where there are few and no filter. Then places are counted
 * on the ranking alone: 0.3 µs a record and not 2.5.
 */
export async function outsiders(queries: Queries, { steps, compiled }: RecordWalk): Promise<Sql | undefined> {
  const { contexts, kind, condition } = steps;
  if (compiled !== undefined || contexts.length !== 1) return undefined;
  if (condition === undefined) return emptySql;
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT n.id FROM node n
    WHERE n.context = ${contexts[0]!} AND n.kind = ${kind} AND NOT (${condition}) LIMIT ${mostOutside + 1}`);
  if (rows.length > mostOutside) return undefined;
  return rows.length === 0 ? emptySql : sql` AND NOT (r.node ${anyOf(rows.map(({ id }) => id))})`;
}

/** Conditions for stretches of a ranking, one after the other. */
export async function* stretchesOf(
  queries: Queries,
  { steps }: RecordWalk,
  ranking: UsedRanking,
  start: Uint8Array | undefined,
  first: number,
): AsyncGenerator<{ readonly rows: Sql; readonly end: Uint8Array | undefined; readonly size: number }, void> {
  let from = start ?? new Uint8Array();
  let size = Math.max(firstStretch, first);
  for (;;) {
    const all = sql`r.ranking = ${ranking.id} AND r.sort > ${from}`;
    const end = await queries.one<{ sort: Uint8Array }>(
      sql`SELECT r.sort FROM ranked r WHERE ${all} ORDER BY r.sort LIMIT 1 OFFSET ${size - 1}`,
    );
    const until = end === undefined ? emptySql : sql` AND r.sort <= ${end.sort}`;
    yield { rows: sql`${all}${until}`, end: end?.sort, size };
    if (end === undefined) return;
    steps.budget.check();
    from = end.sort;
    size = Math.min(longestStretch, size * 4);
  }
}

/** Runs that changed since the ranking was sorted, as they are now. */
export async function freshRows(
  queries: Queries,
  walk: RecordWalk,
  { fresh }: UsedRanking,
  where: Sql,
  limit: number,
): Promise<Placed[]> {
  if (fresh.length === 0) return [];
  const rows = await valued(queries, walk, sql`n.id ${anyOf(fresh)} AND ${where}`, limit);
  return rows.map(({ id, values }) => ({ id, sort: sortKey(walk.order.columns, values) }));
}

export function isUnchanged({ fresh }: UsedRanking): Sql {
  return fresh.length === 0 ? emptySql : sql` AND NOT (r.node ${anyOf(fresh)})`;
}
