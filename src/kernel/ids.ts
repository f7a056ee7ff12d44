/**
 * Identifiers. Inside, a node or edge has a 64-bit ascending `id` (a number below 2^53, for joins); outside it has a
 * `uid`: 32 lower-case hex digits, time-ordered (the layout of UUID version 7 without dashes), so that new rows land
 * side by side in every index. MLflow's run ids are uids, which is why they carry no dashes.
 */
import { randomFillSync } from 'node:crypto';

declare const brand: unique symbol;
export type NodeId = number & { readonly [brand]: 'node' };
export type EdgeId = number & { readonly [brand]: 'edge' };
export type ProjectId = number & { readonly [brand]: 'project' };
export type EventId = number & { readonly [brand]: 'event' };
export type KeyId = number & { readonly [brand]: 'key' };
export type SeriesId = number & { readonly [brand]: 'series' };
export type TypeId = number & { readonly [brand]: 'type' };
export type Uid = string & { readonly [brand]: 'uid' };

/** Source of random bytes; tests pass a seeded one. */
export type Random = (size: number) => Uint8Array;
export const systemRandom = pooledRandom(8192);

/** Draws from the system many at once: one call for each id and salt costs 5 µs, more than a row of them. */
function pooledRandom(poolSize: number): Random {
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  return (size) => {
    if (size > poolSize) return randomFillSync(Buffer.alloc(size));
    if (used + size > poolSize) {
      randomFillSync(pool);
      used = 0;
    }
    used += size;
    // Copied out: what one caller holds is never filled again for another.
    return Uint8Array.prototype.slice.call(pool, used - size, used);
  };
}

/** 48 bits of milliseconds, then 74 random bits around the version and variant marks of UUIDv7. */
export function newUid(now: number, random: Random): Uid {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.set(random(10), 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex') as Uid;
}
