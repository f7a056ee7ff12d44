/**
 * The curves of one chart: one metric of many runs, read as finely as the chart has pixels. The whole is read first; what
 * is zoomed into is read finer and laid into it, so that there is always a picture; while a run logs, only its tail is read.
 *
 * Framework-free: views say what they want, subscribe, and read `snapshot`.
 */
import type { CurveRequest, DrawnCurves } from '../api/types.ts';
import { type Curve, curveOfWire, emptyCurve, isExact, spliced, wholeEntries } from './curve.ts';
import {
  chainOf,
  finestAround,
  keptParts,
  laidInto,
  type Part,
  partOf,
  planPart,
  type Range,
} from './curve-parts.ts';

/** Buckets of all lines of a chart together: beyond, each line has fewer, with the least and greatest of each as ever. */
const bucketsAtMost = 40_000;
const fewestBuckets = 100;
/** The server's limits of one request are 1,000 lines, and so many buckets of all of them. */
const linesOfRequest = 400;
const bucketsOfRequest = 500_000;
/** Finer parts that are kept beside those in sight, for who goes back. */
const otherParts = 3;
/** A logarithmic axis is read in parts, each this many times as far as the one before. */
const logPart = 8;
const mostLogParts = 8;
/** Bounds stay within the int64s. */
const farthest = 2 ** 62;

export type DrawCurves = (request: CurveRequest, signal: AbortSignal) => Promise<DrawnCurves>;

export interface WantedLine {
  readonly run: string;
  /** Where relative time begins. */
  readonly started: number;
  /** Points the server holds: when they become more, the new ones are read. */
  readonly points: number;
}

export interface Wanted {
  readonly lines: readonly WantedLine[];
  /** Buckets of a line that can be told apart. */
  readonly pixels: number;
  /** What is in sight of the x axis; undefined = all. */
  readonly range: Range | undefined;
  readonly logX: boolean;
}

export interface CurvesSnapshot {
  readonly phase: 'waiting' | 'loading' | 'ready';
  /** Of the last attempt; the picture before it stays. */
  readonly error: unknown;
  readonly curves: ReadonlyMap<string, Curve>;
}

interface Whole {
  readonly curve: Curve;
  /** Points the server held when it was asked. */
  readonly points: number;
  readonly pixels: number;
  readonly stale: boolean;
}

type Job =
  | { readonly kind: 'whole'; readonly lines: readonly WantedLine[] }
  | { readonly kind: 'part'; readonly seen: Range }
  | { readonly kind: 'tail'; readonly lines: readonly WantedLine[] };

export class CurveFeed {
  readonly #draw: DrawCurves;
  readonly #key: string;
  readonly #x: CurveRequest['x'];
  readonly #listeners = new Set<() => void>();
  readonly #whole = new Map<string, Whole>();
  #parts: readonly Part[] = [];
  #wanted: Wanted = { lines: [], pixels: 0, range: undefined, logX: false };
  #abort: AbortController | undefined;
  #job: Job | undefined;
  #snapshot: CurvesSnapshot = { phase: 'waiting', error: undefined, curves: new Map() };

