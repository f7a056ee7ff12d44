/** What the commands that ask of lineage have in common on their lines. */
import { UsageError } from '../config.ts';
import type { Invocation, Option } from './invocation.ts';
import { countOf, instantOf, textOf } from './server-access.ts';
import { printable } from './text-table.ts';

export const referenceWord =
  'what is asked about: a uid, s3://bucket/orders@v3, models:/churn/3, models:/churn@champion, prod/scoring';

export const walkOptions: readonly Option[] = [
  { flag: 'as-of', kind: 'text', value: 'TIME', doc: 'As it was then (2026-03-01, 2026-03-01T12:00Z).' },
  { flag: 'known-at', kind: 'text', value: 'TIME', doc: 'As it was known then, before what was told late.' },
  { flag: 'depth', kind: 'text', value: 'N', doc: 'Steps at most.' },
  {
    flag: 'weakest',
    kind: 'text',
    value: 'WORD',
    doc: 'No step that is known worse: observed, declared, inferred or assumed.',
  },
  { flag: 'evaluation', kind: 'switch', doc: 'Also through what models were only tested on.' },
  { flag: 'limit', kind: 'text', value: 'N', doc: 'How many of each list at most. Unless set: 100.' },
];

const strengths = ['observed', 'declared', 'inferred', 'assumed'] as const;

/** What the options ask, as the API takes it. */
export function walkOf({ options }: Invocation) {
  const weakest = textOf(options.weakest);
  const known = strengths.find((one) => one === weakest);
  if (weakest !== undefined && known === undefined)
    throw new UsageError(`--weakest must be one of ${strengths.join(', ')}, not ${printable(weakest)}`);
  return {
    as_of: momentOf('as-of', options['as-of']),
    known_at: momentOf('known-at', options['known-at']),
    depth: options.depth === undefined ? undefined : countOf('depth', options.depth, 1),
    weakest: known,
    evaluation: options.evaluation === true ? true : undefined,
    limit: countOf('limit', options.limit, 100),
  };
}

function momentOf(flag: string, value: string | true | undefined): string | undefined {
  const at = instantOf(flag, textOf(value));
  return at === undefined ? undefined : String(at);
}

/** How the answer is printed: for people, or one of the forms that programs read. */
export function formOf({ options }: Invocation): 'text' | 'json' | 'csv' {
  if (options.json === true && options.csv === true) throw new UsageError('--json or --csv, not both');
  return options.json === true ? 'json' : options.csv === true ? 'csv' : 'text';
}
