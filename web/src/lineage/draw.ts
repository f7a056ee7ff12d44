/** Draws what is in sight of the graph on a canvas: links, and nodes as boxes where they are too small for words. */
import { grouped, type Item, type LineageGraph, type Link } from './graph.ts';
import { between } from './link-line.ts';
import { card, inSight, leftOf, type Size, slotHeight, topOf, type View } from './view.ts';

export interface DrawColours {
  readonly link: string;
  readonly faint: string;
  readonly accent: string;
  readonly box: string;
  readonly edge: string;
  readonly warn: string;
}

export interface Drawing {
  readonly graph: LineageGraph;
  readonly view: View;
  readonly size: Size;
  readonly colours: DrawColours;
  /** Keys of the links of the way that is shown. */
  readonly way: ReadonlySet<string>;
  /** Whose links stand out. */
  readonly chosen: string | undefined;
  /** Nodes are drawn too: there are no cards. */
  readonly boxes: boolean;
  /** ms that a moved slider stands at: what does not hold then is faint. */
  readonly preview: number | undefined;
}

/** Where nodes are nearer to each other than this, in pixels, a column of them is drawn as one. */
const farSlot = 4;
/** Pixels within which the ends of two links are taken for one. */
const sameLine = 3;
/** Of a node with more links those are drawn that lead to nodes in sight. */
const manyLinks = 200;

type Style =
  | 'plain'
  | 'inferred'
  | 'assumed'
  | 'still'
  | 'chosen'
  | 'off'
  | 'way'
  | 'way inferred'
  | 'way assumed';
const dashes: Readonly<Record<Style, readonly number[]>> = {
  ...{ plain: [], inferred: [6, 4], assumed: [2, 4], still: [1.5, 8], chosen: [], off: [] },
  ...{ way: [], 'way inferred': [7, 4], 'way assumed': [2, 4] },
};

/** What is drawn later lies above. */
const order: readonly Style[] = [
  ...(['off', 'still', 'assumed', 'inferred', 'plain', 'chosen'] as const),
  ...(['way assumed', 'way inferred', 'way'] as const),
];

/** How many nodes and links were drawn. */
export function drawGraph(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
): { readonly items: number; readonly links: number } {
  const { graph, view, size, colours } = drawing;
  const ratio = devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);
  const isFar = slotHeight * view.scale < farSlot;
  const sight = inSight(view, size, 2);
  const items = [...graph.columns.between(sight.layers, sight.slots)];
  const paths: Partial<Record<Style, Path2D>> = {};
  const arrows: Partial<Record<Style, Path2D>> = {};
  const all = linksOf(items);
  const drawn = isFar ? apart(all, drawing) : all;
  const isSmall = view.scale < 0.3;
  // With so much air that no end of a cut line is seen, however thick it is.
  const air = 64 / view.scale;
  const heights = [-view.y / view.scale - air, (size.height - view.y) / view.scale + air] as const;
  for (const link of drawn) {
    const style = styleOf(link, drawing);
    paths[style] ??= new Path2D();
    arrows[style] ??= new Path2D();
    trace(paths[style], link, isSmall, heights);
    if (!isSmall) arrow(arrows[style], link);
  }
  const isDimmed = drawing.way.size > 0;
  // Lines do not thin out as fast as the rest.
  const width = Math.max(1.3, 0.7 / view.scale);
  for (const style of order) {
    const path = paths[style];
    if (path === undefined) continue;
    const isWay = style.startsWith('way');
    const stands = isWay || style === 'chosen';
    const colour = isWay
      ? colours.accent
      : style === 'chosen'
        ? colours.edge
        : style === 'off' || style === 'still'
          ? colours.faint
          : colours.link;
    context.globalAlpha = isDimmed && !stands ? 0.5 : 1;
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = isWay ? Math.max(2.2, 1.6 / view.scale) : width;
    context.setLineDash([...dashes[style]]);
    context.stroke(path);
    context.setLineDash([]);
    if (!isSmall) context.fill(arrows[style]!);
  }
  context.globalAlpha = 1;
  if (drawing.boxes) {
    if (isFar) drawColumns(context, items, drawing);
    else drawBoxes(context, items, drawing);
  }
  return { items: items.length, links: drawn.size };
}

/** Of links that would lie on each other, as far away as this, one; those that stand out each. */
function apart(links: ReadonlySet<Link>, drawing: Drawing): ReadonlySet<Link> {
  const { scale } = drawing.view;
  const seen = new Set<string>();
  const kept = new Set<Link>();
  for (const link of links) {
    const row = (item: Item) => Math.round((topOf(item) * scale) / sameLine);
    const place = `${link.from.layer} ${row(link.from)} ${link.to.layer} ${row(link.to)} ${styleOf(link, drawing)}`;
    if (seen.has(place) && !drawing.way.has(link.key)) continue;
    seen.add(place);
    kept.add(link);
  }
  return kept;
}

