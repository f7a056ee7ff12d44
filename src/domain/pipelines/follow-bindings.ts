/** Whoever records a read or a version may tell that a run read another version than was thought: so was what it made derived from. */
import { actingAs, claimingAs } from '../../kernel/request-context.ts';
import { principals } from '../access/index.ts';
import type { FollowBindings } from '../datasets/index.ts';
import type { Graph } from '../graph/index.ts';
import { deriveEdges, targetsOfRuns } from './derivation.ts';

export function followBindings(graph: Graph): FollowBindings {
  return async (tx, context, changed) => {
    const targets = await targetsOfRuns(tx, [...new Set(changed.map(({ run }) => run))]);
    // What is made again is what the face claimed.
    const system = actingAs(claimingAs(context, 'openlineage'), principals.system);
    await deriveEdges(tx, graph, system, tx.eventId, targets);
  };
}
