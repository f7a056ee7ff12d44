/** Whether the outlines of a series are what its chunks say, and making them again. */
import type { Queries, Tx } from '../../db/db.ts';
import {
  decodeOutline,
  encodeOutline,
  outlineOf,
  type PointColumns,
  planOf,
  storeyOf,
  storeysToBuild,
  storeyWidth,
  worthAnOutline,
} from '../../engines/metrics/index.ts';
import type { ProjectId, SeriesId } from '../../kernel/ids.ts';
import type { ChunkPlace } from './chunk-store.ts';
import {
  allParts,
  deleteAllParts,
  insertParts,
  type NewPart,
  newStorey,
  outlineBytes,
  type Part,
} from './outline-store.ts';
import { storeyRow } from './storeys.ts';

/** The row that a chunk of these points should have; it may stand in any storey. */
export function partOfChunk({ series, id }: ChunkPlace, chunk: PointColumns): NewPart {
  const { points, ...extent } = planOf(chunk);
  const count = points.values.length;
  const data = count < worthAnOutline ? null : encodeOutline(outlineOf(points));
  return { series, id, parent: 0, height: 0, points: count, ...extent, data };
}

/** What is wrong, a line each: with the rows of chunks, given what they should be, and with storeys. */
export async function wrongParts(
  queries: Queries,
  series: SeriesId,
  chunks: readonly NewPart[],
): Promise<string[]> {
  const stored = await allParts(queries, series);
  const wrong: string[] = [];
  const byId = new Map(stored.map((part) => [part.id, part]));
  const data = new Map((await outlineBytes(queries, stored)).map((row) => [row.id, row.data]));
  const compare = (name: string, part: NewPart) => {
    const found = byId.get(part.id);
    const bytes = data.get(part.id);
    const sameBytes =
      bytes === undefined || part.data === null
        ? bytes === (part.data ?? undefined)
        : Buffer.compare(bytes, part.data) === 0;
    if (found === undefined || placeOf(found) !== placeOf(part) || !sameBytes)
      wrong.push(`the outline of ${name} ${part.id} is not that of its points`);
  };
  for (const chunk of chunks) compare('chunk', chunk);
  const known = new Set(chunks.map((chunk) => chunk.id));
  const standing = Map.groupBy(stored, (part) => part.parent);
  for (const part of stored) {
    if (part.height === 0 && !known.has(part.id)) wrong.push(`outline ${part.id} is of no chunk`);
    if (part.parent !== 0 && byId.get(part.parent)?.height !== part.height + 1)
      wrong.push(`outline ${part.id} stands in storey ${part.parent}, which is not there`);
    if (part.height === 0) continue;
    const below = standing.get(part.id) ?? [];
    const storey = below.length === storeyWidth ? await storeyOrNone(queries, part, below) : undefined;
    if (storey === undefined) wrong.push(`storey ${part.id} stands on ${below.length} outlines`);
    else compare('storey', storey);
  }
  return wrong;
}

/** Damaged outlines make no storey. */
async function storeyOrNone(
  queries: Queries,
  part: Part,
  below: readonly Part[],
): Promise<NewPart | undefined> {
  try {
    return await storeyRow(queries, part.id, below);
  } catch {
    return undefined;
  }
}

function placeOf(part: Omit<NewPart, 'data'>): string {
  return [part.height, part.points, part.stepMin, part.stepMax, part.timeMin, part.timeMax].join();
}

/** Replaces all outlines of a series by those of these chunks, and the storeys on them. */
export async function replaceParts(
  tx: Tx,
  project: ProjectId,
  series: SeriesId,
  chunks: readonly NewPart[],
  nextIds: (count: number) => Promise<number>,
): Promise<void> {
  await deleteAllParts(tx, series);
  const made = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  for (;;) {
    const roots = [...made.values()].filter((part) => part.parent === 0);
    const groups = storeysToBuild(roots.map((part) => ({ ...part, hasOutline: part.data !== null })));
    if (groups.length === 0) break;
    const firstId = await nextIds(groups.length);
    for (const [index, parts] of groups.entries()) {
      const id = firstId + index;
      const inOrder = parts.toSorted((a, b) => a.id - b.id);
      made.set(id, newStorey(id, inOrder, storeyOf(inOrder.map((part) => decodeOutline(part.data!)))));
      for (const part of inOrder) made.set(part.id, { ...made.get(part.id)!, parent: id });
    }
  }
  await insertParts(tx, project, [...made.values()]);
}
