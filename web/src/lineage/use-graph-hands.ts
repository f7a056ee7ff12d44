/** What hands and keys do in the explorer. All of it goes through the link. */
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { GraphNode } from '../api/lineage.ts';
import { useProject } from '../layout/use-project.ts';
import type { LineageSearch } from '../lineage-urls.ts';
import { useKeys } from '../runs/use-keys.ts';
import type { ChangeOf } from '../urls.ts';
import type { Item, LineageGraph } from './graph.ts';
import { nodeUrl } from './node-url.ts';
import { type Direction, type Opening, openingsText, sideKey, withOpening, withoutSide } from './openings.ts';
import type { StageHandle } from './stage.tsx';
import type { OpenedGraph } from './use-explorer.ts';

export type Change = (part: ChangeOf<LineageSearch>, replace?: boolean) => void;

export interface GraphHands {
  /** The node that was left last for the one that is chosen. */
  readonly cameFrom: string | undefined;
  choose(item: Item): void;
  /** Chooses it, and moves there. */
  go(item: Item): void;
  /** Moves there as soon as it is in the graph. */
  reveal(uid: string): void;
  open(item: Item, direction: Direction): void;
  unfold(item: Item, all: boolean): void;
  page(item: Item): void;
  pageOf(uid: string): void;
  onKeyDown(event: KeyboardEvent): void;
}

