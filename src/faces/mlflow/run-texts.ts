/**
 * Runs as they are printed in answers. A page of a hundred runs is 250 KB of text, and nearly all of it was sent before: what
 * is printed is kept for the version of the run it shows (decision 51).
 */
import type { Run, RunVersion } from '../../domain/runs/index.ts';
import { ByteCache } from '../../kernel/byte-cache.ts';
import { printMessageAt } from './message-printing.ts';
import type { Printed } from './message-schema.ts';
import { run } from './messages.ts';

/** Bytes: some 11,000 runs of ten metrics and ten parameters. Part of the 400 MiB that a busy server takes. */
const runTextsLimit = 32 * 1024 * 1024;

/** Where a run stands: alone in its answer, or in a list. Only the indent differs. */
type RunPlace = 'alone' | 'listed';

const indents = { alone: '  ', listed: '    ' } as const satisfies Record<RunPlace, string>;

export class RunTexts {
  readonly #cache = new ByteCache(runTextsLimit);

  find({ node, version }: RunVersion, place: RunPlace): Uint8Array | undefined {
    return this.#cache.get(keyOf(node, place), version);
  }

  /** `message` shows the run as of its version, or later. */
  print({ node, version }: Run, message: Printed<typeof run>, place: RunPlace): Uint8Array {
    return this.#cache.put(keyOf(node, place), version, printMessageAt(run, message, indents[place]));
  }
}

const keyOf = (node: number, place: RunPlace): number => 2 * node + (place === 'listed' ? 1 : 0);

const encode = (text: string): Uint8Array => Buffer.from(text);
const [aloneStart, aloneEnd] = ['{\n  "run": ', '\n}'].map(encode) as [Uint8Array, Uint8Array];
const [listStart, between, listEnd] = ['{\n  "runs": [\n    ', ',\n    ', '\n  ]'].map(encode) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** The answer that holds one run. */
export function runAnswer(text: Uint8Array): Uint8Array {
  return Buffer.concat([aloneStart, text, aloneEnd]);
}

/** The answer that holds a page of runs, as the message would be printed. */
export function runsAnswer(texts: readonly Uint8Array[], nextPageToken: string | undefined): Uint8Array {
  const token =
    nextPageToken === undefined ? undefined : `"next_page_token": ${JSON.stringify(nextPageToken)}`;
  if (texts.length === 0) return encode(token === undefined ? '{}' : `{\n  ${token}\n}`);
  const parts: Uint8Array[] = [];
  for (const text of texts) parts.push(parts.length === 0 ? listStart : between, text);
  parts.push(listEnd, encode(token === undefined ? '\n}' : `,\n  ${token}\n}`));
  return Buffer.concat(parts);
}
