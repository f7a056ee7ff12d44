/**
 * Purging what was deleted long enough ago. A node becomes a tombstone in one short transaction, which decides again,
 * frees its keys, records who and how much, and takes what it held where that is little; the rest goes in steps, each a
 * transaction of its own. The list of tombstones that still hold something is in the store: a purge that was killed goes
 * on at the next call.
 */
import type { Queries } from '../../db/db.ts';
import { invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, queryFingerprint } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import { type Artifacts, blobGrace, figuresOfFiles } from '../artifacts/index.ts';
import { experimentRow } from '../contexts/index.ts';
import type { Journal } from '../events/index.ts';
import { type Graph, propertyScopes } from '../graph/index.ts';
import { forgetRanked } from '../search/index.ts';
import { chosenOf } from './chosen.ts';
import {
  type Candidate,
  deletedAt,
  type Figures,
  type KindFigures,
  type PurgeKind,
  purgeKinds,
} from './purge.ts';
import { holdsOn, pathOf } from './purge-holds.ts';
import {
  bury,
  candidatesAfter,
  eraseSome,
  figuresOfPoints,
  holdCandidate,
  pendingPurges,
  purgeAction,
} from './purge-store.ts';
import type { PurgeRequest, PurgeResult } from './retention.ts';

/** Nodes one call looks at, at most, and ms after which it takes up no other. */
const nodesOfCall = 200;
/** Transactions that are under way together: on SQLite they share an fsync. */
const nodesAtOnce = 8;
const timeOfCall = 2_000;

/** Experiments after all that is in them. */
const stages: readonly (readonly PurgeKind[])[] = [
  ['run', 'logged-model', 'model-version', 'registered-model'],
  ['experiment'],
];

export class Purging {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #artifacts: Artifacts;

  constructor(graph: Graph, journal: Journal, artifacts: Artifacts) {
    this.#graph = graph;
    this.#journal = journal;
    this.#artifacts = artifacts;
  }

