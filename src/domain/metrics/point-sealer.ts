/**
 * Seals the heads of runs into chunks, off the request: when a run has gathered enough heads, its next commit asks for a seal, which
 * runs as a write of its own; when a run ends, what is left is sealed where it matters. A kill in between loses nothing: heads are
 * complete, only less compact, and a server that starts looks at the runs that ended last.
 */
import type { Db } from '../../db/db.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { lastEnded } from '../runs/index.ts';
import { mergeHeads } from './point-merge.ts';
import { headSizes } from './point-store.ts';
import { buildStoreys } from './storeys.ts';

/** Heads of a run that are worth a seal: a read of one metric opens each of them. */
const sealAt = 256;
/** Points in heads that are worth a seal: eight full chunks, where all are of one metric. */
const pointsWorthSealing = 65_536;
/** The same of a run that has ended, to which nothing more will come: half a chunk, some 16 KiB on disk. */
const pointsWorthSealingAtEnd = 4_096;
/** Events whose runs are looked at when a server starts. */
const eventsLookedAt = 1_000;
/** Runs whose heads are counted in memory; of others the store is asked. */
const runsCounted = 100_000;

interface Wanted {
  readonly project: ProjectId;
  readonly hasEnded: boolean;
}

/** Heads since the last seal, and the points in them. */
interface Unsealed {
  readonly heads: number;
  readonly points: number;
}

export class PointSealer {
  readonly #db: Db;
  /** For runs written to since the start; others are counted in the store. */
  readonly #unsealed = new Map<NodeId, Unsealed>();
  readonly #wanted = new Map<NodeId, Wanted>();
  /** Series whose storeys a rewind took down. */
  readonly #moved: { node: NodeId; project: ProjectId; series: readonly SeriesId[] }[] = [];
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(db: Db) {
    this.#db = db;
  }

  /** To be called after each commit that added a head of so many points. */
  headAdded(node: NodeId, project: ProjectId, points: number): void {
    const known = this.#unsealed.get(node);
    const now = { heads: (known?.heads ?? 0) + 1, points: (known?.points ?? 0) + points };
    this.#remember(node, now);
    // A run that was written to before the start is looked at when its first head comes.
    if (known === undefined || isWorthSealing(now)) this.#want(node, { project, hasEnded: false });
  }

  /** To be called after each commit that ended a run. */
  runEnded(node: NodeId, project: ProjectId): void {
    this.#want(node, { project, hasEnded: true });
  }

  /** Seals what a server that stopped had yet to seal; to be called once, when the start is over. */
  async resume(): Promise<void> {
    const ended = await this.#db.read((queries) => lastEnded(queries, eventsLookedAt));
    for (const { node, project } of ended) this.runEnded(node, project);
  }

  /** To be called after a commit that moved chunks between these series. */
  chunksMoved(node: NodeId, project: ProjectId, series: readonly SeriesId[]): void {
    this.#moved.push({ node, project, series });
    this.#start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  /** Seals until nothing is wanted; for tests and commands that need the end of it. */
  async settle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  #remember(node: NodeId, unsealed: Unsealed): void {
    if (this.#unsealed.size >= runsCounted) {
      const [oldest] = this.#unsealed.keys();
      if (oldest !== undefined) this.#unsealed.delete(oldest);
    }
    this.#unsealed.set(node, unsealed);
  }

  #want(node: NodeId, { project, hasEnded }: Wanted): void {
    if (this.#closed) return;
    this.#wanted.set(node, { project, hasEnded: hasEnded || this.#wanted.get(node)?.hasEnded === true });
    this.#start();
  }

  #start(): void {
    if (this.#closed) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      if (this.#closed) return;
      await this.#buildMoved();
      const [next] = this.#wanted;
      if (next === undefined) return;
      const [node, { project, hasEnded }] = next;
      this.#wanted.delete(node);
      try {
        const heads = await this.#db.read((queries) => headSizes(queries, node));
        let left: Unsealed = {
          heads: heads.length,
          points: heads.reduce((sum, head) => sum + head.points, 0),
        };
        while (isWorthSealing(left, hasEnded) && !this.#closed) {
          const { merged, ...now } = await mergeHeads(this.#db, node, project, 'worth it');
          left = now;
          if (merged === 0) break;
        }
        // What is carried on has been looked at: only what comes now counts.
        this.#remember(node, { heads: 0, points: 0 });
      } catch {
        // The store is away or busy: the next head of the run asks again.
      }
    }
  }

  async #buildMoved(): Promise<void> {
    for (let moved = this.#moved.shift(); moved !== undefined; moved = this.#moved.shift()) {
      try {
        await buildStoreys(this.#db, moved.node, moved.project, moved.series);
      } catch {
        // The store is away or busy: the next merge of the series builds them.
      }
    }
  }

  /** Seals all heads of a run now; resolves to how many heads are left (0 or 1). */
  async seal(node: NodeId, project: ProjectId): Promise<number> {
    for (;;) {
      const { heads, merged } = await mergeHeads(this.#db, node, project, 'all');
      if (heads < 2 || merged === 0) return heads;
    }
  }
}

function isWorthSealing({ heads, points }: Unsealed, hasEnded = false): boolean {
  return heads >= sealAt || points >= (hasEnded ? pointsWorthSealingAtEnd : pointsWorthSealing);
}
