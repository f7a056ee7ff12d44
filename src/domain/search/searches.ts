/** Finds runs and experiments. Reads only, each on one snapshot, by a number of statements that rows do not change. */
import type { Queries } from '../../db/db.ts';
import type { Filter, Order } from '../../engines/search/ast.ts';
import type { SearchLayout } from '../../engines/search/layout.ts';
import type { SortColumn } from '../../engines/search/order.ts';
import { rangeOfNumbers } from '../../engines/search/sort-range.ts';
import { notFound } from '../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, rawSql, type Sql, sql } from '../../kernel/sql.ts';
import {
  type Experiment,
  type ExperimentRow,
  experimentFromRow,
  experimentRows,
  tagsOf,
  type View,
} from '../contexts/index.ts';
import { findByKey, type Graph, keySpaces, nodeKinds } from '../graph/index.ts';
import { activityOf, latestOf, runsByDay } from './activity-store.ts';
import { type Anchors, findAnchors } from './anchors.ts';
import { Budget } from './budget.ts';
import { columnsOf } from './columns.ts';
import { loadFoundRuns } from './found-runs.ts';
import {
  experimentLayout,
  inContexts,
  isStorable,
  keysOf,
  runLayout,
  type SearchedRecords,
} from './layouts.ts';
import { orderOf, type UsedRanking } from './ranking.ts';
import { Rankings } from './rankings.ts';
import { countRecords, findRecords, type RankingOffer, type RecordSearch } from './record-search.ts';
import {
  compiledOf,
  isByStart,
  nameOf,
  numberFields,
  ownersInRange,
  type RunRecords,
  rangesTried,
  runTiebreak,
} from './run-order.ts';
import type {
  ColumnSearch,
  Columns,
  ExperimentActivity,
  ExperimentPulse,
  ExperimentSearch,
  RunPage,
  RunSearch,
  RunSelection,
} from './search.ts';
import { type SearchTuning, searchTuning } from './search-tuning.ts';
import { viewCondition } from './view-condition.ts';

export class Search {
  readonly #graph: Graph;
  readonly #tuning: SearchTuning;
  /** Orders that are kept sorted. */
  readonly rankings: Rankings;

  /** Tests take other figures, so that small stores are searched in every way. */
  constructor(graph: Graph, tuning: Partial<SearchTuning> = {}) {
    this.#graph = graph;
    this.#tuning = { ...searchTuning, ...tuning };
    this.rankings = new Rankings(graph.db);
  }

  /** Resolves when nothing is made in the background any more. */
  async close(): Promise<void> {
    await this.rankings.close();
  }

