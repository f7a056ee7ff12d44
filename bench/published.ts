/**
 * The short table that the README and the guide show: taken from the kept result, between two marks, so that it never says
 * anything that was not measured.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from './rounds.ts';
import { markdown, type Table, whole } from './table.ts';

/** What bench/results/NAME.json holds. */
export interface KeptResult extends Result {
  readonly day: string;
  readonly machine: string;
  readonly peers: readonly string[];
  readonly seconds: number;
  readonly repeats: number;
}

const root = path.dirname(import.meta.dirname);
/** The result that is shown, and the pages that show it. */
export const publishedName = 'tracking';
export const publishingPages = ['README.md', 'docs/guide/benchmarks.md'] as const;

const [open, close] = [
  '<!-- bench: written by `npm run bench -- --keep tracking` -->',
  '<!-- end of bench -->',
];

/** The page with the table of the result between its marks. */
export function withTable(page: string, result: KeptResult): string {
  const [before, after] = [page.indexOf(open), page.indexOf(close)];
  if (before < 0 || after < before)
    throw new Error(`the page has no place for the table: ${open} … ${close}`);
  return `${page.slice(0, before + open.length)}\n\n${shown(result)}\n\n${page.slice(after)}`;
}

export function publish(result: KeptResult): void {
  for (const page of publishingPages) {
    const file = path.join(root, page);
    writeFileSync(file, withTable(readFileSync(file, 'utf8'), result));
  }
}

function shown(result: KeptResult): string {
  const head = ['a second, more is better', ...result.peers];
  const rows = result.rows.map((row) => [
    `${row.name}${row.unit === 'requests' ? '' : ` (${row.unit})`}`,
    // What a peer does not offer is null in a file that was read back.
    ...row.figures.map((figures) =>
      figures !== null && typeof figures === 'object'
        ? `${whole(figures.rate)}${figures.failed > 0 ? '¹' : ''}`
        : '–',
    ),
  ]);
  const table: Table = [head, ...rows];
  const versions = result.versions.join('; ');
  const refused = rows.some((cells) => cells.some((cell) => cell.endsWith('¹')))
    ? '\n¹ It answered 5xx to some of these requests, after holding them up; only those that it answered count.'
    : '';
  return `${markdown(table)}

Measured ${result.day} on ${result.machine}, servers and client on the same cores. ${versions}. 16 connections for small requests, 8 for
searches, large batches and small files, 1 for large files; – means that a peer does not offer it.${refused}`;
}
