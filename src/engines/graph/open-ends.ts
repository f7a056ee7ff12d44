/** Where a walk ends without having come to an end (README.md, "Open ends"). */
import { marks } from './node-table.ts';
import type { OpenEnd } from './open-reasons.ts';
import type { Walk } from './walk.ts';

const plainReasons = [
  ['no-input', marks.noInput],
  ['depth', marks.depth],
  ['limit', marks.limit],
  ['masked', marks.masked],
  ['purged', marks.purged],
  ['untimed', marks.untimed],
  ['contradictory', marks.contradictory],
] as const;

const anyPlain = plainReasons.reduce((all, [, mark]) => all | mark, 0);

export function* openEndsOf(walk: Walk): Generator<OpenEnd> {
  const { nodes } = walk;
  const settled = walk.direction === 'up' ? settledClasses(walk) : undefined;
  for (let index = 0; index < nodes.size; index++) {
    // On the way down these are all; most nodes have none.
    if (settled === undefined && (nodes.flags[index]! & anyPlain) === 0) continue;
    const node = nodes.ids[index]!;
    if (nodes.best[index * 2]! < 0 && nodes.best[index * 2 + 1]! < 0) continue;
    const isOrigin = nodes.has(index, marks.origin);
    for (const [reason, mark] of plainReasons) {
      // Where somebody declared that nothing comes before, nothing is missing.
      if (nodes.has(index, mark) && !(isOrigin && reason === 'no-input')) yield { node, reason };
    }
    if (settled === undefined || isOrigin || nodes.has(index, marks.masked)) continue;
    if (!nodes.has(index, marks.bare)) continue;
    if (nodes.kind(index) === 'asset') yield { node, reason: 'unbound' };
    if (nodes.kind(index) === 'artifact' && !settled.has(nodes.classOf(index)))
      yield { node, reason: 'no-producer' };
  }
}

/**
 * Classes of artifacts of which one was made, or is declared a source; or is hidden, or was not looked at, which are reasons of their own.
 */
function settledClasses({ nodes }: Walk): ReadonlySet<number> {
  const settled = new Set<number>();
  for (let index = 0; index < nodes.size; index++) {
    if (nodes.best[index * 2]! < 0) continue;
    const isSettled =
      nodes.kind(index) === 'other' ||
      nodes.has(index, marks.made | marks.origin | marks.masked) ||
      !nodes.has(index, marks.expanded);
    if (isSettled) settled.add(nodes.classOf(index));
  }
  return settled;
}