function linksOf(items: readonly Item[]): ReadonlySet<Link> {
  const links = new Set<Link>();
  for (const item of items) {
    for (const side of [item.causes, item.effects]) {
      if (side.length > manyLinks) continue;
      for (const link of side) links.add(link);
    }
  }
  return links;
}

function styleOf(link: Link, { way, chosen, preview }: Drawing): Style {
  if (way.has(link.key)) {
    if (link.strength === 'inferred') return 'way inferred';
    return link.strength === 'assumed' ? 'way assumed' : 'way';
  }
  if (preview !== undefined && link.edges.length > 0 && !link.edges.some((edge) => holds(edge, preview)))
    return 'off';
  if (!link.conducts) return 'still';
  if (link.strength === 'inferred') return 'inferred';
  if (link.strength === 'assumed') return 'assumed';
  return chosen !== undefined && (link.from.key === chosen || link.to.key === chosen) ? 'chosen' : 'plain';
}

function holds(edge: Link['edges'][number], at: number): boolean {
  return (edge.validFrom === null || edge.validFrom <= at) && (edge.validTo === null || edge.validTo > at);
}

function ends({ from, to }: Link) {
  const beside = from.layer === to.layer;
  return {
    beside,
    x: leftOf(from) + card.width,
    y: topOf(from) + card.height / 2,
    toX: beside ? leftOf(to) + card.width : leftOf(to),
    toY: topOf(to) + card.height / 2,
  };
}

/** Lines lead from node to node by layers, so only their heights may lie far out of sight. */
function trace(path: Path2D, link: Link, straight: boolean, [top, bottom]: readonly [number, number]): void {
  const { beside, x, y, toX, toY } = ends(link);
  if (straight) {
    const seen = (height: number) => Math.min(bottom, Math.max(top, height));
    const across = (height: number) => (toY === y ? x : x + ((toX - x) * (height - y)) / (toY - y));
    if (Math.max(y, toY) < top || Math.min(y, toY) > bottom) return;
    path.moveTo(across(seen(y)), seen(y));
    path.lineTo(toY === y ? toX : across(seen(toY)), seen(toY));
    return;
  }
  const bend = Math.max(32, Math.abs(toX - x) / 2);
  const points = beside
    ? between({ x, y, bendX: x + 44, toBendX: toX + 44, toX: toX + 6, toY }, top, bottom)
    : between({ x, y, bendX: x + bend, toBendX: toX - bend, toX: toX - 5, toY }, top, bottom);
  if (points === undefined) return;
  const [begin, one, other, end] = points;
  path.moveTo(...begin);
  path.bezierCurveTo(...one, ...other, ...end);
}

function arrow(path: Path2D, link: Link): void {
  const { beside, toX, toY } = ends(link);
  const [tip, back] = beside ? [toX + 1, toX + 7] : [toX - 1, toX - 7];
  path.moveTo(tip, toY);
  path.lineTo(back, toY - 3.5);
  path.lineTo(back, toY + 3.5);
  path.closePath();
}

function drawBoxes(context: CanvasRenderingContext2D, items: readonly Item[], drawing: Drawing): void {
  const { colours, view } = drawing;
  const [plain, folds] = [new Path2D(), new Path2D()];
  for (const item of items) {
    const path = item.fold === undefined ? plain : folds;
    path.rect(leftOf(item), topOf(item), card.width, card.height);
  }
  context.lineWidth = 1 / view.scale;
  context.fillStyle = colours.box;
  context.strokeStyle = colours.edge;
  context.fill(plain);
  context.stroke(plain);
  context.fillStyle = colours.faint;
  context.fill(folds);
  context.stroke(folds);
}

/** Nodes without a gap between them as one box. */
function drawColumns(context: CanvasRenderingContext2D, items: readonly Item[], drawing: Drawing): void {
  const columns = grouped(items, ({ layer }) => layer);
  context.fillStyle = drawing.colours.edge;
  for (const column of columns.values()) {
    column.sort((one, other) => one.slot - other.slot);
    for (let from = 0; from < column.length; ) {
      let to = from;
      while (to + 1 < column.length && column[to + 1]!.slot === column[to]!.slot + 1) to++;
      const [first, last] = [column[from]!, column[to]!];
      context.fillRect(leftOf(first), topOf(first), card.width, topOf(last) - topOf(first) + card.height);
      from = to + 1;
    }
  }
}
