/** What a walk needs to know of nodes, as rows tell it: the same for walks over the store and in memory. */
import type { Queries } from '../../../db/db.ts';
import type { NodeKind, OwnedFacts } from '../../../engines/graph/index.ts';
import { anyOf, lookUp, sql } from '../../../kernel/sql.ts';
import { nodeKinds } from '../../graph/index.ts';

const sortOf: ReadonlyMap<number, NodeKind> = new Map([
  [nodeKinds.execution, 'execution'],
  [nodeKinds.artifact, 'artifact'],
  [nodeKinds.asset, 'asset'],
]);

/** Keeps the kinds of types. */
export class NodeReader {
  readonly #kindOfType = new Map<number, number>();

  /** `owner` is the project. Whether they are masked or origins is the question's business. */
  async read(queries: Queries, ids: readonly number[]): Promise<OwnedFacts[]> {
    if (ids.length === 0) return [];
    const rows = await queries.many<{ id: number; project: number; kind: number; type: number }>(
      sql`SELECT n.id, n.project, n.kind, n.type FROM ${lookUp('node', 'n', 'id', ids)}`,
    );
    await this.#loadTypes(queries, new Set(rows.map(({ type }) => type)));
    return rows.map(({ id, project, kind, type }) => {
      const ofType = this.#kindOfType.get(type);
      return {
        ...{ id, type, owner: project, kind: sortOf.get(ofType ?? kind) ?? 'other' },
        // What it was is told by its type alone.
        ...{ purged: kind !== ofType, masked: false, origin: false },
      };
    });
  }

  async #loadTypes(queries: Queries, types: ReadonlySet<number>): Promise<void> {
    const unknown = [...types].filter((type) => !this.#kindOfType.has(type));
    if (unknown.length === 0) return;
    const rows = await queries.many<{ id: number; kind: number }>(
      sql`SELECT id, kind FROM type WHERE id ${anyOf(unknown)}`,
    );
    for (const { id, kind } of rows) this.#kindOfType.set(id, kind);
  }
}
