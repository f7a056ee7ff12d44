/** What executions read, and which version each read saw. */
import { edgeBits, type Weakness } from './edge.ts';
import type { Walk } from './walk.ts';

export interface Use {
  readonly record: number;
  readonly role: string | null;
  readonly how: Weakness;
  readonly edge: number;
}

export interface Binding {
  readonly version: number;
  /** The record of the read that it explains. */
  readonly record: number;
  readonly how: Weakness;
  readonly edge: number;
}

export interface Reads {
  readonly uses: Use[];
  readonly bindings: Binding[];
}

/** By the index of the execution. */
export async function readsOf(
  walk: Walk,
  executions: readonly number[],
): Promise<ReadonlyMap<number, Reads>> {
  const found = new Map(executions.map((index) => [index, { uses: [], bindings: [] } as Reads]));
  await walk.read('target', [...found.keys()], edgeBits.used | edgeBits.binds, (edge, index) => {
    const { source, how, id, explains, role } = edge;
    if (edge.kind === edgeBits.used) found.get(index)!.uses.push({ record: source, role, how, edge: id });
    else if (explains !== null) {
      found.get(index)!.bindings.push({ version: source, record: explains, how, edge: id });
    }
  });
  return found;
}

export function isExplained(reads: Reads, record: number): boolean {
  return reads.bindings.some((binding) => binding.record === record);
}

/**
 * How a binding is known together with the read that it explains: the best of those that the walk goes through. Undefined where there is none,
 * which counts the binding as left out if that was for its role.
 */
export function boundBy(walk: Walk, reads: Reads, binding: Binding): Weakness | undefined {
  let best: Weakness | undefined;
  let evaluation = false;
  for (const use of reads.uses) {
    if (use.record !== binding.record) continue;
    if (!walk.letsThrough(use.role)) evaluation = true;
    else best = Math.min(best ?? use.how, use.how);
  }
  if (best === undefined) {
    if (evaluation) walk.leftOut.evaluation.add(binding.edge);
    return undefined;
  }
  return Math.max(best, binding.how);
}
