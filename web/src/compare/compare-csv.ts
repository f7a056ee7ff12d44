/** The comparison as a table for other programs: a row for each run, every digit. Pure. */
import type { Run } from '../api/types.ts';
import type { ComparedPart } from './differences.ts';

export function compareCsv(runs: readonly Run[], parts: readonly ComparedPart[]): string {
  const columns = parts.flatMap((part) =>
    part.rows.map((row) => ({ name: `${part.name}: ${row.key}`, row })),
  );
  const head = ['run', 'id', ...columns.map(({ name }) => name)];
  const rows = runs.map((run, index) => [
    run.name,
    run.id,
    ...columns.map(({ row }) => (row.values[index]!.text === undefined ? '' : row.values[index]!.exact)),
  ]);
  return [head, ...rows].map((cells) => cells.map(cellText).join(',')).join('\r\n');
}

/** Quoted where RFC 4180 asks for it; a text that a spreadsheet would take for a formula begins with a quote mark. */
function cellText(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
