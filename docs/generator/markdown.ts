/** The few pieces of Markdown that the reference is made of. */

export const header = (from: string): string =>
  `<!-- Written by docs/generate.ts from ${from}; do not edit. -->`;

export const code = (text: string): string => `\`${text}\``;

export const page = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
