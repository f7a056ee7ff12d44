/**
 * Points of chunks, read or remembered. A chunk never changes once it is written and its id is never used again, so what is
 * remembered cannot be out of date: a chart that is looked at again, or thinned again while its run logs, decodes nothing.
 */
import type { Queries } from '../../db/db.ts';
import { decodeChunk, type PointColumns } from '../../engines/metrics/index.ts';
import { type ChunkPlace, chunkBytes } from './chunk-store.ts';

/** 1.4 million points: 32 MiB of columns. */
const usuallyRemembered = 1_400_000;
/** Chunks whose bytes are read by one statement: 2 MiB. */
const chunksAtOnce = 32;

export class ChunkReader {
  /** Least recently used first. */
  readonly #remembered = new Map<number, PointColumns>();
  readonly #limit: number;
  #points = 0;

  /** `remembered`: points at most; none for who reads a series once, from its beginning to its end. */
  constructor(remembered = usuallyRemembered) {
    this.#limit = remembered;
  }

  /** The points of chunks, in the order given, each in the order of its series. */
  async *each(queries: Queries, chunks: readonly ChunkPlace[]): AsyncGenerator<PointColumns> {
    for (let start = 0; start < chunks.length; start += chunksAtOnce) {
      const some = chunks.slice(start, start + chunksAtOnce);
      const found = await this.#load(queries, some);
      for (const { id } of some) yield found.get(id)!;
    }
  }

  async one(queries: Queries, chunk: ChunkPlace): Promise<PointColumns> {
    return (await this.#load(queries, [chunk])).get(chunk.id)!;
  }

  async #load(queries: Queries, chunks: readonly ChunkPlace[]): Promise<Map<number, PointColumns>> {
    const found = new Map<number, PointColumns>();
    const missing: ChunkPlace[] = [];
    for (const chunk of chunks) {
      const points = this.#remembered.get(chunk.id);
      if (points === undefined) missing.push(chunk);
      else found.set(chunk.id, points);
    }
    for (const { id, data } of await chunkBytes(queries, missing)) found.set(id, decodeChunk(data));
    for (const [id, points] of found) this.#remember(id, points);
    return found;
  }

  #remember(id: number, points: PointColumns): void {
    if (!this.#remembered.delete(id)) this.#points += points.values.length;
    this.#remembered.set(id, points);
    for (const [oldest, { values }] of this.#remembered) {
      if (this.#points <= this.#limit) break;
      this.#remembered.delete(oldest);
      this.#points -= values.length;
    }
  }
}
