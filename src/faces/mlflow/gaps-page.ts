/** Prints gaps.md from the tables of gaps.ts. Run this file to write it again. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fallbackGaps, type Gap, gaps } from './gaps.ts';
import { mlflowRelease } from './release.ts';

export function gapsPage(): string {
  return [
    '<!-- Printed by gaps-page.ts from gaps.ts; do not edit. -->',
    '# Routes of MLflow that are not built',
    '',
    `Held against the server of MLflow ${mlflowRelease}. A path below \`/api\` is also answered below \`/ajax-api\`; \`*\` is any rest of a path.`,
    '',
    '## Answered 501 NOT_IMPLEMENTED',
    '',
    ...table(gaps),
    '',
    '## Answered 404 ENDPOINT_NOT_FOUND, because clients then fall back',
    '',
    ...table(fallbackGaps),
    '',
  ].join('\n');
}

function table(rows: readonly Gap[]): string[] {
  return [
    '| method | path | reason |',
    '|---|---|---|',
    ...rows.map((gap) => `| ${gap.method} | \`${gap.path}\` | ${gap.reason} |`),
  ];
}

if (import.meta.main) writeFileSync(fileURLToPath(new URL('gaps.md', import.meta.url)), gapsPage());
