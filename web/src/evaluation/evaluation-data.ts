/** Data of an evaluation, read from the forms it is logged in: matrices with labels, curves with their areas. Pure. */
import { itemsOf, type Json, memberOf, numberOf, parseJson, scalarText } from '../artifacts/exact-json.ts';
import { separatedRows, separatorOf } from '../artifacts/separated-values.ts';
import { type Table, tableOf, tableOfJson, textOf } from '../artifacts/table.ts';
import { columnAt } from './recognise.ts';

export interface Confusion {
  readonly labels: readonly string[];
  /** By actual class, then by predicted class. */
  readonly counts: readonly (readonly number[])[];
}

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly threshold: number | undefined;
}

export interface Curve {
  /** The class it is of; '' for the only one. */
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** ROC: area by trapezoids. Precision and recall: average precision. Undefined elsewhere. */
  readonly area: number | undefined;
}

/** A parsed data file. `names` are its first row or its members. */
export interface DataFile {
  readonly json: Json | undefined;
  readonly table: Table | undefined;
  /** Rows of a CSV with the first, which may be no head. */
  readonly raw: readonly (readonly string[])[];
}

export function dataOf(text: string, path: string): DataFile {
  if (path.toLowerCase().endsWith('.json')) {
    const json = parseJson(text.replace(/^\uFEFF/, ''));
    return { json, table: tableOfJson(json), raw: [] };
  }
  const raw = separatedRows(text.replace(/^\uFEFF/, ''), separatorOf(text, path)).filter(
    (row) => row.length > 1 || row[0] !== '',
  );
  const [names = [], ...rows] = raw;
  return { json: undefined, table: tableOf(names, rows), raw };
}

/** More classes than this are no confusion matrix but a mistake. */
const classLimit = 1000;

export function confusionOf(data: DataFile): Confusion | undefined {
  const found = confusionOfJson(data.json) ?? confusionOfRows(data.table) ?? confusionOfSquare(data.raw);
  if (found === undefined || found.labels.length < 2 || found.labels.length > classLimit) return undefined;
  const isSquare =
    found.counts.length === found.labels.length &&
    found.counts.every((row) => row.length === found.labels.length && row.every((count) => count >= 0));
  return isSquare ? found : undefined;
}

function confusionOfJson(json: Json | undefined): Confusion | undefined {
  const matrix = memberOf(json, 'matrix') ?? memberOf(json, 'confusion_matrix') ?? json;
  const rows = itemsOf(matrix);
  if (rows === undefined || !rows.every((row) => row.kind === 'array')) return undefined;
  const counts = rows.map((row) => (itemsOf(row) ?? []).map(numberOf));
  const labels = itemsOf(
    memberOf(json, 'labels') ?? memberOf(json, 'classes') ?? memberOf(json, 'class_names'),
  )?.map((label) => scalarText(label) ?? '?');
  return { labels: labels ?? counts.map((_, index) => String(index)), counts };
}

