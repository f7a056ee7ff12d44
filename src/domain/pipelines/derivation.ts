/**
 * What targets were made from, where somebody said so outright: by the lineage facet of a job or of a dataset, else by its
 * columnLineage. Each statement is a claim of a run, of a job's declaration, or of neither, about one target; the latest
 * holds. Edges `derived` follow from them and from the versions that a run's reads are bound to, and can be made again.
 */
import { hash } from 'node:crypto';
import type { Queries, Tx } from '../../db/db.ts';
import type { EdgeId, EventId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, rowBatches, sql, valueRows } from '../../kernel/sql.ts';
import { faceCodes } from '../events/index.ts';
import { edgeKinds, type Graph, insertEdges, type NewEdge } from '../graph/index.ts';
import { ioDirections, type Origin, origins } from './codes.ts';
import { closeEdges } from './run-store.ts';
import { isLater, type Stamp } from './stamp.ts';

export interface Link {
  readonly field: string | undefined;
  readonly source: NodeId;
  readonly sourceField: string | undefined;
  readonly how: string | undefined;
}

export interface NewDerivation {
  readonly target: NodeId;
  /** Which run, or job, says so; 0 for none. */
  readonly by: NodeId | 0;
  readonly origin: Origin;
  readonly links: readonly Link[];
  readonly removed: boolean;
  /** Of the event that says so. */
  readonly stamp: Stamp;
  readonly event: EventId;
}

/** Keeps those that are later than what is stored; resolves to the targets about which something else is said now. */
export async function putDerivations(
  tx: Tx,
  project: ProjectId,
  derivations: readonly NewDerivation[],
): Promise<NodeId[]> {
  if (derivations.length === 0) return [];
  const unique = new Map<string, NewDerivation>();
  for (const derivation of derivations) {
    const place = placeOf(derivation);
    const known = unique.get(place);
    if (known === undefined || !isLater(known.stamp, derivation.stamp)) unique.set(place, derivation);
  }
  const digests = new Map([...unique].map(([place, { links }]) => [place, digestOf(links)]));
  const targets = [...new Set([...unique.values()].map(({ target }) => target))];
  const before =
    await tx.many<StoredDerivation>(sql`SELECT target, run, origin, digest, removed FROM derivation
    WHERE target ${anyOf(targets)}${tx.dialect.forUpdate}`);
  const stored = new Map(before.map((row) => [`${row.target} ${row.run} ${row.origin}`, row]));
  const sorted = [...unique].sort(([, a], [, b]) => a.target - b.target || a.by - b.by);
  const won = new Set<string>();
  for (const part of rowBatches(tx.dialect, sorted)) {
    const rows = part.map(([place, { target, by, origin, removed, stamp, event }]) => [
      ...[target, by, origins[origin], project, stamp],
      ...[digests.get(place)!, removed ? 1 : 0, event],
    ]);
    const kept = await tx.many<{ target: NodeId; run: NodeId; origin: number }>(
      sql`INSERT INTO derivation (target, run, origin, project, stamp, digest, removed, event) VALUES ${valueRows(rows)}
        ON CONFLICT (target, run, origin) DO UPDATE SET stamp = excluded.stamp, digest = excluded.digest,
          removed = excluded.removed, event = excluded.event WHERE excluded.stamp > derivation.stamp
        RETURNING target, run, origin`,
    );
    for (const row of kept) won.add(`${row.target} ${row.run} ${row.origin}`);
  }
  const changed = sorted.filter(([place, { removed }]) => {
    const old = stored.get(place);
    const isSame =
      old !== undefined &&
      Buffer.compare(old.digest, digests.get(place)!) === 0 &&
      (old.removed === 1) === removed;
    return won.has(place) && !isSame;
  });
  await replaceLinks(
    tx,
    changed.map(([place, derivation]) => ({ derivation, isStored: stored.has(place) })),
  );
  return [...new Set(changed.map(([, { target }]) => target))];
}

interface StoredDerivation {
  readonly target: NodeId;
  readonly run: NodeId;
  readonly origin: number;
  readonly digest: Uint8Array;
  readonly removed: number;
}

