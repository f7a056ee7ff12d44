/**
 * What runs read and made: datasets and models as inputs, models as outputs. The first time counts: what is linked already
 * stays as it is, so a retry changes nothing.
 */
import type { Queries } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import {
  addDatasetInputs,
  describeInput,
  type LoadFollowBindings,
  type NewDatasetInput,
} from '../datasets/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  edgesAt,
  fromColumns,
  type Graph,
  insertEdges,
  modelIdOf,
  propertiesOf,
  putPropertiesOfMany,
  textOf,
} from '../graph/index.ts';
import type { Int64 } from '../metrics/index.ts';
import { type RunRow, requireActiveRun, requireRun, writeRunTags } from '../runs/index.ts';
import { requireModels } from './logged-model-store.ts';
import { type LinkRow, modelLinks } from './run-link-store.ts';

export interface NewModelOutput {
  /** Id of the logged model. */
  readonly model: string;
  /** The run's step at which it was made. */
  readonly step: Int64;
}

export interface LinkedModel {
  readonly id: string;
  readonly uid: Uid;
  readonly name: string;
  readonly status: LinkRow['status'];
  readonly deleted: boolean;
}

/** Models of one run, each list in the order it was logged. */
export interface ModelLinks {
  readonly inputs: readonly LinkedModel[];
  /** Those a client logged as outputs. */
  readonly outputs: readonly (LinkedModel & { readonly step: Int64 })[];
  /** Those that name the run as their source. */
  readonly sources: readonly LinkedModel[];
}

/** The tag in which MLflow 2 keeps what was logged, and the characters it may grow to. */
const modelHistoryTag = 'mlflow.log-model.history';
export const modelHistoryLimit = 1_000_000;

export class RunLinks {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #follow: LoadFollowBindings;

  constructor(graph: Graph, journal: Journal, follow: LoadFollowBindings) {
    this.#graph = graph;
    this.#journal = journal;
    this.#follow = follow;
  }

