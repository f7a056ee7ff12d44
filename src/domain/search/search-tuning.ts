import { searchBudget } from './records/budget.ts';
import { type SeekLimits, seekLimits } from './records/record-search.ts';

/** Where one way of searching gives way to another. */
export interface SearchTuning extends SeekLimits {
  /** Records that a search looks at before its order is kept sorted. */
  readonly ranked: number;
  /** Records that a search looks at before the numbers that its filter compares are kept sorted. */
  readonly filtered: number;
  /** Events from which a ranking that is used is brought up to date. */
  readonly merge: number;
  /** Different texts that a regular expression finds and that are compared one by one; the records of more are looked up. */
  readonly texts: number;
  /** Milliseconds after which a count is left at what it has come to. */
  readonly counting: number;
  /** Metrics that are loaded for one page of runs besides those its caller knows: then it ends, unless it is one run. */
  readonly metrics: number;
  /** Milliseconds of one search. */
  readonly budget: number;
}
export const searchTuning: SearchTuning = {
  ...seekLimits,
  ranked: 1_500,
  filtered: 20_000,
  merge: 500,
  texts: 1_000,
  counting: 1_500,
  metrics: 200_000,
  budget: searchBudget,
};
