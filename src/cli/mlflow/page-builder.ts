/** Gathers the points of runs, which come one by one, into pages of bounded size. */
import { PointBuilder } from '../../engines/metrics/index.ts';
import type { SourceRun } from './source.ts';

export type RunHead = Omit<SourceRun, 'series' | 'continues'>;

/** The points of one run so far. */
export class RunPoints {
  #series = new Map<string, PointBuilder>();
  #last: { key: string; builder: PointBuilder } | undefined;
  length = 0;

  add(key: string, value: number, step: number | bigint, time: number | bigint): void {
    if (this.#last?.key !== key) {
      let builder = this.#series.get(key);
      if (builder === undefined) {
        builder = new PointBuilder();
        this.#series.set(key, builder);
      }
      this.#last = { key, builder };
    }
    this.#last.builder.push(value, step, time);
    this.length++;
  }

  /** What was gathered; begins anew. */
  take(): SourceRun['series'] {
    const series = Array.from(this.#series, ([key, builder]) => ({ key, points: builder.finish() }));
    this.#series = new Map();
    this.#last = undefined;
    this.length = 0;
    return series;
  }
}