const placeOf = ({ target, by, origin }: NewDerivation): string => `${target} ${by} ${origins[origin]}`;

/** Of the links in any order. */
function digestOf(links: readonly Link[]): Uint8Array {
  const texts = links.map((link) => JSON.stringify([link.field, link.source, link.sourceField, link.how]));
  return hash('sha256', texts.sort().join('\n'), 'buffer');
}

async function replaceLinks(
  tx: Tx,
  changed: readonly { readonly derivation: NewDerivation; readonly isStored: boolean }[],
): Promise<void> {
  for (const { derivation, isStored } of changed) {
    if (!isStored) continue;
    await tx.run(sql`DELETE FROM derivation_link WHERE target = ${derivation.target} AND run = ${derivation.by}
      AND origin = ${origins[derivation.origin]}`);
  }
  const rows = changed.flatMap(({ derivation: { target, by, origin, links } }) =>
    links.map(({ field, source, sourceField, how }, index) => [
      ...[target, by, origins[origin], index],
      ...[field ?? null, source, sourceField ?? null, how ?? null],
    ]),
  );
  for (const batch of rowBatches(tx.dialect, rows)) {
    await tx.run(sql`INSERT INTO derivation_link (target, run, origin, place, field, source, source_field, how)
      VALUES ${valueRows(batch)}`);
  }
}

/** What one job, or run, said of targets, besides these, is said no more; resolves to the targets. */
export async function dropDerivations(tx: Tx, by: NodeId, kept: ReadonlySet<NodeId>): Promise<NodeId[]> {
  const rows = await tx.many<{ target: NodeId }>(
    sql`SELECT DISTINCT target FROM derivation WHERE run = ${by}`,
  );
  const dropped = rows.map(({ target }) => target).filter((target) => !kept.has(target));
  if (dropped.length > 0) {
    await tx.run(sql`DELETE FROM derivation_link WHERE run = ${by} AND target ${anyOf(dropped)}`);
    await tx.run(sql`DELETE FROM derivation WHERE run = ${by} AND target ${anyOf(dropped)}`);
  }
  return dropped;
}

/** Targets of which these runs said what they were made from. */
export async function targetsOfRuns(tx: Tx, runs: readonly NodeId[]): Promise<NodeId[]> {
  if (runs.length === 0) return [];
  const rows = await tx.many<{ target: NodeId }>(
    sql`SELECT DISTINCT target FROM derivation WHERE run ${anyOf(runs)}`,
  );
  return rows.map(({ target }) => target);
}

const rules: Readonly<Record<number, string>> = {
  [origins.jobLineage]: 'lineage facet',
  [origins.datasetLineage]: 'lineage facet',
  [origins.columnLineage]: 'column lineage',
};

interface Spoken {
  readonly project: ProjectId;
  readonly target: NodeId;
  readonly run: NodeId;
  readonly origin: number;
  readonly source: NodeId | null;
  readonly uid: Uid | null;
}

interface LiveEdge {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly rule: string | null;
  readonly valid_from: number | null;
}

/** Edges that say what does not follow, and those that nobody has made. Five statements, whatever the number of targets. */
export async function derivedDifferences(
  queries: Queries,
  targets: readonly NodeId[],
): Promise<{ readonly stale: readonly EdgeId[]; readonly missing: readonly WantedEdge[] }> {
  const wanted = await wantedEdges(queries, targets);
  const live = await queries.many<LiveEdge>(sql`SELECT id, source, target, rule, valid_from FROM edge
    WHERE target ${anyOf(targets)} AND kind = ${edgeKinds.derived} AND known_to IS NULL
      AND face = ${faceCodes.openlineage} ORDER BY id`);
  const stale: EdgeId[] = [];
  for (const edge of live) {
    const place = `${edge.source} ${edge.target}`;
    const want = wanted.get(place);
    if (want !== undefined && want.rule === edge.rule && want.validFrom === edge.valid_from)
      wanted.delete(place);
    else stale.push(edge.id);
  }
  return { stale, missing: [...wanted.values()] };
}

