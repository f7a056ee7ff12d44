/** Keeps a result in bench/results, as Markdown to read and JSON to compare. */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Options } from './options.ts';
import { type KeptResult, publish, publishedName } from './published.ts';
import type { Result } from './rounds.ts';
import { costTable, markdown, memoryTable, rateTable, remarks } from './table.ts';

/** What a reader needs to judge figures by; no names of machines or people. */
export function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory} GiB, ${os.type()} ${os.release()} ${os.arch()}`;
}

/** Resolves to the paths written. */
export function keepResult(name: string, options: Options, result: Result, begun: Date): string[] {
  const peers = options.peers.map((peer) => peer.name);
  const day = begun.toISOString().slice(0, 10);
  const notes = remarks(result, peers);
  const text = `# Bench of ${day}

${machine()}. ${result.versions.join('; ')}. Servers and client share these cores; each server starts on an empty SQLite store.
Median of ${options.repeats} interleaved repeats of ${options.seconds} s. What is measured, and how: [benchmarks](../../docs/guide/benchmarks.md).

${markdown(rateTable(result, peers))}

Time of one request, and the CPU that the server spent on it (all its processes and threads); \`client\` is the share of one core that the load client used, per server.

${markdown(costTable(result, peers))}

${markdown(memoryTable(result, peers))}
${notes.length === 0 ? '' : `\n${notes.map((note) => `- ${note}`).join('\n')}\n`}`;
  const { seconds, repeats, sizes } = options;
  const data: KeptResult & Pick<Options, 'sizes'> = {
    day,
    machine: machine(),
    peers,
    seconds,
    repeats,
    sizes,
    ...result,
  };
  const folder = path.join(import.meta.dirname, 'results');
  const files: [file: string, content: string][] = [
    [path.join(folder, `${name}.md`), text],
    [path.join(folder, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`],
  ];
  for (const [file, content] of files) writeFileSync(file, content);
  if (name === publishedName) publish(data);
  return files.map(([file]) => path.relative(process.cwd(), file));
}
