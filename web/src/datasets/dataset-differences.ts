/** Two versions of a dataset as rows of the table that compares. Pure. */
import type { DatasetDifference, DatasetField, DatasetVersion } from '../api/datasets.ts';
import type { ComparedPart, ComparedRow } from '../compare/differences.ts';
import { exactTime } from '../format/times.ts';
import { figureNames, figureText, maybeSize, versionName } from './dataset-words.ts';

type Cell = string | number | null | undefined;

export function comparedDatasetParts(
  versions: readonly [DatasetVersion, DatasetVersion],
  difference: DatasetDifference,
): ComparedPart[] {
  const [left, right] = versions;
  return [
    { name: 'Version', rows: factRows(left, right) },
    { name: 'Columns', rows: fieldRows(left, right, difference) },
    { name: 'Order of columns', rows: moveRows(difference) },
    { name: 'Statistics of columns', rows: figureRows(left, right) },
  ].filter(({ rows }) => rows.length > 0);
}

function row(key: string, left: Cell, right: Cell, differs = left !== right): ComparedRow {
  const value = (cell: Cell) => ({
    text: cell === null || cell === undefined ? undefined : figureText(cell),
    exact: String(cell ?? ''),
    best: false,
    number: typeof cell === 'number',
  });
  return { key, values: [value(left), value(right)], differs };
}

function factRows(left: DatasetVersion, right: DatasetVersion): ComparedRow[] {
  const other = (version: DatasetVersion) =>
    new Map(version.statistics.others.map(({ name, value }) => [name, value]));
  const digest = (version: DatasetVersion) =>
    new Map(
      version.digests.map(({ algorithm, of, value }) => [
        `${algorithm}${of === 'sample' ? ' of a sample' : ''}`,
        value,
      ]),
    );
  const pairs: readonly (readonly [string, (version: DatasetVersion) => Cell])[] = [
    ['written', ({ at }) => exactTime(at)],
    ['rows', ({ rows }) => rows],
    ['size', ({ bytes }) => (bytes === null ? null : maybeSize(bytes))],
    ['files', ({ files }) => files],
    ['columns', ({ fields }) => fields],
    ['version', ({ version }) => version],
    ['made by', ({ makers }) => makers[0]?.job?.name ?? makers[0]?.name],
    ['readers', ({ readers }) => readers],
  ];
  const named = (of: (version: DatasetVersion) => ReadonlyMap<string, string>) => {
    const [a, b] = [of(left), of(right)];
    return [...new Set([...a.keys(), ...b.keys()])].map((name) => row(name, a.get(name), b.get(name)));
  };
  return [
    ...pairs.map(([key, read]) => row(key, read(left), read(right))),
    ...named(digest),
    ...named(other),
  ].filter(({ values }) => values.some(({ text }) => text !== undefined));
}

const typeText = ({ type, nullable }: DatasetField): string =>
  [type ?? 'no type told', nullable === false ? 'required' : ''].filter(Boolean).join(', ');

function fieldRows(
  left: DatasetVersion,
  right: DatasetVersion,
  { schema }: DatasetDifference,
): ComparedRow[] {
  if (schema === null) return [];
  const then = new Map((left.schema ?? []).map((field) => [field.path, field]));
  const now = new Map((right.schema ?? []).map((field) => [field.path, field]));
  const changed = new Set([...schema.changed, ...schema.added, ...schema.removed].map(({ path }) => path));
  return [...new Set([...now.keys(), ...then.keys()])].map((path) => {
    const [a, b] = [then.get(path), now.get(path)];
    return row(path, a && typeText(a), b && typeText(b), changed.has(path));
  });
}

function moveRows({ schema }: DatasetDifference): ComparedRow[] {
  return (schema?.moved ?? []).map(({ path, left, right }) =>
    row(path, `column ${left + 1}`, `column ${right + 1}`, true),
  );
}

function figureRows(left: DatasetVersion, right: DatasetVersion): ComparedRow[] {
  const then = new Map(left.statistics.columns.map((column) => [column.name, column]));
  const now = new Map(right.statistics.columns.map((column) => [column.name, column]));
  return [...new Set([...now.keys(), ...then.keys()])].flatMap((name) =>
    figureNames.flatMap((figure) => {
      const [a, b] = [then.get(name)?.[figure], now.get(name)?.[figure]];
      return (a ?? b ?? null) === null ? [] : row(`${name} ${figure}`, a, b, (a ?? null) !== (b ?? null));
    }),
  );
}

/** What changed, in a sentence. */
export function differenceText({ schema, left, right }: DatasetDifference): string {
  if (schema === null) return 'One of the two does not tell its columns: only figures are compared.';
  const { added, removed, changed, moved } = schema;
  const parts = [
    [added.length, 'added'],
    [removed.length, 'removed'],
    [changed.length, 'of another type'],
    [moved.length, 'moved'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const columns = told.length === 0 ? 'The columns are the same' : `Columns: ${told.join(', ')}`;
  if (left.rows === null || right.rows === null || left.rows === right.rows) return `${columns}.`;
  const more = right.rows - left.rows;
  return `${columns}; ${figureText(Math.abs(more))} rows ${more > 0 ? 'more' : 'fewer'} than ${versionName(left)}.`;
}
