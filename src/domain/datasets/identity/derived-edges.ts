/** Edges that follow from claims. */
import type { EdgeId, NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import type { NewEdge } from '../../graph/index.ts';
import { type MarkKind, markKinds } from './claims.ts';
import { sameRules } from './marks.ts';

type DerivedEdge = Omit<NewEdge, 'event'>;

const kindNames = new Map(
  Object.entries(markKinds).map(([name, code]) => [code as number, name as MarkKind]),
);

/** That a node is the same as the hub of its group. Always: it has no time. */
export function sameEdge(
  project: ProjectId,
  id: EdgeId,
  node: NodeId,
  hub: NodeId,
  kind: number,
): DerivedEdge {
  const { rule, known } = sameRules[kindNames.get(kind)!];
  return { id, project, source: node, target: hub, kind: 'same', known, rule, validFrom: null };
}

/** That a run read a version; `uid` is that of its own record of what it read. */
export function bindingEdge(
  project: ProjectId,
  id: EdgeId,
  version: NodeId,
  read: { readonly run: NodeId; readonly uid: Uid; readonly at: number },
  isNamed: boolean,
): DerivedEdge {
  return {
    ...{
      id,
      project,
      source: version,
      target: read.run,
      kind: 'binds',
      sourceSlot: read.uid,
      validFrom: read.at,
    },
    ...(isNamed
      ? { known: 'declared', rule: 'explicit version' }
      : { known: 'inferred', rule: 'current at its time' }),
  };
}
