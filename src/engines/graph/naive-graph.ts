/**
 * The rule again, for tests: written from README.md's words, over lists, with every step there is worked out first and the best ways found by
 * asking for each strength alone. Slow, and made otherwise than the engine in every part.
 */
import { edgeBits, strengthOf, weaknessOf } from './edge.ts';
import type { NodeFacts } from './graph-store.ts';
import type { KnownEdge } from './memory-graph.ts';
import type { OpenReason } from './open-reasons.ts';
import type { TraversalRequest } from './traverse.ts';

export interface NaiveStep {
  /** `7`, or `7'` for the node aside. */
  readonly from: string;
  readonly to: string;
  readonly weakness: number;
  readonly hop: number;
  readonly edge: number;
  readonly explained?: boolean;
}

export interface NaiveAnswer {
  readonly found: ReadonlyMap<number, { readonly strength: string; readonly hops: number }>;
  readonly ends: ReadonlyMap<OpenReason, ReadonlySet<number>>;
  readonly steps: readonly NaiveStep[];
  /** Edges left out because their steps are weaker than was asked for. */
  readonly weaker: ReadonlySet<number>;
  /** Edges left out because they are of inputs for judging. */
  readonly evaluation: ReadonlySet<number>;
}

/** What the roles of the drawn graphs mean: for the words themselves see graph.test.ts. */
const isEvaluation = (role: string | null): boolean =>
  role !== null && /^(test|eval|validation)\b/i.test(role);

const idOf = (state: string) => Number.parseInt(state, 10);

export class NaiveGraph {
  readonly #nodes: ReadonlyMap<number, NodeFacts>;
  readonly #edges: readonly KnownEdge[];

