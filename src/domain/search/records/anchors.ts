/**
 * Places in an order from which pages begin, so that a table can jump anywhere without walking there: every so many rows
 * the cursor of that row. One pass over the records, in steps; the numbers of rows are exact in its snapshot.
 */
import type { Queries } from '../../../db/db.ts';
import { compileFilter } from '../../../engines/search/compile.ts';
import { compileOrder, orderBy } from '../../../engines/search/order.ts';
import { sortKey } from '../../../engines/search/sort-key.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { encodeCursor } from '../../../kernel/page.ts';
import { anyOf, emptySql, type Sql, type SqlValue, sql } from '../../../kernel/sql.ts';
import { StepSize } from './budget.ts';
import { fingerprintOf, type RecordSearch, type RecordSteps } from './record-search.ts';
import {
  countOf,
  freshRows,
  isUnchanged,
  outsiders,
  type RecordWalk,
  rankedAlone,
  rankedNodes,
  restOf,
  stretchesOf,
  windowsOf,
} from './record-walk.ts';
import { fewOf, mostSeeks } from './seek-counts.ts';
import { selectedValues, valuesOf } from './sort-columns.ts';
import { toCursorValue } from './sort-values.ts';

export interface Anchor {
  /** Rows before the page that the cursor gives. */
  readonly offset: number;
  readonly cursor: string;
}

export interface Anchors {
  /** Ascending; the first page needs none. */
  readonly items: readonly Anchor[];
  readonly total: number;
  /** Rows between two of them: what was asked for, doubled until there are no more than the limit. */
  readonly every: number;
}

export const anchorLimit = 2_000;
/** Rows of a ranking in one step. */
const stretchRows = 16_384;

export type AnchorSearch = Omit<RecordSearch, 'limit' | 'cursor'> & {
  readonly steps: RecordSteps;
  readonly every: number;
};

/** The order cut into stretches: what is read, in which order its rows come. */
interface Stretch {
  /** Behind FROM, with its conditions. */
  readonly from: Sql;
  readonly id: Sql;
  readonly order: Sql;
}

export async function findAnchors(queries: Queries, asked: AnchorSearch): Promise<Anchors> {
  const search: RecordSearch = { ...asked, limit: 1, cursor: undefined };
  const { steps, filter, layout } = asked;
  const order = compileOrder(search.order, layout, search.tiebreak);
  const compiled = filter === undefined ? undefined : compileFilter(filter, layout);
  const range = { start: undefined, offset: 0, count: 1 };
  const walk: RecordWalk = { search, compiled, order, range, steps };
  const few = await fewOf(queries, compiled?.seeks.slice(0, mostSeeks) ?? [], search.seekLimits.all);
  const isLed = few.size > 0;
  const ranking = isLed || asked.reach === 'walked' ? undefined : await asked.ranking?.use(queries);
  const passing = compiled === undefined ? emptySql : sql` AND ${compiled.where(new Set(), true)}`;
  const scope = sql`${search.scope(true)}${passing}`;
  const outside = ranking === undefined ? undefined : await outsiders(queries, walk);
  const fresh =
    ranking === undefined ? [] : await freshRows(queries, walk, ranking, scope, ranking.fresh.length);

  async function* stretches(): AsyncGenerator<Stretch, void> {
    const byOrder = orderBy(order.columns);
    if (ranking !== undefined) {
      for await (const { rows } of stretchesOf(queries, walk, ranking, undefined, stretchRows)) {
        const stretch = sql`${rows}${isUnchanged(ranking)}`;
        const from =
          outside === undefined
            ? sql`${rankedNodes} AND ${stretch} AND ${scope}`
            : sql`${rankedAlone} WHERE ${stretch}${outside}`;
        yield { from, id: sql`r.node`, order: sql`r.sort` };
      }
      return;
    }
    const id = sql`n.id`;
    const from = sql`node n${order.joins}`;
    if (asked.reach === 'walked' && !isLed) {
      const rest = restOf(steps, compiled, true);
      for await (const window of windowsOf(queries, walk, new StepSize(steps.budget, 8_000))) {
        yield { from: sql`${from} WHERE ${window}${rest}`, id, order: byOrder };
      }
      return;
    }
    const where = compiled === undefined ? emptySql : sql` AND ${compiled.where(few)}`;
    yield { from: sql`${from} WHERE ${search.scope(isLed)}${where}`, id, order: byOrder };
  }

  let { every } = asked;
  let rows = 0;
  let places: { readonly node: NodeId; readonly row: number }[] = [];
  for await (const stretch of stretches()) {
    const found = await queries.many<{ node: NodeId; place: number }>(sql`SELECT q.node, q.place FROM
      (SELECT ${stretch.id} AS node, row_number() OVER (ORDER BY ${stretch.order}) AS place FROM ${stretch.from}) q
      WHERE (q.place + ${rows}) % ${every} = 0 ORDER BY q.place`);
    for (const { node, place } of found) places.push({ node, row: place + rows });
    rows += await countOf(queries, stretch.from);
    while (places.length > anchorLimit) {
      every *= 2;
      const wider = every;
      places = places.filter(({ row }) => row % wider === 0);
    }
  }
  if (ranking === undefined && asked.reach !== 'walked' && !isLed) asked.ranking?.missed(rows);
  const values = await valuesAt(queries, walk, places);
  const fingerprint = fingerprintOf(search.identity);
  const items = places.flatMap(({ node, row }) => {
    const at = values.get(node);
    if (at === undefined) return [];
    const key = sortKey(order.columns, at);
    const before = fresh.filter(({ sort }) => Buffer.compare(sort, key) < 0).length;
    return { offset: row + before, cursor: encodeCursor(fingerprint, at.map(toCursorValue)) };
  });
  return { items, total: rows + fresh.length, every };
}

async function valuesAt(
  queries: Queries,
  { order }: RecordWalk,
  places: readonly { readonly node: NodeId }[],
): Promise<Map<NodeId, SqlValue[]>> {
  if (places.length === 0) return new Map();
  const nodes = places.map(({ node }) => node);
  const rows = await queries.many<Record<string, SqlValue> & { run: NodeId }>(
    sql`SELECT n.id AS run, ${selectedValues(order)} FROM node n${order.joins} WHERE n.id ${anyOf(nodes)}`,
  );
  return new Map(rows.map((row) => [row.run, valuesOf(order, row)]));
}
