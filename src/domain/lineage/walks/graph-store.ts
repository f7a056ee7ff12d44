/**
 * The storage port of engines/graph on a scan: the edges and nodes of one snapshot. A request reads a bounded number of rows at a time, so
 * a node with a million edges is never whole in memory.
 */
import type { Queries } from '../../../db/db.ts';
import {
  type Edge,
  type EdgeRequest,
  edgeBits,
  type GraphStore,
  type NodeFacts,
  type WalkedKind,
} from '../../../engines/graph/index.ts';
import { anyOf, emptySql, lookUp, rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import { edgeKinds } from '../../graph/index.ts';
import type { Origins } from '../answers/origins.ts';
import { NodeReader } from './node-facts.ts';

/** Rows of one statement: 10 MB of them on their way. */
const pageRows = 50_000;

const walked = Object.entries(edgeBits) as [WalkedKind, number][];
const bitOf: ReadonlyMap<number, number> = new Map(walked.map(([kind, bit]) => [edgeKinds[kind], bit]));

export interface GraphView {
  /** Projects whose nodes the reader may see; absent: all. */
  readonly projects?: ReadonlySet<number>;
  /** What was declared to come from nothing; absent: nothing. */
  readonly origins?: Origins;
}

type EdgeRow = { -readonly [Column in keyof Edge]: Edge[Column] };

export class StoredGraph implements GraphStore {
  readonly #queries: Queries;
  readonly #view: GraphView;
  readonly #nodes = new NodeReader();

  constructor(queries: Queries, view: GraphView = {}) {
    this.#queries = queries;
    this.#view = view;
  }

  async edges(request: EdgeRequest, take: (edge: Edge) => void): Promise<void> {
    const kinds = walked.flatMap(([kind, bit]) => ((request.kinds & bit) === 0 ? [] : edgeKinds[kind]));
    await this.#take(request, request.nodes, kinds, request.limit, take);
  }

  /** Hands over no more than `room` edges; how many. */
  async #take(
    request: EdgeRequest,
    nodes: readonly number[],
    kinds: readonly number[],
    room: number,
    take: (edge: Edge) => void,
  ): Promise<number> {
    const page = Math.min(room, pageRows);
    const { end, mostOfNode } = request;
    const some = lookUp('edge', 'e', end, nodes, sql`e.kind ${anyOf(kinds)} AND ${known(request)}`);
    const bounds = sql`LIMIT ${page}`;
    const rows = await this.#queries.many<EdgeRow>(
      mostOfNode === undefined
        ? sql`SELECT ${columnsOf(request.kinds)} FROM ${some} ${bounds}`
        : sql`SELECT ${columnsOf(request.kinds)} FROM (SELECT e.*, row_number() OVER (PARTITION BY e.${rawSql(end)} ORDER BY e.id) AS place
            FROM ${some}) e WHERE e.place <= ${mostOfNode} ${bounds}`,
    );
    if (rows.length < page || page === room) return this.#give(rows, take);
    // More than a page: the halves of the nodes, each alone; of one node one kind after the other, in the order of the index.
    const parts: [readonly number[], readonly number[]][] =
      nodes.length > 1
        ? [
            [nodes.slice(0, nodes.length >> 1), kinds],
            [nodes.slice(nodes.length >> 1), kinds],
          ]
        : kinds.map((kind) => [nodes, [kind]]);
    if (nodes.length === 1 && kinds.length === 1) return this.#hub(request, nodes[0]!, kinds[0]!, room, take);
    let given = 0;
    for (const [some, ofKinds] of parts) {
      if (given < room) given += await this.#take(request, some, ofKinds, room - given, take);
    }
    return given;
  }

  /** The edges of one kind of one node, page by page. */
  async #hub(
    request: EdgeRequest,
    node: number,
    kind: number,
    room: number,
    take: (edge: Edge) => void,
  ): Promise<number> {
    const other = request.end === 'source' ? 'target' : 'source';
    const [here, there] = [rawSql(`e.${request.end}`), rawSql(`e.${other}`)];
    let after: EdgeRow | undefined;
    for (let given = 0; ; ) {
      const page = Math.min(room - given, pageRows);
      if (page === 0) return given;
      const beyond =
        after === undefined ? emptySql : sql` AND (${there}, e.id) > (${after[other]}, ${after.id})`;
      const at = sql`${here} = ${node} AND e.kind = ${kind}${beyond}`;
      const rows = await this.#queries.many<EdgeRow>(
        sql`SELECT ${columnsOf(request.kinds)} FROM edge e WHERE ${at} AND ${known(request)}
          ORDER BY ${there}, e.id LIMIT ${page}`,
      );
      given += this.#give(rows, take);
      if (rows.length < page) return given;
      after = rows.at(-1);
    }
  }

  #give(rows: readonly EdgeRow[], take: (edge: Edge) => void): number {
    for (const row of rows) {
      row.kind = bitOf.get(row.kind) ?? 0;
      take(row);
    }
    return rows.length;
  }

  async nodes(ids: readonly number[], take: (node: NodeFacts) => void): Promise<void> {
    const { projects, origins } = this.#view;
    const all = await this.#nodes.read(this.#queries, ids);
    const declared = await origins?.among(all);
    for (const facts of all) {
      const origin = declared?.has(facts.id) === true;
      take({ ...facts, masked: projects?.has(facts.owner ?? 0) === false, origin });
    }
  }
}

/**
 * Of a used edge what it was for; of a binding the node of the read that it explains, which it names by the uid of its record: looked up for
 * bindings alone, since for a join PostgreSQL would read all nodes.
 */
function columnsOf(kinds: number): Sql {
  const role =
    (kinds & edgeBits.used) === 0 ? 'NULL' : `CASE WHEN e.kind = ${edgeKinds.used} THEN e.subtype END`;
  const explains =
    (kinds & edgeBits.binds) === 0
      ? 'NULL'
      : `CASE WHEN e.kind = ${edgeKinds.binds} THEN
        (SELECT r.id FROM node r WHERE r.project = e.project AND r.uid = e.source_slot) END`;
  return rawSql(`e.id, e.source, e.target, e.kind, e.known AS how, ${role} AS role,
    ${explains} AS explains, e.valid_from AS "validFrom", e.valid_to AS "validTo"`);
}

function known({ knownAt }: EdgeRequest): Sql {
  return knownAt === Infinity
    ? sql`e.known_to IS NULL`
    : sql`e.known_from <= ${knownAt} AND (e.known_to IS NULL OR e.known_to > ${knownAt})`;
}
