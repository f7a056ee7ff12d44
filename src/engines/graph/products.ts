/**
 * Which executions only suggest what came from what. What went into an execution with a single output went there. Of one with several, every
 * output from every input is assumed: nobody said so. Outputs that are the same thing, recorded twice, are one.
 */
import { edgeBits } from './edge.ts';
import { marks } from './node-table.ts';
import type { Walk } from './walk.ts';

/** Outputs looked at of one execution: one with more is taken to have several. */
const mostOutputs = 32;

/** Marks those of these executions whose products are assumed. `outputs`: by the index of an execution, those of more than one output. */
export async function judgeProducts(
  walk: Walk,
  outputs: ReadonlyMap<number, ReadonlySet<number>>,
): Promise<void> {
  if (outputs.size === 0) return;
  const { nodes } = walk;
  const few = [...outputs].filter(([, found]) => found.size < mostOutputs);
  const classOf = await classesFrom(
    walk,
    few.map(([, found]) => [...found][0]!),
  );
  for (const [index, found] of outputs) {
    const isOne = found.size < mostOutputs && new Set([...found].map(classOf)).size === 1;
    nodes.mark(index, isOne ? marks.productKnown : marks.productKnown | marks.productAssumed);
  }
}

/** The same of executions whose outputs were not read yet. */
export async function readProducts(walk: Walk, executions: readonly number[]): Promise<void> {
  const { nodes } = walk;
  const unknown = executions.filter((index) => !nodes.has(index, marks.productKnown));
  const several = new Map<number, Set<number>>();
  const first = new Map<number, number>();
  await walk.read(
    'source',
    unknown,
    edgeBits.generated,
    ({ target }, index) => {
      const output = nodes.add(target);
      const known = first.get(index);
      if (known === undefined) first.set(index, output);
      else if (known !== output) several.set(index, (several.get(index) ?? new Set([known])).add(output));
    },
    { mostOfNode: mostOutputs },
  );
  await judgeProducts(walk, several);
  for (const index of unknown) nodes.mark(index, marks.productKnown);
}

/** The classes of these nodes, whole, as a function that names the class of any node; of a node in none of them itself. */
async function classesFrom(walk: Walk, first: readonly number[]): Promise<(index: number) => number> {
  const parent = new Map<number, number>(first.map((index) => [index, index]));
  const rootOf = (index: number): number => {
    let at = index;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  let frontier = [...parent.keys()];
  while (frontier.length > 0 && !walk.exhausted) {
    const next: number[] = [];
    const join = (index: number, other: number) => {
      const met = walk.nodes.add(other);
      if (!parent.has(met)) {
        parent.set(met, met);
        next.push(met);
      }
      parent.set(rootOf(met), rootOf(index));
    };
    const quiet = { quiet: true };
    await walk.read('source', frontier, edgeBits.same, (edge, index) => join(index, edge.target), quiet);
    await walk.read('target', frontier, edgeBits.same, (edge, index) => join(index, edge.source), quiet);
    frontier = next;
  }
  return rootOf;
}