  /** A bounded part of the work; with the cursor of the answer, the next. */
  async purge(context: RequestContext, project: ProjectId, request: PurgeRequest): Promise<PurgeResult> {
    const { olderThan, dryRun, named = {} } = request;
    const { runs, experiments, loggedModels } = named;
    const fingerprint = queryFingerprint([
      'purge',
      project,
      olderThan,
      dryRun,
      runs,
      experiments,
      loggedModels,
    ]);
    const now = context.clock.now();
    const isFirst = request.cursor === undefined;
    let [stage, after, before] = isFirst
      ? [0, 0, now - olderThan]
      : placeOf(request.cursor!, fingerprint, now);
    const end = now + timeOfCall;
    const tally = new Tally();
    const soFar = (freed = nothing): PurgeResult => ({
      kinds: tally.kinds(),
      freed,
      cursor: encodeCursor(fingerprint, [stage, after, before]),
    });
    const { db } = this.#graph;
    const chosen = await db.read((queries) =>
      chosenOf(queries, this.#graph, project, named, isFirst ? before : undefined),
    );
    if (!dryRun && !(await this.#finish(context, project, end))) return soFar();
    while (stage < stages.length) {
      context.signal.throwIfAborted();
      const from = { after, limit: nodesOfCall, chosen };
      const { rows, reached } = await db.scan(
        (queries) => candidatesAfter(queries, this.#graph, project, stages[stage]!, from),
        context.signal,
      );
      for (let first = 0; first < rows.length; first += nodesAtOnce) {
        const some = rows.slice(first, first + nodesAtOnce);
        const old = some.filter((row) => deletedBefore(row, before));
        const left = await Promise.all(old.map((row) => this.#take(context, row, { before, dryRun }, tally)));
        after = some.at(-1)!.id;
        if (left.includes(true) && !(await this.#finish(context, project, end))) return soFar();
        if (context.clock.now() > end) return soFar();
      }
      [stage, after] = reached === undefined ? [stage + 1, 0] : [stage, reached];
      if (stage < stages.length && context.clock.now() > end) return soFar();
    }
    if (dryRun) return { kinds: tally.kinds(), freed: await this.#artifacts.countUnreferenced(context) };
    const { blobs, bytes, more } = await this.#artifacts.removeUnreferenced(context, blobGrace, end);
    return more ? soFar({ blobs, bytes }) : { kinds: tally.kinds(), freed: { blobs, bytes } };
  }

  /** Decides on one and makes it a tombstone, with as much of what it held as one transaction takes; whether there is more. */
  async #take(context: RequestContext, row: Candidate, request: Decided, tally: Tally): Promise<boolean> {
    if (request.dryRun) {
      const found = await this.#graph.db.scan(
        (queries) => this.#look(queries, row, request.before),
        context.signal,
      );
      tally.add(row.kind, found?.figures);
      return false;
    }
    const done = await this.#journal.write(context, row.project, purgeAction(row.kind), async (tx) => {
      const now = await holdCandidate(tx, this.#graph, row);
      if (now === undefined || !deletedBefore(now, request.before)) return 'restored' as const;
      const found = await this.#look(tx, now);
      if (found === undefined) return 'held' as const;
      const { files } = found.figures;
      const pending = await bury(tx, now, files > 0 || now.kind === 'model-version' ? found.root : undefined);
      if (now.kind === 'run')
        await forgetRanked(tx, { project: now.project, context: now.context, node: now.id });
      tx.record({ node: now.id, touched: [now.context], body: { ...found.figures, before: request.before } });
      const more = await eraseSome(tx, this.#graph, pending, context.clock.now());
      return { figures: found.figures, more };
    });
    if (done === 'restored') return false;
    if (done === 'held') tally.add(row.kind, undefined);
    else tally.add(row.kind, done.figures);
    return done !== 'held' && done.more;
  }

  /** What would go with it, undefined when it is held. */
  async #look(
    queries: Queries,
    row: Candidate,
    supposed?: number,
  ): Promise<{ readonly figures: Figures; readonly root: string | undefined } | undefined> {
    const root = await this.#rootOf(queries, row);
    const holds = await holdsOn(queries, this.#graph, row, root, supposed);
    if (holds.whole) return undefined;
    const points = await figuresOfPoints(queries, row.id);
    const { files, bytes } =
      root === undefined || row.kind === 'model-version'
        ? { files: 0, bytes: 0 }
        : await figuresOfFiles(queries, { project: row.project, root, owner: row.id, kept: holds.kept });
    return { figures: { ...points, files, fileBytes: bytes }, root };
  }

  /** Where in the artifact tree its files begin. */
  async #rootOf(queries: Queries, row: Candidate): Promise<string | undefined> {
    switch (row.kind) {
      case 'run': {
        const experiment = await experimentRow(queries, this.#graph, row.context);
        if (experiment === undefined) return undefined;
        return pathOf(`${experiment.artifact_location.replace(/\/+$/, '')}/${row.uid}/artifacts`);
      }
      case 'experiment': {
        const experiment = await experimentRow(queries, this.#graph, row.id);
        return experiment && pathOf(experiment.artifact_location);
      }
      case 'logged-model':
        return this.#textOf(queries, row.id, 'artifact_uri');
      case 'model-version':
        return this.#textOf(queries, row.id, 'storage_location');
      default:
        return undefined;
    }
  }

  async #textOf(
    queries: Queries,
    owner: NodeId,
    key: 'artifact_uri' | 'storage_location',
  ): Promise<string | undefined> {
    const scope = propertyScopes[key === 'artifact_uri' ? 'system' : 'declared'];
    const id = (await this.#graph.keys.find(queries, [key])).get(key);
    if (id === undefined) return undefined;
    const row = await queries.one<{ text: string | null }>(
      sql`SELECT text FROM property WHERE owner = ${owner} AND scope = ${scope} AND key = ${id}`,
    );
    return row?.text == null ? undefined : pathOf(row.text);
  }

  /** Takes away what tombstones still hold; resolves to false when the time was up before all was gone. */
  async #finish(context: RequestContext, project: ProjectId, end: number): Promise<boolean> {
    for (;;) {
      const [pending] = await this.#graph.db.read((queries) => pendingPurges(queries, project, 1));
      if (pending === undefined) return true;
      let more = true;
      while (more) {
        context.signal.throwIfAborted();
        more = await this.#graph.db.write((tx) => eraseSome(tx, this.#graph, pending, context.clock.now()));
        if (more && context.clock.now() > end) return false;
      }
    }
  }
}

interface Decided {
  /** What was deleted up to this instant, ms. */
  readonly before: number;
  readonly dryRun: boolean;
}

/** Stage, node and instant of a cursor. */
function placeOf(cursor: string, fingerprint: string, now: number): [number, number, number] {
  const [stage, after, before] = decodeCursor(cursor, fingerprint, 3, 'cursor').map(Number);
  const isPlace = [stage, after, before].every(Number.isSafeInteger) && stage! >= 0 && after! >= 0;
  if (!isPlace) throw invalid('cursor', 'Invalid page token: not one of this server');
  return [stage!, after!, Math.min(before!, now)];
}

const nothing = { blobs: 0, bytes: 0 };

function deletedBefore(row: Candidate, before: number): boolean {
  const at = deletedAt(row);
  return at !== undefined && at <= before;
}

class Tally {
  readonly #kinds = new Map<PurgeKind, KindFigures>();

  /** Undefined figures: it is held. */
  add(kind: PurgeKind, figures: Figures | undefined): void {
    const sum = this.#kinds.get(kind) ?? empty(kind);
    this.#kinds.set(
      kind,
      figures === undefined
        ? { ...sum, held: sum.held + 1 }
        : {
            kind,
            records: sum.records + 1,
            held: sum.held,
            points: sum.points + figures.points,
            pointBytes: sum.pointBytes + figures.pointBytes,
            files: sum.files + figures.files,
            fileBytes: sum.fileBytes + figures.fileBytes,
          },
    );
  }

  kinds(): KindFigures[] {
    return purgeKinds.map((kind) => this.#kinds.get(kind) ?? empty(kind));
  }
}

function empty(kind: PurgeKind): KindFigures {
  return { kind, records: 0, held: 0, points: 0, pointBytes: 0, files: 0, fileBytes: 0 };
}
