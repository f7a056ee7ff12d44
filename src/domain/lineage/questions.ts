/** The questions of lineage: a walk, and what it found in words, each with its way and the evidence of every step. */
import type { Queries } from '../../db/db.ts';
import {
  type FoundNode,
  type OpenReason,
  type Strength,
  type Traversal,
  type TraversalRequest,
  traverse,
} from '../../engines/graph/index.ts';
import { wordOf } from '../../kernel/codes.ts';
import { notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { faceCodes } from '../events/index.ts';
import { edgeKinds, findNode, type Graph, knownHows, type NodeRow, nodeKinds } from '../graph/index.ts';
import {
  type EvidenceRow,
  evidenceOf,
  type ServingRow,
  servingAt,
  versionsOf,
  type When,
} from './evidence-store.ts';
import { StoredGraph } from './graph-store.ts';
import { type LineageQuestion, walkLimits } from './lineage.ts';
import { type NodeName, nodeNames } from './node-store.ts';

/** A node as it is told; of one that the reader may not see, nothing but that it is there. */
export interface NodeView {
  readonly uid: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string | null;
}

export interface StepView {
  readonly edge: number;
  readonly kind: string;
  readonly from: NodeView;
  readonly to: NodeView;
  readonly strength: Strength;
  readonly known: string;
  readonly rule: string | null;
  readonly role: string | null;
  readonly face: string;
  readonly principal: string;
  readonly validFrom: number | null;
  readonly validTo: number | null;
  readonly knownFrom: number;
  readonly knownTo: number | null;
  readonly event: number | null;
}

export interface Serving {
  readonly deployment: string;
  readonly endpoint: string | null;
  readonly slot: string | null;
  readonly from: number | null;
  readonly to: number | null;
}

export interface Found {
  readonly node: NodeView;
  readonly strength: Strength;
  readonly hops: number;
  readonly aside: boolean;
  readonly path: StepView[];
  readonly serving: Serving[];
}

export interface Unknown {
  readonly node: NodeView;
  readonly serving: Serving[];
  readonly reason: OpenReason;
  /** Where its ancestry is open; null where the reader may not see that. */
  readonly at: NodeView | null;
  readonly steps: number;
}

interface Told {
  readonly of: NodeView;
  readonly complete: boolean;
  readonly nodes: number;
  readonly openEnds: { readonly node: NodeView | null; readonly reason: OpenReason }[];
  readonly openEndCounts: { readonly reason: OpenReason; readonly count: number }[];
  readonly leftOut: { readonly evaluation: number; readonly weaker: number; readonly replaced: number };
}

export interface Impact extends Told {
  readonly derives: Found[];
  readonly mayDerive: Found[];
  readonly cannotSay: Unknown[];
  readonly counts: { readonly derives: number; readonly mayDerive: number; readonly cannotSay: number };
}

export interface Ancestry extends Told {
  readonly items: Found[];
  readonly count: number;
  readonly evaluation: StepView[];
}

const limits = { nodes: walkLimits.nodes, edges: walkLimits.edges };

export async function impactOf(
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  question: LineageQuestion & { readonly deployed: boolean },
): Promise<Impact> {
  return graph.db.scan(async (queries) => {
    const node = await requireNode(queries, project, question.of);
    const store = storeFor(queries, context);
    const request = { ...requestOf(question), limits };
    const walk = await traverse(store, {
      ...request,
      direction: 'down',
      starts: await startsOf(queries, node, 'down', question),
    });
    const serving = question.deployed ? await servingAt(queries, graph, project, question) : [];
    const byVersion = Map.groupBy(serving, ({ version }) => version);
    const found = question.deployed
      ? [...byVersion.keys()].flatMap((version) => walk.reached(version) ?? [])
      : [...walk.found({ kinds: ['artifact'] })].filter(({ start }) => !start);
    const told = found.filter(({ masked }) => !masked).sort(compare);
    const sure = told.filter(({ strength }) => strength === 'observed' || strength === 'declared');
    const unsure = told.filter(({ strength }) => strength === 'inferred' || strength === 'assumed');
    // Of those that it did not come to nobody can say, where their own causes are not told to the end.
    const rest = [...byVersion.keys()].filter((version) => walk.reached(version) === undefined);
    const ancestry = await traverse(store, { ...request, direction: 'up', starts: rest, trace: true });
    const doubts = [...ancestry.doubts()];
    const some = doubts.slice(0, question.limit);
    const teller = await Teller.load(queries, walk, node, {
      found: [...sure.slice(0, question.limit), ...unsure.slice(0, question.limit)],
      others: some.flatMap(([start, doubt]) => [start, doubt.node]),
    });
    const tell = (each: FoundNode) => teller.found(each, byVersion.get(each.node as NodeId));
    return {
      ...teller.told(),
      complete: walk.complete && unsure.length === 0 && doubts.length === 0,
      derives: sure.slice(0, question.limit).map(tell),
      mayDerive: unsure.slice(0, question.limit).map(tell),
      cannotSay: some.map(([start, { node: at, reason, steps }]) => ({
        ...{ node: teller.node(start), serving: servingOf(byVersion.get(start as NodeId)), reason, steps },
        at: ancestry.reached(at)?.masked === true ? null : teller.node(at),
      })),
      counts: { derives: sure.length, mayDerive: unsure.length, cannotSay: doubts.length },
    };
  }, context.signal);
}

export async function ancestryOf(
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  question: LineageQuestion,
): Promise<Ancestry> {
  return graph.db.scan(async (queries) => {
    const node = await requireNode(queries, project, question.of);
    const walk = await traverse(storeFor(queries, context), {
      ...requestOf(question),
      ...{ limits, direction: 'up', starts: await startsOf(queries, node, 'up', question) },
    });
    const found = [...walk.found()].filter(({ start, masked }) => !start && !masked).sort(compare);
    const some = found.slice(0, question.limit);
    const judged = [...walk.leftOut.evaluation].sort((one, other) => one - other).slice(0, question.limit);
    const teller = await Teller.load(queries, walk, node, { found: some, others: [], edges: judged });
    return {
      ...teller.told(),
      items: some.map((each) => teller.found(each)),
      count: found.length,
      evaluation: judged.map((edge) => teller.evidence(edge)),
    };
  }, context.signal);
}

function storeFor(queries: Queries, { scope }: RequestContext): StoredGraph {
  return new StoredGraph(queries, scope.projects === 'all' ? {} : { projects: new Set(scope.projects) });
}

function requestOf({
  asOf,
  knownAt,
  depth,
  weakest,
  evaluation = false,
}: LineageQuestion): Omit<TraversalRequest, 'starts' | 'direction' | 'limits'> {
  return {
    ...(asOf !== undefined && { asOf }),
    ...(knownAt !== undefined && { knownAt }),
    ...(depth !== undefined && { depth }),
    ...(weakest !== undefined && { weakest }),
    includeEvaluation: evaluation,
  };
}

async function requireNode(queries: Queries, project: ProjectId, uid: string): Promise<NodeRow> {
  const node = uid.includes('\0') ? undefined : await findNode(queries, project, uid);
  if (node === undefined) throw notFound(`No node '${uid}' in the project.`, 'of');
  return node;
}

/** An asset is asked about as all its versions; down also as itself, for it may have been read without one. */
async function startsOf(
  queries: Queries,
  node: NodeRow,
  direction: 'down' | 'up',
  when: When,
): Promise<number[]> {
  if (node.kind !== nodeKinds.asset) return [node.id];
  const versions = await versionsOf(queries, node.id, when, walkLimits.versions);
  return direction === 'up' && versions.length > 0 ? versions : [node.id, ...versions];
}

/** The strongest first, of these the nearest. */
function compare(one: FoundNode, other: FoundNode): number {
  return (
    order.indexOf(one.strength) - order.indexOf(other.strength) ||
    one.hops - other.hops ||
    one.node - other.node
  );
}
const order: readonly Strength[] = ['observed', 'declared', 'inferred', 'assumed'];

function servingOf(rows: readonly ServingRow[] = []): Serving[] {
  return rows.map(({ uid, endpoint, slot, from, to }) => ({ deployment: uid, endpoint, slot, from, to }));
}

interface ToTell {
  readonly found: readonly FoundNode[];
  readonly others: readonly number[];
  readonly edges?: readonly number[];
}

/** Has the names and the evidence of what is told, read in two statements. */
class Teller {
  readonly #walk: Traversal;
  readonly #of: number;
  readonly #names: ReadonlyMap<number, NodeName>;
  readonly #evidence: ReadonlyMap<number, EvidenceRow>;

  private constructor(
    walk: Traversal,
    of: number,
    names: ReadonlyMap<number, NodeName>,
    evidence: ReadonlyMap<number, EvidenceRow>,
  ) {
    this.#walk = walk;
    this.#of = of;
    this.#names = names;
    this.#evidence = evidence;
  }

  static async load(
    queries: Queries,
    walk: Traversal,
    of: NodeRow,
    { found, others, edges = [] }: ToTell,
  ): Promise<Teller> {
    const steps = found.flatMap(({ node }) => walk.path(node) ?? []);
    const evidence = await evidenceOf(queries, [...edges, ...steps.map(({ edge }) => edge)]);
    const named = [
      ...[of.id, ...others, ...found.map(({ node }) => node), ...someEnds(walk).map(({ node }) => node)],
      ...[...evidence.values()].flatMap(({ source, target }) => [source, target]),
    ];
    return new Teller(walk, of.id, await nodeNames(queries, named as NodeId[]), evidence);
  }

  told(): Told {
    const { evaluation, weaker, replaced } = this.#walk.leftOut;
    let nodes = 0;
    for (const _ of this.#walk.found()) nodes++;
    return {
      of: this.node(this.#of),
      complete: this.#walk.complete,
      nodes,
      openEnds: someEnds(this.#walk).map(({ node, reason }) => ({
        node: this.#isMasked(node) ? null : this.node(node),
        reason,
      })),
      openEndCounts: Object.entries(this.#walk.openEndCounts).flatMap(([reason, count]) =>
        count === 0 ? [] : { reason: reason as OpenReason, count },
      ),
      leftOut: { evaluation: evaluation.size, weaker: weaker.size, replaced: replaced.size },
    };
  }

  found({ node, strength, hops, aside }: FoundNode, serving?: readonly ServingRow[]): Found {
    const path = (this.#walk.path(node) ?? []).map((step) => this.evidence(step.edge, step));
    return { node: this.node(node), strength, hops, aside, path, serving: servingOf(serving) };
  }

  node(id: number): NodeView {
    const { uid = '', kind = '', type = '', name = null } = this.#names.get(id) ?? {};
    return { uid, kind, type, name };
  }

  /** An edge, as the step that was walked over it where that is told; else as it stands. */
  evidence(edge: number, step?: { from: number; to: number; kind: string; strength: Strength }): StepView {
    const row = this.#evidence.get(edge)!;
    return {
      edge,
      kind: step?.kind ?? wordOf(edgeKinds, row.kind),
      from: this.#visible(step?.from ?? row.source),
      to: this.#visible(step?.to ?? row.target),
      strength: step?.strength ?? order[row.known - 1]!,
      known: wordOf(knownHows, row.known),
      ...{ rule: row.rule, role: row.subtype, face: wordOf(faceCodes, row.face), principal: row.principal },
      ...{
        validFrom: row.valid_from,
        validTo: row.valid_to,
        knownFrom: row.known_from,
        knownTo: row.known_to,
      },
      event: row.position,
    };
  }

  #visible(node: number): NodeView {
    return this.#isMasked(node) ? { uid: '', kind: '', type: '', name: null } : this.node(node);
  }

  #isMasked(node: number): boolean {
    return this.#walk.reached(node)?.masked === true;
  }
}

function someEnds(walk: Traversal): { readonly node: number; readonly reason: OpenReason }[] {
  const ends: { readonly node: number; readonly reason: OpenReason }[] = [];
  for (const end of walk.openEnds()) if (ends.push(end) === walkLimits.openEnds) break;
  return ends;
}