export function useGraphHands(props: {
  search: LineageSearch;
  graph: LineageGraph;
  version: number;
  stage: RefObject<StageHandle | null>;
  explorer: OpenedGraph;
  names: ReadonlyMap<string, GraphNode>;
  moments: readonly number[];
  asOf: number | undefined;
  change: Change;
  onKeys: () => void;
  /** Takes in what was recorded since; undefined: nothing was. */
  onNews: (() => void) | undefined;
}): GraphHands {
  const { search, graph, stage, explorer, names, change } = props;
  const { site } = useProject();
  const navigate = useNavigate();
  // Keys come faster than links change.
  const current = useRef(search.at ?? search.of);
  const wanted = useRef<string | undefined>(search.at);
  const [cameFrom, setCameFrom] = useState<string | undefined>();
  useEffect(() => {
    current.current = search.at ?? search.of;
  }, [search.at, search.of]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the graph
  useEffect(() => {
    const item = wanted.current === undefined ? undefined : graph.item(wanted.current);
    if (item === undefined) return;
    wanted.current = undefined;
    stage.current?.show(item);
  }, [graph, props.version, search.at]);

  function choose(item: Item): void {
    const before = graph.item(current.current);
    const isNext =
      before !== undefined &&
      [...item.causes, ...item.effects].some(({ from, to }) => from === before || to === before);
    setCameFrom(isNext && before !== item ? before.key : undefined);
    current.current = item.key;
    change({ at: item.key === search.of ? undefined : item.key });
  }
  function go(item: Item): void {
    choose(item);
    stage.current?.show(item);
    stage.current?.focus(item.key);
  }
  const write = (openings: readonly Opening[], more: ChangeOf<LineageSearch> = {}) =>
    change({ ...more, open: openingsText(openings) }, false);

  function open(item: Item, direction: Direction): void {
    if (item.fold !== undefined) return;
    const isOpen = graph.sides.has(sideKey(item.key, direction));
    const { openings } = explorer;
    const next = { of: item.key, direction };
    const at = item.key === search.of ? undefined : item.key;
    current.current = item.key;
    write(isOpen ? withoutSide(openings, item.key, direction) : withOpening(openings, next), { at });
    // What comes stands beside it.
    if (!isOpen) stage.current?.show({ ...item, layer: item.layer + (direction === 'up' ? -1 : 1) });
  }

  function unfold(item: Item, all: boolean): void {
    const { fold } = item;
    if (fold === undefined || fold.masked || graph.rest(fold) === 0) return;
    const { of, direction, name } = fold;
    const before = explorer.openings.find(
      (one) =>
        one.of === of &&
        one.direction === direction &&
        one.fold?.type === name.type &&
        one.fold.group === name.group,
    );
    write(
      withOpening(explorer.openings, {
        of,
        direction,
        fold: name,
        pages: all ? 0 : (before?.pages ?? 0) + 1,
      }),
    );
  }

  /** Both sides, as far as anything is hidden; where nothing is, what was opened there is closed. */
  function toggle(item: Item): void {
    if (item.fold !== undefined) {
      unfold(item, false);
      return;
    }
    const sides: readonly Direction[] = ['up', 'down'];
    const hidden = sides.filter((side) => graph.hidden(item, side) > 0);
    const at = item.key === search.of ? undefined : item.key;
    if (hidden.length > 0)
      write(
        hidden.reduce((all, side) => withOpening(all, { of: item.key, direction: side }), explorer.openings),
        { at },
      );
    else if (item.key !== search.of)
      write(
        sides.reduce((all, side) => withoutSide(all, item.key, side), explorer.openings),
        { at },
      );
  }

  function pageOfNode(node: GraphNode | undefined): void {
    const url = node === undefined ? undefined : nodeUrl(node, site);
    if (url !== undefined) void navigate(url as never);
  }

  const inGraph = () => {
    const active = document.activeElement;
    return active === null || active === document.body || active.closest('.lineage-stage') !== null;
  };
  /** A key of the graph, while nothing else has the focus. */
  const onGraph = (act: (item: Item) => void) => () => {
    const item = graph.item(current.current) ?? graph.item(search.of);
    if (item === undefined || !inGraph()) return false;
    act(item);
    return true;
  };
  const along = (direction: Direction) =>
    onGraph((item) => {
      const next = nearest(item, direction, cameFrom);
      if (next !== undefined) go(next);
      else if (graph.hidden(item, direction) > 0) open(item, direction);
    });
  const within = (step: 1 | -1) =>
    onGraph((item) => {
      const next = graph.columns.next(item.layer, item.slot, step);
      if (next !== undefined) go(next);
    });
  const [left, right, up, down] = [along('up'), along('down'), within(-1), within(1)];
  useKeys({
    ...{
      ArrowLeft: left,
      h: left,
      ArrowRight: right,
      l: right,
      ArrowUp: up,
      k: up,
      ArrowDown: down,
      j: down,
    },
    o: onGraph((item) => pageOfNode(item.node)),
    s: onGraph(() => {
      const start = graph.item(search.of);
      if (start !== undefined) go(start);
    }),
    e: () => focusOn('.lineage-side summary[data-evidence], .lineage-side summary'),
    t: () => {
      if (search.view === 'graph') change({ view: undefined });
      return focusOn(
        '.lineage-rows tr.cursor [data-row], .lineage-rows [data-row], .lineage-answer [role=tab]',
      );
    },
    g: () => {
      stage.current?.focus(current.current);
      return true;
    },
    d: () => {
      if (search.ask !== undefined) return false;
      change({ deployed: search.deployed === 'yes' ? undefined : 'yes', list: undefined, way: undefined });
      return true;
    },
    q: () => {
      if (graph.item(search.of)?.node?.type === 'endpoint') return false;
      change({ ask: search.ask === undefined ? 'ancestry' : undefined, list: undefined, way: undefined });
      return true;
    },
    '[': () => moveTime(props, -1),
    ']': () => moveTime(props, 1),
    '+': () => zoom(stage, 1.3),
    '-': () => zoom(stage, 1 / 1.3),
    '0': () => {
      stage.current?.fit();
      return true;
    },
    r: () => {
      props.onNews?.();
      return props.onNews !== undefined;
    },
    '?': () => {
      props.onKeys();
      return true;
    },
    Escape: () => {
      if (search.way !== undefined) change({ way: undefined });
      stage.current?.focus(current.current);
      return true;
    },
  });

  return {
    cameFrom,
    choose,
    go,
    reveal(uid) {
      wanted.current = uid;
    },
    open,
    unfold,
    page: (item) => pageOfNode(item.node),
    pageOf: (uid) => pageOfNode(names.get(uid) ?? graph.item(uid)?.node),
    onKeyDown(event) {
      const key = (event.target as HTMLElement).dataset?.node;
      const item = key === undefined ? undefined : graph.item(key);
      if (item === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      if (event.shiftKey && item.fold !== undefined) unfold(item, true);
      else toggle(item);
    },
  };
}

/** The other end of a link on that side: the one that was left for this, else the one that lies nearest. */
function nearest(item: Item, direction: Direction, cameFrom: string | undefined): Item | undefined {
  const links = direction === 'up' ? item.causes : item.effects;
  // What conducts first; the others are reached up and down.
  const conducting = links.filter(({ conducts }) => conducts);
  const others = (conducting.length > 0 ? conducting : links).map((link) =>
    direction === 'up' ? link.from : link.to,
  );
  return (
    others.find(({ key }) => key === cameFrom) ??
    others.reduce<Item | undefined>(
      (best, other) =>
        best === undefined || Math.abs(other.slot - item.slot) < Math.abs(best.slot - item.slot)
          ? other
          : best,
      undefined,
    )
  );
}

/** To the change before, or after. */
function moveTime(
  { moments, asOf, change }: { moments: readonly number[]; asOf: number | undefined; change: Change },
  step: 1 | -1,
): boolean {
  if (moments.length === 0) return false;
  const at = asOf ?? Number.POSITIVE_INFINITY;
  const began = moments.findLast((time) => time <= at);
  const next =
    step === 1
      ? moments.find((time) => time > at)
      : began === undefined
        ? undefined
        : (moments.findLast((time) => time < began) ?? began - 1);
  if (step === -1 && next === undefined) return true;
  change({ asOf: next === undefined ? undefined : new Date(next).toISOString() });
  return true;
}

function zoom(stage: RefObject<StageHandle | null>, by: number): boolean {
  stage.current?.zoom(by);
  return true;
}

function focusOn(selector: string): boolean {
  const element = selector
    .split(', ')
    .map((one) => document.querySelector<HTMLElement>(one))
    .find((one) => one !== null);
  element?.focus();
  return element !== undefined;
}
