/** The questions of lineage: a walk, and what it found in words, each with its way and the evidence of every step. */
import type { Queries } from '../../db/db.ts';
import { type OpenReason, type Strength, strengths } from '../../engines/graph/index.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { faceCodes } from '../events/index.ts';
import { edgeKinds, knownHows, type NodeRow } from '../graph/index.ts';
import { type DataFacts, dataOf, explainedReads } from './answers/data-facts.ts';
import {
  type EvidenceRow,
  evidenceOf,
  type ServingRow,
  servingAt,
  type When,
} from './answers/evidence-store.ts';
import { labelsOf, type World } from './answers/labels.ts';
import type { ToldNode, WalkQuestion, WalkTold } from './answers/walk-told.ts';
import { type LineageQuestion, type UntimedFact, untimedFacts, walkLimits } from './lineage.ts';
import { type NodeName, nodeNames } from './nodes/node-store.ts';
import { requireReference } from './references.ts';
import { startsOf } from './starts.ts';
import type { Walks } from './walks/walks.ts';

/** A node as it is told; of one that the reader may not see, nothing but that it is there. */
export interface NodeView {
  readonly uid: string;
  /** Name of the project it is of. */
  readonly project: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string | null;
  /** What people call it: `churn@v3`, `models:/churn/3`. */
  readonly label: string;
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

/** Data with what is known of it. */
export type ToldDataView = DataFacts & { readonly node: NodeView };

export interface Serving {
  readonly deployment: string;
  /** Name of its project. */
  readonly project: string;
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

export interface Told {
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
  /** The data among the items: each version once, whoever speaks of it. */
  readonly data: ToldDataView[];
  /** What it was only judged by, with what for and in which run. */
  readonly judgedBy: (ToldDataView & { readonly role: string | null; readonly run: NodeView })[];
  /** Of an instant that was asked about: what is told of data as it is now, for nothing keeps what it was. */
  readonly untimed: UntimedFact[];
}

export const asksOfThen = ({ asOf, knownAt }: When): boolean => asOf !== undefined || knownAt !== undefined;

export type ImpactQuestion = LineageQuestion & { readonly deployed: boolean };

/** What is read before the walk down. */
export interface ImpactAsked {
  readonly node: NodeRow;
  /** What serves, by what it is. */
  readonly byVersion: ReadonlyMap<NodeId, readonly ServingRow[]>;
  readonly walk: WalkQuestion;
}

export function impactAsked(world: World, project: ProjectId, question: ImpactQuestion) {
  return async (queries: Queries): Promise<ImpactAsked> => {
    const node = await nodeOf(queries, world, project, question);
    const starts = await startsOf(queries, world.graph, node, 'down', question);
    // Before the walk, which is as new or newer: of what serves, all that was recorded of its making is walked.
    const serving = question.deployed ? await servingAt(queries, world, question) : [];
    const byVersion = Map.groupBy(serving, ({ version }) => version);
    const told = question.deployed ? { among: [...byVersion.keys()], doubts: true } : { kinds: artifacts };
    return { node, byVersion, walk: { ...walkOf(question), direction: 'down', starts, ...told } };
  };
}

/** What a walk down told, in words. */
export async function impactTold(
  queries: Queries,
  world: World,
  told: WalkTold,
  { node, byVersion }: ImpactAsked,
): Promise<Impact> {
  const { sure, unsure, doubts, counts } = told;
  const teller = await Teller.load(queries, world, told, node, {
    found: [...sure, ...unsure],
    others: doubts.flatMap(({ of, node: at }) => [of, at]),
  });
  const inWords = (each: ToldNode) => teller.found(each, byVersion.get(each.node as NodeId));
  return {
    ...teller.told(),
    complete: told.complete && counts.unsure === 0 && counts.doubts === 0,
    derives: sure.map(inWords),
    mayDerive: unsure.map(inWords),
    cannotSay: doubts.map(({ of, node: at, reason, steps, masked }) => ({
      ...{ node: teller.node(of), serving: servingOf(byVersion.get(of as NodeId)), reason, steps },
      at: masked ? null : teller.node(at),
    })),
    counts: { derives: counts.sure, mayDerive: counts.unsure, cannotSay: counts.doubts },
  };
}

export async function impactOf(
  walks: Walks,
  world: World,
  context: RequestContext,
  project: ProjectId,
  question: ImpactQuestion,
): Promise<Impact> {
  return walks.walkFor(context, impactAsked(world, project, question), (queries, told, asked) =>
    impactTold(queries, world, told, asked),
  );
}

const artifacts = ['artifact'] as const;

export async function ancestryOf(
  walks: Walks,
  world: World,
  context: RequestContext,
  project: ProjectId,
  question: LineageQuestion,
): Promise<Ancestry> {
  return walks.walkFor(
    context,
    async (queries) => {
      const node = await nodeOf(queries, world, project, question);
      const starts = await startsOf(queries, world.graph, node, 'up', question);
      return { node, walk: { ...walkOf(question), direction: 'up', starts, evaluations: question.limit } };
    },
    async (queries, told, { node }) => {
      const some = [...told.sure, ...told.unsure].slice(0, question.limit);
      const judged = told.evaluations;
      const teller = await Teller.load(queries, world, told, node, {
        found: some,
        others: [],
        edges: judged,
      });
      const evaluation = judged.map((edge) => teller.evidence(edge));
      const inputs = judged.map((edge) => teller.ends(edge).source);
      const reads = some.flatMap(({ node: of, path }) => {
        const last = path.at(-1);
        return last?.kind === 'used' ? { of, run: last.from } : [];
      });
      const explained = await explainedReads(queries, question, [
        ...reads.map(({ run }) => run),
        ...judged.map((edge) => teller.ends(edge).target),
      ]);
      const standIns = new Set(
        reads.flatMap(({ of, run }) => (explained.has(`${run} ${teller.node(of).uid}`) ? of : [])),
      );
      const found = some.flatMap(({ node: id }) => (standIns.has(id) ? [] : id));
      const data = await dataOf(queries, world, question, [...found, ...inputs] as NodeId[]);
      const seen = new Set<number>();
      const isNew = (of: number) => !seen.has(of) && seen.add(of);
      const views = [...found, ...inputs].flatMap((id) => data.get(id)?.view ?? []);
      return {
        ...teller.told(),
        untimed: asksOfThen(question)
          ? untimedFacts.filter((fact) => views.some((view) => view[fact] !== null))
          : [],
        items: some.map((each) => teller.found(each)),
        count: told.counts.sure + told.counts.unsure,
        evaluation,
        data: found.flatMap((id) => {
          const told = data.get(id);
          return told !== undefined && isNew(told.class) ? { node: teller.node(id), ...told.view } : [];
        }),
        judgedBy: evaluation.flatMap(({ from, to }, at) => {
          const view = data.get(inputs[at]!)?.view;
          const { target, role } = teller.ends(judged[at]!);
          const isStandIn = explained.has(`${target} ${from.uid}`);
          return view === undefined || isStandIn ? [] : { node: from, ...view, role, run: to };
        }),
      };
    },
  );
}

export function walkOf({
  asOf,
  knownAt,
  depth,
  weakest,
  evaluation = false,
  limit,
}: LineageQuestion): Omit<WalkQuestion, 'starts' | 'direction'> {
  return {
    ...{ limit, openEnds: walkLimits.openEnds, limits: { nodes: walkLimits.nodes, edges: walkLimits.edges } },
    ...(asOf !== undefined && { asOf }),
    ...(knownAt !== undefined && { knownAt }),
    ...(depth !== undefined && { depth }),
    ...(weakest !== undefined && { weakest }),
    includeEvaluation: evaluation,
  };
}

export function nodeOf(
  queries: Queries,
  world: World,
  project: ProjectId,
  { of, asOf }: LineageQuestion,
): Promise<NodeRow> {
  return requireReference(queries, world, project, { text: of, field: 'of', asOf });
}

export function servingOf(rows: readonly ServingRow[] = []): Serving[] {
  return rows.map(({ uid: deployment, project, endpoint, slot, from, to }) => ({
    ...{ deployment, project, endpoint, slot, from, to },
  }));
}

interface ToTell {
  readonly found: readonly ToldNode[];
  readonly others: readonly number[];
  readonly edges?: readonly number[];
}

/** Has the names and the evidence of what is told, read in a few statements. */
export class Teller {
  readonly #walk: WalkTold;
  readonly #of: number;
  readonly #names: ReadonlyMap<number, NodeName>;
  readonly #labels: ReadonlyMap<number, string>;
  readonly #evidence: ReadonlyMap<number, EvidenceRow>;

