/**
 * Moving whole stores in and out. `put` stores one batch of neutral records with the ids and times they have elsewhere, how far
 * the move has come and one event, in one transaction: after a kill the move goes on where it was, and the same batch again
 * changes nothing. `read` yields the same records again, for comparing and for moving out.
 */
import { hash } from 'node:crypto';
import { invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, queryFingerprint } from '../../kernel/page.ts';
import { claimingAs, type RequestContext } from '../../kernel/request-context.ts';
import { type ExperimentRow, requireExperiment } from '../contexts/index.ts';
import type { FollowBindings } from '../datasets/index.ts';
import { modelArrivals } from '../deployments/index.ts';
import { type ChangeTx, countChanges, type Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { JoinClaimedModels } from '../pipelines/index.ts';
import { type Written, writeExperiments } from './experiment-writer.ts';
import { writeLinks, writeModels } from './model-writer.ts';
import { readExperiments, readLinks, readModels, readRuns } from './record-reader.ts';
import type {
  Batch,
  ExperimentRecord,
  LinkRecord,
  ModelRecord,
  RecordKind,
  Refusal,
  RegisteredRecord,
  RunRecord,
} from './records.ts';
import { readRegistered } from './registry-reader.ts';
import { writeRegistered } from './registry-writer.ts';
import { type WrittenRuns, writeRuns } from './run-writer.ts';
import { findProgress, type Progress, putProgress } from './transfer-store.ts';

/** Experiments of one answer. */
const experimentsOfPage = 500;

export interface RecordsRead {
  readonly experiments?: readonly ExperimentRecord[];
  readonly runs?: readonly RunRecord[];
  readonly models?: readonly ModelRecord[];
  readonly links?: readonly LinkRecord[];
  readonly registered?: readonly RegisteredRecord[];
  readonly cursor?: string;
}

export interface PutResult {
  /** Records of which something was new. */
  readonly changed: number;
  readonly refused: readonly Refusal[];
}

interface Wrote extends Written {
  readonly heads?: WrittenRuns['heads'];
  /** The node that the event is of. */
  readonly subject: NodeId;
}

export class Moves {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #metrics: Metrics;
  readonly #follow: FollowBindings;

  constructor(graph: Graph, journal: Journal, metrics: Metrics, follow: FollowBindings) {
    this.#graph = graph;
    this.#journal = journal;
    this.#metrics = metrics;
    this.#follow = follow;
  }

  /** Undefined for a source that nothing was moved in from. */
  async progress(
    _context: RequestContext,
    project: ProjectId,
    source: string,
  ): Promise<Progress | undefined> {
    // No store keeps such a text: nothing was moved in from there.
    if (source.includes('\0')) return undefined;
    return this.#graph.db.read((queries) => findProgress(queries, project, source));
  }

  async put(context: RequestContext, project: ProjectId, batch: Batch): Promise<PutResult> {
    checkBatch(batch);
    const now = context.clock.now();
    const importing = claimingAs(context, 'import');
    const join = await modelArrivals();
    return this.#journal.write(importing, project, 'import.batch', async (tx) => {
      // What MLflow's clients wrote stays theirs: they find it again, and may go on writing it.
      const wrote = await this.#write(tx, claimingAs(context, 'mlflow'), project, batch, join);
      const before = await findProgress(tx, project, batch.source);
      await putProgress(tx, project, {
        source: batch.source,
        cursor: batch.cursor,
        started: before === undefined || before.cursor === null ? now : before.started,
        updated: now,
        actor: context.actor.name,
      });
      const { nodes, refused, heads = [], subject } = wrote;
      if (nodes.length > 0) {
        await countChanges(tx, nodes);
        tx.record({
          node: subject,
          touched: nodes.filter((node) => node !== subject),
          body: bodyOf(batch, heads),
        });
      }
      for (const { node, points } of heads)
        tx.afterCommit(() => this.#metrics.sealer.headAdded(node, project, points));
      return { changed: nodes.length, refused };
    });
  }

  /** A page of what is here, as records. Of one moment each, deleted things too. */
  async read(
    context: RequestContext,
    project: ProjectId,
    query: {
      readonly kind: RecordKind;
      readonly experiment?: string | undefined;
      readonly cursor?: string | undefined;
    },
  ): Promise<RecordsRead> {
    const { kind, experiment = '' } = query;
    const fingerprint = queryFingerprint(['transfer', project, kind, experiment]);
    const from = query.cursor === undefined ? [] : decodeCursor(query.cursor, fingerprint, 2, 'cursor');
    const after = from.length === 0 ? undefined : { started: Number(from[0]), uid: String(from[1]) };
    const graph = this.#graph;
    return graph.db.scan(async (queries): Promise<RecordsRead> => {
      const next = (place: { started: number; uid: string } | undefined) =>
        place === undefined ? {} : { cursor: encodeCursor(fingerprint, [place.started, place.uid]) };
      if (kind === 'experiments') {
        const page = await readExperiments(queries, graph, project, after?.started ?? 0, experimentsOfPage);
        const last = page.last === undefined ? undefined : { started: page.last, uid: '' };
        return { experiments: page.items, ...next(last) };
      }
      if (kind === 'registered') {
        const page = await readRegistered(queries, graph, project, after?.started ?? 0);
        const last = page.last === undefined ? undefined : { started: page.last, uid: '' };
        return { registered: page.items, ...next(last) };
      }
      if (kind === 'runs') {
        const page = await readRuns(queries, graph, project, experiment, after);
        return { runs: page.items, ...next(page.after) };
      }
      if (kind === 'models') {
        const page = await readModels(queries, graph, project, experiment, after);
        return { models: page.items, ...next(page.after) };
      }
      const page = await readLinks(queries, graph, project, experiment, after);
      return { links: page.items, ...next(page.after) };
    }, context.signal);
  }

  async #write(
    tx: ChangeTx,
    context: RequestContext,
    project: ProjectId,
    batch: Batch,
    join: JoinClaimedModels,
  ): Promise<Wrote> {
    const graph = this.#graph;
    const root = project as number as NodeId;
    if (batch.experiments !== undefined)
      return { ...(await writeExperiments(tx, graph, context, project, batch.experiments)), subject: root };
    if (batch.links !== undefined)
      return { ...(await writeLinks(tx, graph, context, project, batch.links)), subject: root };
    if (batch.registered !== undefined)
      return {
        ...(await writeRegistered(tx, graph, context, project, batch.registered, join)),
        subject: root,
      };
    if (batch.experiment === undefined) return { nodes: [], refused: [], subject: root };
    const experiment = await requireExperiment(tx, graph, project, batch.experiment.id, true);
    const alien = foreign(experiment, batch);
    if (alien !== undefined) return { nodes: [], refused: alien, subject: root };
    const subject = experiment.node;
    if (batch.models !== undefined)
      return { ...(await writeModels(tx, graph, context, experiment, batch.models, join)), subject };
    return { ...(await writeRuns(tx, graph, this.#follow, context, experiment, batch.runs ?? [])), subject };
  }
}

/** Nothing goes into an experiment of that id which is another one. */
function foreign(
  experiment: ExperimentRow,
  { experiment: named, runs, models }: Batch,
): Refusal[] | undefined {
  if (named === undefined || experiment.name === named.name) return undefined;
  const why = `here experiment ${experiment.id} is another one, '${experiment.name}'`;
  return [
    ...(runs ?? []).map(({ id }): Refusal => ({ kind: 'run', id, why })),
    ...(models ?? []).map(({ id }): Refusal => ({ kind: 'model', id, why })),
  ];
}

/** One kind of record, each once. */
function checkBatch(batch: Batch): void {
  const { experiments, runs, models, links, registered, experiment } = batch;
  for (const field of ['source', 'cursor'] as const) {
    if (batch[field]?.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
  }
  const lists = Object.entries({ experiments, runs, models, links, registered }).filter(
    ([, list]) => list !== undefined,
  );
  if (lists.length > 1) throw invalid(lists[1]![0], 'a batch holds records of one kind');
  if ((runs !== undefined || models !== undefined) && experiment === undefined)
    throw invalid('experiment', 'experiment is required: whose runs or models these are');
  for (const [name, list] of Object.entries({ experiments, runs, models })) {
    const seen = new Set<string>();
    for (const [index, { id }] of (list ?? []).entries()) {
      if (seen.has(id))
        throw invalid(`${name}[${index}].id`, `${name}[${index}].id stands twice in the batch`);
      seen.add(id);
    }
  }
}

/** What the log keeps: who came, and the digests of the points, not the points. */
function bodyOf(batch: Batch, heads: WrittenRuns['heads']): unknown {
  const { source, experiment, experiments, runs, models, links, registered } = batch;
  const points = heads.reduce((sum, head) => sum + head.points, 0);
  const digested = {
    experiments,
    runs: withoutPoints(runs),
    models: withoutPoints(models),
    links,
    registered,
  };
  return {
    source,
    ...(experiment !== undefined && { experiment: experiment.id }),
    ...(experiments !== undefined && { experiments: experiments.map(({ id }) => id) }),
    ...(runs !== undefined && { runs: runs.map(({ id }) => id) }),
    ...(models !== undefined && { models: models.map(({ id }) => id) }),
    ...(links !== undefined && { links: links.length }),
    ...(registered !== undefined && { registered: registered.map(({ name }) => name) }),
    records: hash('sha256', JSON.stringify(digested), 'hex'),
    ...(heads.length > 0 && { points, heads: heads.map(({ sha256 }) => sha256) }),
  };
}

function withoutPoints(records: readonly { readonly series: unknown }[] | undefined): unknown {
  return records?.map(({ series: _, ...record }) => record);
}
