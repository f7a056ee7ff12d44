/**
 * The canvas of a chart, by uPlot: lines with their band, marks of what is no number, a cursor that every chart of the
 * page shares, a range drawn with the pointer. Loaded only when the first chart is looked at.
 */
import 'uplot/dist/uPlot.min.css';
import { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { XAxis } from '../urls.ts';
import type { Range } from './curve-parts.ts';
import { aligned, type Buckets, bucketed, type Line } from './line-data.ts';
import { clockText, logIncrements, stepIncrements, tickText, timeIncrements, xText } from './plot-axis.ts';
import { keyZoom, listenToHands } from './plot-hands.ts';
import { drawOdd } from './plot-marks.ts';
import { useColours } from './use-colours.ts';

export interface PlottedLine {
  readonly id: string;
  /** A CSS colour, such as `var(--c1)`. */
  readonly colour: string;
  /** Lengths of dashes and gaps; empty = drawn through. */
  readonly dash: readonly number[];
  readonly line: Line;
}

export interface PlotProps {
  readonly title: string;
  readonly lines: readonly PlottedLine[];
  readonly axis: XAxis;
  /** The x of the lines are logarithms, to the base of 10. */
  readonly logX: boolean;
  readonly log: boolean;
  readonly smooth: boolean;
  readonly zoom: Range | undefined;
  readonly height: number;
  /** Whether the wheel alone zooms, or scrolls the page unless a key is held. */
  readonly wheel: 'plain' | 'with-key';
  /** `moving`: more is to come of the same move. */
  onZoom(range: Range | undefined, moving?: boolean): void;
  /** The x under the cursor, and the value of each line there; undefined when the cursor left. */
  onCursor(at: CursorValues | undefined): void;
  /** What the picture cannot show. */
  onDrawn(facts: { odd: number; unplaceable: number; banded: boolean; empty: boolean }): void;
}

export interface CursorValues {
  readonly x: number;
  /** Of each line, nearest to the cursor; undefined where the line is not there. */
  readonly values: readonly {
    readonly value: number | null | undefined;
    readonly smooth: number | null | undefined;
    /** Of the values that the place stands for, where they are several. */
    readonly band?: readonly [number, number];
  }[];
  /** In the chart that the pointer is in: its place in px, and the index of the line nearest to it. */
  readonly pointer?: { readonly left: number; readonly width: number; readonly nearest: number | undefined };
}

const cursors = uPlot.sync('cairn');
/** Lines of which the bands have edges. */
const linesWithEdges = 8;
/** Of the axis of values, in px. */
const yAxisWidth = 54;
const rightPadding = 20;

export default function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const drawn = useRef<readonly Buckets[]>([]);
  const now = useRef(props);
  now.current = props;
  const colours = useColours(props.lines.map(({ colour }) => colour));
  const { axis, logX, log, smooth, height } = props;
  const ids = props.lines.map(({ id }) => id).join();

  function draw(): void {
    const plot = chart.current;
    if (plot === undefined) return;
    const { lines, zoom } = now.current;
    const [from, to] = zoom ?? extent(lines);
    const width = Math.max(50, plot.width - yAxisWidth - rightPadding) * Math.max(1, devicePixelRatio);
    const buckets = lines.map(({ line }) => bucketed(line, { from, to, width, log }));
    drawn.current = buckets;
    plot.batch(() => {
      plot.setData(aligned(buckets) as uPlot.AlignedData, false);
      plot.setScale('x', { min: from, max: to > from ? to : from + 1 });
    });
    const inside = (x: number) => x >= from && x <= to;
    now.current.onDrawn({
      odd: buckets.reduce((sum, { odd }) => sum + odd.reduce((all, { count }) => all + count, 0), 0),
      unplaceable: buckets.reduce((sum, { unplaceable }) => sum + unplaceable, 0),
      banded: buckets.some(({ banded }) => banded),
      empty: !buckets.some(({ x }) => x.some(inside)),
    });
  }

  const view = () => ({
    range: now.current.zoom ?? extent(now.current.lines),
    extent: extent(now.current.lines),
    wheel: now.current.wheel,
    onZoom: (range: Range | undefined, moving?: boolean) => now.current.onZoom(range, moving),
  });

  // A new chart where its parts are others; new data only draws again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ids` stands for the lines
  useLayoutEffect(() => {
    const element = host.current!;
    const options = optionsOf({
      axis,
      logX,
      log,
      smooth,
      height,
      width: element.clientWidth,
      count: now.current.lines.length,
      dashes: now.current.lines.map(({ dash }) => dash),
      colours,
      odd: () => drawn.current,
      onZoom: (range) => now.current.onZoom(range),
      onCursor: (at) => now.current.onCursor(at),
    });
    const plot = new uPlot(options, undefined, element);
    chart.current = plot;
    draw();
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === 0 || element.clientWidth === plot.width) return;
      plot.setSize({ width: element.clientWidth, height });
      draw();
    });
    observer.observe(element);
    const leave = listenToHands(plot, view);
    return () => {
      leave();
      observer.disconnect();
      plot.destroy();
      chart.current = undefined;
    };
  }, [axis, logX, log, smooth, height, ids, colours]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines and the zoom are the triggers
  useEffect(draw, [props.lines, props.zoom]);

  return (
    <div
      ref={host}
      className="plot"
      style={{ height }}
      role="application"
      aria-label={`Plot of ${props.title}. Plus and minus zoom, the arrows move, Escape shows all.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys zoom and move
      tabIndex={0}
      onKeyDown={(event) => {
        const { range, extent: all, onZoom } = view();
        const next = keyZoom(event.key, range, all);
        if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        if (next === 'all' && now.current.zoom === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        if (next === 'all') onZoom(undefined);
        else onZoom(next.range, true);
      }}
    />
  );
}

function extent(lines: readonly PlottedLine[]): [number, number] {
  const filled = lines.filter(({ line }) => line.x.length > 0);
  if (filled.length === 0) return [0, 1];
  const from = Math.min(...filled.map(({ line }) => line.x[0]!));
  const to = Math.max(...filled.map(({ line }) => line.x.at(-1)!));
  return from === to ? [from - 0.5, to + 0.5] : [from, to];
}

interface Parts {
  axis: XAxis;
  logX: boolean;
  log: boolean;
  smooth: boolean;
  height: number;
  width: number;
  count: number;
  dashes: readonly (readonly number[])[];
  colours: {
    readonly lines: readonly string[];
    readonly ink: string;
    readonly grid: string;
    readonly warn: string;
  };
  odd: () => readonly Buckets[];
  onZoom: (range: Range | undefined) => void;
  onCursor: (at: CursorValues | undefined) => void;
}

function optionsOf(parts: Parts): uPlot.Options {
  const { axis, log, colours } = parts;
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (let index = 0; index < parts.count; index++) {
    const colour = colours.lines[index]!;
    const dash = [...parts.dashes[index]!];
    const first = 1 + index * 4;
    const hidden = { stroke: 'transparent', width: 0, points: { show: false } };
    const faint = parts.smooth ? 0.35 : 1;
    // A spike is a band of a pixel: its edges show it. Of many lines the edges would hide the lines.
    const edge = { ...hidden, stroke: withAlpha(colour, 0.45), width: 0.7 };
    const side = parts.count > linesWithEdges ? hidden : edge;
    series.push(
      { ...side },
      { ...side },
      { stroke: withAlpha(colour, faint), width: 1.4, dash, points: { show: lonely, size: 4, fill: colour } },
      { stroke: colour, width: 1.8, dash, points: { show: false }, show: parts.smooth },
    );
    bands.push({ series: [first + 1, first], fill: withAlpha(colour, 0.18) });
  }
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const look: uPlot.Axis = {
    stroke: colours.ink,
    font,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: parts.width,
    height: parts.height,
    ms: 1,
    padding: [8, rightPadding, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: axis === 'wall', auto: false },
      y: log
        ? {
            distr: 3,
            range: (_, low, high) => (low === null ? [1, 10] : logRange(low, high)),
          }
        : { range: (_, low, high) => (low === null ? [0, 1] : uPlot.rangeNum(low, high, 0.08, true)) },
    },
    axes: [
      {
        ...look,
        size: 26,
        space: axis === 'wall' ? 84 : 64,
        ...(parts.logX
          ? { incrs: logIncrements }
          : axis === 'step'
            ? { incrs: stepIncrements }
            : axis === 'relative'
              ? { incrs: timeIncrements }
              : {}),
        values: (plot, ticks) => {
          const { min = 0, max = 0 } = plot.scales.x ?? {};
          if (parts.logX) return ticks.map((tick) => xText(Number((10 ** tick).toPrecision(3)), axis));
          return ticks.map((tick) => (axis === 'wall' ? clockText(tick, max - min) : xText(tick, axis)));
        },
      },
      {
        ...look,
        size: yAxisWidth,
        space: 28,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : tickText(tick))),
      },
    ],
    series,
    bands,
    focus: { alpha: 0.22 },
    cursor: {
      sync: { key: cursors.key, scales: ['x', null] },
      y: false,
      points: { size: 6, show: false },
      drag: { x: true, y: false, setScale: false },
      focus: { prox: -1 },
      bind: {
        // With Shift a drag moves what is shown: see plot-hands.ts.
        mousedown: (_, __, handler) => (event) => {
          if (!event.shiftKey) handler(event);
          return null;
        },
        // Double click is ours: uPlot's would fit to the data in view.
        dblclick: () => () => {
          parts.onZoom(undefined);
          return null;
        },
      },
    },
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return;
          const [from, to] = [
            plot.posToVal(plot.select.left, 'x'),
            plot.posToVal(plot.select.left + plot.select.width, 'x'),
          ];
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          parts.onZoom([from, to]);
        },
      ],
      setCursor: [
        (plot) => {
          const at = plot.cursor.idx;
          const { left = -1, top = -1 } = plot.cursor;
          if (at == null || left < 0) {
            emphasise(plot, undefined, parts.smooth);
            return parts.onCursor(undefined);
          }
          const x = plot.posToVal(left, 'x');
          const values = parts.odd().map((line) => valuesNear(line, x, parts.smooth));
          if (!plot.over.matches(':hover')) return parts.onCursor({ x: plot.data[0][at]!, values });
          const nearest = nearestTo(plot, values, top);
          if (parts.count > 1) emphasise(plot, nearest, parts.smooth);
          parts.onCursor({
            x: plot.data[0][at]!,
            values,
            pointer: { left, width: plot.over.clientWidth, nearest },
          });
        },
      ],
      draw: [(plot) => drawOdd(plot, parts.odd(), colours.warn)],
    },
  };
}

/** What a line holds at the bucket nearest to x, if x is within the line. */
function valuesNear(line: Buckets, x: number, smooth: boolean): CursorValues['values'][number] {
  const none = { value: undefined, smooth: undefined };
  const { length } = line.x;
  if (length === 0) return none;
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line.x[middle]! < x) low = middle + 1;
    else high = middle;
  }
  const before = line.x[low - 1];
  const at = before !== undefined && x - before < line.x[low]! - x ? low - 1 : low;
  const reach = length > 1 ? (line.x[length - 1]! - line.x[0]!) / (length - 1) : 0;
  if (x < line.x[0]! - reach || x > line.x[length - 1]! + reach) return none;
  const [least, most] = [line.low[at], line.high[at]];
  return {
    value: line.line[at],
    smooth: smooth ? line.smooth[at] : undefined,
    ...(least != null && most != null && least < most ? { band: [least, most] as const } : {}),
  };
}

function nearestTo(plot: uPlot, values: CursorValues['values'], top: number): number | undefined {
  let [nearest, least] = [undefined as number | undefined, Number.POSITIVE_INFINITY];
  for (const [index, { value, smooth }] of values.entries()) {
    const shown = smooth ?? value;
    if (shown == null) continue;
    const distance = Math.abs(plot.valToPos(shown, 'y') - top);
    if (distance < least) [nearest, least] = [index, distance];
  }
  return nearest;
}

/** The others fade while one is pointed at. */
function emphasise(plot: uPlot, line: number | undefined, smooth: boolean): void {
  plot.setSeries(line === undefined ? null : line * 4 + (smooth ? 4 : 3), { focus: true });
}

/** A little air above and below; whole decades would leave most of a chart empty. */
function logRange(low: number, high: number): [number, number] {
  const air = low === high ? 2 : (high / low) ** 0.05;
  return [low / air, high * air];
}

/** A point between two gaps, or alone, has no line: it is drawn as a dot. */
function lonely(plot: uPlot, series: number): boolean {
  const values = plot.data[series];
  if (values === undefined) return false;
  let seen = 0;
  for (const value of values) if (value != null && ++seen > 1) return false;
  return seen === 1;
}

function withAlpha(colour: string, alpha: number): string {
  return alpha === 1 ? colour : `color-mix(in srgb, ${colour} ${alpha * 100}%, transparent)`;
}