  private constructor(
    walk: WalkTold,
    of: number,
    names: ReadonlyMap<number, NodeName>,
    labels: ReadonlyMap<number, string>,
    evidence: ReadonlyMap<number, EvidenceRow>,
  ) {
    this.#walk = walk;
    this.#of = of;
    this.#names = names;
    this.#labels = labels;
    this.#evidence = evidence;
  }

  static async load(
    queries: Queries,
    world: World,
    walk: WalkTold,
    of: NodeRow,
    { found, others, edges = [] }: ToTell,
  ): Promise<Teller> {
    const steps = found.flatMap(({ path }) => path);
    const evidence = await evidenceOf(queries, [...edges, ...steps.map(({ edge }) => edge)]);
    const named = [
      ...[of.id, ...others, ...found.map(({ node }) => node), ...walk.openEnds.map(({ node }) => node)],
      ...[...evidence.values()].flatMap(({ source, target }) => [source, target]),
    ];
    const names = await nodeNames(queries, named as NodeId[], world.scope);
    return new Teller(walk, of.id, names, await labelsOf(queries, world, names), evidence);
  }

  told(): Told {
    const { nodes, complete, openEnds, openEndCounts, leftOut } = this.#walk;
    return {
      ...{ of: this.node(this.#of), complete, nodes, leftOut },
      openEnds: openEnds.map(({ node, reason, masked }) => ({
        node: masked ? null : this.node(node),
        reason,
      })),
      openEndCounts: Object.entries(openEndCounts).flatMap(([reason, count]) =>
        count === 0 ? [] : { reason: reason as OpenReason, count },
      ),
    };
  }

  found(found: ToldNode, serving?: readonly ServingRow[]): Found {
    const { node, aside } = found;
    return { node: this.node(node), aside, ...this.way(found), serving: servingOf(serving) };
  }

  way({ strength, hops, path }: ToldNode): Pick<Found, 'strength' | 'hops' | 'path'> {
    return { strength, hops, path: path.map((step) => this.evidence(step.edge, step)) };
  }

  node(id: number): NodeView {
    const { uid = '', project = '', kind = '', type = '', name = null } = this.#names.get(id) ?? {};
    return { uid, project, kind, type, name, label: this.#labels.get(id) ?? '' };
  }

  /** The nodes of an edge that is told, and what its input was for: of a binding that of the read which it explains. */
  ends(edge: number): { readonly source: number; readonly target: number; readonly role: string | null } {
    const { source, target, subtype, slot } = this.#evidence.get(edge)!;
    if (slot === null) return { source, target, role: subtype };
    const read = [...this.#evidence.values()].find(
      (row) => row.target === target && row.subtype !== null && this.#names.get(row.source)?.uid === slot,
    );
    return { source, target, role: read?.subtype ?? subtype };
  }

  /** An edge, as the step that was walked over it where that is told; else as it stands. */
  evidence(edge: number, step?: { from: number; to: number; kind: string; strength: Strength }): StepView {
    const row = this.#evidence.get(edge)!;
    return {
      edge,
      kind: step?.kind ?? wordOf(edgeKinds, row.kind),
      from: this.node(step?.from ?? row.source),
      to: this.node(step?.to ?? row.target),
      strength: step?.strength ?? strengths[row.known - 1]!,
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
}
