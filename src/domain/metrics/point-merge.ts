/**
 * One merge of a run: some of its heads become chunks. Everything that takes time (reading, sorting, compressing) is done
 * beside the writers, on blobs that never change once written; the transaction at the end only takes those blobs away and
 * puts the new ones in. If one of them is gone by then (another server merged, the run was rewound) nothing is changed and
 * the merge begins again. So every point stands in exactly one blob at any moment, whenever a kill comes.
 */
import type { Db } from '../../db/db.ts';
import {
  chunksToMerge,
  cutIntoChunks,
  decodeChunk,
  decodeHead,
  type HeadEntry,
  mergeSorted,
  type PointColumns,
} from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { lockNodes, nodeKinds } from '../graph/index.ts';
import {
  type ChunkPlace,
  chunkBytes,
  chunkExtents,
  deleteChunks,
  insertChunks,
  type NewChunk,
  newChunk,
} from './chunk-store.ts';
import { deleteHeads, type HeadSize, headSizes, headsOf, insertHead } from './point-store.ts';
import { buildStoreys } from './storeys.ts';

/** Points of one merge: 6 MiB of columns, some 60 ms of work and one commit. More heads wait for the next one. */
const pointsAtOnce = 2 ** 18;
/**
 * A series with fewer points in the heads is carried on in one common head: a chunk for each would cost more than it saves, and
 * a run of 100,000 metrics would write 100,000 rows at once.
 */
const worthAChunk = 64;
/** Merges that may find their blobs gone in a row; then whoever took them has done the work. */
const attempts = 5;
/** Points that are worked on before others get the event loop: 2 ms. */
const breath = 16_384;

export interface Merged {
  /** Heads of the run now, as far as this merge knows. */
  readonly heads: number;
  /** Points in them. */
  readonly points: number;
  /** Points that left the heads. */
  readonly merged: number;
}

interface Work {
  /** Ids of heads to replace, and the chunks that are merged with them. */
  readonly heads: readonly number[];
  readonly chunks: readonly ChunkPlace[];
  readonly made: readonly NewChunk[];
  readonly carried: readonly HeadEntry[];
  readonly points: number;
  /** Of heads that this merge leaves alone. */
  readonly rest: { readonly heads: number; readonly points: number };
}

/** Which heads a merge takes: those that are worth it, or as many as fit into one. */
export type Choice = 'worth it' | 'all';

/** Merges what fits into one merge; to be called again while it says that much is left. */
export async function mergeHeads(db: Db, node: NodeId, project: ProjectId, choice: Choice): Promise<Merged> {
  for (let attempt = 1; ; attempt++) {
    const work = await plan(db, node, choice);
    if (work.heads.length < 2)
      return {
        heads: work.rest.heads + work.heads.length,
        points: work.points + work.rest.points,
        merged: 0,
      };
    if (await commit(db, node, project, work)) {
      await buildStoreys(
        db,
        node,
        project,
        work.made.map((chunk) => chunk.series),
      );
      const carried = work.carried.reduce((sum, entry) => sum + entry.points.values.length, 0);
      return {
        heads: work.rest.heads + (carried > 0 ? 1 : 0),
        points: work.rest.points + carried,
        merged: work.points - carried,
      };
    }
    if (attempt === attempts) return { heads: 0, points: 0, merged: 0 };
  }
}

