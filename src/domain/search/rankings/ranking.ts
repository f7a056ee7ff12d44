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
  /** The order with the ids of the keys it names, as JSON. */
  readonly definition: string;
  /** Its SHA-256, in hex. */
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

/** An order with the keys it names is another one once a name has an id: its values may be there. */
export function rankingName(
  project: ProjectId,
  context: NodeId | 0,
  order: readonly Order[],
  keys: ReadonlyMap<string, KeyId>,
): RankingName {
  const spelt = order.map(
    (by): DefinedKey => [by, 'key' in by.field ? (keys.get(by.field.key) ?? null) : null],
  );
  const definition = JSON.stringify(spelt);
  const spec = createHash('sha256').update(definition).digest('hex');
  return { project, context, order, definition, spec };
}

type DefinedKey = readonly [order: Order, key: KeyId | null];

/** What a ranking's definition says. */
export function defined(definition: string): { order: Order[]; keys: ReadonlyMap<string, KeyId> } {
  const spelt = JSON.parse(definition) as DefinedKey[];
  const keys = spelt.flatMap(([{ field }, key]): [string, KeyId][] =>
    'key' in field && key !== null ? [[field.key, key]] : [],
  );
  return { order: spelt.map(([order]) => order), keys: new Map(keys) };
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
