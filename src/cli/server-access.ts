/** How commands talk to a running server: as any other program does, by the client in sdk/. */
import type { Cairn } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import type { Terminal } from './command.ts';
import type { Invocation, Option } from './invocation.ts';

/** The exit code where what a change expected did not hold: a pipeline tells it from a failure, and from a wrong line. */
export const notAsExpected = 3;
const usualServer = 'http://127.0.0.1:5000';

export const serverOptions: readonly Option[] = [
  {
    flag: 'server',
    kind: 'text',
    value: 'URL',
    doc: `The server. Unless set: CAIRN_URL, else ${usualServer}.`,
  },
  { flag: 'project', kind: 'text', value: 'NAME', doc: 'The project. Unless set: the default one.' },
];
export const jsonOption: Option = {
  flag: 'json',
  kind: 'switch',
  doc: 'Print JSON, one object a line, as the API gives it.',
};

const usualLimit = 50;
export const limitOption: Option = {
  flag: 'limit',
  kind: 'text',
  value: 'N',
  doc: `How many at most. Unless set: ${usualLimit}.`,
};

export const limitOf = (given: string | true | undefined): number => countOf('limit', given, usualLimit);

/** Runs a command on the server that it names; what the server refuses is told in its words. */
export async function withServer(
  { values, options }: Invocation,
  terminal: Terminal,
  body: (cairn: Cairn) => Promise<number>,
): Promise<number> {
  const { Cairn, RequestError } = await import('../../sdk/src/index.ts');
  const url = textOf(options.server) ?? terminal.env.CAIRN_URL ?? usualServer;
  const token = textOf(values.token as string | undefined);
  const project = textOf(options.project);
  let cairn: Cairn;
  try {
    cairn = new Cairn({
      url,
      ...(token !== undefined && { token }),
      ...(project !== undefined && { project }),
      // What is lost is told by the command; that it takes longer, at once.
      onError: (error, { willRetry }) => {
        if (willRetry) terminal.err(`cairn: ${error.message}; trying again`);
      },
    });
  } catch {
    throw new UsageError(`--server must be an address like ${usualServer}, not ${url}`);
  }
  try {
    return await body(cairn);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    terminal.err(`cairn: ${error.message}`);
    if (error.status === undefined)
      terminal.err('Start one with `cairn serve`, or name another with --server URL.');
    if (error.status === 401) terminal.err('Set CAIRN_TOKEN to the token that the server was started with.');
    return error.status === 409 && error.field === 'expected' ? notAsExpected : 1;
  } finally {
    await cairn.close();
  }
}

export const textOf = (value: string | true | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** A whole number given by a flag. */
export function countOf(flag: string, value: string | true | undefined, usual: number): number {
  if (value === undefined) return usual;
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new UsageError(`--${flag} must be a number above 0, not ${value}`);
  return count;
}

/** The word at a place, which the command cannot do without. */
export function wordAt(words: readonly string[], index: number, name: string): string {
  const word = words[index];
  if (word === undefined) throw new UsageError(`${name} is missing`);
  return word;
}

/** Items of one page after another, until there are enough. */
export async function pagesOf<Item>(
  limit: number,
  page: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: readonly Item[]; readonly cursor?: string }>,
): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items, cursor: next } = await page(cursor);
    found.push(...items);
    cursor = next;
  } while (cursor !== undefined && found.length < limit);
  return found.slice(0, limit);
}

/** As JSON, one a line, or in lines for people. Resolves to the exit code of a command that is done. */
export function printItems<Item>(
  terminal: Terminal,
  json: string | true | undefined,
  items: readonly Item[],
  lines: (items: readonly Item[]) => readonly string[],
): number {
  for (const line of json === true ? items.map((item) => JSON.stringify(item)) : lines(items))
    terminal.out(line);
  return 0;
}

/** A day (its first instant, UTC) or a time, as ms. */
export function instantOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new UsageError(`--${flag} must be a day or a time like 2026-11-01, not ${text}`);
  return at;
}
