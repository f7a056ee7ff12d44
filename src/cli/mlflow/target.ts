/** The Cairn that a command works on: one that runs, or the app started here on a folder that nobody serves. */
import { type Config, configOf, type SettingValues, UsageError } from '../../config.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { Terminal } from '../command.ts';
import { CairnServer } from './cairn-server.ts';

export interface Target {
  readonly server: CairnServer;
  close(): Promise<void>;
}

export interface TargetOptions {
  /** Address of a running server. */
  readonly server: string | undefined;
  readonly project: string;
}

export async function openTarget(
  values: SettingValues,
  options: TargetOptions,
  terminal: Terminal,
): Promise<Target> {
  const token = values.token as string | undefined;
  if (options.server !== undefined) {
    const url = URL.parse(options.server);
    if (url === null || !['http:', 'https:'].includes(url.protocol))
      throw new UsageError(`--server must be an address like http://127.0.0.1:5000, not ${options.server}`);
    const server = new CairnServer(options.server, token, options.project);
    await server.greet();
    return { server, close: async () => {} };
  }
  const config: Config = { ...configOf(values, terminal.version, terminal.cwd), host: '127.0.0.1', port: 0 };
  const { createApp } = await import('../../app.ts');
  const app = await createApp(config).catch((error: unknown) => {
    if (!(error instanceof CairnError) || error.code !== 'unavailable') throw error;
    throw new CairnError(
      'unavailable',
      `${error.message}. If a server runs on it, name its address with --server URL.`,
    );
  });
  try {
    const { url } = await app.listen();
    return { server: new CairnServer(url, token, options.project), close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}
