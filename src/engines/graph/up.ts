/** What nodes come from: the rule of README.md, from effects to causes. */
import { assumed, edgeBits, observed } from './edge.ts';
import { marks } from './node-table.ts';
import { readProducts } from './products.ts';
import { boundBy, isExplained, type Reads, readsOf } from './reads.ts';
import type { Round, Walk } from './walk.ts';

const { used, generated, derived, binds, same } = edgeBits;

export async function expandUp(walk: Walk, indexes: readonly number[], round: Round): Promise<void> {
  const { nodes } = walk;
  const classed = indexes.filter((index) => nodes.kind(index) !== 'execution');
  await walk.read('source', classed, same, ({ target, how, id }, index) => {
    walk.stepToSame(index, target, how, id, round);
  });
  await toMakers(walk, classed, round);
  if (round.isLast) return;
  const executions = indexes.filter(
    (index) => nodes.kind(index) === 'execution' && walk.labelIn(index, 0, round) >= 0,
  );
  await toInputs(walk, executions, round);
}

/**
 * To what is the same; to what an artifact explicitly derives from, and beside it the execution that wrote it down; without explicit edges to
 * that as its cause.
 */
async function toMakers(walk: Walk, indexes: readonly number[], round: Round): Promise<void> {
  const { nodes } = walk;
  const makers: { index: number; execution: number; how: number; edge: number }[] = [];
  const kinds = round.isLast ? same : derived | generated | same;
  await walk.read('target', indexes, kinds, ({ kind, source, how, id }, index) => {
    if (kind === same) walk.stepToSame(index, source, how, id, round);
    else if (nodes.kind(index) === 'artifact') {
      nodes.mark(index, marks.made);
      if (kind === generated) makers.push({ index, execution: source, how, edge: id });
      else {
        nodes.mark(index, marks.hasDerived);
        const label = walk.labelIn(index, 0, round);
        if (label >= 0) walk.step(label, source, 0, how, id, derived);
      }
    }
  });
  // Of edges read in part nobody knows whether there are explicit ones.
  if (walk.exhausted) return;
  for (const { index, execution, how, edge } of makers) {
    const explicit = nodes.has(index, marks.hasDerived);
    if (explicit) walk.leftOut.replaced.add(edge);
    const label = walk.labelIn(index, 0, round);
    if (label >= 0) walk.step(label, execution, explicit ? 1 : 0, how, edge, generated);
  }
}

/** To what an execution learned from. */
async function toInputs(walk: Walk, executions: readonly number[], round: Round): Promise<void> {
  const { nodes } = walk;
  const [began, passed] = [[] as number[], [] as number[]];
  for (const index of executions) (nodes.has(index, marks.start) ? began : passed).push(index);
  await readProducts(walk, passed);
  const productive = new Set(passed);
  await walk.read('source', began, generated, (_, index) => productive.add(index), { mostOfNode: 1_000 });
  const reads = await readsOf(walk, executions);
  await loadBound(walk, reads);
  if (walk.exhausted) return;
  for (const [index, { uses, bindings }] of reads) {
    const product = !nodes.has(index, marks.start) && nodes.has(index, marks.productAssumed);
    const least = product ? assumed : observed;
    const label = walk.labelIn(index, 0, round);
    let learned = false;
    for (const { record, role, how, edge } of uses) {
      if (!walk.conducts(role, edge)) continue;
      learned = true;
      const explained = isExplained({ uses, bindings }, record);
      // An asset that a binding explains says no more than the version does.
      if (explained && nodes.kind(nodes.find(record)) === 'asset') continue;
      walk.step(label, record, 0, Math.max(how, least), edge, used, 1, explained);
    }
    for (const binding of bindings) {
      const weakness = boundBy(walk, { uses, bindings }, binding);
      if (weakness !== undefined)
        walk.step(label, binding.version, 0, Math.max(weakness, least), binding.edge, binds);
    }
    if (!learned && productive.has(index)) nodes.mark(index, marks.noInput);
  }
}

/** What the records are that bindings explain. */
async function loadBound(walk: Walk, reads: ReadonlyMap<number, Reads>): Promise<void> {
  const records = new Set<number>();
  for (const { bindings } of reads.values())
    for (const { record } of bindings) records.add(walk.nodes.add(record));
  await walk.loadFacts([...records]);
}
