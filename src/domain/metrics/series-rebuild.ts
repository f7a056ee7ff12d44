/**
 * Makes again what is derived from points: summaries, outlines of chunks and storeys, and the names of a run's metrics. One run at a
 * time, each in a transaction of its own; what is as it should be is not written.
 */
import type { Db, Tx } from '../../db/db.ts';
import { decodeChunk, type Summary, sortPoints } from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { anyOf, rawSql, sql } from '../../kernel/sql.ts';
import { countChange } from '../events/index.ts';
import { lockNodes } from '../graph/index.ts';
import { chunkBytes, chunkExtents } from './chunk-store.ts';
import { putNames } from './metric-names.ts';
import { partOfChunk, replaceParts, wrongParts } from './outline-check.ts';
import { type NewPart, rootParts } from './outline-store.ts';
import { headParts } from './point-store.ts';
import { differs, sumOfSizes } from './series-check.ts';
import { orderOf, type SeriesOrder } from './series-order.ts';
import { putSummaries, type SeriesRow, seriesOfNode, summaryOfRow } from './series-store.ts';

/** Rows that were wrong or missing, and were written again. */
export interface Rebuilt {
  readonly runs: number;
  readonly summaries: number;
  readonly outlines: number;
  readonly names: number;
}

const batch = rawSql('100');

export async function rebuildSeries(db: Db): Promise<Rebuilt> {
  const all = { runs: 0, summaries: 0, outlines: 0, names: 0 };
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const nodes = await db.read((queries) =>
      queries.many<{ node: NodeId }>(
        sql`SELECT DISTINCT node FROM series WHERE node < ${before} ORDER BY node DESC LIMIT ${batch}`,
      ),
    );
    for (const { node } of nodes) {
      const made = await db.write((tx) => rebuildNode(tx, node, (count) => db.nextIds(count)));
      all.runs += 1;
      all.summaries += made.summaries;
      all.outlines += made.outlines;
      all.names += made.names;
    }
    if (nodes.length === 0) return all;
    before = nodes.at(-1)!.node;
  }
}

interface Owner {
  readonly project: ProjectId;
  readonly context: NodeId | 0;
}

async function rebuildNode(
  tx: Tx,
  node: NodeId,
  nextIds: (count: number) => Promise<number>,
): Promise<Omit<Rebuilt, 'runs'>> {
  await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${node} ${lockNodes(tx.dialect)}`);
  const rows = await seriesOfNode(tx, node);
  const owners = new Map(
    (
      await tx.many<Owner & { id: SeriesId }>(
        sql`SELECT id, project, context FROM series WHERE node = ${node}`,
      )
    ).map((row) => [row.id, row]),
  );
  const ids = rows.map((row) => row.id);
  const loose = await headParts(tx, [node], ids);
  const chunks = Map.groupBy(await chunkExtents(tx, ids), (chunk) => chunk.series);
  const outlined = new Set([...chunks.keys(), ...(await rootParts(tx, ids)).map((part) => part.series)]);
  let summaries = 0;
  let outlines = 0;
  for (const row of rows) {
    const order = orderOf(row.by_key);
    let summary: Summary | undefined;
    let sizes = 0;
    const add = (points: Parameters<SeriesOrder['summarise']>[0]) => {
      const found = order.summarise(points);
      sizes += sumOfSizes(points.values);
      summary = summary === undefined ? found : order.merge(summary, found);
    };
    for (const points of loose.get(row.id) ?? []) add(sortPoints(points));
    const owner = owners.get(row.id)!;
    const parts: NewPart[] = [];
    for (const chunk of chunks.get(row.id) ?? []) {
      const [bytes] = await chunkBytes(tx, [chunk]);
      const points = decodeChunk(bytes!.data);
      add(points);
      parts.push(partOfChunk(chunk, points));
    }
    const wrong = outlined.has(row.id) ? await wrongParts(tx, row.id, parts) : [];
    if (wrong.length > 0) await replaceParts(tx, owner.project, row.id, parts, nextIds);
    outlines += wrong.length;
    if (summary === undefined || !differs(summaryOfRow(row), summary, sizes)) continue;
    const series = { id: row.id, key: row.key, by: row.by_key, summary };
    const { project, context } = owner;
    await putSummaries(tx, { id: node, project, context }, [series]);
    summaries++;
  }
  if (summaries > 0) await countChange(tx, { node });
  const own = rows.filter((row) => row.by_key === '');
  const names = own.length === 0 ? 0 : await rebuildNames(tx, node, owners.get(own[0]!.id)!.project, own);
  return { summaries, outlines, names };
}

async function rebuildNames(
  tx: Tx,
  node: NodeId,
  project: ProjectId,
  own: readonly SeriesRow[],
): Promise<number> {
  const wanted = await tx.many<{ id: SeriesId; name: string }>(sql`SELECT s.id, k.name FROM series s
    JOIN interned_key k ON k.id = s.key WHERE s.node = ${node} AND s.id ${anyOf(own.map((row) => row.id))}`);
  const stored = await tx.many<{ name: string; series: SeriesId }>(
    sql`SELECT name, series FROM metric_name WHERE node = ${node}`,
  );
  const known = new Map(stored.map(({ name, series }) => [name, series]));
  const right = wanted.filter(({ id, name }) => known.get(name) === id).length;
  if (right === wanted.length && right === stored.length) return 0;
  await tx.run(sql`DELETE FROM metric_name WHERE node = ${node}`);
  await putNames(
    tx,
    { id: node, project },
    wanted.map(({ id, name }) => ({ name, series: id })),
  );
  return Math.max(wanted.length, stored.length) - right;
}
