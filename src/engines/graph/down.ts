/** What follows from nodes: the rule of README.md, from causes to effects. */
import { assumed, type Edge, edgeBits, observed } from './edge.ts';
import { marks } from './node-table.ts';
import { judgeProducts } from './products.ts';
import { boundBy, isExplained, readsOf } from './reads.ts';
import type { Round, Walk } from './walk.ts';

const { used, generated, derived, binds, same, 'version-of': versionOf } = edgeBits;

/** A step that other edges decide on. */
interface Doubtful {
  readonly label: number;
  readonly from: number;
  readonly to: number;
  readonly how: number;
  readonly edge: number;
  readonly record: number;
}

export async function expandDown(walk: Walk, indexes: readonly number[], round: Round): Promise<void> {
  const { nodes } = walk;
  const bindings: Doubtful[] = [];
  const unnamed: Doubtful[] = [];
  const outputs: Doubtful[] = [];
  const classed = indexes.filter((index) => nodes.kind(index) !== 'execution');
  await walk.read('target', classed, same, ({ source, how, id }, index) => {
    walk.stepToSame(index, source, how, id, round);
  });
  const kinds = same | versionOf | (round.isLast ? 0 : used | generated | derived | binds);
  await walk.read('source', round.isLast ? classed : indexes, kinds, (edge, index) => {
    const { kind, target, how, id } = edge;
    if (kind === same) {
      walk.stepToSame(index, target, how, id, round);
      return;
    }
    const label = walk.labelIn(index, 0, round);
    if (label >= 0) followEdge(label, edge, index);
    if (kind !== derived && kind !== used) return;
    // An asset that stands for an unknown version of it.
    const aside = walk.labelIn(index, 1, round);
    if (aside < 0) return;
    if (kind === derived) walk.step(aside, target, 0, how, id, derived);
    else if (walk.conducts(edge.role, id)) unnamed.push(doubtful(walk, aside, edge, edge.source));
  });
  await followReads(walk, bindings, unnamed);
  await followOutputs(walk, outputs);

  function followEdge(label: number, edge: Edge, index: number): void {
    const { kind, target, how, id } = edge;
    if (kind === used) {
      if (walk.conducts(edge.role, id)) walk.step(label, target, 0, how, id, used);
    } else if (kind === generated) outputs.push(doubtful(walk, label, edge, -1));
    else if (kind === derived) walk.step(label, target, 0, how, id, derived);
    else if (kind === binds) {
      if (edge.explains !== null) bindings.push(doubtful(walk, label, edge, edge.explains));
    } else if (nodes.kind(index) === 'artifact') {
      // It may have been this version that was read where only the asset was named.
      walk.step(label, target, 1, assumed, id, versionOf, 0);
    }
  }
}

function doubtful(walk: Walk, label: number, { target, how, id }: Edge, record: number): Doubtful {
  return { label, from: walk.labels.nodeOf(label), to: walk.nodes.add(target), how, edge: id, record };
}

/** A version goes where it was bound to a read; an asset that stands for an unknown version, where no read was bound. */
async function followReads(
  walk: Walk,
  bindings: readonly Doubtful[],
  unnamed: readonly Doubtful[],
): Promise<void> {
  if (bindings.length + unnamed.length === 0) return;
  const executions = [...bindings, ...unnamed].map(({ to }) => to);
  const reads = await readsOf(walk, [...new Set(executions)]);
  // What was read in part might seem unexplained.
  if (walk.exhausted) return;
  const { ids } = walk.nodes;
  for (const { label, from, to, how, edge, record } of bindings) {
    const weakness = boundBy(walk, reads.get(to)!, { version: ids[from]!, record, how, edge });
    if (weakness !== undefined) walk.step(label, ids[to]!, 0, weakness, edge, binds);
    else walk.nodes.inherit(from, to);
  }
  for (const { label, from, to, how, edge, record } of unnamed) {
    if (!isExplained(reads.get(to)!, record)) walk.step(label, ids[to]!, 0, how, edge, used);
    else walk.nodes.inherit(from, to);
  }
}

/** What an execution made, but for outputs that tell by explicit edges what they derive from; all of it where the walk began. */
async function followOutputs(walk: Walk, outputs: readonly Doubtful[]): Promise<void> {
  if (outputs.length === 0 || walk.exhausted) return;
  const { nodes } = walk;
  const began = (index: number) => nodes.has(index, marks.start);
  const unknown: number[] = [];
  for (const { from, to } of outputs) {
    if (began(from)) continue;
    nodes.countOutput(from, to);
    if (nodes.has(to, marks.derivedKnown)) continue;
    nodes.mark(to, marks.derivedKnown);
    unknown.push(to);
  }
  await walk.read('target', unknown, derived, (_, index) => nodes.mark(index, marks.hasDerived));
  const several = new Map<number, Set<number>>();
  for (const { from, to } of outputs) {
    if (nodes.has(from, marks.productKnown) || !nodes.has(from, marks.severalOutputs)) continue;
    several.set(from, (several.get(from) ?? new Set()).add(to));
  }
  await judgeProducts(walk, several);
  if (walk.exhausted) return;
  for (const { label, from, to, how, edge } of outputs) {
    if (!began(from) && nodes.has(to, marks.hasDerived)) {
      walk.leftOut.replaced.add(edge);
      nodes.inherit(from, to);
    } else {
      const product = !began(from) && nodes.has(from, marks.productAssumed) ? assumed : observed;
      walk.step(label, nodes.ids[to]!, 0, Math.max(how, product), edge, generated);
    }
  }
}
