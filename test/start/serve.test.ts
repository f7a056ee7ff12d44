/** `cairn serve` as a process: what it prints, how it ends, and what it says when it cannot start. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { CairnCommand, type RunOptions, runCairn, temporaryFolder } from './cairn-command.ts';

const isWindows = process.platform === 'win32';

function serve(args: readonly string[] = [], options: RunOptions = {}): CairnCommand {
  return new CairnCommand(['serve', '--port', '0', '--data', temporaryFolder(), ...args], options);
}

async function status(url: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(url, { headers });
  await answer.body?.cancel();
  return answer.status;
}

const isGone = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );

describe('cairn serve', () => {
  it('prints one line when it is ready, and ends with 0 on SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = serve();
      const url = await server.ready();
      assert.equal(await status(`${url}/healthz`), 200);
      assert.equal(await server.end(signal), 0);
      assert.equal(server.stdout, `Cairn is at ${url}\n`);
      assert.equal(server.stderr, '');
      assert.ok(await isGone(`${url}/healthz`));
    }
  });

  it('takes signals that come together as one', async () => {
    const server = serve();
    await server.ready();
    server.child.kill('SIGINT');
    server.child.kill('SIGINT');
    assert.equal(await server.exited, 0);
  });

  it('is started on Node 24 by an older Node, which passes on signals and the exit code', async () => {
    const server = serve([], { onOldNode: true });
    assert.equal(await status(`${await server.ready()}/healthz`), 200);
    assert.equal(await server.end('SIGTERM'), 0);
    const refused = await runCairn(['serve', '--prot', '1'], { onOldNode: true });
    assert.equal(refused.code, 2);
  });

  it('ends when its launcher is gone, even by SIGKILL', async () => {
    const server = serve([], { onOldNode: true });
    const url = await server.ready();
    assert.equal(await server.end('SIGKILL'), 'SIGKILL');
    // `exited` waited for the pipes, which the server held too: it is over.
    assert.ok(await isGone(`${url}/healthz`));
  });

  it('ends when the npm that started it is gone, though a shell stands between', async () => {
    const root = path.resolve(import.meta.dirname, '..', '..');
    const args = ['start', '--', '--port', '0', '--data', temporaryFolder()];
    const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], shell: isWindows });
    let output = '';
    npm.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const url = () => /^Cairn is at (\S+)$/m.exec(output)?.[1];
    while (url() === undefined) await once(npm.stdout!, 'data');
    assert.equal(await status(`${url()}/healthz`), 200);
    npm.kill('SIGKILL');
    await once(npm, 'close'); // comes when the server has let go of the pipe too
    assert.ok(await isGone(`${url()}/healthz`));
  });

  it('names a port that is taken, and the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const refused = await runCairn(['serve', '--data', temporaryFolder(), '--port', String(port)]);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is taken`));
      assert.match(refused.stderr, new RegExp(`--port ${port + 1}`));
      assert.equal(refused.stdout, '');
    } finally {
      other.close();
    }
  });

  it('names the server that has the store open', async () => {
    const folder = temporaryFolder();
    const first = new CairnCommand(['serve', '--port', '0', '--data', folder]);
    await first.ready();
    const second = await runCairn(['serve', '--port', '0', '--data', folder]);
    assert.equal(second.code, 1);
    assert.match(second.stderr, new RegExp(`process ${first.child.pid}`));
    assert.equal(await first.end(), 0);
  });

  it('asks for the token when it has one, but not for the probes', async () => {
    const server = serve([], { env: { CAIRN_TOKEN: 'hush' } });
    const url = await server.ready();
    const basic = `Basic ${Buffer.from('any:hush').toString('base64')}`;
    assert.equal(await status(`${url}/healthz`), 200);
    assert.equal(await status(`${url}/api/v1/projects`), 401);
    assert.equal(await status(`${url}/api/v1/projects`, { authorization: 'Bearer hush' }), 200);
    assert.equal(await status(`${url}/api/v1/projects`, { authorization: basic }), 200);
    assert.equal(await server.end(), 0);
  });

  it('refuses to listen beyond loopback without a token', async () => {
    const refused = await runCairn([
      'serve',
      '--host',
      '0.0.0.0',
      '--port',
      '0',
      '--data',
      temporaryFolder(),
    ]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /without a token/);
    const server = serve(['--host', '0.0.0.0'], { env: { CAIRN_TOKEN: 'hush' } });
    await server.ready();
    assert.equal(await server.end(), 0);
  });
});

describe('cairn', () => {
  it('tells about itself, its commands and its version', async () => {
    for (const args of [[], ['help'], ['--help']]) {
      const { code, stdout } = await runCairn(args);
      assert.equal(code, 0);
      assert.match(stdout, /cairn serve/);
      assert.match(stdout, /mlflow\.set_tracking_uri/);
    }
    for (const args of [
      ['help', 'serve'],
      ['serve', '--help'],
    ]) {
      assert.match((await runCairn(args)).stdout, /--default-artifact-root URI/);
    }
    assert.match((await runCairn(['--version'])).stdout, /^cairn \d+\.\d+\.\d+ \(Node 2\d\.[\d.]+\)\n$/);
  });

  it('names the command that was probably meant', async () => {
    const { code, stderr } = await runCairn(['srve']);
    assert.equal(code, 2);
    assert.match(stderr, /did you mean serve\?/);
  });
});
