/** Registered models: made, described, renamed, deleted. A name is free again after a deletion; the old model's record stays. */
import { CairnError } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import type { Tag } from '../contexts/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  claimKey,
  deleteProperty,
  edgeKinds,
  type Graph,
  insertEdge,
  insertNode,
  type PropertyOwner,
  type PropertyScope,
  type PropertyValue,
  putProperties,
  releaseKey,
  updateNode,
} from '../graph/index.ts';
import { lookOf } from './look-alikes.ts';
import { endNamings, namedNow } from './naming-store.ts';
import {
  checkRegisteredName,
  checkTags,
  checkText,
  isPrompt,
  type NewRegisteredModel,
  type RegisteredModel,
  registryLimits,
} from './registered-model.ts';
import {
  loadRegistered,
  type ModelChanges,
  modelChanges,
  type RegisteredRow,
  requireRegistered,
} from './registered-model-store.ts';

export interface RegisteredChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

export class RegisteredModels {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #change: ModelChanges;

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
    this.#change = modelChanges(graph, journal);
  }

  /** `already_exists` where the name is taken, or reads like one that is. */
  async create(
    context: RequestContext,
    project: ProjectId,
    input: NewRegisteredModel,
  ): Promise<RegisteredModel> {
    const { name, description, tags = [] } = input;
    checkRegisteredName(name);
    checkText('description', description, registryLimits.description);
    checkTags('tags', tags);
    const first = await this.#graph.db.nextIds(2);
    const node = first as NodeId;
    const uid = context.newUid();
    const now = context.clock.now();
    return this.#journal.write(context, project, 'registered-model.create', async (tx) => {
      await this.#claimName(tx, context, project, node, name, isPrompt(tags));
      await insertNode(tx, {
        id: node,
        uid,
        project,
        context: project as number as NodeId,
        kind: 'asset',
        type: this.#graph.types['registered-model'],
        name,
        state: null,
        created: now,
        started: now,
        ended: null,
        mark: 0,
      });
      const owner = ownerOf(node, project);
      await putTexts(tx, this.#graph, context, owner, 'declared', describing(description));
      await putTexts(tx, this.#graph, context, owner, 'registered-model-tag', tags);
      await insertEdge(tx, context, {
        id: (first + 1) as EdgeId,
        project,
        source: node,
        target: project as number as NodeId,
        kind: 'member-of',
        known: 'observed',
        validFrom: now,
        event: tx.eventId,
      });
      tx.record({ node, body: { name, description, tags } });
      return this.#load(tx, project, node);
    });
  }

  async get(_context: RequestContext, project: ProjectId, name: string): Promise<RegisteredModel> {
    return this.#graph.db.read(async (queries) => {
      const { id } = await requireRegistered(queries, this.#graph, project, name);
      return (await loadRegistered(queries, this.#graph, project, [id])).get(id)!;
    });
  }

  /** Describes it and gives it another name; what is left out stays. */
  async update(
    context: RequestContext,
    project: ProjectId,
    name: string,
    change: RegisteredChange,
  ): Promise<RegisteredModel> {
    if (change.name !== undefined) checkRegisteredName(change.name, 'name');
    checkText('description', change.description, registryLimits.description);
    const action = change.name === undefined ? 'registered-model.update' : 'registered-model.rename';
    return this.#change(context, project, name, action, async (tx, row) => {
      const to = change.name;
      if (to !== undefined && to !== row.name) await this.#rename(tx, context, row, to);
      await updateNode(tx, row.id, context.clock.now(), to === undefined ? {} : { name: to });
      const owner = ownerOf(row.id, project);
      await putTexts(tx, this.#graph, context, owner, 'declared', describing(change.description));
      tx.record({
        node: row.id,
        body: { ...(to !== undefined && { from: row.name, to }), description: change.description },
      });
      return this.#load(tx, project, row.id);
    });
  }

  /** Its versions go with it. Their records and what they were named stay in the graph, as deleted. */
  async delete(context: RequestContext, project: ProjectId, name: string): Promise<void> {
    await this.#change(context, project, name, 'registered-model.delete', async (tx, row) => {
      const now = context.clock.now();
      await releaseKey(tx, project, 'registered-model-name', row.name);
      await releaseKey(tx, project, 'registered-model-look', lookOf(row.name));
      await endNamings(tx, now, await namedNow(tx, 'model', [row.id]));
      await tx.run(sql`UPDATE node SET deleted = 1, updated = ${now} WHERE deleted = 0 AND id IN (
        SELECT e.source FROM edge e WHERE e.target = ${row.id} AND e.kind = ${edgeKinds['version-of']})`);
      await updateNode(tx, row.id, now, { deleted: 1 });
      tx.record({ node: row.id, body: { name: row.name } });
    });
  }

  async setTag(context: RequestContext, project: ProjectId, name: string, tag: Tag): Promise<void> {
    checkTags('key', [tag]);
    await this.#change(context, project, name, 'registered-model.tag', async (tx, row) => {
      const owner = ownerOf(row.id, project);
      await putTexts(tx, this.#graph, context, owner, 'registered-model-tag', [tag]);
      tx.record({ node: row.id, body: { name, tags: [tag] } });
    });
  }

  /** Resolves to whether there was one. */
  async deleteTag(context: RequestContext, project: ProjectId, name: string, key: string): Promise<boolean> {
    return this.#change(context, project, name, 'registered-model.untag', async (tx, row) => {
      const removed = await removeText(tx, this.#graph, row.id, 'registered-model-tag', key);
      if (removed) tx.record({ node: row.id, body: { name, removed: [key] } });
      return removed;
    });
  }

  /** As it is within the transaction: what a retry gets again, whatever became of the model. */
  async #load(tx: ChangeTx, project: ProjectId, node: NodeId): Promise<RegisteredModel> {
    return (await loadRegistered(tx, this.#graph, project, [node])).get(node)!;
  }

  async #rename(tx: ChangeTx, context: RequestContext, row: RegisteredRow, to: string): Promise<void> {
    await releaseKey(tx, row.project, 'registered-model-name', row.name);
    await releaseKey(tx, row.project, 'registered-model-look', lookOf(row.name));
    await this.#claimName(tx, context, row.project, row.id, to, false);
    // A version bears its model's name, by which it is found.
    await tx.run(sql`UPDATE node SET name = ${to}, updated = ${context.clock.now()} WHERE deleted = 0 AND id IN (
      SELECT e.source FROM edge e WHERE e.target = ${row.id} AND e.kind = ${edgeKinds['version-of']})`);
  }

  async #claimName(
    tx: ChangeTx,
    context: RequestContext,
    project: ProjectId,
    node: NodeId,
    name: string,
    prompt: boolean,
  ): Promise<void> {
    if (!(await claimKey(tx, project, 'registered-model-name', name, node))) {
      throw await this.#taken(tx, project, name, prompt);
    }
    if (await claimKey(tx, project, 'registered-model-look', lookOf(name), node)) return;
    // A store that is moved in brings what it has: there each name stands already.
    if (context.face === 'import') return;
    throw new CairnError(
      'already_exists',
      `Registered Model (name=${name}) reads like another one that exists; they would be taken for each other.`,
      { field: 'name' },
    );
  }

  async #taken(tx: ChangeTx, project: ProjectId, name: string, prompt: boolean): Promise<CairnError> {
    const row = await requireRegistered(tx, this.#graph, project, name);
    const held = (await loadRegistered(tx, this.#graph, project, [row.id])).get(row.id)!;
    const [old, made] = [kindOf(isPrompt(held.tags)), kindOf(prompt)];
    const message =
      old === made
        ? `${made} (name=${name}) already exists.`
        : `Tried to create a ${made.toLowerCase()} with name '${name}', but the name is already taken by a ${old.toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`;
    return new CairnError('already_exists', message, { field: 'name' });
  }
}

function kindOf(prompt: boolean): string {
  return prompt ? 'Prompt' : 'Registered Model';
}

/** Registered models and versions belong to the project: an experiment may go, they stay. */
export function ownerOf(node: NodeId, project: ProjectId): PropertyOwner {
  return { id: node, project, context: project as number as NodeId };
}

export function describing(description: string | undefined): Tag[] {
  return description === undefined ? [] : [{ key: 'description', value: description }];
}

/** The last of equal keys wins. */
export async function putTexts(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  owner: PropertyOwner,
  scope: PropertyScope,
  pairs: readonly Tag[],
): Promise<void> {
  if (pairs.length === 0) return;
  const keys = await graph.keys.resolve(
    tx,
    pairs.map(({ key }) => key),
  );
  const values = new Map<KeyId, PropertyValue>(
    pairs.map(({ key, value }) => [keys.get(key)!, { kind: 'text', value }]),
  );
  await putProperties(tx, owner, scope, context.face, values);
}

export async function removeText(
  tx: ChangeTx,
  graph: Graph,
  owner: NodeId,
  scope: PropertyScope,
  key: string,
): Promise<boolean> {
  const id = (await graph.keys.find(tx, [key])).get(key);
  return id !== undefined && deleteProperty(tx, owner, scope, id);
}
