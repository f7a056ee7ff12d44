/** Random small graphs and walks over them: every rule of README.md meets every other. */
import fc from 'fast-check';
import { edgeBits, type WalkedKind } from './edge.ts';
import type { NodeFacts, NodeKind } from './graph-store.ts';
import type { KnownEdge } from './memory-graph.ts';

export interface RandomGraph {
  readonly nodes: readonly NodeFacts[];
  readonly edges: readonly KnownEdge[];
}

/** Few instants, so that edges meet at their ends. */
const instant = fc.nat(5);
const orNever = fc.option(instant, { nil: null, freq: 2 });

const nodeFacts = fc.record({
  kind: fc.constantFrom<NodeKind>(
    ...(['artifact', 'artifact', 'artifact', 'execution', 'execution', 'asset', 'other'] as const),
  ),
  type: fc.nat(2),
  masked: fc.constantFrom(...rarely(8)),
  purged: fc.constantFrom(...rarely(10)),
  origin: fc.constantFrom(...rarely(6)),
});

function rarely(of: number): boolean[] {
  return [...new Array<boolean>(of).fill(false), true];
}

const likelyKinds: readonly WalkedKind[] = [
  ...(['used', 'used', 'used', 'generated', 'generated', 'generated'] as const),
  ...(['derived', 'same', 'binds', 'binds', 'version-of'] as const),
];
const ends: Readonly<Record<WalkedKind, readonly [NodeKind[], NodeKind[]]>> = {
  used: [['artifact', 'asset'], ['execution']],
  generated: [['execution'], ['artifact']],
  derived: [['artifact', 'asset'], ['artifact']],
  'version-of': [['artifact'], ['asset']],
  same: [
    ['artifact', 'asset'],
    ['artifact', 'asset'],
  ],
  binds: [['artifact'], ['execution']],
};

const edgeDraft = fc.record({
  kind: fc.constantFrom(...likelyKinds),
  source: fc.nat(1000),
  target: fc.nat(1000),
  /** Which of the reads of its target a binding explains. */
  read: fc.nat(1000),
  how: fc.constantFrom(1, 1, 1, 2, 3, 4),
  role: fc.constantFrom(null, null, 'train', 'Test', 'eval', 'validation set', ''),
  validFrom: fc.oneof({ weight: 6, arbitrary: instant }, { weight: 1, arbitrary: fc.constant(null) }),
  validTo: fc.oneof({ weight: 1, arbitrary: orNever }, { weight: 4, arbitrary: fc.constant(null) }),
  knownFrom: instant,
  knownTo: fc.oneof({ weight: 1, arbitrary: orNever }, { weight: 4, arbitrary: fc.constant(null) }),
});
type EdgeDraft = typeof edgeDraft extends fc.Arbitrary<infer Draft> ? Draft : never;

export const randomGraph: fc.Arbitrary<RandomGraph> = fc
  .tuple(
    fc.array(nodeFacts, { minLength: 2, maxLength: 14 }),
    fc.array(edgeDraft, { maxLength: 45, size: 'max' }),
    fc.constantFrom(0, 0, 1),
  )
  .map(([drafts, edges, dangling]) => {
    const nodes = drafts.map((draft, index) => ({ ...draft, id: index + 1 }));
    // Ids that no node has, as a store whose rows were lost by hand would have them.
    const known = nodes.slice(0, nodes.length - dangling);
    return { nodes: known, edges: wellTyped(nodes, edges) };
  });

function wellTyped(nodes: readonly NodeFacts[], drafts: readonly EdgeDraft[]): KnownEdge[] {
  const made: KnownEdge[] = [];
  for (const { kind, source, target, read, ...draft } of drafts) {
    const [from, to] = ends[kind];
    const sources = nodes.filter((node) => from.includes(node.kind));
    const one = sources[source % sources.length];
    const targets = nodes.filter((node) =>
      kind === 'same' ? node.kind === one?.kind : to.includes(node.kind),
    );
    const other = targets[target % targets.length];
    if (one === undefined || other === undefined) continue;
    const reads = made.filter((edge) => edge.kind === edgeBits.used && edge.target === other.id);
    const explains = kind === 'binds' ? (reads[read % reads.length]?.source ?? null) : null;
    made.push({
      ...{ ...draft, id: 100 + made.length, source: one.id, target: other.id, explains },
      kind: edgeBits[kind],
      role: kind === 'used' ? draft.role : null,
    });
  }
  return made;
}

export const randomWalk = fc.record(
  {
    starts: fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 3 }),
    direction: fc.constantFrom('down' as const, 'up' as const),
    asOf: instant,
    knownAt: instant,
    depth: fc.nat(6),
    weakest: fc.constantFrom('observed' as const, 'declared' as const, 'inferred' as const),
    includeEvaluation: fc.boolean(),
  },
  { requiredKeys: ['starts', 'direction'] },
);
