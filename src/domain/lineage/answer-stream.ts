/**
 * An answer of any size: all that a walk found, page by page with names, nearest first. What is held is the walk in columns and one page;
 * who reads slowly holds up nobody.
 */
import type { Queries } from '../../db/db.ts';
import { type FoundNode, type Strength, strengths, type Traversal } from '../../engines/graph/index.ts';
import { wordOf } from '../../kernel/codes.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { type NodeKind, nodeKinds } from '../graph/index.ts';
import type { WalkQuestion, WalkTold } from './walk-told.ts';

/** Nodes of a page: one statement for their names. */
const pageNodes = 2_000;

/** A node that a walk found, with its name. Those that the reader may not see are counted among the open ends and not here. */
export interface FoundRow {
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

interface NameRow {
  readonly id: number;
  readonly uid: string;
  readonly kind: number;
  readonly type: number;
  readonly name: string | null;
}

/** Gives pages their names. Keeps those of types. */
export class PageNames {
  readonly #types = new Map<number, string>();

  async rows(queries: Queries, { ids, marks, hops }: FoundColumns): Promise<FoundRow[]> {
    const names = await queries.many<NameRow>(
      sql`SELECT n.id, n.uid, n.kind, n.type, n.name FROM node n WHERE n.id ${anyOf([...ids].sort(byNumber))}`,
    );
    await this.#loadTypes(queries, names);
    const byId = new Map(names.map((row) => [row.id, row]));
    const rows: FoundRow[] = [];
    for (const [at, id] of ids.entries()) {
      const name = byId.get(id);
      if (name === undefined) continue;
      const mark = marks[at]!;
      rows.push({
        uid: name.uid,
        kind: wordOf(nodeKinds, name.kind),
        type: this.#types.get(name.type) ?? '',
        name: name.name,
        strength: strengths[(mark & 7) - 1]!,
        hops: hops[at]!,
        aside: mark >= 8,
      });
    }
    return rows;
  }

  async #loadTypes(queries: Queries, rows: readonly NameRow[]): Promise<void> {
    const unknown = new Set<number>();
    for (const { type } of rows) if (!this.#types.has(type)) unknown.add(type);
    if (unknown.size === 0) return;
    const types = await queries.many<{ id: number; name: string }>(
      sql`SELECT id, name FROM type WHERE id ${anyOf([...unknown])}`,
    );
    for (const { id, name } of types) this.#types.set(id, name);
  }
}

const byNumber = (one: number, other: number) => one - other;
