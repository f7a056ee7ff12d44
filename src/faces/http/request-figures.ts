/** Requests by operation and status with their durations, counted for the metrics page. */

/** Bucket bounds in seconds: from a tenth of a millisecond, where a read from memory lies, to the time budget of a scan. */
export const durationBounds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

export interface OperationFigures {
  /** Status → answers. */
  readonly answers: Map<number, number>;
  /** How many took up to each bound, but longer than the one before; the last is for those beyond all. */
  readonly durations: number[];
  /** Of all durations, in seconds. */
  seconds: number;
}

/** Sizes and queue lengths by name. */
export type Gauges = () => Readonly<Record<string, number>>;

export interface FiguresPage {
  readonly contentType: string;
  render(): Promise<string>;
}

export class RequestFigures {
  readonly #operations = new Map<string, OperationFigures>();
  readonly #gauges: Gauges;
  readonly #load: Gauges;
  #page: Promise<FiguresPage> | undefined;

  /** Read at each scrape: the store's figures, and what the server has taken on. */
  constructor(gauges: Gauges, load: Gauges = () => ({})) {
    this.#gauges = gauges;
    this.#load = load;
  }

  observe(operation: string, status: number, milliseconds: number): void {
    let figures = this.#operations.get(operation);
    if (figures === undefined) {
      figures = { answers: new Map(), durations: new Array(durationBounds.length + 1).fill(0), seconds: 0 };
      this.#operations.set(operation, figures);
    }
    const seconds = milliseconds / 1000;
    const bucket = durationBounds.findIndex((bound) => seconds <= bound);
    figures.answers.set(status, (figures.answers.get(status) ?? 0) + 1);
    figures.durations[bucket < 0 ? durationBounds.length : bucket]! += 1;
    figures.seconds += seconds;
  }

  /** The library that writes the page is loaded by the first scrape: 50 ms of CPU, a seventh of a start. */
  page(): Promise<FiguresPage> {
    this.#page ??= import('./figures-page.ts').then(({ figuresPage }) =>
      figuresPage(this.#operations, this.#gauges, this.#load),
    );
    return this.#page;
  }
}
