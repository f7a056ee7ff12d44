/** One page of records: filter, order and cursor put together into a statement. Runs and experiments are found by it. */
import type { Queries } from '../../../db/db.ts';
import type { Filter, Order } from '../../../engines/search/ast.ts';
import { compileFilter, type Seek } from '../../../engines/search/compile.ts';
import type { SearchLayout } from '../../../engines/search/layout.ts';
import { searchLimits } from '../../../engines/search/limits.ts';
import {
  after,
  type CompiledOrder,
  compileOrder,
  orderBy,
  type SortColumn,
} from '../../../engines/search/order.ts';
import { invalid } from '../../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import { decodeCursor, encodeCursor, queryFingerprint } from '../../../kernel/page.ts';
import { emptySql, type Sql, type SqlValue, sql } from '../../../kernel/sql.ts';
import type { UsedRanking } from '../rankings/ranking.ts';
import type { Budget } from './budget.ts';
import {
  type FoundRecord,
  firstOfAll,
  type RecordRange,
  type RecordWalk,
  restOf,
  walkByStart,
  walkRanking,
} from './record-walk.ts';
import { areFew, partsOf, type RecordRanges, sizesOf } from './run-parts.ts';
import { fewOf, mostSeeks } from './seek-counts.ts';
import { selectedValues, valuesOf } from './sort-columns.ts';
import { digestOf, fromCursorValue, isDigest, type SortValue, toCursorValue } from './sort-values.ts';

export interface RecordSelection {
  readonly project: ProjectId;
  readonly layout: SearchLayout;
  readonly filter: Filter | undefined;
  /** The records searched at all: kind, contexts, view. `led`: other conditions lead to them, no index of these is wanted. */
  scope(led: boolean): Sql;
  readonly seekLimits: SeekLimits;
  /** How all of them are walked in steps; without, every search is one statement. */
  readonly steps?: RecordSteps | undefined;
}

export interface RecordSteps extends RecordRanges {
  readonly budget: Budget;
  /** What of the scope the ranges do not say: the view. */
  readonly condition: Sql | undefined;
}

export interface RecordSearch extends RecordSelection {
  readonly order: readonly Order[];
  /** Makes the order total; the last one is unique. */
  readonly tiebreak: readonly SortColumn[];
  /** Whether an index has the records in this order, so that a page ends the search. */
  readonly reach: 'walked' | 'all';
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Records passed over after the cursor: how a list is entered far down. */
  readonly skip?: number | undefined;
  /** Everything that decides which records there are and in which order. */
  readonly identity: unknown;
  /** The order kept sorted, if it is. */
  readonly ranking?: RankingOffer | undefined;
}

/** What the keeper of rankings offers one search. */
export interface RankingOffer {
  use(queries: Queries): Promise<UsedRanking | undefined>;
  /** So many records had to be looked at for want of one. */
  missed(records: number): void;
  /** So many records had to be looked at, of which few passed the filter. */
  filtered(records: number): void;
}

export interface RecordPage {
  readonly ids: readonly NodeId[];
  readonly cursor: string | undefined;
  /** With `skip`: a cursor that begins with this very page. */
  readonly start?: string | undefined;
  /** For a caller who ends the page with this record of it. */
  cursorAt(id: NodeId): Promise<string>;
}

/**
 * Up to so many records a seek leads. Where the order can be walked (by start), probing stops when the page is full, and
 * a long list only delays it; where all records are looked at anyway (another order, a count), a list saves probes until
 * it is most of them. Counting a seek costs 5 ms per 100,000.
 */
export interface SeekLimits {
  readonly walked: number;
  readonly all: number;
  /** So many records of several contexts are sorted as fast as a ranking of the project is walked. */
  readonly few: number;
  /** Records passed over from which on those outside of the view are looked for: that reads an index of all records. */
  readonly passed: number;
  /** Rows of a ranking still ahead, by what was found so far, from which a list of what the filter may find is made. */
  readonly listed: number;
}
export const seekLimits: SeekLimits = {
  walked: 4_000,
  all: 50_000,
  few: 5_000,
  passed: 5_000,
  listed: 2_000,
};
/** Records passed over that are kept while all are looked at; beyond, the store sorts them. */
const mostKept = 10_000;

