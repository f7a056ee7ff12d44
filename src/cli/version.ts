/** `cairn version`: the version of Cairn and of the Node it runs on. */
import type { Command } from './command.ts';

export const version: Command = {
  name: 'version',
  summary: 'Print the version.',
  about: 'Prints the version of Cairn; also as `cairn --version`.',
  examples: [['cairn version', 'for a bug report']],
  settings: [],
  options: [],
  async run(_invocation, terminal) {
    terminal.out(`cairn ${terminal.version} (Node ${process.versions.node})`);
    return 0;
  },
};
