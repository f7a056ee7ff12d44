/** Finds runs and experiments. Reads only, each on one snapshot, by a number of statements that rows do not change. */
import type { Queries } from '../../db/db.ts';
import type { Filter, Order } from '../../engines/search/ast.ts';
import type { SortColumn } from '../../engines/search/order.ts';
import { foldAscii } from '../../engines/search/pattern.ts';
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
import {
  factsOfKeys,
  type KeyFacts,
  keysLimit,
  keysOfExperiment,
  namesLimit,
  runsLimit,
} from './column-store.ts';
import { loadFoundRuns } from './found-runs.ts';
import {
  experimentLayout,
  inContexts,
  isStorable,
  keysOf,
  runLayout,
  type SearchedRecords,
} from './layouts.ts';
import {
  countRecords,
  findRecords,
  type RecordSelection,
  type SeekLimits,
  seekLimits,
} from './record-search.ts';
import type {
  Column,
  ColumnSearch,
  Columns,
  ExperimentActivity,
  ExperimentPulse,
  ExperimentSearch,
  RunPage,
  RunSearch,
  RunSelection,
} from './search.ts';
import { viewCondition } from './view-condition.ts';

export class Search {
  readonly #graph: Graph;
  readonly #seekLimits: SeekLimits;

  /** Tests take other limits, so that small stores are searched in both ways. */
  constructor(graph: Graph, limits: SeekLimits = seekLimits) {
    this.#graph = graph;
    this.#seekLimits = limits;
  }

  /** One page of runs in the order asked for. `invalid_argument` on `cursor` for a token of another query. */
  async runs(context: RequestContext, project: ProjectId, search: RunSearch): Promise<RunPage> {
    return this.#scan(context, async (queries) => {
      const experiments = await this.#experiments(queries, context, project, search.experiments);
      if (experiments.size === 0) return { items: [] };
      const { experiments: ids, filter, order, view, limit, cursor, skip } = search;
      const page = await findRecords(queries, {
        ...(await this.#runSelection(queries, project, experiments, filter, order, view)),
        order,
        tiebreak: runTiebreak(order),
        // The index has the runs of one experiment by start.
        reach: experiments.size === 1 && order.slice(0, 1).every(isByStart) ? 'walked' : 'all',
        limit,
        cursor,
        skip,
        identity: ['runs', project, [...new Set(ids)].sort(), filter, order, view],
      });
      const items = await loadFoundRuns(queries, this.#graph, experiments, page.ids, search.columns ?? {});
      const { cursor: next, start } = page;
      return { items, ...(next !== undefined && { cursor: next }), ...(start !== undefined && { start }) };
    });
  }

  /** How many runs a selection holds. */
  async countRuns(context: RequestContext, project: ProjectId, selection: RunSelection): Promise<number> {
    return this.#scan(context, async (queries) => {
      const experiments = await this.#experiments(queries, context, project, selection.experiments);
      if (experiments.size === 0) return 0;
      const { filter, view } = selection;
      return countRecords(queries, await this.#runSelection(queries, project, experiments, filter, [], view));
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
        seekLimits: this.#seekLimits,
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
      const part = foldAscii(search.search ?? '');
      const facts: KeyFacts[] = [];
      const names = new Map<KeyId, string>();
      let complete = true;
      for (const scope of ['metric', 'param', 'tag'] as const) {
        const found = await keysOfExperiment(queries, project, node, scope);
        const looked = found.slice(0, namesLimit).map(({ key }) => key);
        for (const [id, name] of await this.#graph.keys.names(queries, looked)) {
          if (foldAscii(name).includes(part)) names.set(id, name);
        }
        const wanted = looked.filter((key) => names.has(key));
        if (found.length > namesLimit || wanted.length > keysLimit) complete = false;
        facts.push(...(await factsOfKeys(queries, project, node, scope, wanted.slice(0, keysLimit))));
      }
      const columns = facts.map(({ key, ...rest }): Column => ({ ...rest, key: names.get(key) ?? '' }));
      columns.sort(byUse);
      return {
        items: columns.slice(0, search.limit),
        complete: complete && columns.length <= search.limit,
        runsLimit,
      };
    });
  }

  #scan<T>(context: RequestContext, body: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#graph.db.scan(body, context.signal);
  }

  async #runSelection(
    queries: Queries,
    project: ProjectId,
    experiments: ReadonlyMap<NodeId, ExperimentRow>,
    filter: Filter | undefined,
    order: readonly Order[],
    view: View,
  ): Promise<RecordSelection> {
    const contexts = [...experiments.keys()];
    const searched: SearchedRecords = {
      graph: this.#graph,
      project,
      contexts,
      keys: await this.#keys(queries, filter, order),
    };
    const inView = viewCondition([...experiments.values()], view);
    return {
      project,
      layout: runLayout(searched),
      filter,
      seekLimits: this.#seekLimits,
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

/** Start, latest first, then id; the start only once. */
function runTiebreak(order: readonly Order[]): SortColumn[] {
  const id: SortColumn = { value: rawSql('n.uid'), type: 'text', descending: false, nullable: false };
  if (order.some(isByStart)) return [id];
  return [{ value: rawSql('n.started'), type: 'integer', descending: true, nullable: false }, id];
}

function isByStart({ field }: Order): boolean {
  return field.kind === 'attribute' && field.name === 'started';
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

const scopeOrder = { metric: 0, param: 1, tag: 2 } as const;

/** Those that vary first, then by runs, then by scope and key. */
function byUse(a: Column, b: Column): number {
  return (
    Number(b.varies) - Number(a.varies) ||
    b.runs - a.runs ||
    scopeOrder[a.scope] - scopeOrder[b.scope] ||
    Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
  );
}
