/** Logged models: made, finished, described and deleted. What was deleted is not found any more; its edges stay. */
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { requireActiveExperiment, requireExperiment, type Tag } from '../contexts/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  type ArtifactState,
  artifactStates,
  deleteProperty,
  type Graph,
  insertEdges,
  insertNode,
  modelIdOf,
  type NewProperties,
  type PropertyValue,
  propertiesOf,
  putProperties,
  putPropertiesOfMany,
  textOf,
  updateNode,
} from '../graph/index.ts';
import { type ModelPoint, type ModelSeries, pointsOfModels, seriesOfModels } from '../metrics/index.ts';
import { findRun, inventRunName, type Param } from '../runs/index.ts';
import {
  checkModelName,
  checkPair,
  type LoggedModel,
  modelLimits,
  type NewLoggedModel,
} from './logged-model.ts';
import { type ModelSearch, searchModels } from './logged-model-search.ts';
import { findModels, holdModel, loadModels, type ModelRow, noSuchModel } from './logged-model-store.ts';

/**
 * The generation of a model's own lifecycle. A model is not its experiment's: whatever is decided of the experiment later,
 * the model's own state counts, as for MLflow's clients. No experiment is deleted and restored so often.
 */
export const ownLifecycle = 2 ** 40;

export class LoggedModels {
  readonly #graph: Graph;
  readonly #journal: Journal;

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
  }

  async create(context: RequestContext, project: ProjectId, input: NewLoggedModel): Promise<LoggedModel> {
    const { params = [], tags = [], type = '', sourceRun = '' } = input;
    const name = input.name || inventRunName(context.random);
    checkModelName(name);
    checkText('model_type', type, modelLimits.type);
    checkText('source_run_id', sourceRun, modelLimits.key);
    checkPairs('params', params, modelLimits.paramValue);
    checkPairs('tags', tags, modelLimits.tagValue);
    const first = await this.#graph.db.nextIds(3);
    const node = first as NodeId;
    const uid = context.newUid();
    const now = context.clock.now();
    const id = await this.#journal.write(context, project, 'model.create', async (tx) => {
      const experiment = await requireExperiment(tx, this.#graph, project, input.experiment);
      requireActiveExperiment(experiment);
      const run = sourceRun === '' ? undefined : await findRun(tx, this.#graph, project, sourceRun);
      const location = experiment.artifact_location.replace(/\/+$/, '');
      const artifactUri = `${location}/models/${modelIdOf(uid)}/artifacts`;
      await insertNode(tx, {
        id: node,
        uid,
        project,
        context: experiment.node,
        kind: 'artifact',
        type: this.#graph.types['logged-model'],
        name,
        state: artifactStates.pending,
        created: now,
        // The index of an experiment's records is in the order of their start.
        started: now,
        ended: null,
        mark: ownLifecycle,
      });
      const owner = { id: node, project, context: experiment.node };
      const declared = [
        { key: 'model_type', value: type },
        { key: 'source_run_id', value: sourceRun },
      ].filter(({ value }) => value !== '');
      const lists = [
        ['system', [{ key: 'artifact_uri', value: artifactUri }]],
        ['declared', declared],
        ['model-param', params],
        ['model-tag', tags],
      ] as const;
      const properties: NewProperties[] = [];
      for (const [scope, pairs] of lists) {
        properties.push({ owner, scope, values: await valuesOf(tx, this.#graph, pairs) });
      }
      await putPropertiesOfMany(tx, context.face, properties);
      const assertion = { project, known: 'observed', validFrom: now, event: tx.eventId } as const;
      const member = { ...assertion, id: (first + 1) as EdgeId, source: node, target: experiment.node };
      await insertEdges(tx, context, [
        { ...member, kind: 'member-of' },
        ...(run === undefined
          ? []
          : [
              {
                ...assertion,
                id: (first + 2) as EdgeId,
                source: run.id,
                target: node,
                kind: 'generated',
                subtype: 'source',
              } as const,
            ]),
      ]);
      tx.record({
        node,
        touched: run === undefined ? [experiment.node] : [experiment.node, run.id],
        body: { experiment: experiment.id, name, type, sourceRun, artifactUri, params, tags },
      });
      return modelIdOf(uid);
    });
    return this.get(context, project, id);
  }

  /** `not_found` for a deleted one. */
  async get(_context: RequestContext, project: ProjectId, id: string): Promise<LoggedModel> {
    const found = await this.#graph.db.read(async (queries) => {
      const row = (await findModels(queries, this.#graph, project, [id])).get(id);
      if (row === undefined || row.deleted !== 0) return undefined;
      return (await loadModels(queries, this.#graph, [row.id])).get(row.id);
    });
    if (found === undefined) throw noSuchModel(id);
    return found;
  }

  async search(context: RequestContext, project: ProjectId, search: ModelSearch): Promise<Page<LoggedModel>> {
    return searchModels(this.#graph, context, project, search);
  }

  /** The points that measure each model; beyond a limit only the latest of each series. */
  async points(
    context: RequestContext,
    models: readonly LoggedModel[],
  ): Promise<ReadonlyMap<NodeId, readonly ModelPoint[]>> {
    const nodes = models.map((model) => model.node);
    return this.#graph.db.scan((queries) => pointsOfModels(queries, this.#graph, nodes), context.signal);
  }

  /** What is known of each model's metrics without their points. */
  async series(
    context: RequestContext,
    models: readonly LoggedModel[],
  ): Promise<ReadonlyMap<NodeId, readonly ModelSeries[]>> {
    const nodes = models.map((model) => model.node);
    return this.#graph.db.scan((queries) => seriesOfModels(queries, this.#graph, nodes), context.signal);
  }

  /** Says how the making of it ended. */
  async finish(
    context: RequestContext,
    project: ProjectId,
    id: string,
    status: ArtifactState,
  ): Promise<LoggedModel> {
    await this.#change(context, project, id, 'model.finish', async (tx, row) => {
      if (row.state === artifactStates[status]) return;
      await updateNode(tx, row.id, context.clock.now(), { state: artifactStates[status] });
      tx.record({ node: row.id, touched: [row.context], body: { status } });
    });
    return this.get(context, project, id);
  }

  /** A second time changes nothing; `not_found` for one that never was. */
  async delete(context: RequestContext, project: ProjectId, id: string): Promise<void> {
    await this.#journal.write(context, project, 'model.delete', async (tx) => {
      const row = (await findModels(tx, this.#graph, project, [id], true)).get(id);
      if (row === undefined) throw noSuchModel(id);
      if (row.deleted !== 0) return;
      await updateNode(tx, row.id, context.clock.now(), { deleted: 1 });
      tx.record({ node: row.id, touched: [row.context], body: {} });
    });
  }

  /** The last of equal keys wins. */
  async setTags(
    context: RequestContext,
    project: ProjectId,
    id: string,
    tags: readonly Tag[],
  ): Promise<void> {
    checkPairs('tags', tags, modelLimits.tagValue, 'repeated');
    await this.#change(context, project, id, 'model.tag', async (tx, row) => {
      if (tags.length === 0) return;
      const values = await valuesOf(tx, this.#graph, tags);
      await putProperties(tx, row, 'model-tag', context.face, values);
      tx.record({ node: row.id, body: { tags } });
    });
  }

  /** `not_found` when the model has no such tag. */
  async deleteTag(context: RequestContext, project: ProjectId, id: string, key: string): Promise<void> {
    await this.#change(context, project, id, 'model.untag', async (tx, row) => {
      const keyId = key.includes('\0') ? undefined : (await this.#graph.keys.find(tx, [key])).get(key);
      if (keyId === undefined || !(await deleteProperty(tx, row.id, 'model-tag', keyId))) {
        throw notFound(`No tag with key '${key}' found for model with ID '${id}'.`, 'key');
      }
      tx.record({ node: row.id, body: { removed: [key] } });
    });
  }

  /** A parameter never changes: `conflict` where one has another value, nothing where it has the same. */
  async logParams(
    context: RequestContext,
    project: ProjectId,
    id: string,
    params: readonly Param[],
  ): Promise<void> {
    checkPairs('params', params, modelLimits.paramValue);
    await this.#change(context, project, id, 'model.log', async (tx, row) => {
      if (params.length === 0) return;
      const values = await valuesOf(tx, this.#graph, params);
      const stored = await propertiesOf(tx, [row.id], { scope: 'model-param', keys: [...values.keys()] });
      const before = new Map(stored.map((property) => [property.key, textOf(property)]));
      const fresh = new Map<KeyId, PropertyValue>();
      for (const [index, [key, value]] of [...values].entries()) {
        const known = before.get(key);
        if (known === undefined) fresh.set(key, value);
        else if (known !== value.value) {
          throw new CairnError(
            'conflict',
            `Changing param values is not allowed. Param with key='${params[index]!.key}' was already logged for the model '${id}' with another value.`,
            { field: `params[${index}].value` },
          );
        }
      }
      if (fresh.size === 0) return;
      await putProperties(tx, row, 'model-param', context.face, fresh);
      tx.record({ node: row.id, body: { params } });
    });
  }

  async #change(
    context: RequestContext,
    project: ProjectId,
    id: string,
    action: string,
    body: (tx: ChangeTx, row: ModelRow) => Promise<void>,
  ): Promise<void> {
    await this.#journal.write(context, project, action, async (tx) =>
      body(tx, await holdModel(tx, this.#graph, project, id)),
    );
  }
}

function checkText(field: string, text: string, limit: number): void {
  if (text.length > limit) throw invalid(field, `${field} is longer than ${limit} characters`);
  if (text.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
}

function checkPairs(
  list: string,
  pairs: readonly (Tag | Param)[],
  limit: number,
  keys: 'unique' | 'repeated' = 'unique',
): void {
  const seen = new Set<string>();
  for (const [index, pair] of pairs.entries()) {
    const path = `${list}[${index}]`;
    checkPair(path, pair, limit);
    if (keys === 'unique' && seen.has(pair.key)) {
      throw invalid(`${path}.key`, `${list} holds the key '${pair.key}' twice`);
    }
    seen.add(pair.key);
  }
}

/** In the order in which keys first came; the last of equal keys wins. */
async function valuesOf(
  tx: ChangeTx,
  graph: Graph,
  pairs: readonly (Tag | Param)[],
): Promise<Map<KeyId, PropertyValue & { readonly kind: 'text' }>> {
  const keys = await graph.keys.resolve(
    tx,
    pairs.map((pair) => pair.key),
  );
  return new Map(pairs.map(({ key, value }) => [keys.get(key)!, { kind: 'text', value }]));
}
