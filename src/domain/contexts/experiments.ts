/**
 * Experiments: named groups of runs. Their ids are small decimal numbers counted per project; id 0, `Default`, exists in
 * every project that speaks MLflow. A name stays taken while its experiment is only marked as deleted.
 */
import { CairnError, notFound } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  claimKey,
  deleteProperty,
  findByKey,
  type Graph,
  insertEdge,
  insertNode,
  nextOfCounter,
  type PropertyValue,
  putProperties,
  releaseKey,
  updateNode,
} from '../graph/index.ts';
import type { Experiment, Lifecycle, Tag } from './experiment.ts';
import {
  type ExperimentRow,
  experimentFromRow,
  experimentRow,
  keyOf,
  requireActiveExperiment,
  requireExperiment,
  tagsOf,
} from './experiment-store.ts';
import { absoluteLocation, checkArtifactLocation, checkName, checkTagKeys, nameLimits } from './names.ts';

export interface NewExperiment {
  readonly name: string;
  /** Where clients store artifacts; the server's default root and the id when absent or empty. */
  readonly artifactLocation?: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

export interface ExperimentOptions {
  /** What an experiment gets that names no place, with its id below. */
  readonly defaultArtifactRoot: string;
  /** What relative locations are relative to. */
  readonly serverFolder: string;
}

const defaultExperimentName = 'Default';

export class Experiments {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #options: ExperimentOptions;

  constructor(graph: Graph, journal: Journal, options: ExperimentOptions) {
    this.#graph = graph;
    this.#journal = journal;
    this.#options = options;
  }

  async create(context: RequestContext, project: ProjectId, input: NewExperiment): Promise<Experiment> {
    checkName('name', input.name, nameLimits.experiment);
    checkTagKeys('tags', input.tags ?? []);
    if (input.artifactLocation) checkArtifactLocation('artifactLocation', input.artifactLocation);
    const [node, memberEdge] = await this.#ids();
    const now = context.clock.now();
    return this.#journal.write(context, project, 'experiment.create', async (tx) => {
      if (!(await claimKey(tx, project, 'experiment-name', input.name, node))) {
        throw new CairnError('already_exists', `Experiment(name=${input.name}) already exists.`, {
          field: 'name',
        });
      }
      const id = await this.#freeId(tx, project, node);
      const artifactLocation = this.#locationOf(input, id);
      await insertNode(tx, {
        id: node,
        uid: context.newUid(),
        project,
        context: project as number as NodeId,
        kind: 'context',
        type: this.#graph.types.experiment,
        name: input.name,
        state: null,
        created: now,
        started: null,
        ended: null,
        mark: 0,
      });
      const owner = { id: node, project, context: project as number as NodeId };
      const location: PropertyValue = { kind: 'text', value: artifactLocation };
      await putProperties(
        tx,
        owner,
        'system',
        context.face,
        new Map([[this.#graph.systemKeys.artifact_location, location]]),
      );
      const tags = lastOfEachKey(input.tags ?? []);
      await this.#putTags(tx, context, owner, tags);
      await insertEdge(tx, context, {
        id: memberEdge,
        project,
        source: node,
        target: project as number as NodeId,
        kind: 'member-of',
        known: 'observed',
        validFrom: now,
        event: tx.eventId,
      });
      tx.record({ node, body: { id, name: input.name, artifactLocation, tags } });
      return {
        node,
        project,
        id,
        name: input.name,
        artifactLocation,
        lifecycle: 'active',
        created: now,
        updated: now,
        tags,
      };
    });
  }

  /** By id; deleted ones too. */
  async get(context: RequestContext, project: ProjectId, id: string): Promise<Experiment> {
    return this.#load(context, project, 'experiment-id', id, `No Experiment with id=${id} exists`);
  }

  /** By name; deleted ones too. */
  async getByName(context: RequestContext, project: ProjectId, name: string): Promise<Experiment> {
    return this.#load(
      context,
      project,
      'experiment-name',
      name,
      `Could not find experiment with name '${name}'`,
    );
  }

