/** `cairn rebuild`: makes derived data again from what was recorded. */
import { existsSync } from 'node:fs';
import { configOf } from '../config.ts';
import { systemRandom } from '../kernel/ids.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command } from './command.ts';

export const rebuild: Command = {
  name: 'rebuild',
  summary: 'Make derived data again from what was recorded.',
  about:
    'Reads every point and writes again the summaries of metrics, the outlines that charts are drawn from, and the lists of ' +
    'names, where they are not what the points say; makes orders of runs again that are not in order, and what follows from the claims of datasets: which are the same, and which version each run read. Changes nothing that was recorded. The embedded store must have no ' +
    'server on it meanwhile. `cairn doctor --deep` tells whether there is anything to do.',
  examples: [['cairn rebuild', 'the store in ./cairn-data']],
  settings: ['data', 'db'],
  options: [],
  async run(invocation, terminal) {
    const config = configOf(invocation.values, terminal.version, terminal.cwd);
    if (config.databaseUrl === undefined && !existsSync(config.storeFile)) {
      terminal.err(`cairn: no store at ${config.storeFile}`);
      return 1;
    }
    const { openDb } = await import('../db/open-db.ts');
    const { rebuildDerivedData } = await import('../derived-data.ts');
    const db = await openDb({
      address: config.databaseUrl ?? config.storeFile,
      clock: systemClock,
      random: systemRandom,
      log: (message) => terminal.err(`cairn: ${message}`),
    });
    try {
      for (const line of await rebuildDerivedData(db, systemClock)) terminal.out(line);
    } finally {
      await db.close();
    }
    return 0;
  },
};
