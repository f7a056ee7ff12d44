/** Facets as they stand: of each key the one that was said last, by the stamps of the events, never by their arrival. */
import { hash } from 'node:crypto';
import type { Tx } from '../../db/db.ts';
import type { EventId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { emptySql, rowBatches, sql, valueRows } from '../../kernel/sql.ts';
import type { Graph } from '../graph/index.ts';
import { type FacetScope, facetScopes } from './codes.ts';
import type { KnownIds } from './known-ids.ts';
import { mlFacets, type SentFacet } from './lineage-event.ts';
import { roleFacets } from './ml-facets.ts';
import { isLater, type Stamp } from './stamp.ts';

export interface NewFacet {
  readonly owner: NodeId;
  readonly scope: FacetScope;
  /** Of `input` and `output`: the asset. */
  readonly other?: NodeId;
  readonly facet: SentFacet;
  /** Of the event that says so. */
  readonly stamp: Stamp;
  readonly event: EventId;
}

/** Facets from which other things follow: it is told which of them hold from now on. */
const meaningfulKeys: ReadonlySet<string> = new Set([
  ...['parent', 'symlinks', mlFacets.model, mlFacets.deployment],
  ...roleFacets,
]);

/** UTF-16 units of a text that is known by itself. */
const longestKnown = 1_000;
/** Texts of one statement: their sum is what counts, and a body bounds it. */
const textsPerStatement = 64;

/** Keeps those that are later than what is stored; resolves to the meaningful ones among them. */
export async function putFacets(
  tx: Tx,
  graph: Graph,
  knownBodies: KnownIds<Uint8Array>,
  project: ProjectId,
  facets: readonly NewFacet[],
): Promise<NewFacet[]> {
  if (facets.length === 0) return [];
  const unique = latestOfEach(facets);
  const keys = await graph.keys.resolve(tx, [...new Set(facets.map(({ facet }) => facet.key))]);
  const hashes = await putBodies(tx, project, knownBodies, [...unique.values()]);
  const row = ({ owner, scope, other = 0 as NodeId, facet, stamp, event }: NewFacet) => [
    owner,
    facetScopes[scope],
    other,
    keys.get(facet.key)!,
    project,
    stamp,
    facet.removed ? null : hashes.get(facet.text)!,
    event,
  ];
  // Sorted, so that two transactions that put the same ones wait for each other in one order only.
  const sorted = [...unique.values()].sort(
    (a, b) =>
      a.owner - b.owner || (a.other ?? 0) - (b.other ?? 0) || keys.get(a.facet.key)! - keys.get(b.facet.key)!,
  );
  const meaningful = sorted.filter(({ facet }) => meaningfulKeys.has(facet.key));
  const plain = sorted.filter(({ facet }) => !meaningfulKeys.has(facet.key));
  for (const part of rowBatches(tx.dialect, plain)) await tx.run(upsert(part.map(row), emptySql));
  const won: NewFacet[] = [];
  for (const part of rowBatches(tx.dialect, meaningful)) {
    const stored = await tx.many<{ owner: NodeId; scope: number; other: NodeId; key: KeyId }>(
      upsert(part.map(row), sql` RETURNING owner, scope, other, key`),
    );
    const places = new Set(stored.map(({ owner, scope, other, key }) => `${owner} ${scope} ${other} ${key}`));
    won.push(
      ...part.filter(({ owner, scope, other = 0, facet }) =>
        places.has(`${owner} ${facetScopes[scope]} ${other} ${keys.get(facet.key)!}`),
      ),
    );
  }
  return won;
}

function upsert(rows: Parameters<typeof valueRows>[0], returning: typeof emptySql) {
  return sql`INSERT INTO facet (owner, scope, other, key, project, stamp, body, event) VALUES ${valueRows(rows)}
    ON CONFLICT (owner, scope, other, key) DO UPDATE SET stamp = excluded.stamp, body = excluded.body,
      event = excluded.event WHERE excluded.stamp > facet.stamp${returning}`;
}

const identityOf = ({ owner, scope, other = 0 as NodeId, facet }: NewFacet): string =>
  `${owner} ${facetScopes[scope]} ${other} ${facet.key}`;

/** Of what is said twice of one thing, what is said last: by the stamps, and within one event by its place. */
function latestOfEach(facets: readonly NewFacet[]): Map<string, NewFacet> {
  const unique = new Map<string, NewFacet>();
  for (const facet of facets) {
    const identity = identityOf(facet);
    const known = unique.get(identity);
    if (known === undefined || !isLater(known.stamp, facet.stamp)) unique.set(identity, facet);
  }
  return unique;
}

/** Hashes of the texts, which are stored where they are new. */
async function putBodies(
  tx: Tx,
  project: ProjectId,
  known: KnownIds<Uint8Array>,
  facets: readonly NewFacet[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const hashes = new Map<string, Uint8Array>();
  const fresh = new Map<string, Uint8Array>();
  const rows: [ProjectId, Uint8Array, string][] = [];
  for (const { facet } of facets) {
    if (facet.removed || hashes.has(facet.text)) continue;
    // Known by itself, a text needs no hash; a long one would fill the memory.
    const isShort = facet.text.length <= longestKnown;
    const found = isShort ? known.get(`${project} ${facet.text}`) : undefined;
    const digest = found ?? hash('sha256', facet.text, 'buffer');
    hashes.set(facet.text, digest);
    const key = `${project} ${isShort ? facet.text : Buffer.from(digest).toString('latin1')}`;
    if (known.has(key)) continue;
    fresh.set(key, digest);
    rows.push([project, digest, facet.text]);
  }
  rows.sort((a, b) => Buffer.compare(a[1], b[1]));
  for (const batch of rowBatches(tx.dialect, rows, textsPerStatement)) {
    await tx.run(sql`INSERT INTO facet_body (project, hash, text)
      VALUES ${valueRows(batch)} ON CONFLICT DO NOTHING`);
  }
  known.learn(tx, fresh);
  return hashes;
}
