/**
 * The edges and nodes that walks go over, kept in memory and exactly up to date: read whole once, and from then on what the log says has
 * changed. Every change of an edge or a node is made in the transaction of its event, so what the events after a position asserted,
 * retracted or buried is all that is new (docs/decisions/0091). Who reads is a thread of its own (graph-worker.ts).
 */
import type { Queries } from '../../../db/db.ts';
import type { ThreadReader } from '../../../db/thread-reader.ts';
import { edgeBits, MemoryGraph, type WalkedKind } from '../../../engines/graph/index.ts';
import { CairnError } from '../../../kernel/errors.ts';
import { lookUp, rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import { edgeKinds } from '../../graph/index.ts';
import { NodeReader } from './node-facts.ts';

/** Rows of one statement: some milliseconds each, between which the thread hears what it is told. */
const pageRows = 20_000;
/** Events of one snapshot. */
const pageEvents = 2_000;

/** Kinds of edges that are walked. As written: the indexes by which the log finds edges hold no others (0016-lineage-log.sql). */
const walked = Object.entries(edgeBits) as [WalkedKind, number][];
const walkedKinds = rawSql(`e.kind IN (${walked.map(([kind]) => edgeKinds[kind]).join(', ')})`);
const bitOf: ReadonlyMap<number, number> = new Map(walked.map(([kind, bit]) => [edgeKinds[kind], bit]));

interface EdgeRow {
  readonly id: number;
  readonly source: number;
  readonly target: number;
  readonly kind: number;
  readonly how: number;
  readonly role: string | null;
  readonly explains: number | null;
  readonly validFrom: number | null;
  readonly validTo: number | null;
  readonly knownFrom: number;
  readonly knownTo: number | null;
}

/**
 * A binding names the read that it explains by the uid of its record: looked up for bindings alone, since for a join PostgreSQL may read all
 * nodes.
 */
const edges = (from: Sql): Sql => sql`SELECT e.id, e.source, e.target, e.kind, e.known AS how,
    CASE WHEN e.kind = ${rawSql(String(edgeKinds.used))} THEN e.subtype END AS role,
    CASE WHEN e.kind = ${rawSql(String(edgeKinds.binds))} THEN
      (SELECT r.id FROM node r WHERE r.project = e.project AND r.uid = e.source_slot) END AS explains,
    e.valid_from AS "validFrom", e.valid_to AS "validTo", e.known_from AS "knownFrom", e.known_to AS "knownTo"
  FROM ${from}`;

interface EventRow {
  readonly id: number;
  readonly node: number;
  readonly position: number;
}

export class GraphColumns {
  readonly graph = new MemoryGraph();
  readonly #reader: ThreadReader;
  readonly #nodes = new NodeReader();
  readonly #mostBytes: number;
  /** All that the events up to here changed is in the columns. */
  #position = 0;

  constructor(reader: ThreadReader, mostBytes: number) {
    this.#reader = reader;
    this.#mostBytes = mostBytes;
  }

  get position(): number {
    return this.#position;
  }

  /**
   * Reads all there is, in short snapshots: what changes meanwhile is among the events after the first. `pause` is called between them.
   * Fails with `storage_full` if it is more than may be kept.
   */
  async load(pause: () => Promise<void>): Promise<void> {
    this.#position = await this.#reader.read(lastPosition);
    for (let after: number | undefined = 0; after !== undefined; ) {
      const from: number = after;
      after = await this.#reader.read(async (queries) => {
        const rows = await queries.many<EdgeRow>(
          sql`${edges(sql`edge e WHERE e.id > ${from} AND ${walkedKinds}`)} ORDER BY e.id LIMIT ${pageRows}`,
        );
        await this.#take(queries, rows, []);
        return rows.length < pageRows ? undefined : rows.at(-1)?.id;
      });
      await pause();
    }
    await this.advance(pause);
  }

  /** Takes in what was committed before the call, knows what these nodes are, and reads something else that is in the store just then. */
  async advance(
    pause: () => Promise<void>,
    nodes: readonly number[] = [],
    besides: (queries: Queries) => Promise<void> = async () => {},
  ): Promise<void> {
    for (let more = true; more; ) {
      more = await this.#reader.read(async (queries) => {
        const events = await queries.many<EventRow>(sql`SELECT id, node, position FROM event
          WHERE position > ${this.#position} ORDER BY position LIMIT ${pageEvents}`);
        const isEnd = events.length < pageEvents;
        // Committed, and not yet placed: another time they will be read again, with their position.
        const unplaced = isEnd
          ? await queries.many<Omit<EventRow, 'position'>>(
              sql`SELECT id, node FROM event WHERE position IS NULL`,
            )
          : [];
        const fresh = [...events, ...unplaced];
        const ids = fresh.map(({ id }) => id);
        const touched = fresh.map(({ node }) => node).filter((node) => this.graph.has(node));
        const rows = ids.length === 0 ? [] : await queries.many<EdgeRow>(changedBy(ids));
        await this.#take(queries, rows, touched);
        this.#position = events.at(-1)?.position ?? this.#position;
        if (!isEnd) return true;
        const unknown = nodes.filter((node) => !this.graph.has(node));
        await this.#learn(queries, unknown);
        await besides(queries);
        return false;
      });
      if (more) await pause();
    }
  }

  async #take(queries: Queries, rows: readonly EdgeRow[], touched: readonly number[]): Promise<void> {
    const unknown = new Set(touched);
    for (const row of rows) {
      this.graph.setEdge({ ...row, kind: bitOf.get(row.kind) ?? 0 });
      if (!this.graph.has(row.source)) unknown.add(row.source);
      if (!this.graph.has(row.target)) unknown.add(row.target);
      if (row.explains !== null && !this.graph.has(row.explains)) unknown.add(row.explains);
    }
    await this.#learn(queries, [...unknown]);
    if (this.graph.bytes > this.#mostBytes) {
      throw new CairnError('storage_full', 'The graph is larger than may be kept in memory.');
    }
  }

  async #learn(queries: Queries, nodes: readonly number[]): Promise<void> {
    for (const facts of await this.#nodes.read(queries, nodes)) this.graph.setNode(facts);
  }
}

function changedBy(events: readonly number[]): Sql {
  const [asserted, retracted] = ['asserted_by', 'retracted_by'].map((column) =>
    edges(lookUp('edge', 'e', column, events, walkedKinds)),
  );
  return sql`${asserted!} UNION ALL ${retracted!}`;
}

async function lastPosition(queries: Queries): Promise<number> {
  const row = await queries.one<{ last: number | null }>(sql`SELECT max(position) AS last FROM event`);
  return row?.last ?? 0;
}