/** Reads one after the other, not in one snapshot: what has changed in between shows at the commit. */
async function plan(db: Db, node: NodeId, choice: Choice): Promise<Work> {
  const sizes = await db.read((queries) => headSizes(queries, node));
  const chosen = chosenHeads(sizes, choice);
  const heads = chosen.map((head) => head.id);
  const points = chosen.reduce((sum, head) => sum + head.points, 0);
  const rest = {
    heads: sizes.length - heads.length,
    points: sizes.reduce((sum, head) => sum + head.points, 0) - points,
  };
  if (heads.length < 2) return { heads, chunks: [], made: [], carried: [], points, rest };
  const breathe = breather();
  const bySeries = new Map<SeriesId, PointColumns[]>();
  for (const head of await db.read((queries) => headsOf(queries, [node], heads))) {
    for (const entry of decodeHead(head.data)) {
      const series = entry.series as SeriesId;
      const parts = bySeries.get(series);
      if (parts === undefined) bySeries.set(series, [entry.points]);
      else parts.push(entry.points);
      await breathe(entry.points.values.length);
    }
  }
  const carried = new Map([...bySeries].filter(([, parts]) => sizeOf(parts) < worthAChunk));
  const sealed = new Map([...bySeries].filter(([series]) => !carried.has(series)));
  const stored = await db.read((queries) => chunkExtents(queries, [...sealed.keys()]));
  const presentOf = Map.groupBy(stored, (chunk) => chunk.series);
  const chunks: ChunkPlace[] = [];
  const made: NewChunk[] = [];
  for (const [series, parts] of sealed) {
    const present = presentOf.get(series) ?? [];
    const fresh = mergeSorted(parts);
    const taken = new Set(chunksToMerge(fresh, present).map((index) => present[index]!));
    const bytes = await db.read((queries) => chunkBytes(queries, [...taken]));
    const all = mergeSorted([fresh, ...bytes.map(({ data }) => decodeChunk(data))]);
    for (const chunk of cutIntoChunks(
      all,
      present.filter((other) => !taken.has(other)),
    )) {
      made.push(newChunk(series, chunk));
      await breathe(chunk.points.values.length);
    }
    chunks.push(...taken);
  }
  const entries = [...carried].map(([series, parts]) => ({ series, points: mergeSorted(parts) }));
  return { heads, chunks, made, carried: entries.sort((a, b) => a.series - b.series), points, rest };
}

/**
 * From the latest back, a head is taken while it is at most twice as large as all that are taken already: heads that carry
 * points of many small series are written again only when as much has come to them.
 */
function chosenHeads(sizes: readonly HeadSize[], choice: Choice): readonly HeadSize[] {
  let points = 0;
  let count = 0;
  for (const head of sizes.toReversed()) {
    if (choice === 'worth it' && count > 0 && head.points > 2 * points) break;
    if (count >= 2 && points + head.points > pointsAtOnce) break;
    points += head.points;
    count++;
  }
  return sizes.slice(sizes.length - count);
}

/** What it was made from was changed by someone else. */
class StaleMerge extends Error {}

/** False when a blob it stands on is gone; nothing is changed then. */
async function commit(db: Db, node: NodeId, project: ProjectId, work: Work): Promise<boolean> {
  const carryId = await db.nextIds(1);
  const chunkId = work.made.length === 0 ? 0 : await db.nextIds(work.made.length);
  try {
    await db.write(async (tx) => {
      // Of a run that was purged meanwhile the series are going, or gone.
      const owner =
        await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${node} AND n.kind <> ${nodeKinds.tombstone}
        ${lockNodes(tx.dialect)}`);
      if (owner === undefined) throw new StaleMerge();
      if ((await deleteHeads(tx, node, work.heads)) !== work.heads.length) throw new StaleMerge();
      if ((await deleteChunks(tx, work.chunks)) !== work.chunks.length) throw new StaleMerge();
      await insertChunks(tx, project, chunkId, work.made);
      if (work.carried.length > 0) await insertHead(tx, { id: carryId, node, project }, work.carried);
    });
    return true;
  } catch (error) {
    if (error instanceof StaleMerge) return false;
    throw error;
  }
}

/** Lets others have the event loop whenever so many points have been worked on. */
function breather(): (points: number) => Promise<void> {
  let since = 0;
  return async (points) => {
    since += points;
    if (since < breath) return;
    since = 0;
    await new Promise((resolve) => setImmediate(resolve));
  };
}

function sizeOf(parts: readonly PointColumns[]): number {
  return parts.reduce((sum, part) => sum + part.values.length, 0);
}
