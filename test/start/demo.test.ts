/** `cairn demo` up to the point where Python begins: what it says when something is missing. The rest: test/conformance/demo.test.ts. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CairnCommand, runCairn, temporaryFolder } from './cairn-command.ts';

const token = 'token-of-the-demo-test';

describe('cairn demo', {
  skip: process.platform === 'win32' && 'its stand-ins for Python are shell scripts',
}, () => {
  const folder = temporaryFolder();
  let server: CairnCommand;
  let url = '';
  before(async () => {
    server = new CairnCommand(['serve', '--port', '0', '--data', path.join(folder, 'data')], {
      env: { CAIRN_TOKEN: token },
    });
    url = await server.ready();
  });
  after(() => server.end());

  /** The error of a demo that must not succeed. */
  const failing = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { code, stdout, stderr } = await runCairn(['demo', ...args], { cwd: folder, env });
    return { code, stdout, stderr };
  };

  it('says how to start a server when none answers', async () => {
    const probe = createListener().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const { code, stderr } = await failing(['--server', `http://127.0.0.1:${port}`]);
    assert.equal(code, 1);
    assert.match(stderr, /no server answers at http:\/\/127\.0\.0\.1:\d+ .*ECONNREFUSED/);
    assert.match(stderr, /`cairn serve`/);
  });

  it('says when a token is missing, or wrong', async () => {
    const none = await failing(['--server', url]);
    assert.match(none.stderr, /asks for a token: set CAIRN_TOKEN/);
    const wrong = await failing(['--server', url], { CAIRN_TOKEN: 'another' });
    assert.match(wrong.stderr, /does not take the token of CAIRN_TOKEN/);
    assert.deepEqual([none.code, wrong.code], [1, 1]);
  });

  it('refuses what is not Cairn, and what is no address', async () => {
    const other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await failing(['--server', `http://127.0.0.1:${port}/`]);
    await new Promise((resolve) => other.close(resolve));
    assert.equal(code, 1);
    assert.match(stderr, /is not Cairn \(status 200\)/);
    assert.match((await failing(['--server', 'localhost:5000'])).stderr, /must be an address like http/);
  });

  it('refuses a script that there is not, also one outside of demo/', async () => {
    for (const name of ['nothing', '../src/cli/demo', 'data_files']) {
      const { code, stderr } = await failing([name]);
      assert.equal(code, 2, name);
      assert.match(stderr, /no script/, name);
    }
  });

  it('says what is wrong with a Python', async () => {
    const fake = (name: string, script: string) => {
      const file = path.join(folder, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
      return file;
    };
    const given = { CAIRN_TOKEN: token };
    const old = await failing(['--server', url, '--python', fake('old', 'echo 3 9; echo "$0"')], given);
    assert.match(old.stderr, /is Python 3\.9; 3\.10 or newer is needed/);
    const none = await failing(['--server', url, '--python', path.join(folder, 'nowhere')], given);
    assert.match(none.stderr, /is no Python that runs here/);

    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    const broken = fake(
      'broken',
      'case "$1" in -c) echo 3 11; echo "$0";; *) echo no space left >&2; exit 1;; esac',
    );
    const failed = await failing(['--server', url, '--python', broken], given);
    assert.match(failed.stdout, /Installing MLflow, scikit-learn and XGBoost/);
    assert.match(failed.stderr, /could not install requirements\.txt with .*broken.*no space left/s);
    assert.deepEqual([old.code, none.code, failed.code], [1, 1, 1]);
    for (const { stderr } of [old, none, failed])
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack for a person');
  });
});
