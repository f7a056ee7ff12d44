/**
 * An answer of any size: all that a walk found, page by page with names, nearest first. What is held is the walk in columns and one page;
 * who reads slowly holds up nobody.
 */
import type { Queries } from '../../../db/db.ts';
import { type FoundNode, type Strength, strengths, type Traversal } from '../../../engines/graph/index.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { type NodeKind, nodeKinds } from '../../graph/index.ts';
import type { WalkQuestion, WalkTold } from './walk-told.ts';

/** Nodes of a page: one statement for their names. */
const pageNodes = 2_000;

/** A node that a walk found, with its name. Those that the reader may not see are counted among the open ends and not here. */
export interface FoundRow {
  readonly id: NodeId;
  readonly uid: string;
  readonly kind: NodeKind;
  readonly type: string;
  readonly name: string | null;
  /** Of the best way to it: its weakest step. */
  readonly strength: Strength;
  readonly hops: number;
  /** It wrote down what explicitly derives from other things: it is no cause. */
  readonly aside: boolean;
}

export interface AnswerStream<Before> {
  /** What was read before the walk. */
  readonly before: Before;
  /** What the walk says of itself: whether it is all, and where it ends. */
  readonly told: WalkTold;
  /** To be read once. Ended early (`break`, `return`), it lets go of the walk. */
  readonly pages: AsyncIterableIterator<readonly FoundRow[]>;
}

/** A page on its way: columns, for a thread may have walked. */
export interface FoundColumns {
  readonly ids: Float64Array;
  /** Weakness (1 observed … 4 assumed), plus 8 for one that stands aside. */
  readonly marks: Uint8Array;
  readonly hops: Int32Array;
}

/** What of a walk is told, as pages of columns. */
export function* columnPages(walk: Traversal, question: WalkQuestion): Generator<FoundColumns> {
  const among = question.among && new Set(question.among);
  let page: FoundNode[] = [];
  for (const found of walk.found(question.kinds === undefined ? {} : { kinds: question.kinds })) {
    if (found.masked || (among === undefined ? found.start : !among.has(found.node))) continue;
    if (page.push(found) < pageNodes) continue;
    yield columnsOf(page);
    page = [];
  }
  if (page.length > 0) yield columnsOf(page);
}

function columnsOf(page: readonly FoundNode[]): FoundColumns {
  return {
    ids: Float64Array.from(page, ({ node }) => node),
    marks: Uint8Array.from(page, ({ strength, aside }) => strengths.indexOf(strength) + 1 + (aside ? 8 : 0)),
    hops: Int32Array.from(page, ({ hops }) => hops),
  };
}

/** The same with names, each column in the order of the page. */
export interface NamedColumns extends FoundColumns {
  readonly uids: readonly string[];
  readonly names: readonly (string | null)[];
  /** Of the node, as in the store. */
  readonly kinds: Uint8Array;
  /** Places in `typeNames`. */
  readonly types: Uint16Array;
  readonly typeNames: readonly string[];
}

interface NameRow {
  readonly id: number;
  readonly uid: string;
  readonly kind: number;
  readonly type: number;
  readonly name: string | null;
}

/** Gives pages their names. Keeps those of types. */
export class PageNames {
  readonly #places = new Map<number, number>();
  readonly #typeNames: string[] = [];

  async read(queries: Queries, { ids, marks, hops }: FoundColumns): Promise<NamedColumns> {
    const order = Uint32Array.from(ids.keys()).sort((one, other) => ids[one]! - ids[other]!);
    const rows = await queries.many<NameRow>(sql`SELECT n.id, n.uid, n.kind, n.type, n.name FROM node n
      WHERE n.id ${anyOf([...ids.slice().sort()])} ORDER BY n.id`);
    await this.#loadTypes(queries, rows);
    const uids = new Array<string>(ids.length).fill('');
    const names = new Array<string | null>(ids.length).fill(null);
    const [kinds, types] = [new Uint8Array(ids.length), new Uint16Array(ids.length)];
    let at = 0;
    for (const { id, uid, kind, type, name } of rows) {
      while (ids[order[at]!] !== id) at++;
      const place = order[at]!;
      uids[place] = uid;
      names[place] = name;
      kinds[place] = kind;
      types[place] = this.#places.get(type)!;
    }
    return { ids, uids, names, kinds, types, typeNames: this.#typeNames, marks, hops };
  }

  async #loadTypes(queries: Queries, rows: readonly NameRow[]): Promise<void> {
    const unknown = new Set<number>();
    for (const { type } of rows) if (!this.#places.has(type)) unknown.add(type);
    if (unknown.size === 0) return;
    const types = await queries.many<{ id: number; name: string }>(
      sql`SELECT id, name FROM type WHERE id ${anyOf([...unknown])}`,
    );
    for (const { id, name } of types) this.#places.set(id, this.#typeNames.push(name) - 1);
  }
}

const kindNames = new Map(
  Object.entries(nodeKinds).map(([name, code]) => [code as number, name as NodeKind]),
);

/** A node that is gone without a trace, as rows lost by hand are, is not told. */
export function rowsOf({ ids, uids, names, kinds, types, typeNames, marks, hops }: NamedColumns): FoundRow[] {
  const rows: FoundRow[] = [];
  for (let at = 0; at < uids.length; at++) {
    const kind = kindNames.get(kinds[at]!);
    if (kind === undefined) continue;
    const mark = marks[at]!;
    rows.push({
      ...{ id: ids[at] as NodeId, uid: uids[at]!, kind, type: typeNames[types[at]!]!, name: names[at]! },
      ...{ strength: strengths[(mark & 7) - 1]!, hops: hops[at]!, aside: mark >= 8 },
    });
  }
  return rows;
}
