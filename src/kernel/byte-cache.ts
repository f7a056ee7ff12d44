/**
 * Bytes made of records, kept while they are used, within a bound. An entry stands for one version of its record: another
 * version takes its place, so a record that changes all the time holds one entry, and nothing is ever served that is old.
 */

/** What an entry costs beside its bytes: the map, the buffer and its backing store. */
const entryBytes = 300;

interface Entry {
  readonly version: number;
  readonly bytes: Uint8Array;
}

export class ByteCache {
  readonly #limit: number;
  /** Least recently used first: a Map keeps the order of insertion. */
  readonly #entries = new Map<number, Entry>();
  #size = 0;

  /** `limit`: bytes of all entries, with what keeping them costs. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes held. */
  get size(): number {
    return this.#size;
  }

  get(key: number, version: number): Uint8Array | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.version !== version) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.bytes;
  }

  /** The text as bytes, which are kept unless they alone would take a large part of the room. */
  put(key: number, version: number, text: string): Uint8Array {
    const length = Buffer.byteLength(text);
    // Not of the pool that small buffers share: one that is kept would keep its neighbours.
    const bytes = Buffer.allocUnsafeSlow(length);
    bytes.write(text);
    this.#forget(key);
    if (length > this.#limit / 64) return bytes;
    this.#entries.set(key, { version, bytes });
    this.#size += length + entryBytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#limit) break;
      this.#forget(oldest);
    }
    return bytes;
  }

  #forget(key: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#size -= entry.bytes.length + entryBytes;
  }
}
