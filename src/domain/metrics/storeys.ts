/**
 * Keeps storeys over the chunks of series (docs/formats/points.md). Each is made beside the writers from outlines that never
 * change, and entered in a short transaction that does nothing when a part of it is gone or stands in another by then. A kill in
 * between leaves a series with fewer storeys: it is drawn the same, from more outlines, and the next merge makes them.
 */
import type { Db, Queries } from '../../db/db.ts';
import { decodeOutline, storeyOf, storeysToBuild } from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { lockNodes } from '../graph/index.ts';
import {
  enterStorey,
  insertParts,
  type NewPart,
  newStorey,
  outlineBytes,
  type Part,
  rootParts,
} from './outline-store.ts';

/** Storeys of one transaction: 130 rows of some 2 KiB. */
const storeysAtOnce = 16;

class StaleStorey extends Error {}

/** Builds what these series of a node are worth by now; to be called whenever they have got chunks. */
export async function buildStoreys(
  db: Db,
  node: NodeId,
  project: ProjectId,
  series: readonly SeriesId[],
): Promise<void> {
  for (let left = [...new Set(series)]; left.length > 0; ) {
    const roots = await db.read((queries) => rootParts(queries, left));
    const groups = [...Map.groupBy(roots, (part) => part.series).values()].flatMap(storeysToBuild);
    for (let start = 0; start < groups.length; start += storeysAtOnce) {
      if (!(await build(db, node, project, groups.slice(start, start + storeysAtOnce)))) return;
    }
    // What was built may make a storey of the next height.
    left = [...new Set(groups.map(([part]) => part!.series))];
  }
}

/** False when someone else was faster: nothing is changed then. */
async function build(db: Db, node: NodeId, project: ProjectId, groups: readonly Part[][]): Promise<boolean> {
  const firstId = await db.nextIds(groups.length);
  const made: NewPart[] = [];
  for (const [index, parts] of groups.entries()) {
    const storey = await db.read((queries) => storeyRow(queries, firstId + index, parts));
    if (storey === undefined) return false;
    made.push(storey);
  }
  try {
    await db.write(async (tx) => {
      await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${node} ${lockNodes(tx.dialect)}`);
      for (const [index, parts] of groups.entries()) {
        if ((await enterStorey(tx, firstId + index, parts)) !== parts.length) throw new StaleStorey();
      }
      await insertParts(tx, project, made);
    });
    return true;
  } catch (error) {
    if (error instanceof StaleStorey) return false;
    throw error;
  }
}

/** The row of a storey on these parts, in the order of their ids; undefined when one of them is gone. */
export async function storeyRow(
  queries: Queries,
  id: number,
  parts: readonly Part[],
): Promise<NewPart | undefined> {
  const outlines = await outlineBytes(queries, parts);
  if (outlines.length !== parts.length) return undefined;
  return newStorey(id, parts, storeyOf(outlines.map(({ data }) => decodeOutline(data))));
}