  /** That the run uses these dataset versions, which are recorded where they are new, and these logged models. */
  async logInputs(
    context: RequestContext,
    project: ProjectId,
    runId: string,
    inputs: { readonly datasets: readonly NewDatasetInput[]; readonly models: readonly string[] },
  ): Promise<void> {
    const follow = await this.#follow();
    await this.#change(context, project, runId, 'run.inputs', async (tx, run) => {
      const datasets = await addDatasetInputs(tx, this.#graph, context, run, inputs.datasets, follow);
      const models = await this.#addModelInputs(tx, context, run, inputs.models);
      if (datasets.length === 0 && models.length === 0) return;
      tx.record({
        node: run.id,
        touched: [...datasets.map(({ node }) => node), ...models.map(({ node }) => node)],
        body: {
          ...(datasets.length > 0 && { datasets: datasets.map(({ input }) => describeInput(input)) }),
          ...(models.length > 0 && { models: models.map(({ id }) => id) }),
        },
      });
    });
  }

  /** That the run made these logged models. */
  async logOutputs(
    context: RequestContext,
    project: ProjectId,
    runId: string,
    outputs: readonly NewModelOutput[],
  ): Promise<void> {
    await this.#change(context, project, runId, 'run.outputs', async (tx, run) => {
      const rows = await requireModels(
        tx,
        this.#graph,
        project,
        outputs.map(({ model }) => model),
      );
      const generated = await edgesAt(tx, 'source', [run.id], 'generated');
      const known = new Set(
        generated.filter(({ subtype }) => subtype === 'output').map(({ target }) => target),
      );
      const added = outputs.flatMap(({ model, step }) => {
        const node = rows.get(model)!.id;
        if (known.has(node)) return [];
        known.add(node);
        return { model, step, node };
      });
      if (added.length === 0) return;
      const first = await this.#graph.db.nextIds(added.length);
      const edges = added.map(({ node }, index) => ({
        id: (first + index) as EdgeId,
        project,
        source: run.id,
        target: node,
        kind: 'generated' as const,
        subtype: 'output',
        known: 'observed' as const,
        validFrom: context.clock.now(),
        event: tx.eventId,
      }));
      await insertEdges(tx, context, edges);
      const step = (await this.#graph.keys.resolve(tx, ['step'])).get('step')!;
      await putPropertiesOfMany(
        tx,
        context.face,
        added.map((output, index) => ({
          owner: { id: edges[index]!.id, project, context: 0 },
          scope: 'declared',
          values: new Map<KeyId, { kind: 'int64'; value: Int64 }>([
            [step, { kind: 'int64', value: output.step }],
          ]),
        })),
      );
      const body = { models: added.map(({ model, step }) => ({ model, step: String(step) })) };
      tx.record({ node: run.id, touched: added.map(({ node }) => node), body });
    });
  }

  /** Adds to the list that clients of MLflow 2 keep in a tag; `entry` makes the new text of the one before. */
  async appendModelHistory(
    context: RequestContext,
    project: ProjectId,
    runId: string,
    append: (before: string | undefined) => string,
  ): Promise<void> {
    await this.#change(context, project, runId, 'run.tag', async (tx, run) => {
      const key = (await this.#graph.keys.find(tx, [modelHistoryTag])).get(modelHistoryTag);
      const [row] = key === undefined ? [] : await propertiesOf(tx, [run.id], { scope: 'tag', keys: [key] });
      const value = append(row && textOf(row));
      if (value.length > modelHistoryLimit) {
        throw new CairnError(
          'failed_precondition',
          `The tag ${modelHistoryTag} would be longer than ${modelHistoryLimit} characters`,
          { field: 'model_json' },
        );
      }
      const tag = { key: modelHistoryTag, value };
      await writeRunTags(tx, this.#graph, context, run, [tag]);
      tx.record({ node: run.id, body: { tags: [tag] } });
    });
  }

  /** The models of each run, deleted ones too; runs without any are absent. */
  async modelsOf(
    _context: RequestContext,
    _project: ProjectId,
    runs: readonly NodeId[],
  ): Promise<ReadonlyMap<NodeId, ModelLinks>> {
    if (runs.length === 0) return new Map();
    return this.#graph.db.read(async (queries) => {
      const rows = await modelLinks(queries, this.#graph, runs);
      const steps = await this.#steps(queries, rows);
      const byRun = Map.groupBy(rows, (row) => row.run);
      return new Map([...byRun].map(([run, links]) => [run, linksOf(links, steps)]));
    });
  }

  async #steps(queries: Queries, rows: readonly LinkRow[]): Promise<ReadonlyMap<EdgeId, Int64>> {
    const outputs = rows.filter((row) => row.role === 'output').map((row) => row.edge);
    const properties = await propertiesOf(queries, outputs, { scope: 'declared' });
    return new Map(
      properties.flatMap((row): [EdgeId, Int64][] => {
        const found = fromColumns(row);
        return found.kind === 'int64' ? [[row.owner as number as EdgeId, found.value]] : [];
      }),
    );
  }

  async #addModelInputs(
    tx: ChangeTx,
    context: RequestContext,
    run: RunRow,
    ids: readonly string[],
  ): Promise<{ id: string; node: NodeId }[]> {
    if (ids.length === 0) return [];
    const rows = await requireModels(tx, this.#graph, run.project, ids);
    const used = new Set((await edgesAt(tx, 'target', [run.id], 'used')).map(({ source }) => source));
    const added = [...rows.values()].filter((row) => !used.has(row.id));
    if (added.length === 0) return [];
    const first = await this.#graph.db.nextIds(added.length);
    await insertEdges(
      tx,
      context,
      added.map((row, index) => ({
        id: (first + index) as EdgeId,
        project: run.project,
        source: row.id,
        target: run.id,
        kind: 'used',
        known: 'observed',
        validFrom: context.clock.now(),
        event: tx.eventId,
      })),
    );
    return added.map((row) => ({ id: modelIdOf(row.uid), node: row.id }));
  }

  async #change(
    context: RequestContext,
    project: ProjectId,
    runId: string,
    action: string,
    body: (tx: ChangeTx, run: RunRow) => Promise<void>,
  ): Promise<void> {
    await this.#journal.write(context, project, action, async (tx) => {
      const run = await requireRun(tx, this.#graph, project, runId);
      requireActiveRun(run);
      await body(tx, run);
    });
  }
}

function linksOf(rows: readonly LinkRow[], steps: ReadonlyMap<EdgeId, Int64>): ModelLinks {
  const model = ({ uid, name, status, deleted }: LinkRow): LinkedModel => ({
    id: modelIdOf(uid),
    uid,
    name,
    status,
    deleted,
  });
  const of = (role: LinkRow['role']) => rows.filter((row) => row.role === role);
  return {
    inputs: of('input').map(model),
    outputs: of('output').map((row) => ({ ...model(row), step: steps.get(row.edge) ?? 0 })),
    sources: of('source').map(model),
  };
}