  async rename(context: RequestContext, project: ProjectId, id: string, name: string): Promise<Experiment> {
    checkName('name', name, nameLimits.experiment);
    await this.#change(context, project, id, 'experiment.rename', async (tx, row) => {
      requireActiveExperiment(row);
      if (row.name === name) return;
      if (!(await claimKey(tx, project, 'experiment-name', name, row.node))) {
        throw new CairnError('already_exists', `Experiment(name=${name}) already exists.`, { field: 'name' });
      }
      await releaseKey(tx, project, 'experiment-name', row.name);
      await updateNode(tx, row.node, context.clock.now(), { name });
      tx.record({ node: row.node, body: { from: row.name, to: name } });
    });
    return this.get(context, project, id);
  }

  async delete(context: RequestContext, project: ProjectId, id: string): Promise<void> {
    await this.#setLifecycle(context, project, id, 'deleted');
  }

  async restore(context: RequestContext, project: ProjectId, id: string): Promise<void> {
    await this.#setLifecycle(context, project, id, 'active');
  }

  async setTag(context: RequestContext, project: ProjectId, id: string, tag: Tag): Promise<void> {
    checkTagKeys('key', [tag]);
    await this.#change(context, project, id, 'experiment.tag', async (tx, row) => {
      requireActiveExperiment(row);
      const owner = { id: row.node, project, context: project as number as NodeId };
      await this.#putTags(tx, context, owner, [tag]);
      tx.record({ node: row.node, updated: context.clock.now(), body: { tags: [tag] } });
    });
  }

  /** `not_found` when there is no such tag. */
  async deleteTag(context: RequestContext, project: ProjectId, id: string, key: string): Promise<void> {
    await this.#change(context, project, id, 'experiment.untag', async (tx, row) => {
      requireActiveExperiment(row);
      const keyId = await keyOf(tx, this.#graph, key);
      if (keyId === undefined || !(await deleteProperty(tx, row.node, 'tag', keyId))) {
        throw notFound(`No tag with name: ${key} in experiment with id ${id}`, 'key');
      }
      tx.record({ node: row.node, updated: context.clock.now(), body: { removed: [key] } });
    });
  }

  /** Makes the experiment `Default` of a new project. Safe when several servers start at once. */
  async ensureDefault(context: RequestContext, project: ProjectId): Promise<void> {
    const exists = await this.#graph.db.read((queries) => findByKey(queries, project, 'experiment-id', '0'));
    if (exists !== undefined) return;
    try {
      await this.create(context, project, { name: defaultExperimentName });
    } catch (error) {
      if (!(error instanceof CairnError && error.code === 'already_exists')) throw error;
    }
  }

  async #load(
    _context: RequestContext,
    project: ProjectId,
    space: 'experiment-id' | 'experiment-name',
    value: string,
    missing: string,
  ): Promise<Experiment> {
    const found = await this.#graph.db.read(async (queries) => {
      const node = value.includes('\0') ? undefined : await findByKey(queries, project, space, value);
      const row = node && (await experimentRow(queries, this.#graph, node));
      return row && { row, tags: await tagsOf(queries, this.#graph, [row.node]) };
    });
    if (found === undefined) throw notFound(missing, space === 'experiment-id' ? 'experiment' : 'name');
    return experimentFromRow(found.row, found.tags.get(found.row.node) ?? []);
  }

  async #change(
    context: RequestContext,
    project: ProjectId,
    id: string,
    action: string,
    body: (tx: ChangeTx, row: ExperimentRow) => Promise<void>,
  ): Promise<void> {
    await this.#journal.write(context, project, action, async (tx) => {
      await body(tx, await requireExperiment(tx, this.#graph, project, id, true));
    });
  }

  async #setLifecycle(context: RequestContext, project: ProjectId, id: string, to: Lifecycle): Promise<void> {
    const action = to === 'deleted' ? 'experiment.delete' : 'experiment.restore';
    await this.#change(context, project, id, action, async (tx, row) => {
      const deleted = to === 'deleted' ? 1 : 0;
      // A restore that found nothing to restore would bring back runs that were deleted one by one.
      if (row.deleted === deleted) throw notFound(`No Experiment with id=${id} exists`, 'experiment');
      await updateNode(tx, row.node, context.clock.now(), { deleted, mark: row.mark + 1 });
      tx.record({ node: row.node, body: {} });
    });
  }

  async #putTags(
    tx: ChangeTx,
    context: RequestContext,
    owner: { id: NodeId; project: ProjectId; context: NodeId },
    tags: readonly Tag[],
  ): Promise<void> {
    if (tags.length === 0) return;
    const keys = await this.#graph.keys.resolve(
      tx,
      tags.map((tag) => tag.key),
    );
    const values = new Map<KeyId, PropertyValue>(
      tags.map((tag) => [keys.get(tag.key)!, { kind: 'text', value: tag.value }]),
    );
    await putProperties(tx, owner, 'tag', context.face, values);
  }

  /** The next number that no imported experiment holds. */
  async #freeId(tx: ChangeTx, project: ProjectId, node: NodeId): Promise<string> {
    for (;;) {
      const id = String(await nextOfCounter(tx, project, 'experiment'));
      if (await claimKey(tx, project, 'experiment-id', id, node)) return id;
    }
  }

  /** `mlflow-artifacts:/` and `3` → `mlflow-artifacts:/3`; `s3://bucket/ml` and `3` → `s3://bucket/ml/3`. */
  #locationOf({ artifactLocation }: NewExperiment, id: string): string {
    const { defaultArtifactRoot, serverFolder } = this.#options;
    if (artifactLocation) return absoluteLocation(artifactLocation, serverFolder);
    return `${absoluteLocation(defaultArtifactRoot, serverFolder).replace(/\/+$/, '')}/${id}`;
  }

  async #ids(): Promise<[NodeId, EdgeId]> {
    const first = await this.#graph.db.nextIds(2);
    return [first as NodeId, (first + 1) as EdgeId];
  }
}

function lastOfEachKey(tags: readonly Tag[]): Tag[] {
  const last = new Map(tags.map((tag) => [tag.key, tag.value]));
  return [...last].map(([key, value]) => ({ key, value }));
}
