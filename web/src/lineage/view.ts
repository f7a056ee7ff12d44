/** Where things are on the screen: the plane of the graph, moved and scaled. Pure. */
import type { Item, LineageGraph } from './graph.ts';

/** Pixels at scale 1. */
export const card = { width: 184, height: 40 } as const;
const columnWidth = 252;
export const slotHeight = 54;

export const leastScale = 0.02;
export const mostScale = 1.6;
/** Below it nodes are drawn as boxes without words. */
export const wordScale = 0.5;

export interface View {
  /** Of the plane's origin, in pixels of the screen. */
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

type Placed = Pick<Item, 'layer' | 'slot'>;

export const leftOf = ({ layer }: Placed) => layer * columnWidth;
export const topOf = ({ slot }: Placed) => slot * slotHeight;

/** The layers and slots in sight, and some more on each side: in slots, and one layer. */
export function inSight(view: View, size: Size, more: number) {
  const { x, y, scale } = view;
  return {
    layers: [
      Math.floor(-x / scale / columnWidth) - 1,
      Math.ceil((size.width - x) / scale / columnWidth) + 1,
    ] as const,
    slots: [
      Math.floor(-y / scale / slotHeight) - more,
      Math.ceil((size.height - y) / scale / slotHeight) + more,
    ] as const,
  };
}

/** Pixels around the screen that are drawn too, so that the picture can be moved for a while before it is drawn again. */
export const overscan = 240;

/** How a picture that was drawn at one view is moved and scaled to be that of another. */
export interface Shift {
  readonly x: number;
  readonly y: number;
  readonly by: number;
}

/** Undefined where it would not cover the screen, or be too coarse: then it is drawn again. */
export function shifted(drawn: View, now: View, size: Size): Shift | undefined {
  const by = now.scale / drawn.scale;
  if (by < 0.75 || by > 1.35) return undefined;
  const along = (at: number, was: number, room: number) => {
    const shift = at - by * (overscan + was) + overscan;
    const first = shift - overscan;
    return first > 0 || first + by * (room + 2 * overscan) < room ? undefined : shift;
  };
  const [x, y] = [along(now.x, drawn.x, size.width), along(now.y, drawn.y, size.height)];
  return x === undefined || y === undefined ? undefined : { x, y, by };
}

/** Scaled about a place on the screen. */
export function zoomed(view: View, by: number, at: { readonly x: number; readonly y: number }): View {
  const scale = Math.min(mostScale, Math.max(leastScale, view.scale * by));
  const ratio = scale / view.scale;
  return { x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio, scale };
}

/** Moved as little as shows the item whole, with some air; the same view where it is. */
export function showing(view: View, size: Size, item: Placed, air = 28): View {
  const { scale } = view;
  const [left, top] = [view.x + leftOf(item) * scale, view.y + topOf(item) * scale];
  const [width, height] = [card.width * scale, card.height * scale];
  return {
    x: view.x + inside(left, left + width, size.width, air + 24),
    y: view.y + inside(top, top + height, size.height, air),
    scale,
  };
}

/** How far a stretch must move to lie between 0 and `room`. */
function inside(from: number, to: number, room: number, air: number): number {
  if (from < air) return air - from;
  if (to > room - air) return Math.max(air - from, room - air - to);
  return 0;
}

/** The whole graph, no larger than life, and its start where the whole is too much to be read. */
export function fitted(graph: LineageGraph, size: Size, start: Placed | undefined): View {
  const { layers, slots } = graph.columns.extent;
  const [left, top] = [layers[0] * columnWidth, slots[0] * slotHeight];
  const width = (layers[1] - layers[0]) * columnWidth + card.width;
  const height = (slots[1] - slots[0]) * slotHeight + card.height;
  const scale = Math.min(1, (size.width - 96) / width, (size.height - 56) / height);
  if (scale < wordScale && start !== undefined) return centred(start, size, 0.85);
  return {
    x: (size.width - width * scale) / 2 - left * scale,
    y: (size.height - height * scale) / 2 - top * scale,
    scale,
  };
}

/** All of it, however small. */
export function wholly(graph: LineageGraph, size: Size): View {
  const { layers, slots } = graph.columns.extent;
  const width = (layers[1] - layers[0] + 1) * columnWidth;
  const height = (slots[1] - slots[0] + 1) * slotHeight;
  const scale = Math.max(leastScale, Math.min(1, (size.width - 60) / width, (size.height - 40) / height));
  return {
    x: (size.width - (width - columnWidth + card.width) * scale) / 2 - layers[0] * columnWidth * scale,
    y: (size.height - (height - slotHeight + card.height) * scale) / 2 - slots[0] * slotHeight * scale,
    scale,
  };
}

/** These items as large as they may be; of more than fit, the last. */
export function fittedTo(items: readonly Placed[], size: Size, least: number): View {
  const last = items.at(-1);
  const [left, right] = [Math.min(...items.map(leftOf)), Math.max(...items.map(leftOf)) + card.width];
  const [top, bottom] = [Math.min(...items.map(topOf)), Math.max(...items.map(topOf)) + card.height];
  const air = 40;
  const whole = Math.min(
    1,
    (size.width - 2 * air) / (right - left),
    (size.height - 2 * air) / (bottom - top),
  );
  const scale = Math.max(least, whole);
  const view = {
    x: (size.width - (right - left) * scale) / 2 - left * scale,
    y: (size.height - (bottom - top) * scale) / 2 - top * scale,
    scale,
  };
  return last === undefined || scale === whole ? view : showing(view, size, last);
}

export function centred(item: Placed, size: Size, scale: number): View {
  return {
    x: size.width / 2 - (leftOf(item) + card.width / 2) * scale,
    y: size.height / 2 - (topOf(item) + card.height / 2) * scale,
    scale,
  };
}

/** The item at a place on the screen. */
export function itemAt(
  graph: LineageGraph,
  view: View,
  at: { readonly x: number; readonly y: number },
): Item | undefined {
  const [x, y] = [(at.x - view.x) / view.scale, (at.y - view.y) / view.scale];
  const [layer, slot] = [Math.floor(x / columnWidth), Math.floor(y / slotHeight)];
  const isOn = x - layer * columnWidth <= card.width && y - slot * slotHeight <= card.height;
  return isOn ? graph.columns.at(layer, slot) : undefined;
}
