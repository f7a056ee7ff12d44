/** Orders of runs: what makes them total, and the rankings that hold them or serve their filters. */
import type { Field, Filter, Order } from '../../../engines/search/ast.ts';
import { comparedNumbers } from '../../../engines/search/compile.ts';
import { type CompiledOrder, compileOrder, type SortColumn } from '../../../engines/search/order.ts';
import type { KeyRange } from '../../../engines/search/sort-range.ts';
import { anyOf, rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import { runLayout, type SearchedRecords } from '../fields/layouts.ts';
import { type RankingName, rankingName, type UsedRanking } from '../rankings/ranking.ts';
import type { RecordSelection, RecordSteps } from '../records/record-search.ts';

export interface RunRecords extends RecordSelection {
  readonly steps: RecordSteps;
  readonly searched: SearchedRecords;
}

/** Numbers of a filter of which rankings are looked for. */
export const rangesTried = 3;

/** Metrics, params and tags that a filter compares with numbers. */
export function numberFields(filter: Filter | undefined): Field[] {
  return filter === undefined ? [] : comparedNumbers(filter).filter((field) => 'key' in field);
}

/** The ranking of one experiment's runs, or of the whole project's where many are searched. */
export function nameOf({ project, contexts, keys }: SearchedRecords, order: readonly Order[]): RankingName {
  return rankingName(project, contexts.length === 1 ? contexts[0]! : 0, order.map(plainly), keys);
}

export function compiledOf(searched: SearchedRecords, { context, order }: RankingName): CompiledOrder {
  const layout = runLayout({ ...searched, contexts: context === 0 ? [] : [context] });
  return compileOrder(order, layout, runTiebreak(order));
}

export function ownersInRange({ id, fresh }: UsedRanking, { from, before }: KeyRange): Sql {
  const inside = sql`SELECT r.node FROM ranked r WHERE r.ranking = ${id} AND r.sort >= ${from} AND r.sort < ${before}`;
  return fresh.length === 0
    ? inside
    : sql`${inside} UNION SELECT f.id FROM node f WHERE f.id ${anyOf(fresh)}`;
}

/** One spelling of orders that are the same: only params and tags have two. */
function plainly(order: Order): Order {
  const { kind } = order.field;
  return kind === 'param' || kind === 'tag' ? order : { ...order, natural: true };
}

/** Start, latest first, then id; the start only once. */
export function runTiebreak(order: readonly Order[]): SortColumn[] {
  const id: SortColumn = { value: rawSql('n.uid'), type: 'text', descending: false, nullable: false };
  if (order.some(isByStart)) return [id];
  return [{ value: rawSql('n.started'), type: 'integer', descending: true, nullable: false }, id];
}

export function isByStart({ field }: Order): boolean {
  return field.kind === 'attribute' && field.name === 'started';
}
