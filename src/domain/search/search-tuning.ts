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
  /** Milliseconds of one search. */
  readonly budget: number;
}
export const searchTuning: SearchTuning = {
  ...seekLimits,
  ranked: 1_500,
  filtered: 20_000,
  merge: 500,
  budget: searchBudget,
};
