/**
 * Orders that were asked for and are worth it are kept sorted: made in the background, brought up to date by the log, left
 * when others are wanted more. Writes pay nothing for them: a search reads the ranking as it was at an event, and beside it the
 * runs that later events name.
 */
import type { Db, Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, emptySql, sql } from '../../../kernel/sql.ts';
import type { Clock } from '../../../kernel/time.ts';
import { nextRuns, type RankingOrder, rankedRows } from './ranked-runs.ts';
import { type RankingName, rankingLimits, rankingStates, type UsedRanking } from './ranking.ts';
import {
  allRankings,
  changedRuns,
  clearRanked,
  deleteRanked,
  findRanking,
  insertRanked,
  insertRanking,
  lastPosition,
  lockRanking,
  type RankingRow,
  rankingAt,
  setRanking,
  unplacedRuns,
} from './ranking-store.ts';

/** Rows of one write: a writer is held for some 25 ms. */
const leastRows = 200;
const mostRows = 4_000;
const writeMilliseconds = 25;
/** Events of one merge. */
const mergeWindow = 2_000;

interface Seen {
  readonly position: number;
  /** Events up to here are in `nodes`. */
  readonly upTo: number;
  readonly nodes: ReadonlySet<NodeId>;
}

export class Rankings {
  readonly #db: Db;
  readonly #wanted = new Map<string, { readonly order: RankingOrder; readonly clock: Clock }>();
  /** What changed since a ranking was brought up to date, as the last search saw it. */
  readonly #seen = new Map<number, Seen>();
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The ranking, when it is made and near enough to now. */
  async use(
    queries: Queries,
    name: RankingName,
  ): Promise<(UsedRanking & { readonly behind: number }) | undefined> {
    const row = await findRanking(queries, name);
    if (row?.state !== rankingStates.ready) return undefined;
    const last = await lastPosition(queries);
    const behind = last - row.position;
    if (behind > rankingLimits.behind) return undefined;
    let seen = this.#seen.get(row.id);
    if (seen?.position !== row.position)
      seen = { position: row.position, upTo: row.position, nodes: new Set() };
    if (last > seen.upTo) {
      const more = await changedRuns(queries, name.project, name.context, seen.upTo, last);
      const nodes = more.length === 0 ? seen.nodes : new Set([...seen.nodes, ...more]);
      seen = { position: row.position, upTo: last, nodes };
    }
    this.#remember(row.id, seen);
    const unplaced = this.#db.dialect.positionsInTransaction
      ? []
      : await unplacedRuns(queries, name.project, name.context, rankingLimits.behind);
    const fresh = unplaced.length === 0 ? seen.nodes : new Set([...seen.nodes, ...unplaced]);
    return { id: row.id, fresh: [...fresh], runs: row.runs, behind };
  }

