/**
 * Rows as a request brings them (a metric's key with each) become columns per series. Keys may be anything a Map takes: text
 * while series are not known yet, series ids after.
 */
import type { Int64 } from './int64.ts';
import { PointBuilder, type PointColumns } from './points.ts';

export class PointGroups<Key> {
  readonly #builders = new Map<Key, PointBuilder>();
  /** Points so far, over all groups. */
  length = 0;
  #key: Key | undefined;
  #builder: PointBuilder | undefined;

  add(key: Key, value: number, step: Int64, time: Int64): void {
    // Rows of one series mostly follow each other, so the last builder is kept at hand.
    if (this.#builder === undefined || key !== this.#key) {
      let builder = this.#builders.get(key);
      if (builder === undefined) {
        builder = new PointBuilder(4);
        this.#builders.set(key, builder);
      }
      this.#builder = builder;
      this.#key = key;
    }
    this.#builder.push(value, step, time);
    this.length++;
  }

  get keys(): Key[] {
    return [...this.#builders.keys()];
  }

  /** In the order in which keys first came; each group in the order of its rows. Nothing may be added after. */
  finish(): [Key, PointColumns][] {
    return Array.from(this.#builders, ([key, builder]) => [key, builder.finish()]);
  }
}
