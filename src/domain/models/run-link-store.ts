import type { Queries } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { EdgeId, NodeId, Uid } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { type ArtifactState, artifactStates, edgeKinds, type Graph } from '../graph/index.ts';

/** One edge between a run and a logged model. */
export interface LinkRow {
  readonly edge: EdgeId;
  readonly run: NodeId;
  /** `source`: the model names the run as the one that made it. */
  readonly role: 'input' | 'output' | 'source';
  readonly uid: Uid;
  readonly name: string;
  readonly status: ArtifactState;
  readonly deleted: boolean;
}

interface StoredLink {
  readonly edge: EdgeId;
  readonly run: NodeId;
  readonly subtype: string | null;
  readonly uid: Uid;
  readonly name: string;
  readonly state: number;
  readonly deleted: number;
}

/** The edges between these runs and logged models, in the order they were asserted: two statements. */
export async function modelLinks(
  queries: Queries,
  graph: Graph,
  runs: readonly NodeId[],
): Promise<LinkRow[]> {
  const { 'logged-model': type } = graph.types;
  const inputs =
    await queries.many<StoredLink>(sql`SELECT e.id AS edge, e.target AS run, e.subtype, m.uid, m.name, m.state,
      m.deleted FROM edge e JOIN node m ON m.id = e.source
    WHERE e.target ${anyOf(runs)} AND e.kind = ${edgeKinds.used} AND e.known_to IS NULL AND m.type = ${type} ORDER BY e.id`);
  const made =
    await queries.many<StoredLink>(sql`SELECT e.id AS edge, e.source AS run, e.subtype, m.uid, m.name, m.state,
      m.deleted FROM edge e JOIN node m ON m.id = e.target
    WHERE e.source ${anyOf(runs)} AND e.kind = ${edgeKinds.generated} AND e.known_to IS NULL AND m.type = ${type} ORDER BY e.id`);
  return [
    ...inputs.map((row) => linkRow(row, 'input')),
    ...made.map((row) => linkRow(row, row.subtype === 'output' ? 'output' : 'source')),
  ];
}

function linkRow(row: StoredLink, role: LinkRow['role']): LinkRow {
  const { edge, run, uid, name } = row;
  const status = wordOf(artifactStates, row.state);
  return { edge, run, uid, name, role, status, deleted: row.deleted !== 0 };
}