  /** Makes the ranking, or brings it up to date, in the background. */
  want(order: RankingOrder, clock: Clock): void {
    if (this.#closed) return;
    const { project, context, spec } = order.name;
    this.#wanted.set(`${project} ${context} ${spec}`, { order, clock });
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves when nothing is wanted any more; for tests and benches. */
  async settle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  #remember(id: number, seen: Seen): void {
    this.#seen.delete(id);
    this.#seen.set(id, seen);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > rankingLimits.rankings && oldest !== undefined) this.#seen.delete(oldest);
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#wanted;
      if (next === undefined || this.#closed) return;
      try {
        await this.#bring(next[1].order, next[1].clock);
      } catch {
        // The store is away or busy: the next search that would use the ranking asks again.
      }
      this.#wanted.delete(next[0]);
    }
  }

  async #bring(order: RankingOrder, clock: Clock): Promise<void> {
    let row = await this.#db.read((queries) => findRanking(queries, order.name));
    if (row === undefined) {
      if (!(await this.#makeRoom())) return;
      const id = await this.#db.nextIds(1);
      await this.#db.write((tx) => insertRanking(tx, id, order.name, clock.now()));
      row = await this.#db.read((queries) => findRanking(queries, order.name));
    }
    if (row === undefined) return;
    if (row.state === rankingStates.building) await this.#build(row.id, order, clock);
    await this.#merge(row.id, order, clock);
    const left = await this.#db.read((queries) => rankingAt(queries, row.id));
    if (left?.state === rankingStates.refused) await this.#clear(row.id);
  }

  /** Reads in snapshots, writes in small transactions; goes on where a server that ended had come to. */
  async #build(id: number, order: RankingOrder, clock: Clock): Promise<void> {
    let size = 1_000;
    for (let done = false; !done && !this.#closed; ) {
      const at = await this.#db.read((queries) => rankingAt(queries, id));
      if (at?.state !== rankingStates.building) return;
      const found = await this.#db.scan((queries) => nextRuns(queries, order, at, size));
      const begun = clock.now();
      done = await this.#db.write(async (tx) => {
        const row = await lockRanking(tx, id);
        // Another server builds, too: what it has put in is not put in again.
        if (row?.state !== rankingStates.building || row.built_uid !== at.built_uid) return false;
        const rows = found.flatMap((run) => run.row ?? []);
        if (rows.some(({ sort }) => sort.length > rankingLimits.keyBytes)) {
          await setRanking(tx, id, { state: rankingStates.refused, runs: 0 });
          return true;
        }
        await insertRanked(tx, id, rows);
        const last = found.at(-1);
        const isLast = found.length < size;
        await setRanking(tx, id, {
          runs: row.runs + rows.length,
          ...(last !== undefined && { built_started: last.started, built_uid: last.uid }),
          ...(isLast && { state: rankingStates.ready }),
        });
        return isLast;
      });
      const took = Math.max(1, clock.now() - begun);
      size = Math.round(Math.min(mostRows, Math.max(leastRows, (size * writeMilliseconds) / took, size / 2)));
    }
  }

  async #merge(id: number, order: RankingOrder, clock: Clock): Promise<void> {
    const { project, context } = order.name;
    for (let done = false; !done && !this.#closed; ) {
      done = await this.#db.write(async (tx) => {
        const row = await lockRanking(tx, id);
        if (row?.state !== rankingStates.ready) return true;
        const last = await lastPosition(tx);
        const upTo = Math.min(last, row.position + mergeWindow);
        const nodes = await changedRuns(tx, project, context, row.position, upTo);
        const removed = nodes.length === 0 ? 0 : await deleteRanked(tx, id, nodes);
        const rows =
          nodes.length === 0 ? [] : await rankedRows(tx, order, sql`n.id ${anyOf(nodes)}`, emptySql);
        const added = rows.flatMap((run) => run.row ?? []);
        if (added.some(({ sort }) => sort.length > rankingLimits.keyBytes)) {
          await setRanking(tx, id, { state: rankingStates.refused, runs: 0 });
          return true;
        }
        await insertRanked(tx, id, added);
        await setRanking(tx, id, {
          position: upTo,
          runs: row.runs - removed + added.length,
          used: clock.now(),
        });
        return upTo === last;
      });
    }
  }

  /** False when it cannot be had now. */
  async #makeRoom(): Promise<boolean> {
    const rankings = await this.#db.read((queries) => allRankings(queries));
    let rows = rankings.reduce((sum, row) => sum + row.runs, 0);
    let count = rankings.length;
    for (const row of rankings) {
      const isOver = count >= rankingLimits.rankings || rows > rankingLimits.rows;
      if (!isOver && row.state !== rankingStates.leaving) continue;
      await this.remove(row);
      rows -= row.runs;
      count -= 1;
    }
    return !this.#closed;
  }

  async remove({ id }: Pick<RankingRow, 'id'>): Promise<void> {
    await this.#db.write((tx) => setRanking(tx, id, { state: rankingStates.leaving }));
    await this.#clear(id);
    if (!this.#closed) await this.#db.write((tx) => tx.run(sql`DELETE FROM ranking WHERE id = ${id}`));
  }

  async #clear(id: number): Promise<void> {
    while (!this.#closed && (await this.#db.write((tx) => clearRanked(tx, id, mostRows))) === mostRows) {}
  }
}
