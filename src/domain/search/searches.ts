/** Finds runs and experiments. Reads only, each on one snapshot, by a number of statements that rows do not change. */
import type { Queries } from '../../db/db.ts';
import type { Filter, Order } from '../../engines/search/ast.ts';
import { notFound } from '../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import {
  type Experiment,
  type ExperimentRow,
  experimentRows,
  experimentsById,
  type View,
} from '../contexts/index.ts';
import { findByKey, type Graph, nodeKinds } from '../graph/index.ts';
import { runVersions } from '../runs/index.ts';
import { columnsOf } from './columns/columns.ts';
import { valuesOfKey } from './columns/value-store.ts';
import { activityOf, latestOf, runsByDay } from './experiments/activity-store.ts';
import { findExperiments } from './experiments/find-experiments.ts';
import { isStorable, keysOf, memberOf, runLayout, type SearchedRecords } from './fields/layouts.ts';
import { findGroups, type GroupPage, type GroupSearch } from './groups/groups.ts';
import { orderOf } from './rankings/ranking.ts';
import { Rankings } from './rankings/rankings.ts';
import { RunRankings } from './rankings/run-rankings.ts';
import { type Anchors, findAnchors } from './records/anchors.ts';
import { Budget } from './records/budget.ts';
import { findExpressions } from './records/expressions.ts';
import { countRecords, findRecords, type RecordPage, type RecordSearch } from './records/record-search.ts';
import { viewCondition } from './records/view-condition.ts';
import { loadFoundRuns, loadLatestRuns } from './runs/found-runs.ts';
import { isByStart, type RunRecords, runTiebreak } from './runs/run-order.ts';
import type {
  ColumnSearch,
  Columns,
  ExperimentActivity,
  ExperimentPulse,
  ExperimentSearch,
  KnownValue,
  RunCount,
  RunPage,
  RunPageBesides,
  RunSearch,
  RunSearchBesides,
  RunSelection,
} from './search.ts';
import { type SearchTuning, searchTuning } from './search-tuning.ts';

export class Search {
  readonly #graph: Graph;
  readonly #tuning: SearchTuning;
  /** Orders that are kept sorted. */
  readonly rankings: Rankings;
  readonly #forRuns: RunRankings;

