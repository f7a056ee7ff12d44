/**
 * Which starts of a walk up have an open end among their causes: the walk's steps, gone back over from all open ends at once. One walk for
 * all starts and one way back cost what the walk cost, whatever the number of starts.
 */
import { assert } from '../../kernel/assert.ts';
import { marks } from './node-table.ts';
import { openEndsOf } from './open-ends.ts';
import { type OpenEnd, openReasons } from './open-reasons.ts';
import { plainStep, type Walk } from './walk.ts';

export interface Doubt extends OpenEnd {
  /** Steps from the start to the open end, those to what is the same counted. */
  readonly steps: number;
}

export function doubtsOf(walk: Walk): ReadonlyMap<number, Doubt> {
  const { nodes, trace } = walk;
  assert(trace !== undefined && walk.direction === 'up', 'the walk kept its steps');
  const { starts, steps } = stepsByTarget(trace.to.subarray(0, trace.size), nodes.size * 2);
  const ends = [...openEndsOf(walk)].sort(
    (one, other) =>
      one.node - other.node || openReasons.indexOf(one.reason) - openReasons.indexOf(other.reason),
  );
  /** The open end that a state leads to, as its place in `ends`; -1 for none. */
  const endOf = new Int32Array(nodes.size * 2).fill(-1);
  const far = new Int32Array(nodes.size * 2);
  let round: number[] = [];
  const reach = (state: number, end: number, distance: number, next: number[]) => {
    if (nodes.best[state]! < 0) return;
    if (endOf[state]! >= 0) {
      // Of open ends that are as near the lesser node counts.
      if (far[state] === distance && end < endOf[state]!) endOf[state] = end;
      return;
    }
    endOf[state] = end;
    far[state] = distance;
    next.push(state);
  };
  const second: number[] = [];
  const own = new Map<number, number>();
  for (const [end, { node, reason }] of ends.entries()) {
    const index = nodes.find(node);
    if (reason !== 'no-producer') {
      reach(index * 2, end, 0, round);
      // What stands aside was not walked on from, so nothing else can be missing there.
      if (reason === 'masked' || reason === 'purged') reach(index * 2 + 1, end, 0, round);
      continue;
    }
    // What was reached by a read that a binding explains is no doubt of that read's.
    if (nodes.has(index, marks.start)) own.set(index, end);
    for (let at = starts[index * 2]!; at < starts[index * 2 + 1]!; at++) {
      if (trace.steps[steps[at]!] === plainStep) second.push(trace.from[steps[at]!]!, end);
    }
  }
  for (let distance = 1; round.length > 0 || distance === 1; distance++) {
    const next: number[] = [];
    if (distance === 1)
      for (let at = 0; at < second.length; at += 2) reach(second[at]!, second[at + 1]!, 1, next);
    for (const state of round) {
      for (let at = starts[state]!; at < starts[state + 1]!; at++)
        reach(trace.from[steps[at]!]!, endOf[state]!, distance, next);
    }
    round = next;
  }
  const doubts = new Map<number, Doubt>();
  for (let index = 0; index < nodes.size; index++) {
    if (!nodes.has(index, marks.start)) continue;
    const end = own.get(index) ?? endOf[index * 2]!;
    if (end >= 0)
      doubts.set(nodes.ids[index]!, { ...ends[end]!, steps: own.has(index) ? 0 : far[index * 2]! });
  }
  return doubts;
}

/** Places of the steps that lead to each state: those of a state stand together. */
function stepsByTarget(
  targets: Int32Array,
  states: number,
): { readonly starts: Int32Array; readonly steps: Int32Array } {
  const starts = new Int32Array(states + 1);
  for (const target of targets) starts[target + 1]!++;
  for (let state = 0; state < states; state++) starts[state + 1]! += starts[state]!;
  const next = starts.slice();
  const steps = new Int32Array(targets.length);
  for (const [step, target] of targets.entries()) steps[next[target]!++] = step;
  return { starts, steps };
}