export async function findRecords(queries: Queries, search: RecordSearch): Promise<RecordPage> {
  if (search.order.length > searchLimits.orderKeys) {
    throw invalid('order', `An order has at most ${searchLimits.orderKeys} keys`);
  }
  const order = compileOrder(search.order, search.layout, search.tiebreak);
  const fingerprint = fingerprintOf(search.identity);
  const start = await startOf(queries, search, order, fingerprint);
  // The last one passed over is read too: the page begins after it.
  const passed = search.skip ? 1 : 0;
  const offset = passed === 0 ? 0 : search.skip! - 1;
  const rows = await firstRecords(queries, search, order, {
    start,
    offset,
    count: search.limit + passed + 1,
  });
  const cursorAt = async (id: NodeId) => {
    const known = rows.find((row) => row.id === id)?.values;
    const values = known ?? (await sortValues(queries, order, sql`n.id = ${id}`));
    return encodeCursor(fingerprint, (values ?? []).map(toCursorValue));
  };
  const ids = rows.slice(passed, passed + search.limit).map(({ id }) => id);
  const before = rows[0]?.id;
  const begin = passed === 0 || before === undefined ? {} : { start: await cursorAt(before) };
  const last = ids.at(-1);
  const isLast = rows.length <= passed + search.limit || last === undefined;
  return { ids, cursor: isLast ? undefined : await cursorAt(last), cursorAt, ...begin };
}

/**
 * The ids of a page and one more, by the way that costs least: a seek that finds few, the index by start, a ranking, all of
 * them. Looking at one record costs about the same whichever way, 2 to 5 µs; so with `m` of `n` records passing, a walk
 * looks at `limit · n / m` and a seek at `m`, and they meet at √(limit · n).
 */
async function firstRecords(
  queries: Queries,
  search: RecordSearch,
  order: CompiledOrder,
  range: RecordRange,
): Promise<readonly FoundRecord[]> {
  const { filter, layout, seekLimits: limits, steps, ranking } = search;
  const compiled = filter === undefined ? undefined : compileFilter(filter, layout);
  const seeks = compiled?.seeks.slice(0, mostSeeks) ?? [];
  const direct = async (chosen: ReadonlySet<Seek>) => {
    const where = compiled === undefined ? emptySql : sql` AND ${compiled.where(chosen)}`;
    const from = range.start === undefined ? emptySql : sql` AND ${after(order.columns, range.start)}`;
    const offset = range.offset === 0 ? emptySql : sql` OFFSET ${range.offset}`;
    return queries.many<FoundRecord>(sql`SELECT n.id FROM node n${order.joins}
      WHERE ${search.scope(chosen.size > 0)}${where}${from} ORDER BY ${orderBy(order.columns)} LIMIT ${range.count}${offset}`);
  };
  const few = await fewOf(queries, seeks, limits.walked);
  if (few.size > 0) return direct(few);
  if (steps === undefined) return direct(await fewOf(queries, seeks, limits[search.reach]));
  const wanted: RecordWalk = { search, compiled, order, range, steps };
  if (search.reach === 'walked') {
    if (compiled === undefined) return direct(few);
    const { ids, looked } = await walkByStart(queries, wanted);
    ranking?.filtered(looked);
    return ids.map((id) => ({ id }));
  }
  // A ranking of a whole project says little of a few runs in it.
  const isOfOne = steps.contexts.length === 1;
  const useful = ranking !== undefined && (isOfOne || !(await areFew(queries, steps, search.seekLimits.few)));
  const used = useful ? await ranking.use(queries) : undefined;
  if (used !== undefined) {
    const { ids, looked } = await walkRanking(queries, wanted, used);
    if (compiled !== undefined) ranking?.filtered(looked);
    if (ids !== undefined) return ids.map((id) => ({ id }));
  }
  const some = await fewOf(queries, seeks, limits.all);
  if (some.size > 0) {
    if (useful) ranking.missed(limits.walked);
    return direct(some);
  }
  if (range.offset > mostKept) return direct(some);
  try {
    const { found, looked } = await firstOfAll(queries, wanted);
    if (useful) ranking.missed(looked);
    return found;
  } catch (error) {
    // Nobody needs the order kept more than a search that could not be ended without.
    if (useful) ranking.missed(Number.POSITIVE_INFINITY);
    throw error;
  }
}

