/** Where a walk ends without having come to an end (README.md, "Open ends"). */
import { marks } from './node-table.ts';
import type { Walk } from './walk.ts';

export const openReasons = [
  /** An artifact that nothing made and nobody declared to be a source. */
  'no-producer',
  /** An execution that made something, and recorded nothing it learned from. */
  'no-input',
  /** A read, or an explicit edge, that names a thing and not which version of it. */
  'unbound',
  /** As deep as was asked. */
  'depth',
  /** As many nodes or edges as a walk may have. */
  'limit',
  /** The reader may not see it. */
  'masked',
  'purged',
  /** An edge that counts does not tell since when it holds, and an instant was asked about. */
  'untimed',
  /** An edge ended before it began. */
  'contradictory',
] as const;
export type OpenReason = (typeof openReasons)[number];

export interface OpenEnd {
  readonly node: number;
  readonly reason: OpenReason;
}

const plainReasons = [
  ['no-input', marks.noInput],
  ['depth', marks.depth],
  ['limit', marks.limit],
  ['masked', marks.masked],
  ['purged', marks.purged],
  ['untimed', marks.untimed],
  ['contradictory', marks.contradictory],
] as const;

export function* openEndsOf(walk: Walk): Generator<OpenEnd> {
  const { nodes } = walk;
  const settled = walk.direction === 'up' ? settledClasses(walk) : undefined;
  for (let index = 0; index < nodes.size; index++) {
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
