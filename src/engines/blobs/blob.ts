/**
 * The port of a blob store: bytes under the SHA-256 of what they are. Who stores bytes learns their digest and keeps it;
 * equal bytes are kept once. A store knows nothing of names, owners or references.
 */
declare const brand: unique symbol;
/** SHA-256, 64 lower-case hex digits. */
export type Digest = string & { readonly [brand]: 'digest' };

/** The text as a digest; undefined for anything else. Nothing but this becomes part of a file name. */
export function digestOf(text: string): Digest | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as Digest) : undefined;
}

/** Bytes on their way in, as they come. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What is kept. */
export interface Blob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** When the bytes were last stored, ms: storing what is there already counts. */
  readonly stored: number;
}

/** Bytes that stand in the store and that no sweep takes away until they are let go. */
export interface HeldBlob extends Blob {
  /** Called once somebody's record names the digest, or nobody ever will. */
  release(): Promise<void>;
}

/**
 * Promises of every adapter:
 * - `put` resolves only when all bytes are durable, and keeps nothing if it rejects: not when the source fails, nor when
 *   the disk is full (`storage_full`). It reads the source no faster than it writes and holds a constant amount of it.
 * - Bytes under a digest never change. Two `put` of equal bytes at once leave one blob; each gets its own hold.
 * - What a killed process was storing is found by `leftovers` as soon as that process is known to be dead.
 * - `remove` never takes away what an upload holds, what was stored again, or what is wanted, however they meet.
 */
export interface Blobs {
  put(source: ByteSource): Promise<HeldBlob>;
  /** Bytes from `start` up to, not including, `end`. `not_found` if there is no such blob; ends with an error on `signal`. */
  read(digest: Digest, start: number, end: number, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  find(digest: Digest): Promise<Blob | undefined>;
  /** Every blob, in the order of the digests. */
  list(): AsyncIterable<Blob>;
  /** Whether a living upload holds the blob. */
  isHeld(digest: Digest): Promise<boolean>;
  /**
   * Removes the blob unless it is held, was stored after the instant `since` (ms), or `isWanted` says so: asked when nobody
   * can find the blob any more, so that whoever wants it from then on stores it again. True if it is gone.
   */
  remove(digest: Digest, since: number, isWanted: () => Promise<boolean>): Promise<boolean>;
  /** What dead uploads left. Half-written bytes are removed in passing; finished blobs are told, for their holder is dead. */
  leftovers(): AsyncIterable<Leftover>;
}

/** A blob that a dead upload held. */
export interface Leftover {
  readonly digest: Digest;
  /** Ends the hold; call it when the blob is either named by a record or removed. */
  forget(): Promise<void>;
}
