/** `cairn artifacts`: files of a run, listed, fetched, stored. */
import type { Cairn } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import type { Command, Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';
import { jsonOption, serverOptions, withServer, wordAt } from './server-access.ts';
import { sizeText, textTable, timeText } from './text-table.ts';

export const artifacts: Command = {
  name: 'artifacts',
  summary: 'List, fetch or store files of a run on a running server.',
  about:
    '`list` shows what is in a folder of a run, `get` fetches one file, `put` stores one; large files go up in parts. A file that is ' +
    'there is not written over by `get`. Asks a running server, by the client for TypeScript.',
  examples: [
    ['cairn artifacts list 01a2…', 'the root; add a folder to look into it'],
    ['cairn artifacts get 01a2… models/model.pkl', 'into ./model.pkl'],
    ['cairn artifacts get 01a2… report.csv out.csv', 'into a file of another name; - is the standard output'],
    ['cairn artifacts put 01a2… report.csv tables/report.csv', 'under a path of the run'],
  ],
  settings: ['token'],
  words: 4,
  options: [jsonOption, ...serverOptions],
  async run(invocation, terminal) {
    const { words } = invocation;
    const action = actions[words[0] ?? ''];
    if (action === undefined)
      throw new UsageError(`cairn artifacts list, get or put, not ${words[0] ?? 'nothing'}`);
    const run = wordAt(words, 1, 'the id of the run');
    return action(run, invocation, terminal);
  },
};

type Action = (run: string, invocation: Invocation, terminal: Terminal) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  list: (run, invocation, terminal) =>
    withServer(invocation, terminal, async (cairn) => {
      const rows: string[][] = [];
      for await (const entry of cairn.artifacts(run, invocation.words[2])) {
        if (invocation.options.json) terminal.out(JSON.stringify(entry));
        const path = entry.directory ? `${entry.path}/` : entry.path;
        rows.push([path, sizeText(entry.size), timeText(entry.updated)]);
      }
      if (invocation.options.json) return 0;
      const columns = [{ head: 'path' }, { head: 'size', right: true }, { head: 'stored (UTC)' }];
      for (const line of textTable(columns, rows)) terminal.out(line);
      return 0;
    }),
  get: (run, invocation, terminal) => {
    const path = wordAt(invocation.words, 2, 'the path of the file');
    const to = invocation.words[3] ?? path.split('/').at(-1)!;
    return withServer(invocation, terminal, (cairn) => fetchFile(cairn, run, path, to, terminal));
  },
  put: (run, invocation, terminal) => {
    const from = wordAt(invocation.words, 2, 'the file to store');
    const path = invocation.words[3];
    return withServer(invocation, terminal, (cairn) => storeFile(cairn, run, from, path, terminal));
  },
};

async function fetchFile(
  cairn: Cairn,
  run: string,
  path: string,
  to: string,
  terminal: Terminal,
): Promise<number> {
  const [{ createWriteStream }, { rm }, { pipeline }, { Readable }, { resolve }] = await Promise.all([
    import('node:fs'),
    import('node:fs/promises'),
    import('node:stream/promises'),
    import('node:stream'),
    import('node:path'),
  ]);
  const stream = Readable.fromWeb((await cairn.download(run, path)) as never);
  if (to === '-') {
    await pipeline(stream, process.stdout, { end: false });
    return 0;
  }
  const file = resolve(terminal.cwd, to);
  // `wx`: what is there stays; a file that came only in part does not.
  const sink = createWriteStream(file, { flags: 'wx' });
  try {
    await pipeline(stream, sink);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${to} is there already; name another file behind the path`);
    if (code === undefined || !['ENOENT', 'EACCES', 'EISDIR'].includes(code)) await rm(file, { force: true });
    terminal.err(`cairn: ${to} could not be written: ${(error as Error).message}`);
    return 1;
  }
  terminal.out(`${to}  ${sizeText(sink.bytesWritten)}`);
  return 0;
}

async function storeFile(
  cairn: Cairn,
  run: string,
  from: string,
  path: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const [{ statSync }, { basename, resolve }] = await Promise.all([import('node:fs'), import('node:path')]);
  const file = resolve(terminal.cwd, from);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new UsageError(`there is no file ${from}`);
  const under = path ?? basename(file);
  // Tells at once that there is no server, or no such run.
  await cairn.getRun(run);
  const target = cairn.resumeRun(run);
  try {
    target.logArtifact(file, { path: under });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  await target.flush();
  if (target.lost.files > 0) throw target.lastError;
  terminal.out(`${under}  ${sizeText(found.size)}`);
  return 0;
}
