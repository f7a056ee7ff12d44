/** What follows from a node and what it comes from, as faces ask it. What answers is loaded with the first question. */
import type { Strength } from '../../engines/graph/index.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { Flow } from '../../kernel/operation.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Artifacts } from '../artifacts/index.ts';
import type { FacetSource } from '../datasets/index.ts';
import type { Events, Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { When } from './answers/evidence-store.ts';
import type { World } from './answers/labels.ts';
import type { Declaration, DeclarationSearch, NewDeclaration } from './declarations/declarations.ts';
import type { Marks, Reach, Touched } from './declarations/taints.ts';
import type { Difference, DifferenceQuestion } from './difference/difference.ts';
import type { Common, CommonQuestion } from './joint-ancestry.ts';
import type { GraphNode, NeighbourQuestion, Neighbours } from './nodes/neighbour-wire.ts';
import type { Ancestry, Impact, ImpactQuestion } from './questions.ts';
import type { Candidate } from './references.ts';
import type { GraphMemory } from './walks/graph-memory.ts';
import type { Walks } from './walks/walks.ts';

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

export const referenceLimits = {
  /** Characters of a reference: a canonical place has 4,096, a version behind it 250. */
  length: 4_400,
  /** Things that are named where a reference is not clear. */
  candidates: 5,
} as const;

/** What of data changes, and has no interval: tags and facets. */
export const untimedFacts = ['licence', 'owner', 'description'] as const;
export type UntimedFact = (typeof untimedFacts)[number];

/** The same of a difference: tags, properties, facets, series, files. */
export const untimedParts = ['code', 'params', 'environment', 'metrics'] as const;
export type UntimedPart = (typeof untimedParts)[number];

export const declarationLimits = {
  /** Characters of why. */
  note: 5_000,
} as const;

export interface LineageQuestion extends When {
  /** A node as people write it (references.ts): of an asset all its versions are asked about. */
  readonly of: string;
  readonly depth?: number | undefined;
  readonly weakest?: Strength | undefined;
  readonly evaluation?: boolean | undefined;
  readonly limit: number;
}

/** What a reference may mean. */
export interface Resolved {
  /** The one it means; undefined where it is not clear. */
  readonly node: Candidate | undefined;
  /** All that it may mean, or, where it means nothing, what comes near. */
  readonly candidates: readonly Candidate[];
  readonly why: string | undefined;
}

export interface LineageOptions {
  /** Bytes that the graph may take in memory; 0 or absent: it is walked over the store alone. */
  readonly memory?: number;
  /** For the operator. */
  readonly log?: (message: string, cause: unknown) => void;
}

export class Lineage {
  readonly #parts: Omit<World, 'scope'>;
  readonly #journal: Journal;
  readonly #events: Events;
  readonly #options: LineageOptions & { readonly clock: Clock };
  #walking: Promise<Walks> | undefined;
  #memory: GraphMemory | undefined;

  constructor(
    graph: Graph,
    journal: Journal,
    events: Events,
    facets: FacetSource,
    options: LineageOptions & { readonly clock: Clock },
  ) {
    this.#parts = { graph, facets };
    this.#journal = journal;
    this.#events = events;
    this.#options = options;
  }

  #world({ scope }: RequestContext): World {
    return { ...this.#parts, scope };
  }

  /** Figures of the graph in memory, for the metrics page. */
  gauges(): Readonly<Record<string, number>> {
    return this.#memory?.gauges ?? {};
  }

  /** Before the store is closed. */
  async close(): Promise<void> {
    await this.#walking;
    await this.#memory?.close();
  }

  /** What derives from it; of what is deployed also whether anybody can say. */
  async impact(context: RequestContext, project: ProjectId, question: ImpactQuestion): Promise<Impact> {
    const { impactOf } = await import('./questions.ts');
    return impactOf(await this.#walks(), this.#world(context), context, project, question);
  }

  /** The same as rows of text, however many. */
  async impactRows(
    context: RequestContext,
    project: ProjectId,
    question: ImpactQuestion,
    format: 'csv' | 'ndjson',
  ): Promise<Flow> {
    const { impactRows, rowFormats } = await import('./answers/answer-rows.ts');
    const rows = await impactRows(await this.#walks(), this.#world(context), context, project, question);
    const { contentType, write } = rowFormats[format];
    return { contentType, body: write(rows) };
  }

  /** What it comes from, and apart what it was only judged by. */
  async ancestry(context: RequestContext, project: ProjectId, question: LineageQuestion): Promise<Ancestry> {
    const { ancestryOf } = await import('./questions.ts');
    return ancestryOf(await this.#walks(), this.#world(context), context, project, question);
  }

  /** What two nodes both come from. */
  async common(context: RequestContext, project: ProjectId, question: CommonQuestion): Promise<Common> {
    const { commonOf } = await import('./joint-ancestry.ts');
    return commonOf(await this.#walks(), this.#world(context), context, project, question);
  }

  /** What differs between two versions of a model. */
  async difference(
    context: RequestContext,
    project: ProjectId,
    artifacts: Artifacts,
    question: DifferenceQuestion,
  ): Promise<Difference> {
    const { differenceOf } = await import('./difference/difference.ts');
    return differenceOf(await this.#walks(), this.#world(context), artifacts, context, project, question);
  }

  /** What people mean by a text; nothing that is asked so is refused. */
  async resolve(
    context: RequestContext,
    project: ProjectId,
    text: string,
    asOf: number | undefined,
  ): Promise<Resolved> {
    const { resolved } = await import('./references.ts');
    return this.#parts.graph.db.scan(
      (queries) => resolved(queries, this.#world(context), project, { text, field: 'ref', asOf }),
      context.signal,
    );
  }

  /** That nothing comes before a node. */
  async declareSource(
    context: RequestContext,
    project: ProjectId,
    source: NewDeclaration,
  ): Promise<Declaration> {
    const { declare } = await import('./declarations/declarations.ts');
    return declare(this.#world(context), this.#journal, context, project, 'origin', source);
  }

  /** `not_found` on `of` where nothing is declared of it. */
  async withdrawSource(context: RequestContext, project: ProjectId, of: string): Promise<void> {
    const { withdraw } = await import('./declarations/declarations.ts');
    return withdraw(this.#world(context), this.#journal, context, project, 'origin', of);
  }

  /** The latest first. */
  async sources(
    context: RequestContext,
    project: ProjectId,
    search: DeclarationSearch,
  ): Promise<Page<Declaration>> {
    const { listDeclarations } = await import('./declarations/declarations.ts');
    return listDeclarations(this.#world(context), context, project, 'origin', search);
  }

  /** That a version, or versions since some day, are wrong. */
  async declareTaint(
    context: RequestContext,
    project: ProjectId,
    said: NewDeclaration,
  ): Promise<Declaration> {
    const { declareTaint } = await import('./declarations/taints.ts');
    const logged = await this.#events.last();
    return declareTaint(
      this.#world(context),
      await this.#walks(),
      this.#journal,
      context,
      project,
      said,
      logged,
    );
  }

  /** `not_found` on `of` where nothing is declared of it. */
  async withdrawTaint(context: RequestContext, project: ProjectId, of: string): Promise<void> {
    const { withdraw } = await import('./declarations/declarations.ts');
    return withdraw(this.#world(context), this.#journal, context, project, 'taint', of);
  }

  /** The latest first. */
  async taints(
    context: RequestContext,
    project: ProjectId,
    search: DeclarationSearch,
  ): Promise<Page<Declaration>> {
    const { listDeclarations } = await import('./declarations/declarations.ts');
    return listDeclarations(this.#world(context), context, project, 'taint', search);
  }

  /** What derives now from what is declared wrong; undefined where nothing is. */
  async reach(
    context: RequestContext,
    project: ProjectId,
    of: string,
    limit: number,
  ): Promise<Reach | undefined> {
    const { reachOf } = await import('./declarations/taints.ts');
    return reachOf(this.#world(context), await this.#walks(), context, project, of, limit);
  }

  /** What would be touched if it were declared wrong. */
  async touched(
    context: RequestContext,
    project: ProjectId,
    what: { readonly of: string; readonly since: number | null; readonly limit: number },
  ): Promise<Touched> {
    const { touchedBy } = await import('./declarations/taints.ts');
    return touchedBy(this.#world(context), await this.#walks(), context, project, what);
  }

  /** What was declared of a node, and of what it derives from, as far as pages tell it. */
  async marks(context: RequestContext, project: ProjectId, of: string): Promise<Marks> {
    const { marksOf } = await import('./declarations/taints.ts');
    return marksOf(this.#world(context), await this.#walks(), context, project, of);
  }

  /** Looks through the log for what comes to derive from something that is declared wrong; resolves to whether anything is. */
  async look(context: RequestContext): Promise<boolean> {
    const { graph } = this.#parts;
    const { watchedTo } = await import('./declarations/taint-store.ts');
    if ((await graph.db.read(watchedTo)) === undefined) return false;
    const { look } = await import('./declarations/taint-look.ts');
    const parts = { world: this.#world(context), journal: this.#journal, events: this.#events };
    return look({ ...parts, walks: await this.#walks() }, context);
  }

  /** One step from a node, for those who walk by hand. */
  async neighbours(
    context: RequestContext,
    project: ProjectId,
    question: NeighbourQuestion,
  ): Promise<Neighbours> {
    const { neighboursOf } = await import('./nodes/neighbours.ts');
    return neighboursOf(this.#world(context), context, project, question);
  }

  /** What nodes are called. */
  async nodes(
    context: RequestContext,
    project: ProjectId,
    uids: readonly string[],
    when: When,
  ): Promise<GraphNode[]> {
    const { graphNodes } = await import('./nodes/neighbours.ts');
    return graphNodes(this.#world(context), context, project, uids, when);
  }

  #walks(): Promise<Walks> {
    this.#walking ??= this.#openWalks();
    return this.#walking;
  }

  async #openWalks(): Promise<Walks> {
    const { memory: most = 0, clock, log } = this.#options;
    const { db } = this.#parts.graph;
    const { Walks } = await import('./walks/walks.ts');
    if (most > 0) {
      const { GraphMemory } = await import('./walks/graph-memory.ts');
      this.#memory = new GraphMemory({ place: db.place, clock, most, log });
    }
    return new Walks(db, this.#memory);
  }
}
