/** Keeps the edges of groups of marks as they should be, near the marks that changed. */
import type { NodeId } from '../../../kernel/ids.ts';
import { sameEdge } from './derived-edges.ts';
import {
  type ClassedMark,
  linkMarks,
  marksOf,
  marksOfGroups,
  placedMarks,
  putMarks,
  removeMarks,
} from './mark-store.ts';
import { groupOf, type MarkGroup, type MarkRow, type NewMark } from './marks.ts';
import type { Settling } from './settling.ts';

/** What a node is to be marked with; undefined for nothing. */
export type WantedMark = Omit<NewMark, 'kind' | 'value'> & {
  readonly scope: number;
  readonly mark: Pick<NewMark, 'kind' | 'value'> | undefined;
};

export interface StarChanges {
  /** Pairs that are the same by an edge that is new. */
  readonly joined: readonly (readonly [NodeId, NodeId])[];
  /** Pairs that an edge joined which is withdrawn. */
  readonly parted: readonly (readonly [NodeId, NodeId])[];
  /** Groups whose hub is another one. */
  readonly rehubbed: readonly MarkGroup[];
  /** Where a group is a class of its own: the least id of each node's group, for nodes whose group changed. */
  readonly classes: readonly { readonly node: NodeId; readonly class: NodeId }[];
}

/** `made`: nodes that cannot have marks yet. `again`: groups that are looked at whole, though nothing new is said of them. */
export async function settleMarks(
  settling: Settling,
  wanted: readonly WantedMark[],
  made: ReadonlySet<NodeId>,
  again: readonly MarkGroup[] = [],
): Promise<StarChanges> {
  const { tx } = settling;
  const old = await marksOf(
    tx,
    wanted.flatMap(({ node }) => (made.has(node) ? [] : node)),
  );
  const before = new Map(old.map((row) => [row.node, row]));
  const changed = wanted.filter((want) => !isSo(before.get(want.node), want));
  if (changed.length === 0 && again.length === 0)
    return { joined: [], parted: [], rehubbed: [], classes: [] };
  const left = changed.flatMap(({ node }) => before.get(node) ?? []);
  const put = changed.flatMap(({ mark, ...rest }) => (mark === undefined ? [] : { ...rest, ...mark }));
  await removeMarks(
    tx,
    changed.flatMap(({ node, mark }) => (mark === undefined && before.has(node) ? node : [])),
  );
  await putMarks(tx, put);
  const placed = await placedMarks(
    tx,
    put.map(({ node }) => node),
  );
  // Whole groups are read only where their hub may be another one, or one that gave the class its name left or came.
  const isPut = new Set(put.map(({ node }) => node));
  const whole = new Map<string, MarkGroup>(again.map((group) => [groupOf(group), group]));
  for (const row of left) whole.set(groupOf(row), row);
  for (const row of placed) {
    const mayBeFirst = row.second !== null && (isPut.has(row.first) || row.node < row.first_class);
    if (mayBeFirst) whole.set(groupOf(row), row);
  }
  const listed = await marksOfGroups(tx, [...whole.values()]);
  const near = placed.filter((row) => !whole.has(groupOf(row)));
  return link(settling, { left, listed, near, whole, isPut });
}

function isSo(row: MarkRow | undefined, { mark, scope, asset }: WantedMark): boolean {
  if (row === undefined || mark === undefined) return row === undefined && mark === undefined;
  const equal = Buffer.compare(row.value, mark.value) === 0;
  return equal && row.kind === mark.kind && row.scope === scope && row.asset === asset;
}

interface Found {
  /** Marks as they were that are another now. */
  readonly left: readonly MarkRow[];
  /** All marks of `whole`. */
  readonly listed: readonly ClassedMark[];
  /** Marks put into groups that stay as they are beside. */
  readonly near: Awaited<ReturnType<typeof placedMarks>>;
  readonly whole: ReadonlyMap<string, MarkGroup>;
  readonly isPut: ReadonlySet<NodeId>;
}

async function link(settling: Settling, { left, listed, near, whole, isPut }: Found): Promise<StarChanges> {
  const wrong: { row: MarkRow; hub: NodeId | null }[] = [];
  const classes: { node: NodeId; class: NodeId }[] = [];
  const rehubbed: MarkGroup[] = [];
  for (const row of near) {
    const hub = row.first === row.node ? null : row.first;
    if (hub !== row.hub) wrong.push({ row, hub });
    if (hub === null) rehubbed.push(row);
    const named = hub === null ? row.node : row.first_class;
    if (row.node_class !== named) classes.push({ node: row.node, class: named });
  }
  const byGroup = Map.groupBy(listed, groupOf);
  for (const [group, key] of whole) {
    const members = byGroup.get(group) ?? [];
    const [first] = members;
    if (first === undefined) {
      rehubbed.push(key);
      continue;
    }
    let named = first.node;
    for (const { node } of members) if (node < named) named = node;
    for (const row of members) {
      const hub = row === first ? null : first.node;
      if (hub !== row.hub) wrong.push({ row, hub });
      if (row.node_class !== named) classes.push({ node: row.node, class: named });
    }
    if (isPut.has(first.node) || first.hub !== null) rehubbed.push(key);
  }
  // One that is in no group any more stands for itself.
  const grouped = new Set([...near, ...listed].map(({ node }) => node));
  for (const { node } of left) if (!grouped.has(node)) classes.push({ node, class: node });
  const parted = [...left, ...wrong.map(({ row }) => row)].flatMap(({ node, hub, edge }) =>
    hub === null || edge === null ? [] : { node, hub, edge },
  );
  settling.retract(parted.map(({ edge }) => edge));
  const ids = await settling.ids(wrong.length);
  const links = wrong.map(({ row, hub }, index) => ({
    ...{ node: row.node, hub, edge: hub === null ? null : ids[index]! },
    ...{ kind: row.kind, project: row.project },
  }));
  for (const { node, hub, edge, kind, project } of links) {
    if (hub !== null && edge !== null) settling.assert(sameEdge(project, edge, node, hub, kind));
  }
  await linkMarks(settling.tx, links);
  return {
    joined: links.flatMap(({ node, hub }) => (hub === null ? [] : [[node, hub] as const])),
    parted: parted.map(({ node, hub }) => [node, hub]),
    rehubbed,
    classes,
  };
}
