/** The graph on the screen: links on a canvas, what is in sight as cards above it; moved by hand, wheel, fingers and keys. */
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useColours } from '../charts/use-colours.ts';
import { Icon } from '../ui/icons.tsx';
import { drawGraph } from './draw.ts';
import type { Item, LineageGraph } from './graph.ts';
import { type CardProps, type Mark, NodeCard } from './node-card.tsx';
import type { Direction } from './openings.ts';
import { useHands } from './use-hands.ts';
import {
  fitted,
  fittedTo,
  inSight,
  itemAt,
  overscan,
  type Size,
  shifted,
  showing,
  type View,
  wholly,
  wordScale,
  zoomed,
} from './view.ts';

/** More nodes in sight than this are drawn as boxes. */
const mostCards = 260;
/** Below it there is room for names alone. */
const smallScale = 0.72;
/** Slots beyond the edges that have cards already. */
const spareSlots = 8;
/** ms of rest after which a picture that was only scaled is drawn sharp. */
const sharpAfter = 120;

export interface StageHandle {
  /** Moves as little as shows it. */
  show(place: Pick<Item, 'layer' | 'slot'>): void;
  zoom(by: number): void;
  /** These, or all there is. */
  fit(items?: readonly Item[]): void;
  /** As soon as it has a card. */
  focus(key: string): void;
}

