/** Rows for people: columns as wide as what stands in them, numbers to the right. */
export interface Column {
  readonly head: string;
  readonly right?: boolean;
  /** Of a place the end tells most: a longer one loses its beginning. */
  readonly place?: boolean;
}

/** Longer cells are cut: a line is to be read at a glance. `--json` has them whole. */
const widest = 40;

export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell, index) => shown(cell, columns[index]?.place)));
  const widths = columns.map(({ head }, index) =>
    Math.max(head.length, ...cells.map((row) => row[index]!.length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) =>
        columns[index]!.right ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ head }) => head)), ...cells.map(line)];
}

/** Control characters could drive the terminal that shows them. */
function shown(text: string, isPlace = false): string {
  const plain = printable(text);
  if (plain.length <= widest) return plain;
  return isPlace ? `…${plain.slice(1 - widest)}` : `${plain.slice(0, widest - 1)}…`;
}

/** Text of others, on one line. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '�');
}

/** `2026-11-21 14:05`, UTC. */
export function timeText(ms: number | null): string {
  return ms === null ? '' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** Six digits: enough to tell results apart. NaN and the infinities come as text. */
export function numberText(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : String(Number(value.toPrecision(6)));
}

export function sizeText(bytes: number | null): string {
  if (bytes === null) return '';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`;
}
