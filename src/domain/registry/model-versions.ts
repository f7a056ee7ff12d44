/** Versions of registered models: made from a run's artifact, a logged model or another version; described; deleted. */
import type { EdgeId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import type { Tag } from '../contexts/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  artifactStates,
  claimKey,
  type Graph,
  insertEdges,
  insertNode,
  type NewEdge,
  nextOfCounter,
  propertiesOf,
  putProperties,
  textOf,
  updateNode,
} from '../graph/index.ts';
import { loadVersions, requireVersion, type VersionRow, versionKey } from './model-version-store.ts';
import { endNamings, namedNow } from './naming-store.ts';
import {
  checkTags,
  checkText,
  type ModelVersion,
  type NewModelVersion,
  registryLimits,
} from './registered-model.ts';
import { type ModelChanges, modelChanges, type RegisteredRow } from './registered-model-store.ts';
import { describing, ownerOf, putTexts, removeText } from './registered-models.ts';
import { findNamed, type Lineage, lineageOf, madeBy } from './version-lineage.ts';
import type { NamedVersion } from './version-source.ts';

/** The tag of a logged model in which MLflow's clients look for the versions made of it. */
const registrationsTag = 'mlflow.modelVersions';

/** Told of each version in the transaction that makes it, the registered model held; `reference` is `<name>/<number>`. */
export type VersionMade = (
  tx: ChangeTx,
  context: RequestContext,
  project: ProjectId,
  version: NodeId,
  reference: string,
) => Promise<void>;

export class ModelVersions {
  readonly #graph: Graph;
  readonly #versionMade: (() => Promise<VersionMade>) | undefined;
  readonly #change: ModelChanges;

  /** What `versionMade` resolves to is asked for before each transaction. */
  constructor(graph: Graph, journal: Journal, versionMade?: () => Promise<VersionMade>) {
    this.#graph = graph;
    this.#versionMade = versionMade;
    this.#change = modelChanges(graph, journal);
  }

