/** Tables of files: columns with types, cells as they are written, order of a page. Nothing is rounded or guessed away. */
import { type Json, jsonText, memberOf, parseJson, scalarText } from './exact-json.ts';

export type ColumnType = 'whole' | 'real' | 'truth' | 'time' | 'text';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The file's own word for the type, where it has one. */
  readonly written?: string;
}

/** A picture that a table of mlflow.log_table points to. */
export interface PictureCell {
  readonly picture: string;
}

/** Null = nothing is there. */
export type Cell = string | null | PictureCell;
export type Row = readonly Cell[];

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

const whole = /^[+-]?(?:0|[1-9]\d*)$/;
const real = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^[+-]?(?:nan|inf|infinity)$/i;
const truth = /^(?:true|false)$/i;
const time = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** What all values of a column are. A number with a leading zero is a text: a post code, an id. */
export function typeOf(values: Iterable<string | null>): ColumnType {
  let type: ColumnType | undefined;
  for (const value of values) {
    if (value === null || value === '') continue;
    const own = whole.test(value)
      ? 'whole'
      : /^[+-]?0\d/.test(value)
        ? 'text'
        : real.test(value)
          ? 'real'
          : truth.test(value)
            ? 'truth'
            : time.test(value)
              ? 'time'
              : 'text';
    if (type === undefined || type === own) type = own;
    else if ((type === 'whole' && own === 'real') || (type === 'real' && own === 'whole')) type = 'real';
    else return 'text';
  }
  return type ?? 'text';
}

/** Columns by their names, typed by these rows. */
function typedColumns(names: readonly string[], rows: readonly Row[]): Column[] {
  return names.map((name, index) => ({
    name,
    type: typeOf(rows.map((row) => textOf(row[index] ?? null))),
  }));
}

export function textOf(cell: Cell): string | null {
  return cell === null || typeof cell === 'string' ? cell : cell.picture;
}

export function isNumeric(type: ColumnType): boolean {
  return type === 'whole' || type === 'real';
}

/** Positions of the rows by the values of a column; what is missing or NaN comes last both ways. */
export function sortedRows(table: Table, column: number, descending: boolean): number[] {
  const { type } = table.columns[column]!;
  const values = table.rows.map((row) => textOf(row[column] ?? null));
  const compare = isNumeric(type)
    ? compareNumbers
    : (a: string, b: string) => a.localeCompare(b, undefined, { numeric: true });
  const absent = (value: string | null) =>
    value === null || value === '' || (isNumeric(type) && /nan/i.test(value));
  return values
    .map((_, index) => index)
    .sort((a, b) => {
      const [left, right] = [values[a]!, values[b]!];
      if (absent(left) || absent(right)) return Number(absent(left)) - Number(absent(right)) || a - b;
      return (descending ? -compare(left, right) : compare(left, right)) || a - b;
    });
}

/** Whole numbers exactly, whatever their length. */
function compareNumbers(a: string, b: string): number {
  if (whole.test(a) && whole.test(b)) {
    const [left, right] = [BigInt(a.replace('+', '')), BigInt(b.replace('+', ''))];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return realOf(a) - realOf(b) || 0;
}

function realOf(text: string): number {
  return Number(text.replace(/inf(inity)?/i, 'Infinity'));
}

/**
 * A table in JSON, in the forms that pandas and mlflow.log_table write: `{"columns": […], "data": [[…]]}`, a list of
 * objects, or an object of lists of equal length. Undefined for other JSON.
 */
export function tableOfJson(json: Json): Table | undefined {
  const columns = memberOf(json, 'columns');
  const data = memberOf(json, 'data');
  if (columns?.kind === 'array' && data?.kind === 'array') {
    if (!data.items.every((row) => row.kind === 'array')) return undefined;
    const rows = data.items.map((row) => (row.kind === 'array' ? row.items.map(cellOf) : []));
    return tableOf(
      columns.items.map((name) => scalarText(name) ?? jsonText(name)),
      rows,
    );
  }
  if (json.kind === 'array') return tableOfRecords(json.items);
  return tableOfLists(json);
}

/** Undefined unless every item is an object. */
function tableOfRecords(items: readonly Json[]): Table | undefined {
  if (items.length === 0 || !items.every((item) => item.kind === 'object')) return undefined;
  const places = new Map<string, number>();
  const rows = items.map((item) => {
    const row: Cell[] = [];
    for (const [key, value] of item.kind === 'object' ? item.members : []) {
      if (!places.has(key)) places.set(key, places.size);
      row[places.get(key)!] = cellOf(value);
    }
    return row;
  });
  return tableOf(
    [...places.keys()],
    rows.map((row) => Array.from({ length: places.size }, (_, index) => row[index] ?? null)),
  );
}

function tableOfLists(json: Json): Table | undefined {
  if (json.kind !== 'object' || json.members.length < 2) return undefined;
  const lists = json.members.map(([, value]) => (value.kind === 'array' ? value.items : undefined));
  const length = lists[0]?.length ?? 0;
  const isTable = lists.every(
    (list) => list?.length === length && list.every((value) => scalarText(value) !== undefined),
  );
  if (length === 0 || !isTable) return undefined;
  const rows = Array.from({ length }, (_, row) => lists.map((list) => cellOf(list![row]!)));
  return tableOf(
    json.members.map(([name]) => name),
    rows,
  );
}

export function tableOf(names: readonly string[], rows: readonly Row[]): Table {
  return { columns: typedColumns(names, rows), rows };
}

function cellOf(json: Json): Cell {
  if (json.kind === 'word' && json.value === null) return null;
  if (scalarText(memberOf(json, 'type')) === 'image') {
    const path = scalarText(memberOf(json, 'filepath'));
    if (path !== undefined) return { picture: path };
  }
  return scalarText(json) ?? jsonText(json);
}

/** Rows of JSON lines; a line that is no object is a row of one column. */
export function tableOfJsonLines(text: string): Table {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map((line) => {
    try {
      return parseJson(line);
    } catch {
      return undefined;
    }
  });
  const table = parsed.includes(undefined) ? undefined : tableOfRecords(parsed as Json[]);
  return (
    table ??
    tableOf(
      ['line'],
      lines.map((line) => [line]),
    )
  );
}
