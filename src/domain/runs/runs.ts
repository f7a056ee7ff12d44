/**
 * Runs: executions of type `run`, members of one experiment for ever. A run's name and its tag `mlflow.runName` are one
 * fact, written together, so that every client sees the same name. Parameters, tags in bulk and metric points are written
 * by the slice `metrics` (one transaction for a whole batch).
 */
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import {
  checkName,
  checkTagKeys,
  experimentRow,
  lifecycleOf,
  requireActiveExperiment,
  requireExperiment,
  type Tag,
} from '../contexts/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  deleteProperty,
  type ExecutionState,
  executionStates,
  type Graph,
  insertEdge,
  insertNode,
  type PropertyOwner,
  type PropertyValue,
  putProperties,
  putPropertiesOfMany,
  updateNode,
} from '../graph/index.ts';
import type { Run, RunData, RunVersion } from './run.ts';
import { inventRunName } from './run-names.ts';
import {
  findRun,
  findRunVersion,
  loadRunData,
  type RunRow,
  runFromRow,
  setRunLifecycle,
} from './run-store.ts';

export interface NewRun {
  /** Decimal id. */
  readonly experiment: string;
  /** Invented when absent or empty and no tag `mlflow.runName` gives it. */
  readonly name?: string | undefined;
  readonly user?: string | undefined;
  /** ms; now when absent */
  readonly started?: number | undefined;
  readonly state?: ExecutionState | undefined;
  readonly tags?: readonly Tag[] | undefined;
  /** Id of the run this one is nested in; an unknown one is kept as tag only. */
  readonly parent?: string | undefined;
}

export interface RunChange {
  readonly state?: ExecutionState | undefined;
  /** ms */
  readonly ended?: number | undefined;
  readonly name?: string | undefined;
}

type RunEnded = (node: NodeId, project: ProjectId) => void;

/** Tags that MLflow's clients and ours agree on. */
export const runNameTag = 'mlflow.runName';
export const parentRunTag = 'mlflow.parentRunId';

/** UTF-16 units; longer values are refused here, and cut by faces whose protocol says so. */
export const runNameLimit = 8000;

export class Runs {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #ended: RunEnded;

  /** `ended` is called after each commit by which a run ended. */
  constructor(graph: Graph, journal: Journal, ended: RunEnded = () => {}) {
    this.#graph = graph;
    this.#journal = journal;
    this.#ended = ended;
  }

