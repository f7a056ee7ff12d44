/**
 * Secrets at rest: AES-256-GCM with a key that is not in the store, so that a copy of the store tells none. Bound to what the
 * secret belongs to: moved to another row it does not open.
 */
import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import type { Random } from '../../kernel/ids.ts';

const algorithm = 'aes-256-gcm';
const sizes = { nonce: 12, tag: 16 } as const;

export class SecretSeal {
  readonly #key: Uint8Array;

  /** Any key that is hard to guess; its digest is what seals. */
  constructor(key: string | Uint8Array) {
    this.#key = hash('sha256', key, 'buffer');
  }

  seal(secret: string, owner: string, random: Random): Uint8Array {
    const nonce = random(sizes.nonce);
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Undefined when it was sealed with another key, or for another owner. */
  open(bytes: Uint8Array, owner: string): string | undefined {
    const body = sizes.nonce + sizes.tag;
    try {
      const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, sizes.nonce))
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(sizes.nonce, body));
      return Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
