/** `cairn experiments`: what is on a server, at a glance. */
import type { Command } from './command.ts';
import { jsonOption, limitOf, limitOption, serverOptions, textOf, withServer } from './server-access.ts';
import { textTable, timeText } from './text-table.ts';

export const experiments: Command = {
  name: 'experiments',
  summary: 'List the experiments of a running server.',
  about:
    'Lists experiments with how much happens in them, those with the latest runs first. Asks a running server, by the client for TypeScript.',
  examples: [
    ['cairn experiments', 'the latest'],
    ['cairn experiments --search digits --json', 'those with a name that holds a text, as JSON'],
  ],
  settings: ['token'],
  options: [
    { flag: 'search', kind: 'text', value: 'TEXT', doc: 'Only those whose name holds this.' },
    limitOption,
    jsonOption,
    ...serverOptions,
  ],
  async run(invocation, terminal) {
    const { options } = invocation;
    const limit = limitOf(options.limit);
    return withServer(invocation, terminal, async (cairn) => {
      const found = [];
      const query = { order: '-latest', search: textOf(options.search) } as const;
      for await (const experiment of cairn.experiments(query)) {
        if (found.push(experiment) === limit) break;
      }
      if (options.json) {
        for (const experiment of found) terminal.out(JSON.stringify(experiment));
        return 0;
      }
      const columns = [
        { head: 'id', right: true },
        { head: 'name' },
        { head: 'runs', right: true },
        { head: 'running', right: true },
        { head: 'failed', right: true },
        { head: 'latest run (UTC)' },
      ];
      const rows = found.map(({ id, name, runs, running, failed, latest }) => [
        id,
        name,
        String(runs),
        String(running),
        String(failed),
        timeText(latest),
      ]);
      for (const line of textTable(columns, rows)) terminal.out(line);
      return 0;
    });
  },
};
