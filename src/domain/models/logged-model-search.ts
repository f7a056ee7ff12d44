/** One page of logged models: a filter, an order, and which datasets the metrics in them were measured on. */
import type { Field, Filter, Order } from '../../engines/search/ast.ts';
import { invalid } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { rawSql, type Sql, sql } from '../../kernel/sql.ts';
import { type Graph, nodeKinds } from '../graph/index.ts';
import { findRecords, inContexts, isStorable, keysOf, seekLimits } from '../search/index.ts';
import type { LoggedModel } from './logged-model.ts';
import { declaredKeys, measuredOn, modelLayout, type OnDataset } from './logged-model-layout.ts';
import { experimentNodes, loadModels } from './logged-model-store.ts';

/** A key of an order; a metric may look at one dataset only. */
export interface ModelOrder extends Order {
  readonly dataset?: OnDataset | undefined;
}

export interface ModelSearch {
  /** Decimal ids; unknown ones hold no models. */
  readonly experiments: readonly string[];
  readonly filter?: Filter | undefined;
  /** Ties, and an empty order, go by creation, latest first, then id. */
  readonly order?: readonly ModelOrder[] | undefined;
  /** Conditions on metrics look at those measured on one of these; without such a condition a model has any on one. */
  readonly datasets?: readonly (OnDataset & { readonly name: string })[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Datasets of one search. */
export const searchedDatasets = 100;

export async function searchModels(
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  search: ModelSearch,
): Promise<Page<LoggedModel>> {
  const { experiments, filter, order = [], datasets = [], limit, cursor } = search;
  if (datasets.length > searchedDatasets) {
    throw invalid('datasets', `A search looks at no more than ${searchedDatasets} datasets`);
  }
  const named = [...datasets, ...order.flatMap(({ dataset }) => dataset ?? [])];
  if (!named.every(({ name = '', digest = '' }) => isStorable(name) && isStorable(digest))) {
    throw invalid('datasets', 'The name or digest of a dataset holds a character that no name has');
  }
  return graph.db.scan(async (queries) => {
    const isVisible = context.scope.projects === 'all' || context.scope.projects.includes(project);
    const contexts = isVisible ? await experimentNodes(queries, project, experiments.filter(isStorable)) : [];
    if (contexts.length === 0) return { items: [] };
    const keys = await graph.keys.find(queries, [...keysOf(filter, order), ...declaredKeys]);
    const fields = new Map<Field, OnDataset | undefined>(order.map(({ field, dataset }) => [field, dataset]));
    const layout = modelLayout({ graph, project, contexts, keys }, { filter: datasets, order: fields });
    const measured = datasets.length > 0 && !asksForMetric(filter);
    const page = await findRecords(queries, {
      project,
      layout,
      filter,
      seekLimits,
      scope: (
        led,
      ) => sql`${inContexts(led ? '+n.context' : 'n.context', contexts)} AND n.kind = ${nodeKinds.artifact}
        AND n.type = ${graph.types['logged-model']} AND n.deleted = 0${measured ? isMeasured(datasets) : sql``}`,
      order,
      tiebreak: [
        { value: rawSql('n.started'), type: 'integer', descending: true, nullable: false },
        { value: rawSql('n.uid'), type: 'text', descending: true, nullable: false },
      ],
      reach: order.length === 0 ? 'walked' : 'all',
      limit,
      cursor,
      identity: ['logged-models', project, experiments, filter, order, datasets],
    });
    const models = await loadModels(queries, graph, page.ids);
    const items = page.ids.flatMap((id) => models.get(id) ?? []);
    return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
  }, context.signal);
}

function isMeasured(datasets: readonly OnDataset[]): Sql {
  return sql` AND EXISTS (SELECT 1 FROM series s WHERE s.node = n.id AND s.by_key <> ''${measuredOn('s', datasets)})`;
}

function asksForMetric(filter: Filter | undefined): boolean {
  if (filter === undefined) return false;
  if (filter.kind === 'and' || filter.kind === 'or') return filter.terms.some(asksForMetric);
  return filter.kind === 'not' ? asksForMetric(filter.term) : filter.field.kind === 'metric';
}
