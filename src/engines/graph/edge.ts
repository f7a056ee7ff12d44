/**
 * Edges as a walk sees them: assertions from cause to effect, each with how it is known and when it held. What a walk does with
 * them stands in README.md, "The rule".
 */

/** Kinds of edges that a walk asks for, as bits of a mask. */
export const edgeBits = { used: 1, generated: 2, derived: 4, 'version-of': 8, same: 16, binds: 32 } as const;
export type WalkedKind = keyof typeof edgeBits;

/** From the strongest to the weakest. A path is as strong as its weakest step. */
export const strengths = ['observed', 'declared', 'inferred', 'assumed'] as const;
export type Strength = (typeof strengths)[number];

/** Place of a strength in the list, from 1: what steps and paths are compared by. A store may keep these numbers. */
export type Weakness = number;
export const observed: Weakness = 1;
export const assumed: Weakness = 4;

export function weaknessOf(strength: Strength): Weakness {
  return strengths.indexOf(strength) + 1;
}

export function strengthOf(weakness: Weakness): Strength {
  return strengths[weakness - 1]!;
}

/** One assertion. A store may hand over the same object again and again with other values. */
export interface Edge {
  readonly id: number;
  readonly source: number;
  readonly target: number;
  /** One of `edgeBits`. */
  readonly kind: number;
  /** How it is known. */
  readonly how: Weakness;
  /** Of a used edge: what the input was for. */
  readonly role: string | null;
  /** Of a binds edge: the node of the read that it explains, where that exists. */
  readonly explains: number | null;
  /** ms; null: nobody said when it began. */
  readonly validFrom: number | null;
  /** ms, exclusive; null while it lasts. */
  readonly validTo: number | null;
}

/** Whether an edge holds at an instant. `untimed`: it does if it had begun; `contradictory`: it ended before it began. */
export type Standing = 'holds' | 'untimed' | 'contradictory' | 'over';

/** `asOf`: ms; Infinity asks what has not ended. */
export function standingOf(validFrom: number | null, validTo: number | null, asOf: number): Standing {
  if (validTo !== null) {
    if (validFrom !== null && validTo < validFrom) return 'contradictory';
    if (validTo <= asOf) return 'over';
  }
  if (validFrom === null) return asOf === Infinity ? 'holds' : 'untimed';
  return validFrom <= asOf ? 'holds' : 'over';
}

/** What inputs are for that a model does not learn from: MLflow's contexts, and the words of others for the same. */
const evaluations = new Set(
  'eval evaluate evaluated evaluation evaluating valid validate validated validation validating val test tested testing holdout'.split(
    ' ',
  ),
);

/** Whether an input of this role was used to judge what came out, not to make it. `Test`, `eval_2024` and `validation-set` are. */
export function isEvaluation(role: string | null): boolean {
  if (role === null || role === '') return false;
  const [word = ''] = role
    .trim()
    .toLowerCase()
    .split(/[^a-z]+/, 1);
  return evaluations.has(word);
}
