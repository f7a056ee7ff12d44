/** What follows from a node and what it comes from, as faces ask it. What answers is loaded with the first question. */
import type { Strength } from '../../engines/graph/index.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Graph } from '../graph/index.ts';
import type { When } from './evidence-store.ts';
import type { GraphNode, NeighbourQuestion, Neighbours } from './neighbour-wire.ts';
import type { Ancestry, Impact } from './questions.ts';
import type { Walks } from './walks.ts';

export const walkLimits = {
  /** Nodes of a list that are told, each with its way. */
  items: 1_000,
  depth: 1_000,
  /** Nodes that a walk finds, and edges that it reads. */
  nodes: 1_000_000,
  edges: 5_000_000,
  /** Versions of an asset that a walk begins at. */
  versions: 100_000,
  /** Open ends that are told of each walk; all are counted. */
  openEnds: 100,
} as const;

export interface LineageQuestion extends When {
  /** Uid of a node: of an asset all its versions are asked about. */
  readonly of: string;
  readonly depth?: number | undefined;
  readonly weakest?: Strength | undefined;
  readonly evaluation?: boolean | undefined;
  readonly limit: number;
}

export class Lineage {
  readonly #graph: Graph;
  #opened: Walks | undefined;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** What derives from it; of what is deployed also whether anybody can say. */
  async impact(
    context: RequestContext,
    project: ProjectId,
    question: LineageQuestion & { readonly deployed: boolean },
  ): Promise<Impact> {
    const { impactOf } = await import('./questions.ts');
    return impactOf(await this.#walks(), this.#graph, context, project, question);
  }

  /** What it comes from, and apart what it was only judged by. */
  async ancestry(context: RequestContext, project: ProjectId, question: LineageQuestion): Promise<Ancestry> {
    const { ancestryOf } = await import('./questions.ts');
    return ancestryOf(await this.#walks(), context, project, question);
  }

  async #walks(): Promise<Walks> {
    const { Walks } = await import('./walks.ts');
    this.#opened ??= new Walks(this.#graph.db);
    return this.#opened;
  }

  /** One step from a node, for those who walk by hand. */
  async neighbours(
    context: RequestContext,
    project: ProjectId,
    question: NeighbourQuestion,
  ): Promise<Neighbours> {
    const { neighboursOf } = await import('./neighbours.ts');
    return neighboursOf(this.#graph, context, project, question);
  }

  /** What nodes are called. */
  async nodes(
    context: RequestContext,
    project: ProjectId,
    uids: readonly string[],
    when: When,
  ): Promise<GraphNode[]> {
    const { graphNodes } = await import('./neighbours.ts');
    return graphNodes(this.#graph, context, project, uids, when);
  }
}