  constructor(draw: DrawCurves, key: string, x: CurveRequest['x']) {
    this.#draw = draw;
    this.#key = key;
    this.#x = x;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): CurvesSnapshot => this.#snapshot;

  /** Reads what is wanted and not there. What is under way for a range that is no longer looked at is given up. */
  want(wanted: Wanted): void {
    const before = this.#wanted;
    this.#wanted = wanted;
    for (const { run, points } of wanted.lines) {
      const known = this.#whole.get(run);
      // Fewer points: the run went back to an earlier step. Finer pixels: a larger chart.
      if (known !== undefined && (points < known.points || this.#isTooCoarse(known)))
        this.#whole.set(run, { ...known, stale: true });
    }
    const job = this.#job;
    if (job?.kind === 'part' && !this.#missingParts().some(({ seen }) => sameRange(seen, job.seen)))
      this.#abort?.abort();
    const view = ({ lines, range, logX }: Wanted) =>
      JSON.stringify([range, logX, lines.map(({ run }) => run)]);
    if (view(before) !== view(wanted)) this.#compose();
    void this.#work();
  }

  retry(): void {
    this.#snapshot = { ...this.#snapshot, error: undefined };
    this.#tell();
    void this.#work();
  }

  /** Ends what is under way; what is read can still be drawn, and wanted again. */
  dispose(): void {
    this.#wanted = { ...this.#wanted, lines: [] };
    this.#abort?.abort();
  }

  async #work(): Promise<void> {
    if (this.#job !== undefined || this.#snapshot.error !== undefined) return;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      const abort = new AbortController();
      [this.#job, this.#abort] = [job, abort];
      if (this.#snapshot.phase === 'waiting') this.#set({ phase: 'loading' });
      try {
        await this.#do(job, abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) this.#set({ phase: 'ready', error });
      } finally {
        this.#job = undefined;
      }
      if (this.#snapshot.error !== undefined) return;
    }
  }

  #next(): Job | undefined {
    const { lines } = this.#wanted;
    const unread = lines.filter(({ run }) => this.#whole.get(run)?.stale ?? true);
    if (unread.length > 0) return { kind: 'whole', lines: unread };
    const [part] = this.#missingParts();
    if (part !== undefined) return part;
    const grown = lines.filter(({ run, points }) => points > this.#whole.get(run)!.points);
    if (grown.length === 0) return undefined;
    // Over another metric new points lie anywhere.
    return { kind: typeof this.#x === 'object' ? 'whole' : 'tail', lines: grown };
  }

  async #do(job: Job, signal: AbortSignal): Promise<void> {
    if (job.kind === 'whole') return this.#readWhole(job.lines, signal);
    if (job.kind === 'tail') return this.#readTail(job.lines, signal);
    const { lines, logX } = this.#wanted;
    const whole = new Map(lines.map(({ run }) => [run, this.#whole.get(run)!.curve]));
    const plan = planPart({
      whole,
      parts: this.#parts,
      range: job.seen,
      margin: logX ? 0 : 0.5,
      pixels: this.#partPixels(),
    });
    const part = partOf(plan, await this.#read(lines, plan, signal));
    this.#parts = keptParts([...this.#parts, part], new Set(this.#shown()), otherParts);
    this.#compose();
  }

  async #readWhole(lines: readonly WantedLine[], signal: AbortSignal): Promise<void> {
    const pixels = this.#pixels();
    const curves = await this.#read(lines, { bounds: [undefined, undefined], pixels }, signal);
    for (const { run, points } of lines)
      this.#whole.set(run, { curve: curves.get(run)!, points, pixels, stale: false });
    // The parts lay in entries that are others now.
    this.#parts = [];
    this.#compose();
  }

  async #readTail(lines: readonly WantedLine[], signal: AbortSignal): Promise<void> {
    const known = lines.map(({ run }) => this.#whole.get(run)!);
    const ends = known.flatMap(({ curve }) => (curve.x.length === 0 ? [] : [curve.first.at(-1)!]));
    if (ends.length < lines.length) return this.#readWhole(lines, signal);
    const from = Math.min(...ends);
    const bounds = wholeEntries(
      known.map(({ curve }) => curve),
      [from, Number.POSITIVE_INFINITY],
    );
    const begin = bounds[0] ?? Number.NEGATIVE_INFINITY;
    const pixels = this.#pixels();
    const curves = await this.#read(lines, { bounds, pixels }, signal);
    const tail = (curve: Curve, run: string) =>
      spliced(curve, begin, Number.POSITIVE_INFINITY, curves.get(run)!);
    for (const { run, points } of lines) {
      const before = this.#whole.get(run)!;
      const curve = tail(before.curve, run);
      // Too few: some came before the tail. Too long: the tails are finer than anybody sees.
      const stale = curve.points < points || curve.x.length > 4 * pixels;
      this.#whole.set(run, { ...before, curve, points, stale });
    }
    // Parts before the tail stay; of those in it, one that reaches from before it to the end grows along.
    const grown = new Map<Part, Part>();
    for (const part of this.#parts) {
      const within = part.within && grown.get(part.within);
      if (part.within !== undefined && within === undefined) continue;
      if (part.to < begin) grown.set(part, { ...part, within });
      else if (part.from <= begin && part.to === Number.POSITIVE_INFINITY) {
        const curveOf = (run: string, curve: Curve) => (curves.has(run) ? tail(curve, run) : curve);
        const next = [...part.curves].map(([run, curve]) => [run, curveOf(run, curve)] as const);
        grown.set(part, { ...part, within, curves: new Map(next) });
      }
    }
    this.#parts = [...grown.values()];
    this.#compose();
  }

  /** A curve for each line; an empty one where there is nothing. */
  async #read(
    lines: readonly WantedLine[],
    window: { readonly bounds: readonly [number | undefined, number | undefined]; readonly pixels: number },
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Curve>> {
    const x = this.#x;
    const isWhole = typeof x === 'string';
    const bound = (value: number, round: (value: number) => number) =>
      Math.max(-farthest, Math.min(farthest, isWhole ? round(value) : value));
    const [from, to] = window.bounds;
    const found = new Map<string, Curve>();
    const started = new Map(lines.map((line) => [line.run, line.started]));
    for (let start = 0; start < lines.length; start += linesOfRequest) {
      const runs = lines.slice(start, start + linesOfRequest).map(({ run }) => run);
      const { curves } = await this.#draw(
        {
          runs,
          keys: [this.#key],
          x,
          pixels: Math.min(window.pixels, Math.floor(bucketsOfRequest / runs.length)),
          ...(from === undefined ? {} : { from: bound(from, Math.floor) }),
          ...(to === undefined ? {} : { to: bound(to, Math.ceil) }),
        },
        signal,
      );
      signal.throwIfAborted();
      for (const curve of curves) {
        const origin = x === 'relative' ? (started.get(curve.run) ?? 0) : 0;
        found.set(curve.run, curveOfWire(curve, x === 'step' ? 'step' : 'time', origin));
      }
    }
    for (const { run } of lines) if (!found.has(run)) found.set(run, emptyCurve);
    return found;
  }

  #pixels(): number {
    const { lines, pixels } = this.#wanted;
    return Math.max(fewestBuckets, Math.min(pixels, Math.floor(bucketsAtMost / Math.max(1, lines.length))));
  }

  #isTooCoarse({ pixels, curve }: Whole): boolean {
    if (this.#pixels() <= pixels * 1.3 || curve.x.length === 0) return false;
    return !isExact(curve, curve.first[0]!, curve.last.at(-1)!);
  }

  /** What is in sight, in pieces that each deserve their own grid. */
  #seen(): readonly Range[] {
    const { range, logX, lines } = this.#wanted;
    if (!logX) return range === undefined ? [] : [range];
    const all = lines.flatMap(({ run }) => {
      const curve = this.#whole.get(run)?.curve;
      return curve === undefined || curve.x.length === 0 ? [] : [curve];
    });
    const [from, to] = range ?? [
      Math.min(...all.map((curve) => this.#leastAboveZero(curve))),
      Math.max(...all.map(({ last }) => last.at(-1)!)),
    ];
    const pieces: Range[] = [];
    for (let end = to; end > from && from > 0 && pieces.length < mostLogParts; end /= logPart)
      pieces.push([Math.max(from, end / logPart), end]);
    return pieces;
  }

  /** Of an entry that begins at 0 or below it is not known; steps and ms are whole. */
  #leastAboveZero({ first, last }: Curve): number {
    const index = last.findIndex((x) => x > 0);
    if (index < 0) return Number.POSITIVE_INFINITY;
    if (first[index]! > 0) return first[index]!;
    return typeof this.#x === 'string' ? 1 : last[index]! / logPart ** mostLogParts;
  }

  #partPixels(): number {
    return Math.max(fewestBuckets, Math.ceil(this.#pixels() / Math.max(1, this.#seen().length / 2)));
  }

  #missingParts(): Extract<Job, { kind: 'part' }>[] {
    const runs = this.#wanted.lines.map(({ run }) => run);
    if (runs.some((run) => !this.#whole.has(run))) return [];
    const pixels = this.#partPixels();
    return this.#seen().flatMap((seen) => {
      const part = finestAround(this.#parts, seen, runs);
      const isFine =
        part !== undefined && (part.isFinal || part.unit <= (1.15 * (seen[1] - seen[0])) / pixels);
      if (isFine || runs.every((run) => isExact(this.#curve(run, chainOf(part)), seen[0], seen[1])))
        return [];
      return [{ kind: 'part', seen } as const];
    });
  }

  /** The parts to draw: of every piece in sight the finest; beside it, while it is not read, the last that was. */
  #shown(): Part[] {
    const runs = this.#wanted.lines.map(({ run }) => run);
    const pieces = this.#seen().map((seen) => finestAround(this.#parts, seen, runs) ?? this.#parts.at(-1));
    return [...new Set(pieces.flatMap(chainOf))].sort((a, b) => chainOf(a).length - chainOf(b).length);
  }

  #curve(run: string, parts: readonly Part[]): Curve {
    return laidInto(this.#whole.get(run)?.curve ?? emptyCurve, run, parts);
  }

  #compose(): void {
    const { lines } = this.#wanted;
    const wanted = new Set(lines.map(({ run }) => run));
    // Rows that were scrolled past: a few are kept, for who scrolls back.
    for (const run of this.#whole.keys()) {
      if (this.#whole.size <= 2 * wanted.size + 50) break;
      if (!wanted.has(run)) this.#whole.delete(run);
    }
    const shown = this.#shown();
    const curves = new Map(
      lines.flatMap(({ run }) => (this.#whole.has(run) ? [[run, this.#curve(run, shown)] as const] : [])),
    );
    this.#set({ phase: curves.size === lines.length ? 'ready' : 'loading', curves });
  }

  #set(change: Partial<CurvesSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function sameRange(a: Range, b: Range): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