  /** One page of runs in the order asked for. `invalid_argument` on `cursor` for a token of another query. */
  async runs(context: RequestContext, project: ProjectId, search: RunSearch): Promise<RunPage> {
    return this.#scan(context, async (queries) => {
      const experiments = await this.#experiments(queries, context, project, search.experiments);
      if (experiments.size === 0) return { items: [] };
      const { filter, order, view, limit, cursor, skip } = search;
      const selection = await this.#runSelection(queries, context, project, experiments, filter, order, view);
      const page = await findRecords(queries, {
        ...this.#ordered(context, selection, search),
        limit,
        cursor,
        skip,
      });
      const items = await loadFoundRuns(queries, this.#graph, experiments, page.ids, search.columns ?? {});
      const { cursor: next, start } = page;
      return { items, ...(next !== undefined && { cursor: next }), ...(start !== undefined && { start }) };
    });
  }

  /** Cursors of every so many rows, for jumping into an order. */
  async anchors(
    context: RequestContext,
    project: ProjectId,
    search: RunSelection & Pick<RunSearch, 'order'> & { readonly every: number },
  ): Promise<Anchors> {
    return this.#scan(context, async (queries) => {
      const { filter, order, view, every } = search;
      const experiments = await this.#experiments(queries, context, project, search.experiments);
      if (experiments.size === 0) return { items: [], total: 0, every };
      const selection = await this.#runSelection(queries, context, project, experiments, filter, order, view);
      return findAnchors(queries, {
        ...this.#ordered(context, selection, search),
        steps: selection.steps,
        every,
      });
    });
  }

  /** How many runs a selection holds. */
  async countRuns(context: RequestContext, project: ProjectId, selection: RunSelection): Promise<number> {
    return this.#scan(context, async (queries) => {
      const experiments = await this.#experiments(queries, context, project, selection.experiments);
      if (experiments.size === 0) return 0;
      const { filter, view } = selection;
      return countRecords(
        queries,
        await this.#runSelection(queries, context, project, experiments, filter, [], view),
      );
    });
  }

  async experiments(
    context: RequestContext,
    project: ProjectId,
    search: ExperimentSearch,
  ): Promise<Page<Experiment>> {
    const { filter, view, limit, cursor } = search;
    const order = search.order.length === 0 ? experimentOrder : search.order.map(numbered);
    return this.#scan(context, async (queries) => {
      if (!isVisible(context, project)) return { items: [] };
      const contexts = [project as number as NodeId];
      const keys = await this.#keys(queries, filter, order);
      const { experiment: type } = this.#graph.types;
      const page = await findRecords(queries, {
        project,
        layout: experimentLayout({ graph: this.#graph, project, contexts, keys }),
        filter,
        seekLimits: this.#tuning,
        scope: (led) =>
          sql`${memberOf(contexts, led)} AND n.kind = ${nodeKinds.context} AND n.type = ${type}${ownView(view)}`,
        order,
        tiebreak: [byNumber(true)],
        reach: 'all',
        limit,
        cursor,
        identity: ['experiments', project, filter, order, view],
      });
      const rows = new Map(
        (await experimentRows(queries, this.#graph, page.ids)).map((row) => [row.node, row]),
      );
      const tags = await tagsOf(queries, this.#graph, page.ids);
      const items = page.ids.flatMap((id) => {
        const row = rows.get(id);
        return row === undefined ? [] : experimentFromRow(row, tags.get(id) ?? []);
      });
      return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
    });
  }

  /** Runs, running runs and last change of each experiment; one without runs is absent. */
  async activity(
    context: RequestContext,
    project: ProjectId,
    experiments: readonly Experiment[],
  ): Promise<ReadonlyMap<NodeId, ExperimentActivity>> {
    if (experiments.length === 0 || !isVisible(context, project)) return new Map();
    return this.#scan(context, async (queries) => {
      const nodes = experiments.map((experiment) => experiment.node);
      const marks = await experimentRows(queries, this.#graph, nodes);
      return activityOf(queries, nodes, viewCondition(marks, 'active') ?? sql`1 = 1`);
    });
  }

  /** The latest run of each experiment, and how many began on each of the last `days`. */
  async pulse(
    context: RequestContext,
    project: ProjectId,
    experiments: readonly Experiment[],
    days: number,
  ): Promise<ReadonlyMap<NodeId, ExperimentPulse>> {
    if (experiments.length === 0 || !isVisible(context, project)) return new Map();
    const now = context.clock.now();
    return this.#scan(context, async (queries) => {
      const nodes = experiments.map((experiment) => experiment.node);
      const latest = await latestOf(queries, this.#graph, nodes);
      const inView = viewCondition(await experimentRows(queries, this.#graph, nodes), 'active') ?? sql`1 = 1`;
      const counts = days === 0 ? undefined : await runsByDay(queries, nodes, inView, days, now);
      return new Map(
        nodes.map((node) => {
          const { started, user = '' } = latest.get(node) ?? {};
          return [node, { latest: started, user, days: counts?.get(node) ?? [] }];
        }),
      );
    });
  }

  /** Keys of an experiment's metrics, params and tags, for the columns of a table. `not_found` on `experiment`. */
  async columns(
    context: RequestContext,
    project: ProjectId,
    experiment: string,
    search: ColumnSearch,
  ): Promise<Columns> {
    return this.#scan(context, async (queries) => {
      const node = isVisible(context, project)
        ? await findByKey(queries, project, 'experiment-id', experiment)
        : undefined;
      if (node === undefined) throw notFound(`No Experiment with id=${experiment} exists`, 'experiment');
      return columnsOf(queries, this.#graph, project, node, search);
    });
  }

  #scan<T>(context: RequestContext, body: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#graph.db.scan(body, context.signal);
  }

  #ordered(
    context: RequestContext,
    selection: RunRecords,
    { experiments, filter, order, view }: RunSelection & Pick<RunSearch, 'order'>,
  ): Omit<RecordSearch, 'limit' | 'cursor'> {
    const { contexts } = selection.searched;
    return {
      ...selection,
      ranking: this.#offer(context, selection, order),
      order,
      tiebreak: runTiebreak(order),
      // The index has the runs of one experiment by start.
      reach: contexts.length === 1 && order.slice(0, 1).every(isByStart) ? 'walked' : 'all',
      identity: ['runs', selection.project, [...new Set(experiments)].sort(), filter, order, view],
    };
  }

  #offer(context: RequestContext, selection: RunRecords, order: readonly Order[]): RankingOffer {
    const name = nameOf(selection.searched, order);
    const want = () => this.#want(context, selection, order);
    return {
      use: async (queries) => {
        const used = await this.rankings.use(queries, name);
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
    this.rankings.want({ name, compiled: compiledOf(searched, name) }, context.clock);
  }

  /** Rankings by the numbers that the filter compares: ranges of them are found at once. */
  async #inRange(
    queries: Queries,
    searched: SearchedRecords,
    filter: Filter | undefined,
  ): Promise<SearchLayout['inRange']> {
    const found = new Map<string, { used: UsedRanking; columns: readonly SortColumn[] }>();
    for (const field of numberFields(filter).slice(0, rangesTried)) {
      for (const descending of [false, true]) {
        const name = nameOf(searched, [orderOf(field, descending)]);
        const used = await this.rankings.use(queries, name);
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

  async #runSelection(
    queries: Queries,
    context: RequestContext,
    project: ProjectId,
    experiments: ReadonlyMap<NodeId, ExperimentRow>,
    filter: Filter | undefined,
    order: readonly Order[],
    view: View,
  ): Promise<RunRecords> {
    const contexts = [...experiments.keys()];
    const searched: SearchedRecords = {
      graph: this.#graph,
      project,
      contexts,
      keys: await this.#keys(queries, filter, order),
    };
    const inView = viewCondition([...experiments.values()], view);
    const inRange = await this.#inRange(queries, searched, filter);
    const layout = runLayout(searched);
    return {
      searched,
      project,
      layout: inRange === undefined ? layout : { ...layout, inRange },
      filter,
      seekLimits: this.#tuning,
      steps: {
        contexts,
        kind: nodeKinds.execution,
        condition: inView,
        budget: new Budget(context.clock, this.#tuning.budget),
      },
      scope: (led) => {
        const runs = sql`${memberOf(contexts, led)} AND n.kind = ${nodeKinds.execution}`;
        return inView === undefined ? runs : sql`${runs} AND ${inView}`;
      },
    };
  }

  async #keys(
    queries: Queries,
    filter: Filter | undefined,
    order: readonly Order[],
  ): Promise<ReadonlyMap<string, KeyId>> {
    const names = keysOf(filter, order);
    return names.length === 0 ? new Map() : this.#graph.keys.find(queries, names);
  }

  /** The experiments that exist of those named. */
  async #experiments(
    queries: Queries,
    context: RequestContext,
    project: ProjectId,
    ids: readonly string[],
  ): Promise<ReadonlyMap<NodeId, ExperimentRow>> {
    if (!isVisible(context, project)) return new Map();
    const nodes: NodeId[] = [];
    if (ids.length === 1) {
      const node = await findByKey(queries, project, 'experiment-id', ids[0]!);
      if (node !== undefined) nodes.push(node);
    } else {
      const rows = await queries.many<{ node: NodeId }>(sql`SELECT node FROM node_key
        WHERE project = ${project} AND space = ${keySpaces['experiment-id']} AND value ${anyOf(ids.filter(isStorable))}`);
      nodes.push(...rows.map((row) => row.node));
    }
    const rows = await experimentRows(queries, this.#graph, nodes);
    return new Map(rows.map((row) => [row.node, row]));
  }
}

function isVisible(context: RequestContext, project: ProjectId): boolean {
  return context.scope.projects === 'all' || context.scope.projects.includes(project);
}

/**
 * `led`: a list of ids leads to the records, and the plus keeps the store from walking the contexts' own index instead
 * (without statistics SQLite prefers that, since it is sorted).
 */
function memberOf(contexts: readonly NodeId[], led: boolean): Sql {
  return inContexts(led ? '+n.context' : 'n.context', contexts);
}

function ownView(view: View): Sql {
  return view === 'all' ? sql`` : sql` AND n.deleted = ${view === 'deleted' ? 1 : 0}`;
}

function byNumber(descending: boolean): SortColumn {
  return { value: rawSql('n.id'), type: 'integer', descending, nullable: false };
}

/** The latest made first, those of one instant by their ids. */
const experimentOrder: readonly Order[] = [
  { field: { kind: 'attribute', name: 'created' }, descending: true, natural: false },
  { field: { kind: 'attribute', name: 'number' }, descending: false, natural: false },
];

/** Ids of experiments are numbers: `10` comes after `9`. */
function numbered(order: Order): Order {
  const isId = order.field.kind === 'attribute' && order.field.name === 'id';
  return isId ? { ...order, field: { kind: 'attribute', name: 'number' } } : order;
}