/** Rows of actual and predicted class, with a count, or one row for each example. */
function confusionOfRows(table: Table | undefined): Confusion | undefined {
  if (table === undefined) return undefined;
  const names = table.columns.map(({ name }) => name);
  const [actual, predicted, count] = [
    columnAt(names, 'actualClass'),
    columnAt(names, 'predictedClass'),
    columnAt(names, 'count'),
  ];
  if (actual === -1 || predicted === -1) return undefined;
  const places = new Map<string, number>();
  const place = (label: string) => {
    if (!places.has(label)) places.set(label, places.size);
    return places.get(label)!;
  };
  const cells = table.rows.map((row) => ({
    actual: textOf(row[actual] ?? null) ?? 'null',
    predicted: textOf(row[predicted] ?? null) ?? 'null',
    count: count === -1 ? 1 : Number(textOf(row[count] ?? null)),
  }));
  const labels = [...new Set(cells.flatMap((cell) => [cell.actual, cell.predicted]))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  if (labels.length > classLimit) return undefined;
  for (const label of labels) place(label);
  const counts = labels.map(() => labels.map(() => 0));
  for (const cell of cells) counts[place(cell.actual)]![place(cell.predicted)]! += cell.count;
  return { labels, counts };
}

/** A matrix as a spreadsheet holds it: with labels above and at the left, above only, or without. */
function confusionOfSquare(raw: readonly (readonly string[])[]): Confusion | undefined {
  const size = raw.length;
  const numbers = (rows: readonly (readonly string[])[]) =>
    rows.map((row) => row.map((value) => (value.trim() === '' ? Number.NaN : Number(value))));
  if (raw.every((row) => row.length === size)) {
    const all = numbers(raw);
    if (all.flat().every((value) => !Number.isNaN(value)))
      return { labels: all.map((_, index) => String(index)), counts: all };
    return { labels: raw[0]!.slice(1), counts: numbers(raw.slice(1).map((row) => row.slice(1))) };
  }
  if (raw.every((row) => row.length === size - 1))
    return { labels: raw[0] ?? [], counts: numbers(raw.slice(1)) };
  return undefined;
}

export type CurveKind = 'roc' | 'precision-recall' | 'calibration';

export function curvesOf(kind: CurveKind, data: DataFile): Curve[] | undefined {
  const { table } = data;
  if (table === undefined) return undefined;
  const names = table.columns.map(({ name }) => name);
  const axes = {
    roc: ['falsePositives', 'truePositives'],
    'precision-recall': ['recall', 'precision'],
    calibration: ['predicted', 'observed'],
  } as const;
  const [x, y] = axes[kind].map((name) => columnAt(names, name)) as [number, number];
  if (x === -1 || y === -1) return undefined;
  const [threshold, group] = [columnAt(names, 'threshold'), columnAt(names, 'group')];
  const curves = new Map<string, CurvePoint[]>();
  for (const row of table.rows) {
    const number = (column: number) => {
      const text = column === -1 ? null : textOf(row[column] ?? null);
      return text === null || text === ''
        ? Number.NaN
        : Number(text.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity'));
    };
    const point = { x: number(x), y: number(y), threshold: number(threshold) };
    if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) continue;
    const name = group === -1 ? '' : (textOf(row[group] ?? null) ?? '');
    const points = curves.get(name) ?? [];
    points.push(Number.isNaN(point.threshold) ? { ...point, threshold: undefined } : point);
    curves.set(name, points);
  }
  if (curves.size === 0) return undefined;
  return [...curves].map(([name, points]) => {
    const sorted = inOrder(points);
    return { name, points: sorted, area: areaOf(kind, sorted) };
  });
}

/** From the left to the right; a client's own order where it only runs the other way, so that steps stay steps. */
function inOrder(points: readonly CurvePoint[]): CurvePoint[] {
  const falls = points.every((point, index) => index === 0 || point.x <= points[index - 1]!.x);
  if (falls) return points.toReversed();
  const rises = points.every((point, index) => index === 0 || point.x >= points[index - 1]!.x);
  return rises ? [...points] : points.toSorted((a, b) => a.x - b.x);
}

function areaOf(kind: CurveKind, points: readonly CurvePoint[]): number | undefined {
  if (kind === 'calibration' || points.length < 2) return undefined;
  let area = 0;
  for (let index = 1; index < points.length; index++) {
    const [before, at] = [points[index - 1]!, points[index]!];
    // Average precision is a sum of steps (scikit-learn's average_precision_score): a line between them is too kind.
    area += (at.x - before.x) * (kind === 'roc' ? (before.y + at.y) / 2 : at.y);
  }
  return area;
}

/** Rows of a classification_report, by class; undefined for other JSON. */
export function reportTable(json: Json | undefined): Table | undefined {
  if (json?.kind !== 'object') return undefined;
  const classes = json.members.filter(([, value]) => memberOf(value, 'precision') !== undefined);
  if (classes.length === 0) return undefined;
  const measures = ['precision', 'recall', 'f1-score', 'support'];
  const rows = classes.map(([name, value]) => [
    name,
    ...measures.map((measure) => scalarText(memberOf(value, measure)) ?? null),
  ]);
  return tableOf(['class', ...measures], rows);
}
