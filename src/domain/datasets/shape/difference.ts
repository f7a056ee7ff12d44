/** What differs between two versions of a dataset: fields that came, went, changed or moved; figures that are others. */
import { columnFigures, type Field, type PlacedField, placedFields, type Statistics } from './shape.ts';

export interface ChangedField {
  readonly path: string;
  readonly left: Field;
  readonly right: Field;
}

export interface SchemaDifference {
  /** In the right one only. */
  readonly added: readonly PlacedField[];
  /** In the left one only. */
  readonly removed: readonly PlacedField[];
  /** Another type, or another answer to whether a value may be missing. */
  readonly changed: readonly ChangedField[];
  /** As few as account for the new order: the others stand as they stood. */
  readonly moved: readonly { readonly path: string; readonly left: number; readonly right: number }[];
}

/** One figure that both sides tell otherwise, or one of them only. */
export interface FigureDifference {
  /** Absent for the whole. */
  readonly column?: string | undefined;
  readonly figure: string;
  readonly left?: number | string | undefined;
  readonly right?: number | string | undefined;
}

export function schemaDifference(left: readonly Field[], right: readonly Field[]): SchemaDifference {
  const [before, after] = [byPath(left), byPath(right)];
  const common = [...after.values()].flatMap((now) => {
    const then = before.get(now.path);
    return then === undefined ? [] : { path: now.path, then, now };
  });
  const stays = longestRising(common.map(({ then }) => then.position));
  return {
    added: [...after.values()].filter(({ path }) => !before.has(path)),
    removed: [...before.values()].filter(({ path }) => !after.has(path)),
    changed: common.flatMap(({ path, then, now }) =>
      isOther(then.field, now.field) ? { path, left: then.field, right: now.field } : [],
    ),
    moved: common.flatMap(({ path, then, now }, index) =>
      stays.has(index) ? [] : { path, left: then.position, right: now.position },
    ),
  };
}

/** A schema may name a field twice: the second one counts as another field. */
function byPath(fields: readonly Field[]): Map<string, PlacedField> {
  const found = new Map<string, PlacedField>();
  for (const placed of placedFields(fields)) {
    let path = placed.path;
    for (let copy = 2; found.has(path); copy++) path = `${placed.path} (${copy})`;
    found.set(path, path === placed.path ? placed : { ...placed, path });
  }
  return found;
}

/** Producers spell one type in their own case. What only one of them tells is no difference. */
function isOther(left: Field, right: Field): boolean {
  const type = (field: Field) => field.type?.replaceAll(/\s+/g, '').toLowerCase();
  const differs = <T>(a: T | undefined, b: T | undefined) => a !== undefined && b !== undefined && a !== b;
  return differs(type(left), type(right)) || differs(left.nullable, right.nullable);
}

/** Places of a longest rising sequence among the numbers: patience sorting, n log n. */
function longestRising(numbers: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [index, number] of numbers.entries()) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[tails[middle]!]! < number) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : tails[low - 1]!;
    tails[low] = index;
  }
  const found = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]!) found.add(at);
  return found;
}

export function statisticsDifference(left: Statistics, right: Statistics): FigureDifference[] {
  const found: FigureDifference[] = [];
  const compare = (column: string | undefined, figure: string, a: FigureValue, b: FigureValue) => {
    if (a !== b) found.push({ ...(column !== undefined && { column }), figure, left: a, right: b });
  };
  for (const figure of ['rows', 'bytes', 'files'] as const) {
    compare(undefined, figure, left[figure], right[figure]);
  }
  const others = (of: Statistics) => new Map((of.others ?? []).map(({ name, value }) => [name, value]));
  const [a, b] = [others(left), others(right)];
  for (const name of new Set([...a.keys(), ...b.keys()])) compare(undefined, name, a.get(name), b.get(name));
  const columns = (of: Statistics) => new Map(of.columns.map((column) => [column.name, column]));
  const [then, now] = [columns(left), columns(right)];
  for (const name of new Set([...now.keys(), ...then.keys()])) {
    for (const figure of columnFigures)
      compare(name, figure, then.get(name)?.[figure], now.get(name)?.[figure]);
    const quantiles = [then.get(name)?.quantiles ?? {}, now.get(name)?.quantiles ?? {}] as const;
    for (const at of new Set(quantiles.flatMap((each) => Object.keys(each)))) {
      compare(name, `quantile ${at}`, quantiles[0][at], quantiles[1][at]);
    }
  }
  return found;
}

type FigureValue = number | string | undefined;