  async create(
    context: RequestContext,
    project: ProjectId,
    input: NewRun,
  ): Promise<{ run: Run; data: RunData }> {
    checkTagKeys('tags', input.tags ?? []);
    const name = this.#nameOf(context, input);
    const tags = new Map((input.tags ?? []).map((tag) => [tag.key, tag.value]));
    tags.set(runNameTag, name);
    if (input.parent !== undefined) tags.set(parentRunTag, input.parent);
    const first = await this.#graph.db.nextIds(3);
    const node = first as NodeId;
    const now = context.clock.now();
    const started = input.started ?? now;
    const uid = context.newUid();
    const state = input.state ?? 'running';
    return this.#journal.write(context, project, 'run.create', async (tx) => {
      const experiment = await requireExperiment(tx, this.#graph, project, input.experiment);
      requireActiveExperiment(experiment);
      await insertNode(tx, {
        id: node,
        uid,
        project,
        context: experiment.node,
        kind: 'execution',
        type: this.#graph.types.run,
        name,
        state: executionStates[state],
        created: now,
        started,
        ended: null,
        mark: experiment.mark,
      });
      const owner = { id: node, project, context: experiment.node };
      const user = input.user ?? '';
      const tagValues = await tagProperties(tx, this.#graph, tags);
      const userValues = new Map<KeyId, PropertyValue>();
      if (user !== '') userValues.set(this.#graph.systemKeys.user, { kind: 'text', value: user });
      await putPropertiesOfMany(tx, context.face, [
        { owner, scope: 'system', values: userValues },
        { owner, scope: 'tag', values: tagValues },
      ]);
      const assertion = { project, known: 'observed', validFrom: started, event: tx.eventId } as const;
      await insertEdge(tx, context, {
        ...assertion,
        id: (first + 1) as EdgeId,
        source: node,
        target: experiment.node,
        kind: 'member-of',
      });
      const parent = await this.#parent(tx, project, tags.get(parentRunTag));
      if (parent !== undefined) {
        await insertEdge(tx, context, {
          ...assertion,
          id: (first + 2) as EdgeId,
          source: parent,
          target: node,
          kind: 'parent-of',
        });
      }
      const tagList = [...tags].map(([key, value]) => ({ key, value }));
      const body = { experiment: experiment.id, name, user, started, state, tags: tagList };
      tx.record({
        node,
        isFirst: true,
        touched: parent === undefined ? [experiment.node] : [experiment.node, parent],
        body,
      });
      const row: RunRow = {
        id: node,
        uid,
        project,
        context: experiment.node,
        name,
        state: executionStates[state],
        started,
        ended: null,
        revision: 0,
        mark: experiment.mark,
        deleted: 0,
        context_mark: experiment.mark,
        context_deleted: 0,
      };
      return { run: runFromRow(row, experiment, user), data: { params: [], tags: sorted(tagList) } };
    });
  }

  /** Deleted ones too. */
  async get(_context: RequestContext, project: ProjectId, id: string): Promise<{ run: Run; data: RunData }> {
    const found = await this.#graph.db.read(async (queries) => {
      const row = id.includes('\0') ? undefined : await findRun(queries, this.#graph, project, id);
      if (row === undefined) return undefined;
      const experiment = await experimentRow(queries, this.#graph, row.context);
      const data = await loadRunData(queries, this.#graph, [row.id]);
      return experiment && { row, experiment, data: data.get(row.id) };
    });
    if (found === undefined) throw notFound(`Run with id=${id} not found`, 'run');
    const { params = [], tags = [], user = '' } = found.data ?? {};
    return {
      run: runFromRow(found.row, found.experiment, user),
      data: { params: sorted(params), tags: sorted(tags) },
    };
  }

  /** Which version of the run there is, deleted ones too; undefined without such a run. */
  async version(_context: RequestContext, project: ProjectId, id: string): Promise<RunVersion | undefined> {
    if (id.includes('\0')) return undefined;
    return this.#graph.db.read((queries) => findRunVersion(queries, this.#graph, project, id));
  }

  async update(context: RequestContext, project: ProjectId, id: string, change: RunChange): Promise<Run> {
    if (change.name !== undefined && change.name !== '') checkName('name', change.name, runNameLimit);
    await this.#change(context, project, id, 'run.update', async (tx, row) => {
      const name = change.name === '' ? undefined : change.name;
      await updateNode(tx, row.id, context.clock.now(), {
        ...(change.state !== undefined && { state: executionStates[change.state] }),
        ...(change.ended !== undefined && { ended: change.ended }),
        ...(name !== undefined && { name }),
      });
      if (name !== undefined) await putTags(tx, this.#graph, context, row, new Map([[runNameTag, name]]));
      tx.record({ node: row.id, touched: [row.context], body: change });
      if (isEnd(change.state)) tx.afterCommit(() => this.#ended(row.id, row.project));
    });
    return (await this.get(context, project, id)).run;
  }

  /** Marks the run as deleted; a second time changes nothing. */
  async delete(context: RequestContext, project: ProjectId, id: string): Promise<void> {
    await this.#setLifecycle(context, project, id, 1);
  }

  /** Takes the mark away; also for a run that is active. */
  async restore(context: RequestContext, project: ProjectId, id: string): Promise<void> {
    await this.#setLifecycle(context, project, id, 0);
  }

  async setTag(context: RequestContext, project: ProjectId, id: string, tag: Tag): Promise<void> {
    checkTagKeys('key', [tag]);
    await this.#change(context, project, id, 'run.tag', async (tx, row) => {
      await writeRunTags(tx, this.#graph, context, row, [tag]);
      tx.record({ node: row.id, body: { tags: [tag] } });
    });
  }

  /** `not_found` when the run has no such tag. */
  async deleteTag(context: RequestContext, project: ProjectId, id: string, key: string): Promise<void> {
    await this.#change(context, project, id, 'run.untag', async (tx, row) => {
      const keyId = (await this.#graph.keys.find(tx, [key])).get(key);
      if (keyId === undefined || !(await deleteProperty(tx, row.id, 'tag', keyId))) {
        throw notFound(`No tag with name: ${key} in run with id ${id}`, 'key');
      }
      tx.record({ node: row.id, body: { removed: [key] } });
    });
  }

