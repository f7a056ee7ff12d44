import type { FileHandle } from 'node:fs/promises';

/** Bytes read at once: large enough that a chunk costs little, small enough that a thousand readers fit in memory. */
const chunkSize = 128 * 1024;

/**
 * Part of an open file, chunk by chunk. Owns the handle: it is closed at the end, on an error, or when the reader stops,
 * also before the first chunk. (A generator that was never started would not be told.)
 */
export class FileChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #file: FileHandle;
  readonly #signal: AbortSignal | undefined;
  #position: number;
  readonly #end: number;
  #closed = false;

  constructor(file: FileHandle, start: number, end: number, signal?: AbortSignal) {
    this.#file = file;
    this.#position = start;
    this.#end = end;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#closed) return { done: true, value: undefined };
    try {
      this.#signal?.throwIfAborted();
      const wanted = Math.min(chunkSize, this.#end - this.#position);
      if (wanted === 0) return await this.return();
      const buffer = Buffer.allocUnsafeSlow(wanted);
      const { bytesRead } = await this.#file.read(buffer, 0, wanted, this.#position);
      if (bytesRead === 0) throw new Error(`the file ends at byte ${this.#position}, before ${this.#end}`);
      this.#position += bytesRead;
      return { done: false, value: bytesRead === wanted ? buffer : buffer.subarray(0, bytesRead) };
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#closed) {
      this.#closed = true;
      await this.#file.close();
    }
    return { done: true, value: undefined };
  }
}