export interface StageProps {
  readonly graph: LineageGraph;
  readonly version: number;
  /** Key of the node asked about. */
  readonly start: string;
  readonly chosen: string | undefined;
  /** Keys of links and of nodes on the way that is shown. */
  readonly wayLinks: ReadonlySet<string>;
  readonly wayItems: ReadonlySet<string>;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly preview: number | undefined;
  readonly busy: boolean;
  /** A large fold comes page by page: what is there may be shown. */
  readonly isComing: boolean;
  readonly handle: React.Ref<StageHandle>;
  readonly onChoose: (item: Item) => void;
  readonly onOpen: (item: Item, direction: Direction) => void;
  readonly onFold: (item: Item, all: boolean) => void;
  readonly onPage: (item: Item) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const colourNames = [
  'var(--edge)',
  'var(--line2)',
  'var(--accent)',
  'var(--panel)',
  'var(--ink3)',
  'var(--warn)',
];

export function Stage(props: StageProps) {
  const { graph, version, start, chosen, wayLinks, wayItems } = props;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const plane = useRef<HTMLDivElement>(null);
  const size = useRef<Size>({ width: 0, height: 0 });
  const [view, setViewState] = useState<View | undefined>();
  const seen = useRef<View | undefined>(undefined);
  const [link, faint, accent, box, edge, warn] = useColours(colourNames).lines as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const frame = useRef(0);
  /** Where the picture was drawn; undefined: it is not that of the graph any more. */
  const drawnAt = useRef<View | undefined>(undefined);
  const sharpen = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wantsFocus = useRef<string | undefined>(undefined);
  const isCrowded = useRef(false);

  const cards = view === undefined ? none : cardsIn(graph, view, size.current, [start, chosen], wayItems);
  const isSmall = view !== undefined && view.scale < smallScale;
  const boxes = view !== undefined && (view.scale < wordScale || cards.crowded);
  isCrowded.current = boxes;

  const draw = useCallback(() => {
    frame.current = 0;
    const [at, element] = [seen.current, canvas.current];
    const context = element?.getContext('2d');
    if (at === undefined || element == null || context == null) return;
    plane.current!.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.scale})`;
    drawnAt.current = at;
    element.style.transform = '';
    const colours = { link, faint, accent, box, edge, warn };
    const view = { ...at, x: at.x + overscan, y: at.y + overscan };
    const room = { width: size.current.width + 2 * overscan, height: size.current.height + 2 * overscan };
    const drawing = { graph, view, size: room, colours, way: wayLinks, chosen };
    const drawn = drawGraph(context, { ...drawing, boxes: isCrowded.current, preview: props.preview });
    element.dataset.drawn = `${drawn.items} ${drawn.links}`;
  }, [graph, link, faint, accent, box, edge, warn, wayLinks, chosen, props.preview]);
  /** Most frames of a movement only move the picture that is there: drawing is what costs. */
  const step = useCallback(() => {
    const [at, was] = [seen.current, drawnAt.current];
    const shift = at === undefined || was === undefined ? undefined : shifted(was, at, size.current);
    if (at === undefined || shift === undefined) return draw();
    frame.current = 0;
    plane.current!.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.scale})`;
    canvas.current!.style.transform = `translate(${shift.x}px, ${shift.y}px) scale(${shift.by})`;
    clearTimeout(sharpen.current);
    if (shift.by !== 1) sharpen.current = setTimeout(draw, sharpAfter);
  }, [draw]);
  const request = useCallback(() => {
    if (frame.current === 0) frame.current = requestAnimationFrame(step);
  }, [step]);

  /** Cards are made again only when others have come into sight. */
  const setView = useCallback(
    (next: View) => {
      seen.current = next;
      request();
      setViewState((before) =>
        before !== undefined && windowOf(before, size.current) === windowOf(next, size.current)
          ? before
          : next,
      );
    },
    [request],
  );

  // A new frame of the canvas whenever anything that it shows has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the graph
  useLayoutEffect(() => {
    cancelAnimationFrame(frame.current);
    draw();
    return () => clearTimeout(sharpen.current);
  }, [draw, version, boxes, view === undefined]);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = host.current!;
      if (width === 0) return;
      const isFirst = size.current.width === 0;
      size.current = { width, height };
      const [wide, high] = [width + 2 * overscan, height + 2 * overscan];
      canvas.current!.width = Math.round(wide * devicePixelRatio);
      canvas.current!.height = Math.round(high * devicePixelRatio);
      canvas.current!.style.width = `${wide}px`;
      canvas.current!.style.height = `${high}px`;
      drawnAt.current = undefined;
      if (!isFirst && seen.current !== undefined) setViewState({ ...seen.current });
      else setViewState((before) => (before === undefined ? before : { ...before }));
      request();
      if (isFirst) setReady(true);
    });
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, [request]);
  const [ready, setReady] = useState(false);

  // The first time that there is something, it is shown as large as it may be; and again when something else is asked about.
  const shown = useRef('');
  const isWaiting = props.busy && !props.isComing;
  useLayoutEffect(() => {
    const item = graph.item(start);
    if (!ready || item === undefined || isWaiting || shown.current === start) return;
    shown.current = start;
    setView(fitted(graph, size.current, item));
  }, [ready, graph, start, isWaiting, setView]);

  useImperativeHandle(props.handle, (): StageHandle => {
    const change = (to: (at: View, size: Size) => View) => {
      if (seen.current !== undefined) setView(to(seen.current, size.current));
    };
    return {
      show: (item) => change((at, room) => showing(at, room, item)),
      zoom: (by) => change((at, room) => zoomed(at, by, { x: room.width / 2, y: room.height / 2 })),
      fit: (items) =>
        change((_, room) => (items === undefined ? wholly(graph, room) : fittedTo(items, room, 0.56))),
      focus(key) {
        wantsFocus.current = focusCard(plane.current!, key) ? undefined : key;
      },
    };
  }, [graph, setView]);

  // What was chosen by a key has the focus as soon as its card is there.
  useEffect(() => {
    if (wantsFocus.current === undefined) return;
    if (focusCard(plane.current!, wantsFocus.current)) wantsFocus.current = undefined;
  });

  useHands(
    host,
    () => seen.current,
    setView,
    (at) => {
      const item = seen.current === undefined ? undefined : itemAt(graph, seen.current, at);
      if (item !== undefined && isCrowded.current) props.onChoose(item);
    },
  );

  const { marks, onChoose, onOpen, onFold, onPage } = props;
  const cardOf = (item: Item) => {
    const isOnWay = wayItems.has(item.key);
    const own: CardProps = {
      ...{ item, version, onChoose, onOpen, onFold, onPage, isOnWay, isSmall },
      hiddenUp: graph.hidden(item, 'up'),
      hiddenDown: graph.hidden(item, 'down'),
      rest: item.fold === undefined ? 0 : graph.rest(item.fold),
      isStart: item.key === start,
      isChosen: item.key === chosen,
      isFaint: wayItems.size > 0 && !isOnWay,
      mark: marks.get(item.key),
    };
    return <NodeCard key={item.key} {...own} />;
  };
  return (
    <section
      className={props.busy ? 'lineage-stage busy' : 'lineage-stage'}
      aria-label="Graph"
      aria-busy={props.busy}
      onKeyDown={props.onKeyDown}
    >
      <div ref={host} className="lineage-host">
        <canvas ref={canvas} />
        <div
          ref={plane}
          className={`lineage-plane${boxes ? ' crowded' : ''}${isSmall ? ' small' : ''}`}
          role="group"
          aria-label="Nodes in sight"
        >
          {(boxes ? cards.kept : cards.items).map(cardOf)}
        </div>
      </div>
    </section>
  );
}