  /** The next version: its number is one more than any that the registered model ever had. */
  async create(
    context: RequestContext,
    project: ProjectId,
    name: string,
    input: NewModelVersion,
  ): Promise<ModelVersion> {
    checkText('description', input.description, registryLimits.description);
    checkText('runLink', input.runLink, registryLimits.runLink);
    checkText('run', input.run, registryLimits.run, 'run_id');
    checkText('loggedModel', input.loggedModel, registryLimits.run, 'model_id');
    checkTags('tags', input.tags ?? []);
    const node = (await this.#graph.db.nextIds(1)) as NodeId;
    const uid = context.newUid();
    const versionMade = await this.#versionMade?.();
    return this.#change(context, project, name, 'model-version.create', async (tx, model) => {
      const lineage = await lineageOf(tx, this.#graph, project, input);
      const number = (await nextOfCounter(tx, project, `model-version/${model.id}`)) + 1;
      const now = context.clock.now();
      await claimKey(tx, project, 'model-version', versionKey(model.id, number), node);
      await insertNode(tx, {
        id: node,
        uid,
        project,
        context: project as number as NodeId,
        kind: 'artifact',
        type: this.#graph.types['model-version'],
        name: model.name,
        state: artifactStates.ready,
        uri: lineage.source,
        created: now,
        started: now,
        ended: null,
        mark: 0,
      });
      const owner = ownerOf(node, project);
      await putProperties(
        tx,
        owner,
        'system',
        context.face,
        new Map([[this.#graph.systemKeys.version_number, { kind: 'int64', value: number }]]),
      );
      await putTexts(tx, this.#graph, context, owner, 'declared', factsOf(input, lineage));
      await putTexts(tx, this.#graph, context, owner, 'model-version-tag', input.tags ?? []);
      await this.#insertEdges(tx, context, node, model, lineage);
      await versionMade?.(tx, context, project, node, `${model.name}/${number}`);
      await updateNode(tx, model.id, now, {});
      if (lineage.loggedModelNode !== undefined) {
        await this.#tellLoggedModel(tx, context, lineage.loggedModelNode, model.name, number);
      }
      const touched = [lineage.runRow?.id, lineage.loggedModelNode, lineage.copyOf];
      const { source, run, loggedModel } = lineage;
      tx.record({
        node,
        touched: [model.id, ...touched.filter((other) => other !== undefined)],
        body: {
          ...{ model: model.name, version: number, source, run, loggedModel },
          description: input.description,
          tags: input.tags ?? [],
        },
      });
      return this.#load(tx, node);
    });
  }

  /** By number, alias, stage or `latest`; with `at` (ms) what the alias named then. */
  async get(
    _context: RequestContext,
    project: ProjectId,
    named: NamedVersion,
    at?: number,
  ): Promise<ModelVersion> {
    return this.#graph.db.read((queries) => findNamed(queries, this.#graph, project, named, at));
  }

  async describe(
    context: RequestContext,
    project: ProjectId,
    name: string,
    number: number,
    description: string | undefined,
  ): Promise<ModelVersion> {
    checkText('description', description, registryLimits.description);
    return this.#changeVersion(context, project, name, number, 'model-version.update', async (tx, row) => {
      await updateNode(tx, row.id, context.clock.now(), {});
      const owner = ownerOf(row.id, project);
      if (description === undefined) {
        await removeText(tx, this.#graph, row.id, 'declared', 'description');
      } else {
        await putTexts(tx, this.#graph, context, owner, 'declared', describing(description));
      }
      tx.record({ node: row.id, touched: [row.model], body: { description: description ?? null } });
      return this.#load(tx, row.id);
    });
  }

  /** What it was named ends with it; its number is never given again. */
  async delete(context: RequestContext, project: ProjectId, name: string, number: number): Promise<void> {
    await this.#changeVersion(context, project, name, number, 'model-version.delete', async (tx, row) => {
      const now = context.clock.now();
      await endNamings(tx, now, await namedNow(tx, 'version', [row.id]));
      await updateNode(tx, row.id, now, { deleted: 1 });
      await updateNode(tx, row.model, now, {});
      tx.record({ node: row.id, touched: [row.model], body: { model: row.name, version: number } });
    });
  }

  async setTag(
    context: RequestContext,
    project: ProjectId,
    name: string,
    number: number,
    tag: Tag,
  ): Promise<void> {
    checkTags('key', [tag]);
    await this.#changeVersion(context, project, name, number, 'model-version.tag', async (tx, row) => {
      await putTexts(tx, this.#graph, context, ownerOf(row.id, project), 'model-version-tag', [tag]);
      tx.record({ node: row.id, touched: [row.model], body: { model: name, version: number, tags: [tag] } });
    });
  }

  /** Resolves to whether there was one. */
  async deleteTag(
    context: RequestContext,
    project: ProjectId,
    name: string,
    number: number,
    key: string,
  ): Promise<boolean> {
    return this.#changeVersion(context, project, name, number, 'model-version.untag', async (tx, row) => {
      const removed = await removeText(tx, this.#graph, row.id, 'model-version-tag', key);
      if (removed) {
        const body = { model: name, version: number, removed: [key] };
        tx.record({ node: row.id, touched: [row.model], body });
      }
      return removed;
    });
  }

  /** As it is within the transaction: what a retry gets again, whatever became of the version. */
  async #load(tx: ChangeTx, node: NodeId): Promise<ModelVersion> {
    return (await loadVersions(tx, this.#graph, [node])).get(node)!;
  }

  async #changeVersion<T>(
    context: RequestContext,
    project: ProjectId,
    name: string,
    number: number,
    action: string,
    body: (tx: ChangeTx, row: VersionRow) => Promise<T>,
  ): Promise<T> {
    return this.#change(context, project, name, action, async (tx, model) =>
      body(tx, await requireVersion(tx, this.#graph, model, number)),
    );
  }

  /** Version of its model; derived from what it was made of, or generated by the run where that is no record of its own. */
  async #insertEdges(
    tx: ChangeTx,
    context: RequestContext,
    node: NodeId,
    model: RegisteredRow,
    { loggedModelNode, copyOf, runRow, path }: Lineage,
  ): Promise<void> {
    const first = await this.#graph.db.nextIds(4);
    const now = context.clock.now();
    const assertion = { project: model.project, validFrom: now, event: tx.eventId } as const;
    const edges: Omit<NewEdge, 'id'>[] = [
      { ...assertion, source: node, target: model.id, kind: 'version-of', known: 'observed' },
    ];
    const derived = { ...assertion, target: node, kind: 'derived', known: 'declared' } as const;
    if (copyOf !== undefined) edges.push({ ...derived, source: copyOf, subtype: 'copy' });
    else if (loggedModelNode !== undefined)
      edges.push({ ...derived, source: loggedModelNode, subtype: 'logged-model' });
    const told =
      runRow !== undefined &&
      (copyOf !== undefined ||
        (loggedModelNode !== undefined && (await madeBy(tx, loggedModelNode, runRow.id))));
    if (runRow !== undefined && !told) {
      const subtype = path === undefined ? 'run' : `artifact/${path}`;
      edges.push({
        ...{ ...assertion, source: runRow.id, target: node, kind: 'generated' },
        ...{ known: 'declared', subtype },
      });
    }
    await insertEdges(
      tx,
      context,
      edges.map((edge, index) => ({ ...edge, id: (first + index) as EdgeId })),
    );
  }

  /** Adds the version to the list that the logged model carries. */
  async #tellLoggedModel(
    tx: ChangeTx,
    context: RequestContext,
    node: NodeId,
    name: string,
    number: number,
  ): Promise<void> {
    const key = (await this.#graph.keys.resolve(tx, [registrationsTag])).get(registrationsTag)!;
    const [stored] = await propertiesOf(tx, [node], { scope: 'model-tag', keys: [key] });
    const owner = await tx.one<{ id: NodeId; project: ProjectId; context: NodeId }>(
      sql`SELECT n.id, n.project, n.context FROM node n WHERE n.id = ${node}`,
    );
    const entry = `{"name": ${asciiJson(name)}, "version": ${number}}`;
    const value = appended(stored === undefined ? '' : textOf(stored), entry);
    if (value.length > registryLimits.tagValue) return;
    await putProperties(tx, owner!, 'model-tag', context.face, new Map([[key, { kind: 'text', value }]]));
  }
}

function factsOf(input: NewModelVersion, lineage: Lineage): Tag[] {
  return [
    ...describing(input.description),
    { key: 'run_id', value: lineage.run },
    { key: 'run_link', value: input.runLink ?? '' },
    { key: 'storage_location', value: lineage.location },
    ...(lineage.loggedModel === '' ? [] : [{ key: 'logged_model', value: lineage.loggedModel }]),
  ];
}

/** A JSON list with one more entry; a text that is no list begins anew. */
function appended(list: string, entry: string): string {
  const inner = /^\[(.*)\]$/s.exec(list.trim())?.[1]?.trim() ?? '';
  return inner === '' ? `[${entry}]` : `[${inner}, ${entry}]`;
}

/** As Python writes it. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
