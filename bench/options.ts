/** The command line of the bench. */
import { parseArgs } from 'node:util';
import type { Sizes } from './load/session.ts';
import { cairn } from './peers/cairn.ts';
import { fastTrackMl } from './peers/fasttrackml.ts';
import { mlflow } from './peers/mlflow.ts';
import type { Peer } from './peers/peer.ts';
import { allWorkloads } from './workloads/all-workloads.ts';

export interface Options {
  readonly peers: readonly Peer[];
  /** Parts of names of rows; none is every row of the groups. */
  readonly only: readonly string[];
  readonly groups: readonly string[];
  /** Of each repeat. */
  readonly seconds: number;
  readonly repeats: number;
  readonly sizes: Sizes;
  /** Undefined: results are shown, not kept. */
  readonly resultName: string | undefined;
}

export const usage = `npm run bench -- [options]
  --only TEXT       rows whose name holds TEXT (again, or a,b, for more)
  --scale           the rows of large stores too: they take minutes to fill
  --peers a,b       of: cairn, mlflow, fasttrackml (all)
  --seconds N       of each repeat (2)
  --repeats N       each row, interleaved over the servers; the median counts (3)
  --runs N          runs that searches look through (1000)
  --keep NAME       write bench/results/NAME.md and NAME.json; \`tracking\` is the one that the README shows`;

const peers: Readonly<Record<string, Peer>> = { cairn, fasttrackml: fastTrackMl, mlflow };

export class BadOption extends Error {}

export function optionsOf(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      scale: { type: 'boolean', default: false },
      peers: { type: 'string', default: Object.keys(peers).join(',') },
      seconds: { type: 'string', default: '2' },
      repeats: { type: 'string', default: '3' },
      runs: { type: 'string', default: '1000' },
      keep: { type: 'string' },
    },
  });
  const sizes: Sizes = {
    searchedRuns: positive('--runs', values.runs),
    manyRuns: [10_000, 100_000],
    largeFile: 64 * 2 ** 20,
    historyPoints: 100_000,
    chartPoints: 1_000_000,
  };
  const only = rowsNamed(values.only, sizes);
  return {
    peers: peersNamed(values.peers),
    only,
    groups: values.scale || only.length > 0 ? ['tracking', 'scale'] : ['tracking'],
    seconds: positive('--seconds', values.seconds),
    repeats: positive('--repeats', values.repeats),
    sizes,
    resultName: values.keep,
  };
}

/** Parts of names that some row has. Names have commas too: a text is parted at its own only where no row holds it whole. */
function rowsNamed(texts: readonly string[], sizes: Sizes): string[] {
  const names = allWorkloads(sizes).map(({ name }) => name);
  const isThere = (text: string) => text !== '' && names.some((name) => name.includes(text));
  return texts.flatMap((text) => {
    const parts = isThere(text) ? [text] : text.split(',').map((part) => part.trim());
    const unknown = parts.find((part) => !isThere(part));
    if (unknown === undefined) return parts;
    throw new BadOption(
      `--only: no row's name holds ${JSON.stringify(unknown)}. The rows:\n  ${names.join('\n  ')}`,
    );
  });
}

/** In the order of the table, whatever the order they are given in: ratios are those of the first. */
function peersNamed(list: string): Peer[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => peers[name] === undefined);
  if (unknown !== undefined)
    throw new BadOption(`--peers: there is no ${unknown}, only ${Object.keys(peers).join(', ')}`);
  return Object.entries(peers).flatMap(([name, peer]) => (names.includes(name) ? [peer] : []));
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new BadOption(`${option}: ${text} is not a number above 0`);
}
