/** Every limit of a search, once. A request beyond one is refused at once with a message that names it. */
export const searchLimits = {
  /** UTF-16 units of a filter's text: an IN list of 7,000 run ids fits. */
  filterLength: 262_144,
  /** Comparisons in one filter: each is a sub-query, and both stores plan a few hundred in milliseconds. */
  clauses: 256,
  /** Nesting of parentheses and NOT. */
  depth: 64,
  /** Characters of a LIKE pattern. */
  patternLength: 1_000,
  /** Keys of an order; their values stand in the cursor. */
  orderKeys: 16,
} as const;
