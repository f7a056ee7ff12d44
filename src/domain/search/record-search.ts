/** One page of records: filter, order and cursor put together into a statement. Runs and experiments are found by it. */
import type { Queries } from '../../db/db.ts';
import type { Filter, Order } from '../../engines/search/ast.ts';
import { compileFilter, type Seek } from '../../engines/search/compile.ts';
import type { SearchLayout } from '../../engines/search/layout.ts';
import { searchLimits } from '../../engines/search/limits.ts';
import {
  after,
  type CompiledOrder,
  compileOrder,
  orderBy,
  type SortColumn,
} from '../../engines/search/order.ts';
import { invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, queryFingerprint } from '../../kernel/page.ts';
import { emptySql, joinSql, rawSql, type Sql, type SqlValue, sql } from '../../kernel/sql.ts';
import { digestOf, fromCursorValue, isDigest, type SortValue, toCursorValue } from './sort-values.ts';

export interface RecordSelection {
  readonly project: ProjectId;
  readonly layout: SearchLayout;
  readonly filter: Filter | undefined;
  /** The records searched at all: kind, contexts, view. `led`: other conditions lead to them, no index of these is wanted. */
  scope(led: boolean): Sql;
  readonly seekLimits: SeekLimits;
}

export interface RecordSearch extends RecordSelection {
  readonly order: readonly Order[];
  /** Makes the order total; the last one is unique. */
  readonly tiebreak: readonly SortColumn[];
  /** Whether an index has the records in this order, so that a page ends the search. */
  readonly reach: keyof SeekLimits;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Records passed over after the cursor: how a list is entered far down. */
  readonly skip?: number | undefined;
  /** Everything that decides which records there are and in which order. */
  readonly identity: unknown;
}

export interface RecordPage {
  readonly ids: readonly NodeId[];
  readonly cursor: string | undefined;
  /** With `skip`: a cursor that begins with this very page. */
  readonly start?: string | undefined;
}

/**
 * Up to so many records a seek leads. Where the order can be walked (by start), probing stops when the page is full, and
 * a long list only delays it; where all records are looked at anyway (another order, a count), a list saves probes until
 * it is most of them. Counting a seek costs 5 ms per 100,000.
 */
export interface SeekLimits {
  readonly walked: number;
  readonly all: number;
}
export const seekLimits: SeekLimits = { walked: 2_000, all: 50_000 };
/** Seeks that are counted: beyond, a filter's first ones have narrowed it enough. */
const mostSeeks = 4;

export async function findRecords(queries: Queries, search: RecordSearch): Promise<RecordPage> {
  if (search.order.length > searchLimits.orderKeys) {
    throw invalid('order', `An order has at most ${searchLimits.orderKeys} keys`);
  }
  const order = compileOrder(search.order, search.layout, search.tiebreak);
  const fingerprint = fingerprintOf(search.identity);
  const where = await whereOf(queries, search, search.reach);
  const start = await startOf(queries, search, order, fingerprint);
  const cursorAt = async (id: NodeId) => {
    const values = await sortValues(queries, order, sql`n.id = ${id}`);
    return encodeCursor(fingerprint, (values ?? []).map(toCursorValue));
  };
  // The last one passed over is read too: the page begins after it.
  const passed = search.skip ? 1 : 0;
  const offset = passed === 0 ? emptySql : sql` OFFSET ${search.skip! - 1}`;
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT n.id FROM node n${order.joins}
    WHERE ${where}${start} ORDER BY ${orderBy(order.columns)} LIMIT ${search.limit + passed + 1}${offset}`);
  const ids = rows.slice(passed, passed + search.limit).map((row) => row.id);
  const before = rows[0];
  const begin = passed === 0 || before === undefined ? {} : { start: await cursorAt(before.id) };
  const last = ids.at(-1);
  const isLast = rows.length <= passed + search.limit || last === undefined;
  return { ids, cursor: isLast ? undefined : await cursorAt(last), ...begin };
}

export async function countRecords(queries: Queries, selection: RecordSelection): Promise<number> {
  const where = await whereOf(queries, selection, 'all');
  const row = await queries.one<{ count: number }>(sql`SELECT count(*) AS count FROM node n WHERE ${where}`);
  return row?.count ?? 0;
}

/** The condition, led by the seeks that find few records. */
async function whereOf(queries: Queries, selection: RecordSelection, how: keyof SeekLimits): Promise<Sql> {
  if (selection.filter === undefined) return selection.scope(false);
  const filter = compileFilter(selection.filter, selection.layout);
  const chosen = await fewOf(queries, filter.seeks.slice(0, mostSeeks), selection.seekLimits[how]);
  return sql`${selection.scope(chosen.size > 0)} AND ${filter.where(chosen)}`;
}

/** The seeks that find at most `limit` records: one statement counts them all, each no further than that. */
async function fewOf(queries: Queries, seeks: readonly Seek[], limit: number): Promise<ReadonlySet<Seek>> {
  if (seeks.length === 0) return new Set();
  const counts = seeks.map(
    (seek, index) =>
      sql`(SELECT count(*) FROM (${seek.owners} LIMIT ${limit + 1}) c${rawSql(String(index))}) AS count${rawSql(String(index))}`,
  );
  const row = await queries.one<Record<string, number>>(sql`SELECT ${joinSql(counts, ', ')}`);
  return new Set(seeks.filter((_, index) => (row?.[`count${index}`] ?? 0) <= limit));
}

/** The condition for rows after the cursor. */
async function startOf(
  queries: Queries,
  search: RecordSearch,
  order: CompiledOrder,
  fingerprint: string,
): Promise<Sql> {
  if (search.cursor === undefined) return emptySql;
  const { columns } = order;
  const given = decodeCursor(search.cursor, fingerprint, columns.length, 'cursor');
  const values = columns.map((column, index) => fromCursorValue(column, given[index]));
  return sql` AND ${after(columns, await wholeValues(queries, search, order, values))}`;
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
  const columns = order.columns.map(({ value }, index) => sql`${value} AS v${rawSql(String(index))}`);
  const row = await queries.one<Record<string, SqlValue>>(
    sql`SELECT ${joinSql(columns, ', ')} FROM node n${order.joins} WHERE ${where}`,
  );
  return row && order.columns.map((_, index) => row[`v${index}`] ?? null);
}

/** JSON knows no bigint and no infinity. */
function fingerprintOf(identity: unknown): string {
  const spell = (_key: string, value: unknown) =>
    typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? `${value}n` : value;
  return queryFingerprint(JSON.stringify(identity, spell));
}
