/** One settlement under way: where it writes, and the edges it has decided on, which are written together. */
import type { EdgeId, EventId, NodeId, ProjectId } from '../../../kernel/ids.ts';
import { claimingAs, type RequestContext } from '../../../kernel/request-context.ts';
import { principals } from '../../access/index.ts';
import type { EventTx } from '../../events/index.ts';
import { type Graph, insertEdges, type NewEdge, retractEdges } from '../../graph/index.ts';
import { chunksOf } from './value-table.ts';

export interface SettlingScope {
  readonly tx: EventTx;
  readonly graph: Graph;
  readonly context: RequestContext;
  readonly project: ProjectId;
}

/** Edges of one statement: eighteen values each. */
const edgesPerStatement = 1_000;

export class Settling {
  readonly tx: EventTx;
  readonly project: ProjectId;
  readonly #graph: Graph;
  readonly #context: RequestContext;
  #claimed: Omit<NewEdge, 'event'>[] = [];
  #derived: Omit<NewEdge, 'event'>[] = [];
  #retracted: EdgeId[] = [];
  #written = 0;

  constructor({ tx, graph, context, project }: SettlingScope) {
    this.tx = tx;
    this.project = project;
    this.#graph = graph;
    this.#context = context;
  }

  /** New ids, of edges unless said otherwise. */
  async ids<Id extends EdgeId | NodeId = EdgeId>(count: number): Promise<readonly Id[]> {
    if (count === 0) return [];
    const first = await this.#graph.db.nextIds(count);
    return Array.from({ length: count }, (_, index) => (first + index) as Id);
  }

  /** An edge that the face itself says is so. */
  claim(edge: Omit<NewEdge, 'event'>): void {
    this.#claimed.push(edge);
  }

  /** An edge that follows from what faces said. */
  assert(edge: Omit<NewEdge, 'event'>): void {
    this.#derived.push(edge);
  }

  retract(edges: readonly EdgeId[]): void {
    for (const edge of edges) this.#retracted.push(edge);
  }

  /** Edges that it made or withdrew. */
  get written(): number {
    return this.#written;
  }

  /** Writes what was decided so far. */
  async flush(): Promise<void> {
    const event: EventId = this.tx.eventId;
    this.#written += this.#claimed.length + this.#derived.length + this.#retracted.length;
    for (const chunk of chunksOf(this.#retracted)) await retractEdges(this.tx, this.#context, chunk, event);
    const system = { ...claimingAs(this.#context, 'system'), actor: principals.system };
    for (const [edges, context] of [
      [this.#claimed, this.#context],
      [this.#derived, system],
    ] as const) {
      for (const chunk of chunksOf(edges, edgesPerStatement)) {
        await insertEdges(
          this.tx,
          context,
          chunk.map((edge) => ({ ...edge, event })),
        );
      }
    }
    [this.#claimed, this.#derived, this.#retracted] = [[], [], []];
  }
}
