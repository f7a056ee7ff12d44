/** A command as somebody types it, run in this process: what it prints and its exit code. */
import type { Terminal } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';

/** Words of the line may stand in double quotes. */
export async function typed(line: string, terminal: Partial<Terminal>) {
  const [out, err]: [string[], string[]] = [[], []];
  const words = Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, word]) => quoted ?? word!);
  const code = await main(words, {
    cwd: '.',
    version: '0.0.0',
    env: {},
    isInteractive: false,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    readFile: () => undefined,
    ...terminal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
