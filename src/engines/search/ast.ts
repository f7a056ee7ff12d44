/**
 * What a search asks for, typed, without a grammar and without SQL. Several grammars parse into it (MLflow's, the native
 * one); compile.ts turns it into SQL. It knows records with attributes, metrics, params, tags and datasets, and nothing
 * of what those records are.
 *
 * Every condition is either true or false of a record. A comparison is false where the record lacks the value, `!=` and
 * `like` included; `not` is the plain complement, so `not (params.a = 'x')` is true of a record without `a`.
 */

/**
 * Which number of a metric: the latest point, a summary over the points, how many points there are; the step of the latest
 * point, of the least and of the greatest.
 */
export const aggregates = [
  'last',
  'min',
  'max',
  'first',
  'mean',
  'count',
  'step',
  'argmin',
  'argmax',
] as const;
export type Aggregate = (typeof aggregates)[number];

export type DatasetAttribute = 'name' | 'digest' | 'context';

export type Field =
  /** A column of the record; the layout of the searched kind knows the names. */
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'metric'; readonly key: string; readonly aggregate: Aggregate }
  | { readonly kind: 'param'; readonly key: string }
  | { readonly kind: 'tag'; readonly key: string }
  | { readonly kind: 'dataset'; readonly name: DatasetAttribute };

/** A bigint only where the number is whole and beyond ±2^53. */
export type Literal = string | number | bigint;

/**
 * `like`: `%` any text, `_` one character, nothing escapes, exact. `ilike`: the same, A–Z equal to a–z. `contains`: holds
 * the text, A–Z equal to a–z. `regex`: the expression (regex.ts) is found in the text. With a text, the others compare bytes of UTF-8; with a number, numbers: a param or tag
 * takes part where its text is wholly a number.
 */
export type CompareOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | 'like' | 'ilike' | 'contains' | 'regex';

export type Filter =
  /** True when there are no terms. */
  | { readonly kind: 'and'; readonly terms: readonly Filter[] }
  /** False when there are no terms. */
  | { readonly kind: 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | {
      readonly kind: 'compare';
      readonly field: Field;
      readonly operator: CompareOperator;
      readonly value: Literal;
    }
  /** `negated` is NOT IN: true of a record that has the value, and it is none of these. */
  | {
      readonly kind: 'in';
      readonly field: Field;
      readonly negated: boolean;
      readonly values: readonly string[];
    }
  /** IS NULL: the record lacks the value; `negated` is IS NOT NULL. */
  | { readonly kind: 'null-test'; readonly field: Field; readonly negated: boolean };

/** One key of an order. Whatever the direction: real values first, then NaN, then records without the value. */
export interface Order {
  readonly field: Field;
  readonly descending: boolean;
  /** Params and tags: numbers by number before texts by bytes. Otherwise all by the bytes of their text. */
  readonly natural: boolean;
}
