/** What the rankings of runs do for one search: hold its order, and the numbers that its filter compares. */
import type { Queries } from '../../../db/db.ts';
import type { Filter, Order } from '../../../engines/search/ast.ts';
import type { SearchLayout } from '../../../engines/search/layout.ts';
import type { SortColumn } from '../../../engines/search/order.ts';
import { rangeOfNumbers } from '../../../engines/search/sort-range.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { nodeKinds } from '../../graph/index.ts';
import type { SearchedRecords } from '../fields/layouts.ts';
import type { RankingOffer } from '../records/record-search.ts';
import { sizesOf } from '../records/run-parts.ts';
import {
  compiledOf,
  isByStart,
  nameOf,
  numberFields,
  ownersInRange,
  type RunRecords,
  rangesTried,
} from '../runs/run-order.ts';
import type { SearchTuning } from '../search-tuning.ts';
import { orderOf, type UsedRanking } from './ranking.ts';
import type { Rankings } from './rankings.ts';

/** Experiments that are remembered as large. */
const mostLarge = 10_000;

export class RunRankings {
  readonly #rankings: Rankings;
  readonly #tuning: SearchTuning;
  /** Experiments that have more runs than are sorted for each search. */
  readonly #large = new Set<NodeId>();

  constructor(rankings: Rankings, tuning: SearchTuning) {
    this.#rankings = rankings;
    this.#tuning = tuning;
  }

  /**
   * How many runs there are, where rankings would be looked for and there are so few that none is worth it: they are counted anyway
   * when all are looked at. An experiment that once had more is not counted for this again.
   */
  async fewRuns(
    queries: Queries,
    contexts: readonly NodeId[],
    filter: Filter | undefined,
    order: readonly Order[],
  ): Promise<ReadonlyMap<NodeId, number> | undefined> {
    const [only] = contexts;
    if (only === undefined || contexts.length > 1 || this.#large.has(only)) return undefined;
    const isSorted = filter === undefined && order.length > 0 && !isByStart(order[0]!);
    if (!isSorted && numberFields(filter).length === 0) return undefined;
    const sizes = await sizesOf(queries, { contexts, kind: nodeKinds.execution });
    if ((sizes.get(only) ?? 0) < this.#tuning.ranked) return sizes;
    if (this.#large.size >= mostLarge) this.#large.clear();
    this.#large.add(only);
    return undefined;
  }

  offer(context: RequestContext, selection: RunRecords, order: readonly Order[]): RankingOffer {
    const name = nameOf(selection.searched, order);
    const want = () => this.#want(context, selection, order);
    return {
      use: async (queries) => {
        const used = await this.#rankings.use(queries, name);
        if (used !== undefined && used.behind > this.#tuning.merge) want();
        return used;
      },
      missed: (records) => {
        if (records > this.#tuning.ranked) want();
      },
      filtered: (records) => {
        if (records <= this.#tuning.filtered) return;
        for (const field of numberFields(selection.filter))
          this.#want(context, selection, [orderOf(field, false)]);
      },
    };
  }

  #want(context: RequestContext, { searched }: RunRecords, order: readonly Order[]): void {
    const name = nameOf(searched, order);
    this.#rankings.want({ name, compiled: compiledOf(searched, name) }, context.clock);
  }

  /** Rankings by the numbers that the filter compares: ranges of them are found at once. */
  async inRange(
    queries: Queries,
    searched: SearchedRecords,
    filter: Filter | undefined,
  ): Promise<SearchLayout['inRange']> {
    const found = new Map<string, { used: UsedRanking; columns: readonly SortColumn[] }>();
    for (const field of numberFields(filter).slice(0, rangesTried)) {
      for (const descending of [false, true]) {
        const name = nameOf(searched, [orderOf(field, descending)]);
        const used = await this.#rankings.use(queries, name);
        if (used === undefined) continue;
        found.set(JSON.stringify(field), { used, columns: compiledOf(searched, name).columns });
        break;
      }
    }
    if (found.size === 0) return undefined;
    return (field, sign, value) => {
      const ranking = found.get(JSON.stringify(field));
      const range = ranking && rangeOfNumbers(ranking.columns, sign, value);
      return range && ownersInRange(ranking.used, range);
    };
  }
}
