/**
 * Seals the heads of live runs into chunks, off the request: when a run has gathered enough heads, its next commit asks
 * for a seal, which runs as a write of its own. A kill in between loses nothing: heads are complete, only less compact.
 */
import type { Db } from '../../db/db.ts';
import {
  decodeChunk,
  decodeHead,
  maxChunkPoints,
  mergeSorted,
  type PointColumns,
  splitIntoChunks,
} from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { lockNodes } from '../graph/index.ts';
import {
  chunksOf,
  countHeads,
  deleteChunks,
  deleteHeads,
  headsOf,
  insertChunks,
  insertHead,
} from './point-store.ts';

/** Heads of a run that are worth a seal: a read of one metric opens each of them. */
const sealAt = 256;
/** A series with fewer points in the heads is carried on in one common head: a chunk for each would cost more than it saves. */
const worthAChunk = 64;
/** Points carried on in the common head at most; beyond, every series gets its chunk. */
const carryLimit = 65_536;

export class PointSealer {
  readonly #db: Db;
  /** Heads since the last seal, for runs written to since the start; others are counted in the store. */
  readonly #heads = new Map<NodeId, number>();
  readonly #wanted = new Map<NodeId, ProjectId>();
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(db: Db) {
    this.#db = db;
  }

  /** To be called after each commit that added a head. */
  headAdded(node: NodeId, project: ProjectId): void {
    const known = this.#heads.get(node);
    if (known === undefined) this.#remember(node, 1);
    const heads = (known ?? 0) + 1;
    this.#heads.set(node, heads);
    // A run that was written to before the start is seen at its first head, then at every sealAt-th.
    if (known === undefined || heads >= sealAt) this.#want(node, project);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  /** Seals until nothing is wanted; for tests and commands that need the end of it. */
  async settle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  #remember(node: NodeId, heads: number): void {
    if (this.#heads.size >= 100_000) {
      const [oldest] = this.#heads.keys();
      if (oldest !== undefined) this.#heads.delete(oldest);
    }
    this.#heads.set(node, heads);
  }

  #want(node: NodeId, project: ProjectId): void {
    if (this.#closed) return;
    this.#wanted.set(node, project);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#wanted;
      if (next === undefined || this.#closed) return;
      const [node, project] = next;
      this.#wanted.delete(node);
      try {
        const heads = await this.#db.read((queries) => countHeads(queries, node));
        this.#heads.set(node, heads);
        if (heads >= sealAt) this.#heads.set(node, await this.seal(node, project));
      } catch {
        // The store is away or busy: the next head of the run asks again.
      }
    }
  }

  /** Seals all heads of a run now; resolves to how many heads are left (0 or 1). */
  async seal(node: NodeId, project: ProjectId): Promise<number> {
    const carryId = await this.#db.nextIds(1);
    return this.#db.write(async (tx) => {
      await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${node} ${lockNodes(tx.dialect)}`);
      const heads = await headsOf(tx, node);
      if (heads.length < 2) return heads.length;
      const bySeries = new Map<SeriesId, PointColumns[]>();
      for (const head of heads) {
        for (const { series, points } of decodeHead(head.data)) {
          const parts = bySeries.get(series as SeriesId);
          if (parts === undefined) bySeries.set(series as SeriesId, [points]);
          else parts.push(points);
        }
      }
      const small = [...bySeries].filter(([, parts]) => size(parts) < worthAChunk);
      const carried =
        small.reduce((sum, [, parts]) => sum + size(parts), 0) <= carryLimit ? new Map(small) : new Map();
      const sealed = [...bySeries].filter(([series]) => !carried.has(series));
      const open = await chunksOf(
        tx,
        sealed.map(([series]) => series),
        {},
      );
      for (const [series, parts] of sealed) {
        const last = open.findLast((chunk) => chunk.series === series);
        const merged: PointColumns[] = [...parts];
        if (last !== undefined && last.points < maxChunkPoints) {
          merged.push(decodeChunk(last.data));
          await deleteChunks(tx, series, [last.id]);
        }
        const plans = splitIntoChunks(mergeSorted(merged));
        await insertChunks(tx, series, project, await this.#db.nextIds(plans.length), plans);
      }
      await deleteHeads(
        tx,
        node,
        heads.map((head) => head.id),
      );
      if (carried.size === 0) return 0;
      const entries = [...carried].map(([series, parts]) => ({ series, points: mergeSorted(parts) }));
      await insertHead(tx, { id: carryId, node, project }, entries);
      return 1;
    });
  }
}

function size(parts: readonly PointColumns[]): number {
  return parts.reduce((sum, part) => sum + part.values.length, 0);
}
