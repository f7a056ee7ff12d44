/**
 * Keeps the write-ahead log bounded. The writer checkpoints (never a reader, never automatically: an automatic checkpoint
 * hides its errors). A passive checkpoint copies what no snapshot needs; the log starts over at the next write if no
 * reader stands in it. Overlapping scans could prevent that for ever, so beyond `resetPages` scans are held back for a moment.
 */
import type { ReaderPool } from './reader-pool.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** Pages of 4 KiB: 8 MiB, where a checkpoint's two fsyncs weigh nothing against the commits before it. */
const checkpointPages = 2_048;
/** 64 MiB: the log is emptied even if scans have to wait for it. */
const resetPages = 16_384;
/** Commits between two looks at the length of the log, each a fiftieth of a small write. */
const commitsPerLook = 8;

interface LogState {
  readonly log: number;
  readonly checkpointed: number;
}

export class SqliteWal {
  readonly #connection: SqliteConnection;
  readonly #pool: ReaderPool;
  readonly #log: (message: string, cause: unknown) => void;
  #next = checkpointPages;
  #pages = 0;
  #commits = 0;
  #resetting: Promise<void> | undefined;

  constructor(
    connection: SqliteConnection,
    pool: ReaderPool,
    log: (message: string, cause: unknown) => void,
  ) {
    this.#connection = connection;
    this.#pool = pool;
    this.#log = log;
  }

  get pages(): number {
    return this.#pages;
  }

  /** Called between transactions. */
  afterCommit(): void {
    this.#commits += 1;
    if (this.#commits % commitsPerLook !== 0) return;
    try {
      this.#pages = this.#checkpoint('NOOP').log;
      if (this.#pages < this.#next) {
        if (this.#pages < checkpointPages) this.#next = checkpointPages;
        return;
      }
      const state = this.#checkpoint('PASSIVE');
      this.#next = state.log + checkpointPages;
      if (state.log >= resetPages) this.#resetting ??= this.#reset();
    } catch (error) {
      this.#next += checkpointPages;
      this.#log('a checkpoint failed', error);
    }
  }

  /** Empties the log before the store is closed. */
  async close(): Promise<void> {
    await this.#resetting;
    try {
      this.#empty();
    } catch (error) {
      this.#log('the last checkpoint failed', error);
    }
  }

  async #reset(): Promise<void> {
    await this.#pool.pause();
    try {
      // A group is open here only while its body wrongly waits for something; the next 8 MiB bring us back.
      if (!this.#connection.isTransaction) this.#pages = this.#empty().log;
      this.#next = this.#pages + checkpointPages;
    } catch (error) {
      this.#log('a checkpoint failed', error);
    } finally {
      this.#resetting = undefined;
      this.#pool.resume();
    }
  }

  /** Never waits for a snapshot of another process (a backup, a doctor): the event loop would stand still meanwhile. */
  #empty(): LogState {
    const [timeout] = this.#connection.pragma('busy_timeout');
    this.#connection.exec('PRAGMA busy_timeout = 0');
    try {
      return this.#checkpoint('TRUNCATE');
    } finally {
      this.#connection.exec(`PRAGMA busy_timeout = ${Number(timeout?.timeout)}`);
    }
  }

  #checkpoint(mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): LogState {
    const [row] = this.#connection.pragma(`wal_checkpoint(${mode})`);
    return { log: Number(row?.log), checkpointed: Number(row?.checkpointed) };
  }
}
