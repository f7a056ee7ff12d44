/**
 * The port through which a filter reaches rows: the engine asks where the value of a field stands, whoever owns the
 * tables answers. The searched record always has the alias `n`, and `n.id` is its id; other tables take the alias they
 * are given.
 */
import type { Sql } from '../../kernel/sql.ts';
import type { Field } from './ast.ts';
import type { Pattern } from './pattern.ts';

/** A table with at most one row per record for the field in question. */
export interface ValueTable {
  /** Name of the table, as it stands behind FROM. */
  readonly name: string;
  /** The record's id. */
  owner(alias: string): Sql;
  /** The condition for the row of the record `n`: a lookup by a unique key. */
  ofRecord(alias: string): Sql;
  /** The condition for the rows of all records searched, leading an index that goes on with the head of the text. */
  ofSearched?(alias: string): Sql;
}

export interface TextColumns {
  text(alias: string): Sql;
  /** The indexed head of the text (kernel/sql.ts, textHead). */
  head(alias: string): Sql;
}

export type Source =
  /** No record has such a value. */
  | { readonly kind: 'none' }
  /** A whole number in a column of the record. */
  | { readonly kind: 'integer'; readonly value: Sql; readonly nullable: boolean }
  /** A word of a closed list, stored as a number. */
  | { readonly kind: 'word'; readonly value: Sql; readonly words: Readonly<Record<string, number>> }
  /** A text in a column of the record, or computed from some; `seek` finds records by equal texts through an index. */
  | {
      readonly kind: 'column';
      readonly text: Sql;
      readonly nullable: boolean;
      readonly seek?: ValueTable & TextColumns;
    }
  /** A text in a row of its own. `absent` is the value of a record without one; otherwise it has none. */
  | {
      readonly kind: 'property';
      readonly table: ValueTable & TextColumns;
      /** The double of a text that is wholly a number, else NULL. */
      real(alias: string): Sql;
      /** The UTF-8 bytes of a text with U+0000, whose `text` is NULL. */
      bytes(alias: string): Sql;
      readonly absent?: string;
    }
  /** A number in a row of its own. */
  | {
      readonly kind: 'number';
      readonly table: ValueTable;
      /** NULL where it is NaN. */
      value(alias: string): Sql;
      /** Whether it is NaN; left out where it never is. */
      nan?(alias: string): Sql;
      /** Whether it is whole: a count. */
      readonly whole: boolean;
    }
  | ManyTexts
  | ManyNumbers;

/** Texts in rows of another table, any number per record: a test is true of a record where one of them passes. */
export interface ManyTexts {
  readonly kind: 'texts';
  readonly table: RowsTable & Pick<TextColumns, 'text'>;
  /** The indexed head of the text, where an index leads from it to records. */
  head?(alias: string): Sql;
}

/**
 * Sets of numbers in rows of another table, any number per record. A test is true of a record where a number of one of
 * them passes; for `=` only the numbers that a row names are looked at.
 */
export interface ManyNumbers {
  readonly kind: 'numbers';
  readonly table: RowsTable;
  /** NULL where the set holds NaN only. */
  least(alias: string): Sql;
  greatest(alias: string): Sql;
  /** Further ones that the row names. */
  named(alias: string): readonly Sql[];
  /** Whether the set holds NaN or an infinity. */
  nonFinite(alias: string): Sql;
  /** The one by which records are put in order. */
  readonly latest: Extract<Source, { kind: 'number' }>;
}

/** A table with any number of rows per record for the field in question. */
export interface RowsTable extends Omit<ValueTable, 'name'> {
  /** What stands behind FROM: a table, or a query in parentheses. */
  readonly from: Sql;
}

/** What a regular expression finds: the different texts, or where these are many, the ids of their records. */
export type Found = { readonly texts: readonly string[] } | { readonly ids: readonly number[] };

export type RangeSign = '=' | '<' | '<=' | '>' | '>=';

export interface SearchLayout {
  source(field: Field): Source;
  /** Whether a text matches the pattern, exactly; the text is folded already where the pattern is. */
  matches(text: Sql, pattern: Pattern): Sql;
  /** A–Z → a–z and nothing else. */
  folded(text: Sql): Sql;
  /** Whether the store asks an EXISTS of one record after the other, and makes no join of it. */
  readonly keepsProbes: boolean;
  /** Where the regular expression is found, looked up before, for no store can. */
  found?(field: Field, pattern: string): Found | undefined;
  /** `SELECT owner …`: the records whose number passes, and maybe others, where they are kept in its order. */
  inRange?(field: Field, sign: RangeSign, value: number): Sql | undefined;
}
