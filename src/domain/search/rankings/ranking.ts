/** An order of runs that is kept sorted in the store (docs/decisions/0050). */
import { createHash } from 'node:crypto';
import type { Field, Order } from '../../../engines/search/ast.ts';
import type { KeyId, NodeId, ProjectId } from '../../../kernel/ids.ts';

/** `refused`: a value is too long for an index, so the order stays unsorted. */
export const rankingStates = { building: 1, ready: 2, refused: 3, leaving: 4 } as const;

/** Which runs, in which order. */
export interface RankingName {
  readonly project: ProjectId;
  /** 0: all runs of the project. */
  readonly context: NodeId | 0;
  readonly order: readonly Order[];
  readonly spec: string;
}

/** A ranking as a search uses it, in one snapshot. */
export interface UsedRanking {
  readonly id: number;
  /** Runs that changed since; the rows of the ranking say nothing of them. */
  readonly fresh: readonly NodeId[];
  /** How many runs it has. */
  readonly runs: number;
}

/** The order with the keys it names: once a name has an id, its values may be there. */
export function rankingSpec(order: readonly Order[], keys: ReadonlyMap<string, KeyId>): string {
  const spelt = order.map((key) => [key, 'key' in key.field ? (keys.get(key.field.key) ?? null) : null]);
  return createHash('sha256').update(JSON.stringify(spelt)).digest('hex');
}

/**
 * One order by one number serves comparisons with it. Both directions do: the one that is there.
 */
export function orderOf(field: Field, descending: boolean): Order {
  return { field, descending, natural: true };
}

export const rankingLimits = {
  /** Rankings kept; the one used longest ago makes room. */
  rankings: 500,
  /** Rows of all rankings; about 150 bytes each. */
  rows: 10_000_000,
  /** Bytes of a sort key: PostgreSQL's index rows end at 2,700. */
  keyBytes: 1_500,
  /** Events since a ranking was brought up to date with which it is still used; each may be a run that is read again. */
  behind: 20_000,
} as const;