interface Cards {
  readonly items: readonly Item[];
  /** Those that have cards also where all others are boxes. */
  readonly kept: readonly Item[];
  readonly crowded: boolean;
}

const none: Cards = { items: [], kept: [], crowded: false };

function cardsIn(
  graph: LineageGraph,
  view: View,
  size: Size,
  always: readonly (string | undefined)[],
  way: ReadonlySet<string>,
): Cards {
  const kept = [...new Set([...always, ...way])].flatMap((key) =>
    key === undefined ? [] : (graph.item(key) ?? []),
  );
  if (view.scale < wordScale) return { items: [], kept, crowded: false };
  const { layers, slots } = inSight(view, size, spareSlots);
  const items: Item[] = [];
  for (const item of graph.columns.between(layers, slots)) if (items.push(item) > mostCards) break;
  if (items.length > mostCards) return { items: [], kept, crowded: true };
  // What has the focus must not go when it is moved out of sight.
  const chosen = kept.filter((item) => !items.includes(item));
  const inOrder = [...items, ...chosen].sort(
    (one, other) => one.layer - other.layer || one.slot - other.slot,
  );
  return { items: inOrder, kept, crowded: false };
}

/** What must change before other cards are made. */
function windowOf(view: View, size: Size): string {
  const { layers, slots } = inSight(view, size, 0);
  return `${layers} ${Math.floor(slots[0] / (spareSlots / 2))} ${Math.ceil(slots[1] / (spareSlots / 2))} ${view.scale < wordScale} ${view.scale < smallScale}`;
}

function focusCard(plane: HTMLElement, key: string): boolean {
  const face = plane.querySelector<HTMLElement>(`[data-node="${CSS.escape(key)}"]`);
  face?.focus({ preventScroll: true });
  return face !== null;
}

/** Buttons for what the wheel and the keys do. */
export function StageTools({ handle }: { handle: React.RefObject<StageHandle | null> }) {
  return (
    <fieldset className="lineage-tools" aria-label="Zoom">
      <button
        type="button"
        className="icon-button small"
        aria-label="Nearer"
        title="Nearer (+)"
        onClick={() => handle.current?.zoom(1.3)}
      >
        <Icon name="plus" size={14} />
      </button>
      <button
        type="button"
        className="icon-button small"
        aria-label="Farther"
        title="Farther (-)"
        onClick={() => handle.current?.zoom(1 / 1.3)}
      >
        <Icon name="minus" size={14} />
      </button>
      <button
        type="button"
        className="icon-button small"
        aria-label="Show all"
        title="Show all (0)"
        onClick={() => handle.current?.fit()}
      >
        <Icon name="expand" size={14} />
      </button>
    </fieldset>
  );
}
