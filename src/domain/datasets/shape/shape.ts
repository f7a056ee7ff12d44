/**
 * What a dataset version looks like inside, in one shape whoever told it: fields in their order, figures of the whole, and
 * figures of each column. MLflow's schema and profile, OpenLineage's facets and the native API are read into it.
 */

/** One field of a schema. What was not told is absent. */
export interface Field {
  readonly name: string;
  /** As its producer spells it. */
  readonly type?: string | undefined;
  /** Whether a value may be missing. */
  readonly nullable?: boolean | undefined;
  readonly description?: string | undefined;
  /** Fields inside it, of a struct or of the items of a list. */
  readonly fields?: readonly Field[] | undefined;
}

/** Figures of one column; those that were not told are absent. */
export interface ColumnStatistics {
  readonly name: string;
  /** Values that are there. */
  readonly count?: number | undefined;
  readonly nulls?: number | undefined;
  readonly distinct?: number | undefined;
  readonly sum?: number | undefined;
  readonly mean?: number | undefined;
  readonly deviation?: number | undefined;
  /** Of numbers, texts or dates alike. */
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
  /** Fraction (`0.5`) → value. */
  readonly quantiles?: Readonly<Record<string, number>> | undefined;
}

/** Figures of the whole. */
export interface Totals {
  readonly rows?: number | undefined;
  readonly bytes?: number | undefined;
  readonly files?: number | undefined;
  /** Figures that only their producer has a name for: shapes of arrays, numbers of elements. */
  readonly others?: readonly { readonly name: string; readonly value: string }[] | undefined;
}

export interface Statistics extends Totals {
  readonly columns: readonly ColumnStatistics[];
}

/** Names of the figures of a column, in the order in which people read them. */
export const columnFigures = [
  ...['count', 'nulls', 'distinct', 'min', 'max', 'mean', 'deviation', 'sum'],
] as readonly Exclude<keyof ColumnStatistics, 'name' | 'quantiles'>[];

/** A field and where it stands. */
export interface PlacedField {
  /** Names from the outside in, joined by dots: `address.city`. */
  readonly path: string;
  /** 0 for the first, in the order in which the schema is read. */
  readonly position: number;
  readonly field: Field;
}

/** Deeper fields are left out: a schema that nests so deep is no table's. */
const deepest = 30;

/** All fields, each before those inside it. */
export function placedFields(fields: readonly Field[]): PlacedField[] {
  const placed: PlacedField[] = [];
  const walk = (inside: readonly Field[], prefix: string, depth: number) => {
    for (const field of inside) {
      const path = prefix === '' ? field.name : `${prefix}.${field.name}`;
      placed.push({ path, position: placed.length, field });
      if (field.fields !== undefined && depth < deepest) walk(field.fields, path, depth + 1);
    }
  };
  walk(fields, '', 1);
  return placed;
}

/** What is told first wins, figure by figure; of columns the list that tells most. */
export function mergedStatistics(parts: readonly Statistics[]): Statistics {
  const columns = parts.reduce<readonly ColumnStatistics[]>(
    (best, part) => (part.columns.length > best.length ? part.columns : best),
    [],
  );
  const first = (key: 'rows' | 'bytes' | 'files') => parts.find((part) => part[key] !== undefined)?.[key];
  const others = new Map<string, string>();
  for (const part of parts) {
    for (const { name, value } of part.others ?? []) if (!others.has(name)) others.set(name, value);
  }
  const merged = { rows: first('rows'), bytes: first('bytes'), files: first('files'), columns };
  if (others.size === 0) return merged;
  return { ...merged, others: [...others].map(([name, value]) => ({ name, value })) };
}
