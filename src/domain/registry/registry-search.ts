/** Pages of registered models and of versions that fit a filter, in an order. */
import type { Queries } from '../../db/db.ts';
import type { Filter, Order } from '../../engines/search/ast.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { emptySql, rawSql, type Sql, sql, textHead } from '../../kernel/sql.ts';
import { edgeKinds, type Graph, nodeKinds, propertyScopes } from '../graph/index.ts';
import { findRecords, inContexts, keysOf, seekLimits } from '../search/index.ts';
import { loadVersions } from './model-version-store.ts';
import { type ModelVersion, promptTag, type RegisteredModel } from './registered-model.ts';
import { loadRegistered, requireRegistered } from './registered-model-store.ts';
import { registeredLayout, searchedFacts, versionLayout } from './registry-layout.ts';

/** Prompts are registered models with a tag; most who ask for models do not mean them. */
export type RegistryKind = 'models' | 'prompts' | 'all';

export interface RegistrySearch {
  readonly filter?: Filter | undefined;
  /** Ties go by name, then by version, the greatest first. */
  readonly order?: readonly Order[] | undefined;
  readonly kind: RegistryKind;
  /** Only versions of this registered model. */
  readonly model?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export async function searchRegistered(
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  search: RegistrySearch,
): Promise<Page<RegisteredModel>> {
  const { filter, order = [], kind, limit, cursor } = search;
  return graph.db.scan(async (queries) => {
    if (!isVisible(context, project)) return { items: [] };
    const contexts = [project as number as NodeId];
    const keys = await graph.keys.find(queries, [...keysOf(filter, order), promptTag]);
    const ofKind = promptsBy(graph, project, kind, keys.get(promptTag), 'registered-model-tag');
    const page = await findRecords(queries, {
      project,
      layout: registeredLayout({ graph, project, contexts, keys }),
      filter,
      seekLimits,
      scope: (
        led,
      ) => sql`${inContexts(led ? '+n.context' : 'n.context', contexts)} AND n.kind = ${nodeKinds.asset}
        AND n.type = ${graph.types['registered-model']} AND n.deleted = 0${ofKind}`,
      order,
      tiebreak: [ascending('n.name'), ascending('n.uid')],
      reach: 'all',
      limit,
      cursor,
      identity: ['registered-models', project, filter, order, kind],
    });
    const found = await loadRegistered(queries, graph, project, page.ids);
    return pageOf(page, found);
  }, context.signal);
}

export async function searchVersions(
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  search: RegistrySearch,
): Promise<Page<ModelVersion>> {
  const { filter, order = [], kind, model, limit, cursor } = search;
  return graph.db.scan(async (queries) => {
    if (!isVisible(context, project)) return { items: [] };
    const contexts = [project as number as NodeId];
    const keys = await graph.keys.find(queries, [...keysOf(filter, order), ...searchedFacts, promptTag]);
    const ofKind = promptsBy(graph, project, kind, keys.get(promptTag), 'model-version-tag');
    const ofModel = model === undefined ? emptySql : await versionsOf(queries, graph, project, model);
    const layout = versionLayout({ graph, project, contexts, keys });
    const number = layout.source({ kind: 'attribute', name: 'number' });
    const page = await findRecords(queries, {
      project,
      layout,
      filter,
      seekLimits,
      scope: (led) => sql`${inContexts(led || model !== undefined ? '+n.context' : 'n.context', contexts)}
        AND n.kind = ${nodeKinds.artifact} AND n.type = ${graph.types['model-version']} AND n.deleted = 0${ofModel}${ofKind}`,
      order,
      tiebreak: [
        ascending('n.name'),
        {
          value: number.kind === 'integer' ? number.value : rawSql('n.id'),
          type: 'integer',
          descending: true,
          nullable: false,
        },
        ascending('n.uid'),
      ],
      reach: 'all',
      limit,
      cursor,
      identity: ['model-versions', project, filter, order, kind, model ?? null],
    });
    return pageOf(page, await loadVersions(queries, graph, page.ids));
  }, context.signal);
}

const ascending = (column: string) =>
  ({ value: rawSql(column), type: 'text', descending: false, nullable: false }) as const;

function isVisible(context: RequestContext, project: ProjectId): boolean {
  return context.scope.projects === 'all' || context.scope.projects.includes(project);
}

async function versionsOf(queries: Queries, graph: Graph, project: ProjectId, name: string): Promise<Sql> {
  const { id } = await requireRegistered(queries, graph, project, name);
  return sql` AND n.id IN (SELECT e.source FROM edge e WHERE e.target = ${id} AND e.kind = ${edgeKinds['version-of']})`;
}

/** ` AND …`: by the names of those that bear the tag, so that no version of a prompt passes for one of a model. */
function promptsBy(
  { types }: Graph,
  project: ProjectId,
  kind: RegistryKind,
  key: number | undefined,
  scope: 'registered-model-tag' | 'model-version-tag',
): Sql {
  if (kind === 'all') return emptySql;
  if (key === undefined) return kind === 'prompts' ? sql` AND 1 = 0` : emptySql;
  const type = types[scope === 'model-version-tag' ? 'model-version' : 'registered-model'];
  const names = sql`SELECT t.name FROM property p JOIN node t ON t.id = p.owner AND t.deleted = 0 AND t.type = ${type}
    WHERE p.project = ${project} AND p.context = ${project} AND p.scope = ${propertyScopes[scope]} AND p.key = ${key}
      AND ${textHead('p.text')} = 'true' AND p.text = 'true'`;
  return kind === 'prompts' ? sql` AND n.name IN (${names})` : sql` AND n.name NOT IN (${names})`;
}

function pageOf<T>(
  page: { readonly ids: readonly NodeId[]; readonly cursor: string | undefined },
  found: ReadonlyMap<NodeId, T>,
): Page<T> {
  const items = page.ids.flatMap((id) => found.get(id) ?? []);
  return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
}
