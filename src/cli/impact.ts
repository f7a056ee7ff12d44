/** `cairn impact`: which models, deployed or not, derive from this, by which way, and whether that is all. */
import type { Cairn, Input } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import type { Command } from './command.ts';
import { formOf, referenceWord, walkOf, walkOptions } from './lineage-options.ts';
import { impactLines } from './lineage-tables.ts';
import { jsonOption, notAsExpected, serverOptions, withServer, wordAt } from './server-access.ts';

/** The exit code of `--check` where nothing was found, and nobody can say that this is all. */
const notComplete = 4;

export const impact: Command = {
  name: 'impact',
  summary:
    'Ask a running server what derives from a dataset version, a run or a model: with the way, and whether it is all.',
  about:
    'Three lists: what derives from it, over steps that were observed or declared; what may, over a step that was inferred or assumed; and, with ' +
    '--deployed, deployed models of which nobody can say, each with where its record ends. Every step names its evidence. What is asked about is ' +
    'written as people write it; a dataset without a version stands for all of them. Exit code 0 when it is answered. With --check: ' +
    `${notAsExpected} if anything derives or may derive from it, ${notComplete} if nothing is known to but that may not be all, 0 if nothing does.`,
  examples: [
    ['cairn impact s3://bucket/churn@v3 --deployed', 'which deployed models derive from this version'],
    [
      'cairn impact s3://bucket/churn@v3 --deployed --as-of 2026-03-01',
      'which of those that were deployed on that day',
    ],
    [
      'cairn impact orders@latest --deployed --as-of 2026-03-01 --known-at 2026-03-02',
      'what would have been answered then, before what was told late',
    ],
    ['cairn impact orders@v3 --deployed --check', 'for a pipeline: fails if anything deployed is touched'],
    ['cairn impact models:/base/1 --csv', 'a row for each thing that derives from a model'],
  ],
  settings: ['token'],
  words: 1,
  options: [
    { flag: 'deployed', kind: 'switch', doc: 'Only what is deployed at that instant.' },
    ...walkOptions,
    { flag: 'check', kind: 'switch', doc: 'Tell by the exit code.' },
    { flag: 'csv', kind: 'switch', doc: 'Print CSV, a row for each node, as the API gives it.' },
    jsonOption,
    ...serverOptions,
  ],
  run(invocation, terminal) {
    const of = wordAt(invocation.words, 0, referenceWord);
    const deployed = invocation.options.deployed === true;
    const check = invocation.options.check === true;
    const form = formOf(invocation);
    if (check && form === 'csv') throw new UsageError('--check goes with the text or --json');
    const query = { ...walkOf(invocation), of, deployed };
    return withServer(invocation, terminal, async (cairn) => {
      if (form === 'csv') return printRows(cairn, query, terminal.out);
      const answer = await cairn.call('lineage.impact', { query });
      const lines = form === 'json' ? [JSON.stringify(answer)] : impactLines(answer, deployed);
      for (const line of lines) terminal.out(line);
      if (!check) return 0;
      if (answer.counts.derives + answer.counts.mayDerive > 0) return notAsExpected;
      return answer.complete ? 0 : notComplete;
    });
  },
};

type Query = NonNullable<Input<'lineage.impact-rows'>['query']>;

/** Line by line as they come: there may be a million. */
async function printRows(cairn: Cairn, query: Query, out: (line: string) => void): Promise<number> {
  const response = await cairn.open('lineage.impact-rows', { query: { ...query, format: 'csv' } });
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\r\n');
    rest = lines.pop()!;
    for (const line of lines) out(line);
  }
  return 0;
}
