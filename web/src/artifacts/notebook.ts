/** A Jupyter notebook (nbformat 4, and 3 with its worksheets) as cells, as far as it is shown. Pure. */

export type Output =
  | { readonly kind: 'text'; readonly text: string; readonly isError: boolean }
  | { readonly kind: 'picture'; readonly mime: string; readonly base64: string }
  | { readonly kind: 'svg'; readonly text: string }
  | { readonly kind: 'html'; readonly html: string; readonly text: string }
  | { readonly kind: 'markdown'; readonly text: string }
  | { readonly kind: 'unknown'; readonly types: readonly string[] };

export type NotebookCell =
  | { readonly kind: 'markdown'; readonly text: string }
  | { readonly kind: 'raw'; readonly text: string }
  | {
      readonly kind: 'code';
      readonly text: string;
      readonly count: number | undefined;
      readonly outputs: readonly Output[];
    };

export interface Notebook {
  readonly cells: readonly NotebookCell[];
  /** Such as `python`. */
  readonly language: string;
}

/** Throws a sentence where the JSON is no notebook. */
export function notebookOf(json: unknown): Notebook {
  const root = record(json);
  const worksheet = Array.isArray(root.worksheets) ? record(root.worksheets[0]) : root;
  if (!Array.isArray(worksheet.cells)) throw new Error('It has no cells: it is no Jupyter notebook.');
  const language =
    record(record(root.metadata).language_info).name ?? record(record(root.metadata).kernelspec).language;
  return { cells: worksheet.cells.map(cellOf), language: typeof language === 'string' ? language : '' };
}

function cellOf(json: unknown): NotebookCell {
  const cell = record(json);
  const text = joined(cell.source ?? cell.input);
  if (cell.cell_type === 'code') {
    const outputs = Array.isArray(cell.outputs) ? mergedStreams(cell.outputs.map(outputOf)) : [];
    const count = cell.execution_count ?? cell.prompt_number;
    return { kind: 'code', text, count: typeof count === 'number' ? count : undefined, outputs };
  }
  if (cell.cell_type === 'heading') return { kind: 'markdown', text: `## ${text}` };
  return { kind: cell.cell_type === 'markdown' ? 'markdown' : 'raw', text };
}

function outputOf(json: unknown): Output {
  const output = record(json);
  if (output.output_type === 'stream')
    return { kind: 'text', text: joined(output.text), isError: output.name === 'stderr' };
  if (output.output_type === 'error' || output.output_type === 'pyerr')
    return { kind: 'text', text: joined(output.traceback, '\n'), isError: true };
  const data = record(output.data ?? output);
  for (const mime of ['image/png', 'image/jpeg', 'image/gif', 'image/webp'])
    if (data[mime] !== undefined)
      return { kind: 'picture', mime, base64: joined(data[mime]).replaceAll(/\s/g, '') };
  if (data.png !== undefined) return { kind: 'picture', mime: 'image/png', base64: joined(data.png) };
  if (data['image/svg+xml'] !== undefined) return { kind: 'svg', text: joined(data['image/svg+xml']) };
  const plain = joined(data['text/plain'] ?? data.text);
  if (data['text/html'] !== undefined) return { kind: 'html', html: joined(data['text/html']), text: plain };
  if (data['text/markdown'] !== undefined) return { kind: 'markdown', text: joined(data['text/markdown']) };
  if (plain !== '') return { kind: 'text', text: plain, isError: false };
  return { kind: 'unknown', types: Object.keys(data) };
}

/** What a loop printed comes in many pieces. */
function mergedStreams(outputs: readonly Output[]): Output[] {
  const merged: Output[] = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (output.kind === 'text' && last?.kind === 'text' && last.isError === output.isError)
      merged[merged.length - 1] = { ...last, text: last.text + output.text };
    else merged.push(output);
  }
  return merged;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Notebooks keep a text whole or as a list of its lines. */
function joined(value: unknown, between = ''): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string').join(between) : '';
}