  constructor(nodes: readonly NodeFacts[], edges: readonly KnownEdge[]) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#edges = edges;
  }

  answer(request: TraversalRequest): NaiveAnswer {
    const live = this.#edges.filter((edge) => holds(edge, request));
    const most = weaknessOf(request.weakest ?? 'assumed');
    const walkable = this.#steps(live, request).filter(
      ({ from }) => this.#kind(idOf(from)) !== 'other' && !this.#nodes.get(idOf(from))?.masked,
    );
    const steps = walkable.filter(({ weakness }) => weakness <= most);
    const distances = [1, 2, 3, 4].map((most) =>
      distancesFrom(
        request.starts.map(String),
        steps.filter(({ weakness }) => weakness <= most),
        request.depth ?? Infinity,
      ),
    );
    const best = new Map<string, { weakness: number; hops: number }>();
    for (const [at, hops] of distances.entries())
      for (const [state, distance] of hops)
        if (!best.has(state)) best.set(state, { weakness: at + 1, hops: distance });
    const found = new Map<number, { strength: string; hops: number; weakness: number }>();
    for (const [state, { weakness, hops }] of best) {
      if (request.direction === 'down' && state.endsWith("'")) continue;
      const other = found.get(idOf(state));
      if (other !== undefined && other.weakness * 1e6 + other.hops <= weakness * 1e6 + hops) continue;
      found.set(idOf(state), { strength: strengthOf(weakness), hops, weakness });
    }
    const plain = new Map([...found].map(([node, { strength, hops }]) => [node, { strength, hops }]));
    const evaluation = this.#evaluation(live, distances[3]!, request);
    const { depth = Infinity } = request;
    const weaker = walkable.filter(
      ({ from, hop, weakness }) =>
        weakness > most && distances[3]!.has(from) && distances[3]!.get(from)! + hop <= depth,
    );
    return {
      weaker: new Set(weaker.map(({ edge }) => edge)),
      found: plain,
      ends: this.#ends(live, steps, distances[3]!, request),
      steps,
      evaluation,
    };
  }

  #evaluation(
    live: readonly KnownEdge[],
    distance: ReadonlyMap<string, number>,
    { includeEvaluation, direction, depth = Infinity }: TraversalRequest,
  ): ReadonlySet<number> {
    if (includeEvaluation) return new Set();
    const stands = (node: number, mark: string) =>
      (distance.get(`${node}${mark}`) ?? Infinity) < depth &&
      !this.#nodes.get(node)?.masked &&
      this.#kind(node) !== 'other';
    const left = live.filter(({ kind, role, explains, source, target }) => {
      const reads = live.filter(
        (use) => use.kind === edgeBits.used && use.source === explains && use.target === target,
      );
      const forJudging =
        kind === edgeBits.used
          ? isEvaluation(role)
          : kind === edgeBits.binds && reads.length > 0 && reads.every((use) => isEvaluation(use.role));
      if (!forJudging) return false;
      if (direction === 'up') return stands(target, '');
      return stands(source, '') || (kind === edgeBits.used && stands(source, "'"));
    });
    return new Set(left.map(({ id }) => id));
  }

  #kind(id: number): string {
    return this.#nodes.get(id)?.kind ?? 'other';
  }

  #steps(live: readonly KnownEdge[], request: TraversalRequest): NaiveStep[] {
    const of = (kind: keyof typeof edgeBits) => live.filter((edge) => edge.kind === edgeBits[kind]);
    const [used, generated, derived, binds] = [of('used'), of('generated'), of('derived'), of('binds')];
    const conducting = used.filter(({ role }) => request.includeEvaluation || !isEvaluation(role));
    const isExplicit = (output: number) => derived.some(({ target }) => target === output);
    const isExplained = ({ source, target }: KnownEdge) =>
      binds.some((bind) => bind.target === target && bind.explains === source);
    const product = (execution: number) => {
      if (request.starts.includes(execution)) return 1;
      const outputs = generated.filter(({ source }) => source === execution).map(({ target }) => target);
      return new Set(outputs.map((output) => this.#classIn(of('same'), output))).size > 1 ? 4 : 1;
    };
    const steps: NaiveStep[] = [];
    for (const { id: edge, source, target, how } of of('same')) {
      for (const [one, other] of [
        [source, target],
        [target, source],
      ]) {
        if (!['artifact', 'asset'].includes(this.#kind(one!))) continue;
        steps.push({ from: `${one}`, to: `${other}`, weakness: how, hop: 0, edge });
        steps.push({ from: `${one}'`, to: `${other}'`, weakness: how, hop: 0, edge });
      }
    }
    const boundReads = binds.flatMap((bind) => {
      const hows = conducting
        .filter(({ source, target }) => target === bind.target && source === bind.explains)
        .map(({ how }) => how);
      return hows.length === 0 ? [] : [{ bind, weakness: Math.max(bind.how, Math.min(...hows)) }];
    });
    if (request.direction === 'down') {
      for (const { id: edge, source, target, how } of conducting)
        steps.push({ from: `${source}`, to: `${target}`, weakness: how, hop: 1, edge });
      for (const { id: edge, source, target, how } of derived)
        steps.push({ from: `${source}`, to: `${target}`, weakness: how, hop: 1, edge });
      for (const { bind, weakness } of boundReads)
        steps.push({ from: `${bind.source}`, to: `${bind.target}`, weakness, hop: 1, edge: bind.id });
      for (const { id: edge, source, target, how } of generated) {
        if (isExplicit(target) && !request.starts.includes(source)) continue;
        const weakness = Math.max(how, product(source));
        steps.push({ from: `${source}`, to: `${target}`, weakness, hop: 1, edge });
      }
      for (const { id: edge, source, target } of of('version-of'))
        if (this.#kind(source) === 'artifact')
          steps.push({ from: `${source}`, to: `${target}'`, weakness: 4, hop: 0, edge });
      for (const edge of [...conducting.filter((use) => !isExplained(use)), ...derived])
        steps.push({
          ...{ from: `${edge.source}'`, to: `${edge.target}`, weakness: edge.how, hop: 1, edge: edge.id },
        });
      return steps;
    }
    for (const { id: edge, source, target, how } of derived)
      steps.push({ from: `${target}`, to: `${source}`, weakness: how, hop: 1, edge });
    for (const { id: edge, source, target, how } of generated) {
      const to = isExplicit(target) ? `${source}'` : `${source}`;
      steps.push({ from: `${target}`, to, weakness: how, hop: 1, edge });
    }
    for (const use of conducting) {
      const explained = isExplained(use);
      if (explained && this.#kind(use.source) === 'asset') continue;
      const weakness = Math.max(use.how, product(use.target));
      steps.push({
        ...{ from: `${use.target}`, to: `${use.source}`, weakness, hop: 1, edge: use.id, explained },
      });
    }
    for (const { bind, weakness } of boundReads)
      steps.push({
        ...{ from: `${bind.target}`, to: `${bind.source}`, hop: 1, edge: bind.id },
        weakness: Math.max(weakness, product(bind.target)),
      });
    return steps;
  }

  /** The least of all that are the same as the node. */
  #classIn(same: readonly KnownEdge[], node: number): number {
    const members = new Set([node]);
    for (let size = 0; size < members.size; ) {
      size = members.size;
      for (const { source, target } of same)
        if (members.has(source) || members.has(target)) members.add(source).add(target);
    }
    return Math.min(...members);
  }

  #ends(
    live: readonly KnownEdge[],
    steps: readonly NaiveStep[],
    distance: ReadonlyMap<string, number>,
    request: TraversalRequest,
  ): ReadonlyMap<OpenReason, ReadonlySet<number>> {
    const ends = new Map<OpenReason, Set<number>>();
    const add = (reason: OpenReason, node: number) =>
      ends.set(reason, (ends.get(reason) ?? new Set()).add(node));
    const { depth = Infinity, starts, direction } = request;
    const isExpanded = (state: string) => (distance.get(state) ?? Infinity) < depth;
    const fact = (node: number) => this.#nodes.get(node);
    for (const [state, hops] of distance) {
      const node = idOf(state);
      if (fact(node)?.purged ?? true) add('purged', node);
      if (fact(node)?.masked) add('masked', node);
      else if (
        hops === depth &&
        this.#kind(node) !== 'other' &&
        (direction === 'down' || !state.endsWith("'"))
      )
        add('depth', node);
    }
    if (direction === 'down') return ends;
    const into = (kind: number, node: number) =>
      live.filter((edge) => edge.kind === kind && edge.target === node);
    for (const state of distance.keys()) {
      const node = idOf(state);
      const { kind = 'other', masked = false, origin = false } = fact(node) ?? {};
      if (masked || origin || state.endsWith("'")) continue;
      const bare =
        starts.includes(node) ||
        steps.some(
          ({ from, to, hop, explained }) => to === state && hop === 1 && !explained && isExpanded(from),
        );
      if (kind === 'asset' && bare) add('unbound', node);
      if (kind === 'execution' && isExpanded(state)) {
        const learned = into(edgeBits.used, node).some(
          ({ role }) => request.includeEvaluation || !isEvaluation(role),
        );
        const productive = live.some((edge) => edge.kind === edgeBits.generated && edge.source === node);
        if (!learned && productive) add('no-input', node);
      }
      if (kind !== 'artifact' || !bare) continue;
      const members = distancesFrom(
        [state],
        steps.filter(({ hop }) => hop === 0),
        Infinity,
      );
      const settled = [...members.keys()].map(idOf).some((member) => {
        if (this.#kind(member) === 'other') return true;
        const isMade = [edgeBits.generated, edgeBits.derived].some((bit) => into(bit, member).length > 0);
        return isMade || fact(member)?.origin || fact(member)?.masked || !isExpanded(`${member}`);
      });
      if (!settled) add('no-producer', node);
    }
    return ends;
  }
}

function holds(edge: KnownEdge, { asOf, knownAt }: TraversalRequest): boolean {
  const { validFrom, validTo, knownFrom, knownTo } = edge;
  const isKnown =
    knownAt === undefined
      ? knownTo === null
      : knownFrom <= knownAt && (knownTo === null || knownTo > knownAt);
  const isValid =
    asOf === undefined
      ? validTo === null
      : (validFrom === null || validFrom <= asOf) && (validTo === null || validTo > asOf);
  const isSound = validFrom === null || validTo === null || validFrom <= validTo;
  return isKnown && isValid && isSound;
}

/** Fewest hops to each state, found by trying all steps again and again. */
function distancesFrom(
  starts: readonly string[],
  steps: readonly NaiveStep[],
  depth: number,
): Map<string, number> {
  const distances = new Map(starts.map((start) => [start, 0]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to, hop } of steps) {
      const hops = (distances.get(from) ?? Infinity) + hop;
      if (hops > depth || hops >= (distances.get(to) ?? Infinity)) continue;
      distances.set(to, hops);
      changed = true;
    }
  }
  return distances;
}
