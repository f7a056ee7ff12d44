/** What has been recorded since the graph was read, as far as it touches what is shown. Pure. */
import type { Ancestry, GraphNode, Impact } from '../api/lineage.ts';
import { countText } from '../format/numbers.ts';
import type { LineageGraph } from './graph.ts';
import { type Direction, sideKey } from './openings.ts';

export interface News {
  /** Links that came or went at sides that are opened: they take their place when people ask for them. */
  readonly links: number;
  /** What moves nothing: states, names, how much more there is at sides that are closed. */
  readonly nodes: readonly GraphNode[];
}

const sides: readonly Direction[] = ['up', 'down'];

/** `fresh`: nodes that are shown, as they are now. */
export function newsOf(graph: LineageGraph, fresh: readonly GraphNode[]): News {
  let links = 0;
  const nodes: GraphNode[] = [];
  for (const node of fresh) {
    const shown = graph.item(node.uid)?.node;
    if (shown === undefined) continue;
    const changed = sides
      .filter((side) => graph.sides.has(sideKey(node.uid, side)))
      .reduce((sum, side) => sum + Math.abs(endsAt(node, side) - endsAt(shown, side)), 0);
    links += changed;
    if (changed === 0 && JSON.stringify(node) !== JSON.stringify(shown)) nodes.push(node);
  }
  return { links, nodes };
}

const endsAt = (node: GraphNode, side: Direction) => (side === 'up' ? node.causes : node.effects);

/** Nodes whose news are asked for: those whose sides are opened, then others that are shown. */
export function askedFor(graph: LineageGraph, most: number): string[] {
  const opened = [...graph.sides.keys()].map((key) => key.slice(0, key.lastIndexOf('.')));
  const uids = new Set(opened.filter((uid) => graph.item(uid)?.node !== undefined));
  for (const { key, node } of graph.items.values()) {
    if (uids.size >= most) break;
    if (node !== undefined) uids.add(key);
  }
  return [...uids].slice(0, most);
}

/** What two answers must have in common to be the same one to people. */
export function answerSign(answer: Impact | Ancestry): string {
  const { complete, openEndCounts, leftOut } = answer;
  const found = 'counts' in answer ? [...answer.derives, ...answer.mayDerive] : answer.items;
  const rows = found.map(({ node, strength, serving }) => [node.uid, strength, serving.map(placeOf)]);
  const rest =
    'counts' in answer
      ? [answer.counts, answer.cannotSay.map(({ node, serving }) => [node.uid, serving.map(placeOf)])]
      : [answer.count, answer.judgedBy.length];
  return JSON.stringify([complete, openEndCounts, leftOut, rows, rest]);
}

const placeOf = ({ deployment, slot }: { deployment: string; slot: string | null }) => [deployment, slot];

/** Empty where there is none. */
export function newsText(links: number, answer: boolean): string {
  const here =
    links === 0 ? '' : `${countText(links)} ${links === 1 ? 'link has' : 'links have'} changed here`;
  if (!answer) return here;
  return here === '' ? 'The answer has changed' : `${here}, and so has the answer`;
}