/** All of them, or those counted until so many milliseconds of the search had gone by. */
export async function countRecords(
  queries: Queries,
  selection: RecordSelection,
  milliseconds: number,
): Promise<{ count: number; complete: boolean }> {
  const { filter, layout, steps } = selection;
  const compiled = filter === undefined ? undefined : compileFilter(filter, layout);
  const few = await fewOf(queries, compiled?.seeks.slice(0, mostSeeks) ?? [], selection.seekLimits.all);
  if (few.size > 0 || steps === undefined) {
    const where = compiled === undefined ? emptySql : sql` AND ${compiled.where(few)}`;
    const row = await queries.one<{ count: number }>(
      sql`SELECT count(*) AS count FROM node n WHERE ${selection.scope(few.size > 0)}${where}`,
    );
    return { count: row?.count ?? 0, complete: true };
  }
  let sum = 0;
  for await (const part of partsOf(queries, steps, await sizesOf(queries, steps), steps.budget)) {
    const row = await queries.one<{ count: number }>(
      sql`SELECT count(*) AS count FROM node n WHERE ${part}${restOf(steps, compiled)}`,
    );
    sum += row?.count ?? 0;
    if (steps.budget.isPast(milliseconds)) return { count: sum, complete: false };
  }
  return { count: sum, complete: true };
}

/** The sort values after which the page begins. */
async function startOf(
  queries: Queries,
  search: RecordSearch,
  order: CompiledOrder,
  fingerprint: string,
): Promise<readonly SqlValue[] | undefined> {
  if (search.cursor === undefined) return undefined;
  const { columns } = order;
  const given = decodeCursor(search.cursor, fingerprint, columns.length, 'cursor');
  const values = columns.map((column, index) => fromCursorValue(column, given[index]));
  return wholeValues(queries, search, order, values);
}

/** The values themselves: a long text that travelled as a digest is read again from the row it stood at. */
async function wholeValues(
  queries: Queries,
  search: RecordSearch,
  order: CompiledOrder,
  values: readonly SortValue[],
): Promise<readonly SqlValue[]> {
  const moved = () =>
    invalid('cursor', 'Invalid page token: the record it stood at has changed; begin with the first page');
  let stored: readonly SqlValue[] | undefined;
  const whole: SqlValue[] = [];
  for (const [index, value] of values.entries()) {
    if (!isDigest(value)) {
      whole.push(value);
      continue;
    }
    const [unique, key] = [order.columns.at(-1)!, values.at(-1) ?? null];
    if (isDigest(key)) throw moved();
    stored ??= await sortValues(
      queries,
      order,
      sql`n.project = ${search.project} AND ${unique.value} = ${key}`,
    );
    const text = stored?.[index];
    if (typeof text !== 'string' || digestOf(text) !== value.sha256) throw moved();
    whole.push(text);
  }
  return whole;
}

async function sortValues(
  queries: Queries,
  order: CompiledOrder,
  where: Sql,
): Promise<readonly SqlValue[] | undefined> {
  const row = await queries.one<Record<string, SqlValue>>(
    sql`SELECT ${selectedValues(order)} FROM node n${order.joins} WHERE ${where}`,
  );
  return row && valuesOf(order, row);
}

/** JSON knows no bigint and no infinity. */
export function fingerprintOf(identity: unknown): string {
  const spell = (_key: string, value: unknown) =>
    typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? `${value}n` : value;
  return queryFingerprint(JSON.stringify(identity, spell));
}
