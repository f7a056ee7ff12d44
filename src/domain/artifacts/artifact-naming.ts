/**
 * How bytes that stand in the store become a file: in one transaction with its event, which leaves the whole old or the
 * whole new file. Every upload ends here, however its bytes came.
 */
import type { Tx } from '../../db/db.ts';
import type { Blobs, Digest, HeldBlob } from '../../engines/blobs/index.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import { ownerOf, requireActiveOwner, withinOwner } from './artifact-owner.ts';
import type { ArtifactPath } from './artifact-path.ts';
import { type ArtifactRow, findFile, obstacleOf, putFile, seeBlobs } from './artifact-store.ts';
import { removeIfUnnamed } from './blob-upkeep.ts';

export class ArtifactNaming {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #blobs: Blobs;

  constructor(graph: Graph, journal: Journal, blobs: Blobs) {
    this.#graph = graph;
    this.#journal = journal;
    this.#blobs = blobs;
  }

  /** Whether a file may stand at the path now, for who wants to know before its bytes have travelled. */
  async check(project: ProjectId, path: ArtifactPath, owners: 'active' | 'any' = 'active'): Promise<void> {
    await this.#graph.db.read(async (queries) => {
      const owner = await ownerOf(queries, this.#graph, project, path, false);
      if (owners === 'active') requireActiveOwner(owner);
      checkRoom(path, withinOwner(owner, path), await obstacleOf(queries, project, path));
    });
  }

  /**
   * The bytes become the file at `path`. If that is refused they go again, unless something else names them. `first` runs
   * in the same transaction before anything else.
   */
  async name(
    context: RequestContext,
    project: ProjectId,
    path: ArtifactPath,
    held: HeldBlob,
    first?: (tx: Tx) => Promise<void>,
    owners: 'active' | 'any' = 'active',
  ): Promise<ArtifactRow> {
    return this.keep(held, () =>
      this.#journal.write(context, project, 'artifact.put', async (tx) => {
        await first?.(tx);
        const owner = await ownerOf(tx, this.#graph, project, path, true);
        if (owners === 'active') requireActiveOwner(owner);
        const within = withinOwner(owner, path);
        checkRoom(path, within, await obstacleOf(tx, project, path));
        const { digest, size } = held;
        const old = await findFile(tx, project, path);
        if (old?.digest === digest) return old;
        const now = context.clock.now();
        const created = old?.created ?? now;
        const row: ArtifactRow = { path, owner: owner.node, digest, size, created, updated: now };
        await putFile(tx, project, row);
        const seen = new Map<Digest, number>([[digest, size]]);
        if (old !== undefined) seen.set(old.digest, old.size);
        await seeBlobs(tx, seen, now);
        tx.record({
          node: owner.node,
          touched: owner.context === undefined ? [] : [owner.context],
          body: { path: within, size, sha256: digest, ...(old !== undefined && { replaced: old.digest }) },
        });
        return row;
      }),
    );
  }

  /** Lets the bytes go once `record` has named them. If it refuses they are removed, unless something else names them. */
  async keep<T>(held: HeldBlob, record: () => Promise<T>): Promise<T> {
    let recorded: T;
    try {
      recorded = await record();
    } catch (error) {
      const outcome = error instanceof CairnError ? error.code : 'internal';
      // When it is not known whether the commit happened, the hold stays until the next sweep, which can tell.
      if (outcome !== 'unavailable' && outcome !== 'internal') {
        await held.release();
        await removeIfUnnamed(this.#graph.db, this.#blobs, held);
      }
      throw error;
    }
    await held.release();
    return recorded;
  }
}

/** A file needs a name of its own below its owner's root, no file above it and nothing below it. */
function checkRoom(
  path: ArtifactPath,
  within: string,
  obstacle: Awaited<ReturnType<typeof obstacleOf>>,
): void {
  const refuse = (why: string) =>
    new CairnError('failed_precondition', `'${within || path}' ${why}.`, { field: 'path' });
  if (within === '') throw refuse('is where the artifacts of a run or model begin, so it cannot be a file');
  if (obstacle === 'folder') throw refuse('is a directory');
  if (obstacle === 'file above') throw refuse('lies below a file');
}
