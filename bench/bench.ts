/**
 * `npm run bench`: Cairn beside the trackers that people would otherwise use, each started fresh, the same work in the same
 * run, one table. A row is a workload (bench/workloads); a column is a peer (bench/peers). What is measured and how to read
 * it: docs/guide/benchmarks.md.
 */
import { BadOption, type Options, optionsOf, usage } from './options.ts';
import { keepResult, machine } from './results.ts';
import { runBench } from './rounds.ts';
import { aligned, costTable, memoryTable, rateTable, remarks } from './table.ts';

// The servers have process groups of their own, which no Ctrl-C reaches: they end when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const options = read(argv);
  if (options === undefined) return 2;
  const begun = new Date();
  const result = await runBench(options, (text) => console.error(text));
  const peers = options.peers.map((peer) => peer.name);
  console.log(`\n${machine()}\n${result.versions.join('; ')}`);
  for (const table of [rateTable(result, peers), costTable(result, peers), memoryTable(result, peers)]) {
    console.log(`\n${aligned(table)}`);
  }
  const notes = remarks(result, peers);
  if (notes.length > 0) console.log(`\n${notes.join('\n')}`);
  if (options.resultName !== undefined) {
    console.log(`\nkept in ${keepResult(options.resultName, options, result, begun).join(' and ')}`);
  }
  return 0;
}

function read(argv: readonly string[]): Options | undefined {
  try {
    return optionsOf(argv);
  } catch (error) {
    const isBad =
      error instanceof BadOption || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    if (!isBad) throw error;
    console.error(`${(error as Error).message}\n\n${usage}`);
    return undefined;
  }
}
