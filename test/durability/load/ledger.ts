/**
 * What a writer did, kept outside the server: one file per writer and round, a line of JSON per step. An answer is on the
 * disk (fsync) before the writer goes on, so the ledger never knows less than the client did.
 */
import { closeSync, fdatasync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Content, Effect, Point } from './effect.ts';

export interface Write {
  /** Unique; values that the write sets carry it. */
  readonly id: string;
  /** Name of the writer. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** JSON, NaN as MLflow's clients write it. */
  readonly body: string;
  /** Bytes that are sent instead of `body`. */
  readonly content?: Content | undefined;
  /** Points that are sent instead of `body`, as one binary batch. */
  readonly batch?: readonly Point[] | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly effect: Effect;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface LedgerEntry {
  readonly write: Write;
  /** Tries that ended without telling whether they were applied: the connection broke, or a 503 that says so. */
  readonly doubtful: number;
  /** Undefined when the server died first. */
  readonly answer: Answer | undefined;
}

const sync = promisify(fdatasync);

export class LedgerWriter {
  readonly #file: number;

  constructor(folder: string, round: number, writer: string) {
    this.#file = openSync(join(folder, `round-${String(round).padStart(4, '0')}-${writer}.jsonl`), 'a');
  }

  async keep(entry: LedgerEntry): Promise<void> {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    await sync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** All entries of a round, each writer's in the order it wrote them. */
export function readLedger(folder: string, round: number): LedgerEntry[] {
  const prefix = `round-${String(round).padStart(4, '0')}-`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerEntry);
}
