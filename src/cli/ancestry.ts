/** `cairn ancestry`: everything that a model learned from, by which way, and whether that is all. */
import type { Command } from './command.ts';
import { formOf, referenceWord, walkOf, walkOptions } from './lineage-options.ts';
import { ancestryLines } from './lineage-tables.ts';
import { jsonOption, serverOptions, withServer, wordAt } from './server-access.ts';

export const ancestry: Command = {
  name: 'ancestry',
  summary:
    'Ask a running server what a model, a run, an endpoint or a dataset version comes from: with the way, and whether it is all.',
  about:
    'Everything before it, at any distance; apart from that what it was only judged by, which it did not learn from. Every step names its ' +
    'evidence, and where the record ends is told with why. Of an endpoint it is told what serves there.',
  examples: [
    ['cairn ancestry models:/churn/3', 'what this version learned from'],
    ['cairn ancestry models:/churn@champion --as-of 2026-03-01', 'of the champion of that day'],
    ['cairn ancestry prod/scoring', 'of what serves there'],
  ],
  settings: ['token'],
  words: 1,
  options: [
    ...walkOptions,
    { flag: 'ways', kind: 'switch', doc: 'The whole way from each, not its next step alone.' },
    jsonOption,
    ...serverOptions,
  ],
  run(invocation, terminal) {
    const of = wordAt(invocation.words, 0, referenceWord);
    const form = formOf(invocation);
    const query = { ...walkOf(invocation), of };
    return withServer(invocation, terminal, async (cairn) => {
      const answer = await cairn.call('lineage.ancestry', { query });
      const ways = invocation.options.ways === true;
      for (const line of form === 'json' ? [JSON.stringify(answer)] : ancestryLines(answer, ways))
        terminal.out(line);
      return 0;
    });
  },
};