/**
 * Makes the edges `derived` into these targets what they should be: from the version that the run's read is bound to, else
 * from the source itself. An edge that is right already stays. Resolves to how many were wrong or missing.
 */
export async function deriveEdges(
  tx: Tx,
  graph: Graph,
  context: RequestContext,
  event: EventId,
  targets: readonly NodeId[],
): Promise<number> {
  if (targets.length === 0) return 0;
  const { stale, missing } = await derivedDifferences(tx, targets);
  await closeEdges(tx, stale, context.clock.now(), event);
  if (missing.length === 0) return stale.length;
  const first = await graph.db.nextIds(missing.length);
  const edges = missing.map(
    (edge, index): NewEdge => ({
      ...edge,
      id: (first + index) as EdgeId,
      kind: 'derived',
      known: 'declared',
      event,
    }),
  );
  await insertEdges(tx, context, edges);
  return stale.length + missing.length;
}

type WantedEdge = Pick<NewEdge, 'project' | 'source' | 'target' | 'validFrom'> & { readonly rule: string };

async function wantedEdges(tx: Queries, targets: readonly NodeId[]): Promise<Map<string, WantedEdge>> {
  const spoken =
    await tx.many<Spoken>(sql`SELECT DISTINCT d.project, d.target, d.run, d.origin, l.source, n.uid
    FROM derivation d LEFT JOIN derivation_link l ON l.target = d.target AND l.run = d.run AND l.origin = d.origin
    LEFT JOIN node n ON n.id = l.source
    WHERE d.target ${anyOf(targets)} AND d.removed = 0`);
  const runs = [...new Set(spoken.map(({ run }) => run))];
  const written = await tx.many<{ run: NodeId; record: NodeId; first: number }>(
    sql`SELECT run, record, first FROM run_io WHERE run ${anyOf(runs)} AND direction = ${ioDirections.write}`,
  );
  const since = new Map(written.map((row) => [`${row.run} ${row.record}`, row.first]));
  const bound = await boundVersions(tx, runs);
  const wanted = new Map<string, WantedEdge>();
  for (const { project, target, run, origin, source, uid } of outspoken(spoken)) {
    if (source === null) continue;
    const rule = rules[origin]!;
    const validFrom = since.get(`${run} ${target}`) ?? null;
    for (const from of bound.get(`${run} ${uid}`) ?? [source]) {
      const place = `${from} ${target}`;
      const known = wanted.get(place);
      if (known === undefined || (known.rule !== rule && rule === 'lineage facet')) {
        wanted.set(place, { project, source: from, target, rule, validFrom });
      } else if (known.rule === rule) {
        // Two that say the same are one edge, from when the first was true.
        const earliest =
          known.validFrom === null || validFrom === null ? null : Math.min(known.validFrom, validFrom);
        wanted.set(place, { ...known, validFrom: earliest });
      }
    }
  }
  return wanted;
}

/** Column lineage counts only where no lineage facet of the same run speaks of the target. */
function outspoken(spoken: readonly Spoken[]): Spoken[] {
  const explicit = new Set(
    spoken
      .filter(({ origin }) => origin !== origins.columnLineage)
      .map(({ target, run }) => `${target} ${run}`),
  );
  return spoken.filter(
    ({ target, run, origin }) => origin !== origins.columnLineage || !explicit.has(`${target} ${run}`),
  );
}

/** Versions that the reads of runs are bound to, by run and the uid of the record that was read. */
async function boundVersions(tx: Queries, runs: readonly NodeId[]): Promise<ReadonlyMap<string, NodeId[]>> {
  const rows = await tx.many<{ run: NodeId; source: NodeId; slot: string | null }>(
    sql`SELECT target AS run, source, source_slot AS slot FROM edge
      WHERE target ${anyOf(runs)} AND kind = ${edgeKinds.binds} AND known_to IS NULL ORDER BY source`,
  );
  const bound = new Map<string, NodeId[]>();
  for (const { run, source, slot } of rows) {
    const key = `${run} ${slot}`;
    bound.set(key, [...(bound.get(key) ?? []), source]);
  }
  return bound;
}