  async #setLifecycle(
    context: RequestContext,
    project: ProjectId,
    id: string,
    deleted: 0 | 1,
  ): Promise<void> {
    const action = deleted === 1 ? 'run.delete' : 'run.restore';
    await this.#journal.write(context, project, action, async (tx) => {
      const row = await requireRun(tx, this.#graph, project, id);
      if ((lifecycleOf(row) === 'deleted') === (deleted === 1)) return;
      await setRunLifecycle(tx, row, deleted, context.clock.now());
      tx.record({ node: row.id, touched: [row.context], body: {} });
    });
  }

  async #change(
    context: RequestContext,
    project: ProjectId,
    id: string,
    action: string,
    body: (tx: ChangeTx, row: RunRow) => Promise<void>,
  ): Promise<void> {
    await this.#journal.write(context, project, action, async (tx) => {
      const row = await requireRun(tx, this.#graph, project, id);
      requireActiveRun(row);
      await body(tx, row);
    });
  }

  #nameOf(context: RequestContext, input: NewRun): string {
    const tagged = input.tags?.findLast((tag) => tag.key === runNameTag)?.value;
    if (input.name && tagged && input.name !== tagged) {
      throw invalid(
        'name',
        `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${input.name}', mlflow.runName='${tagged}').`,
      );
    }
    const name = input.name || tagged || inventRunName(context.random);
    checkName('name', name, runNameLimit);
    return name;
  }

  async #parent(tx: ChangeTx, project: ProjectId, id: string | undefined): Promise<NodeId | undefined> {
    if (id === undefined || id.includes('\0')) return undefined;
    return (await findRun(tx, this.#graph, project, id))?.id;
  }
}

function isEnd(state: ExecutionState | undefined): boolean {
  return state === 'finished' || state === 'failed' || state === 'killed';
}

/** The run, held until the transaction ends; `not_found` otherwise. */
export async function requireRun(
  tx: ChangeTx,
  graph: Graph,
  project: ProjectId,
  id: string,
): Promise<RunRow> {
  const row = id.includes('\0') ? undefined : await findRun(tx, graph, project, id, true);
  if (row === undefined) throw notFound(`Run with id=${id} not found`, 'run');
  return row;
}

/** Deleted runs can be read, not written. */
export function requireActiveRun(row: RunRow): void {
  if (lifecycleOf(row) === 'active') return;
  throw new CairnError(
    'failed_precondition',
    `The run ${row.uid} must be in the 'active' state. Current state is deleted.`,
    { field: 'run' },
  );
}

/** Tags of a run that is held: the last of equal keys wins, and the name tag renames. */
export async function writeRunTags(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  row: RunRow,
  tags: readonly Tag[],
): Promise<void> {
  if (tags.length === 0) return;
  await putTags(tx, graph, context, row, new Map(tags.map((tag) => [tag.key, tag.value])));
  const name = tags.findLast((tag) => tag.key === runNameTag)?.value;
  if (name) {
    checkName(runNameTag, name, runNameLimit);
    await updateNode(tx, row.id, context.clock.now(), { name });
  }
}

async function putTags(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  owner: PropertyOwner,
  tags: ReadonlyMap<string, string>,
): Promise<void> {
  await putProperties(tx, owner, 'tag', context.face, await tagProperties(tx, graph, tags));
}

async function tagProperties(
  tx: ChangeTx,
  graph: Graph,
  tags: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<KeyId, PropertyValue>> {
  const keys = await graph.keys.resolve(tx, [...tags.keys()]);
  const values = new Map<KeyId, PropertyValue>();
  for (const [key, value] of tags) values.set(keys.get(key)!, { kind: 'text', value });
  return values;
}

function sorted<T extends { readonly key: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}
