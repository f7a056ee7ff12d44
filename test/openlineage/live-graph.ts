/** What a project's graph says now, by uids: equal for everyone who was told the same, in whatever order. */
import type { Queries } from '../../src/db/db.ts';
import { nodeKinds } from '../../src/domain/graph/index.ts';
import type { ProjectId } from '../../src/kernel/ids.ts';
import { sql } from '../../src/kernel/sql.ts';

type Row = Readonly<Record<string, unknown>>;

/** Lines in one order. Left out: ids, when we knew, and which event said so. */
export async function liveGraph(queries: Queries, project: ProjectId): Promise<string[]> {
  const of = async (name: string, query: ReturnType<typeof sql>): Promise<string[]> =>
    (await queries.many<Row>(query)).map((row) => `${name} ${JSON.stringify(row, spell)}`);
  const lines = [
    ...(await of(
      'model',
      sql`SELECT n.uid, m.reference FROM model_claim m JOIN node n ON n.id = m.owner WHERE m.project = ${project}`,
    )),
    ...(await of(
      'node',
      sql`SELECT n.uid, n.kind, t.name AS type, n.name, n.state, n.deleted, n.uri, n.uri_canonical,
          CASE WHEN n.kind = ${nodeKinds.execution} THEN n.started END AS started, n.ended
        FROM node n JOIN type t ON t.id = n.type WHERE n.project = ${project} AND n.id <> ${project}`,
    )),
    ...(await of(
      'told',
      sql`SELECT n.uid, k.name AS key, p.text FROM property p JOIN node n ON n.id = p.owner JOIN type t ON t.id = n.type
        JOIN interned_key k ON k.id = p.key WHERE p.project = ${project} AND t.name = 'deployment' AND n.deleted = 0`,
    )),
    ...(await of(
      'share',
      sql`SELECT d.uid, k.name AS key, p.text, p.real FROM property p JOIN edge e ON e.id = p.owner JOIN node d ON d.id = e.target
        JOIN interned_key k ON k.id = p.key WHERE p.project = ${project} AND e.known_to IS NULL`,
    )),
    ...(await of(
      'edge',
      sql`SELECT s.uid AS source, CASE WHEN t.id = ${project} THEN 'project' ELSE t.uid END AS target, e.kind, e.subtype, e.source_slot, e.target_slot, e.known, e.rule,
          e.valid_from, e.valid_to
        FROM edge e JOIN node s ON s.id = e.source JOIN node t ON t.id = e.target
        WHERE e.project = ${project} AND e.known_to IS NULL`,
    )),
    ...(await of(
      'facet',
      sql`SELECT n.uid, f.scope, o.uid AS other, k.name AS key, f.stamp, b.text FROM facet f
        JOIN node n ON n.id = f.owner LEFT JOIN node o ON o.id = f.other JOIN interned_key k ON k.id = f.key
        LEFT JOIN facet_body b ON b.project = f.project AND b.hash = f.body WHERE f.project = ${project}`,
    )),
    ...(await of(
      'run',
      sql`SELECT n.uid, r.run_id, r.first, r.started, r.ended, r.state, r.rank, r.stamp, r.serves
        FROM job_run r JOIN node n ON n.id = r.node WHERE r.project = ${project}`,
    )),
    ...(await of(
      'state',
      sql`SELECT n.uid, s.type, s.at, s.stamp FROM run_state s JOIN node n ON n.id = s.run WHERE n.project = ${project}`,
    )),
    ...(await of(
      'io',
      sql`SELECT n.uid, i.direction, a.uid AS asset, i.first, i.version, i.version_stamp, r.uid AS record
        FROM run_io i JOIN node n ON n.id = i.run JOIN node a ON a.id = i.asset JOIN node r ON r.id = i.record
        WHERE n.project = ${project}`,
    )),
    ...(await of(
      'job',
      sql`SELECT n.uid, j.namespace, j.name, j.declared FROM job j JOIN node n ON n.id = j.node
        WHERE j.project = ${project}`,
    )),
    ...(await of(
      'derivation',
      sql`SELECT t.uid AS target, b.uid AS asserter, d.origin, d.stamp, d.removed FROM derivation d
        JOIN node t ON t.id = d.target LEFT JOIN node b ON b.id = d.run WHERE d.project = ${project}`,
    )),
    ...(await of(
      'link',
      sql`SELECT t.uid AS target, b.uid AS asserter, l.origin, l.field, s.uid AS source, l.source_field, l.how
        FROM derivation_link l JOIN node t ON t.id = l.target LEFT JOIN node b ON b.id = l.run
        JOIN node s ON s.id = l.source WHERE t.project = ${project}`,
    )),
    ...(await of(
      'use',
      sql`SELECT r.uid, u.direction, a.uid AS asset, u.uid AS record, u.at, u.version, u.binds, b.uid AS bound
        FROM dataset_use u JOIN node r ON r.id = u.run JOIN node a ON a.id = u.asset LEFT JOIN node b ON b.id = u.bound
        WHERE u.project = ${project}`,
    )),
    ...(await of(
      'mark',
      sql`SELECT m.uid, m.kind, m.value, h.uid AS hub FROM identity_mark m LEFT JOIN node h ON h.id = m.hub
        WHERE m.project = ${project}`,
    )),
    ...(await classes(queries, project)),
  ];
  return lines.sort();
}

/** Members of each class, for a class has no name of its own. */
async function classes(queries: Queries, project: ProjectId): Promise<string[]> {
  const rows = await queries.many<{ uid: string; class: number }>(
    sql`SELECT uid, class FROM node WHERE project = ${project}`,
  );
  const members = Map.groupBy(rows, (row) => row.class);
  return [...members.values()]
    .filter((list) => list.length > 1)
    .map((list) => `class ${list.map(({ uid }) => uid).sort()}`);
}

function spell(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const buffer = value as { type?: string; data?: number[] } | null;
  return buffer?.type === 'Buffer' ? Buffer.from(buffer.data ?? []).toString('hex') : value;
}