  /** Tests take other figures, so that small stores are searched in every way. */
  constructor(graph: Graph, tuning: Partial<SearchTuning> = {}) {
    this.#graph = graph;
    this.#tuning = { ...searchTuning, ...tuning };
    this.rankings = new Rankings(graph.db);
    this.#forRuns = new RunRankings(this.rankings, this.#tuning);
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
      const page = await this.#runPage(queries, context, project, experiments, search);
      const items = await loadFoundRuns(queries, this.#graph, experiments, page.ids, search.columns ?? {});
      const { cursor: next, start } = page;
      return { items, ...(next !== undefined && { cursor: next }), ...(start !== undefined && { start }) };
    });
  }

  /**
   * The same, but only what the caller does not know is loaded; all of it is of one snapshot. A page of runs with very many
   * metrics ends before its limit.
   */
  async runsBesides(
    context: RequestContext,
    project: ProjectId,
    search: RunSearchBesides,
  ): Promise<RunPageBesides> {
    return this.#scan(context, async (queries) => {
      const experiments = await this.#experiments(queries, context, project, search.experiments);
      if (experiments.size === 0) return { items: [], loaded: [] };
      const page = await this.#runPage(queries, context, project, experiments, search);
      const versions = new Map((await runVersions(queries, page.ids)).map((run) => [run.node, run]));
      const items = page.ids.flatMap((id) => versions.get(id) ?? []);
      const unknown = items.filter((run) => !search.isKnown(run)).map(({ node }) => node);
      const most = this.#tuning.metrics;
      const { loaded, beyond } = await loadLatestRuns(queries, this.#graph, experiments, unknown, most);
      if (beyond === undefined)
        return { items, loaded, ...(page.cursor !== undefined && { cursor: page.cursor }) };
      const some = items.slice(
        0,
        items.findIndex(({ node }) => node === beyond),
      );
      return { items: some, loaded, cursor: await page.cursorAt(some.at(-1)!.node) };
    });
  }

  async #runPage(
    queries: Queries,
    context: RequestContext,
    project: ProjectId,
    experiments: ReadonlyMap<NodeId, ExperimentRow>,
    search: RunSearch,
  ): Promise<RecordPage> {
    const { filter, order, view, limit, cursor, skip } = search;
    const selection = await this.#runSelection(queries, context, project, experiments, filter, order, view);
    return findRecords(queries, { ...this.#ordered(context, selection, search), limit, cursor, skip });
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

  /** Groups of runs with the same values, and figures of metrics over each. */
  async groups(
    context: RequestContext,
    project: ProjectId,
    search: RunSelection & Pick<GroupSearch, 'by' | 'figures' | 'order' | 'limit' | 'cursor'>,
  ): Promise<GroupPage> {
    return this.#scan(context, async (queries) => {
      const { filter, view, by, figures, order, limit, cursor } = search;
      const experiments = await this.#experiments(queries, context, project, search.experiments);
      if (experiments.size === 0) return { items: [], total: 0 };
      const fields = [...by, ...figures].map((field) => orderOf(field, false));
      const selection = await this.#runSelection(
        queries,
        context,
        project,
        experiments,
        filter,
        fields,
        view,
      );
      const identity = [
        'groups',
        project,
        [...new Set(search.experiments)].sort(),
        search.filterText ?? filter,
        view,
        by,
        order,
      ];
      return findGroups(queries, { ...selection, by, figures, order, limit, cursor, identity });
    });
  }

  /** Values of a parameter or tag that begin with a text. `not_found` on `experiment`. */
  async values(
    context: RequestContext,
    project: ProjectId,
    experiment: string,
    search: {
      readonly scope: 'param' | 'tag';
      readonly key: string;
      readonly prefix: string;
      readonly limit: number;
    },
  ): Promise<KnownValue[]> {
    return this.#scan(context, async (queries) => {
      const node = await this.#experimentNode(queries, context, project, experiment);
      const { scope, key, prefix, limit } = search;
      if (!isStorable(key) || !isStorable(prefix)) return [];
      const id = (await this.#graph.keys.find(queries, [key])).get(key);
      return id === undefined ? [] : valuesOfKey(queries, project, node, scope, id, prefix, limit);
    });
  }

  /** How many runs a selection holds: never long, so that a page is not kept waiting for its count. */
  async countRuns(context: RequestContext, project: ProjectId, selection: RunSelection): Promise<RunCount> {
    return this.#scan(context, async (queries) => {
      const experiments = await this.#experiments(queries, context, project, selection.experiments);
      if (experiments.size === 0) return { count: 0, complete: true };
      const { filter, view } = selection;
      return countRecords(
        queries,
        await this.#runSelection(queries, context, project, experiments, filter, [], view),
        this.#tuning.counting,
      );
    });
  }

  async experiments(
    context: RequestContext,
    project: ProjectId,
    search: ExperimentSearch,
  ): Promise<Page<Experiment>> {
    if (!isVisible(context, project)) return { items: [] };
    return this.#scan(context, (queries) =>
      findExperiments(queries, this.#graph, this.#tuning, project, search),
    );
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
      const node = await this.#experimentNode(queries, context, project, experiment);
      return columnsOf(queries, this.#graph, project, node, search);
    });
  }

  async #experimentNode(
    queries: Queries,
    context: RequestContext,
    project: ProjectId,
    experiment: string,
  ): Promise<NodeId> {
    const node =
      isVisible(context, project) && isStorable(experiment)
        ? await findByKey(queries, project, 'experiment-id', experiment)
        : undefined;
    if (node === undefined) throw notFound(`No Experiment with id=${experiment} exists`, 'experiment');
    return node;
  }

  #scan<T>(context: RequestContext, body: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#graph.db.scan(body, context.signal);
  }

  #ordered(
    context: RequestContext,
    selection: RunRecords,
    { experiments, filter, filterText, order, view }: RunSelection & Pick<RunSearch, 'order'>,
  ): Omit<RecordSearch, 'limit' | 'cursor'> {
    const { contexts } = selection.searched;
    return {
      ...selection,
      ranking:
        selection.steps.sizes === undefined ? this.#forRuns.offer(context, selection, order) : undefined,
      order,
      tiebreak: runTiebreak(order),
      // The index has the runs of one experiment by start.
      reach: contexts.length === 1 && order.slice(0, 1).every(isByStart) ? 'walked' : 'all',
      identity: [
        'runs',
        selection.project,
        [...new Set(experiments)].sort(),
        filterText ?? filter,
        order,
        view,
      ],
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
    const sizes = await this.#forRuns.fewRuns(queries, contexts, filter, order);
    const inRange = sizes === undefined ? await this.#forRuns.inRange(queries, searched, filter) : undefined;
    const layout = runLayout(searched);
    const steps = {
      contexts,
      kind: nodeKinds.execution,
      sizes,
      condition: inView,
      budget: new Budget(context.clock, this.#tuning.budget),
    };
    const found = await findExpressions(queries, filter, {
      steps,
      texts: this.#tuning.texts,
      layoutOf: (part) => runLayout({ ...searched, contexts: part }),
    });
    return {
      searched,
      project,
      layout: { ...layout, ...(inRange !== undefined && { inRange }), ...(found !== undefined && { found }) },
      filter,
      seekLimits: this.#tuning,
      steps,
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
    const rows = await experimentsById(queries, this.#graph, project, ids);
    return new Map(rows.map((row) => [row.node, row]));
  }
}

function isVisible(context: RequestContext, project: ProjectId): boolean {
  return context.scope.projects === 'all' || context.scope.projects.includes(project);
}
