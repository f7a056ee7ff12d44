/**
 * What npm would publish, installed into an empty folder as a user does it, serves. With CAIRN_LONG, by npm 11 and npm 12:
 * npm 12 runs no install scripts of dependencies, so this shows that none is needed.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { CairnCommand, runCairn, temporaryFolder } from './cairn-command.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const npmVersions = process.env.CAIRN_LONG === '1' ? ['11', '12'] : [undefined];

describe('the published package', () => {
  const folder = temporaryFolder();
  let tarball = '';
  before(() => {
    npm(root, ['pack', '--pack-destination', folder]);
    const [name] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    assert.ok(name !== undefined, 'npm pack made no file');
    tarball = path.join(folder, name);
  });

  for (const version of npmVersions) {
    it(`installed by ${version === undefined ? 'the npm at hand' : `npm ${version}`} it serves API and UI`, async () => {
      const home = path.join(folder, `npm-${version ?? 'here'}`);
      mkdirSync(home);
      writeFileSync(path.join(home, 'package.json'), '{"private": true}');
      npm(home, ['install', tarball], version);
      const command = path.join(home, 'node_modules', 'cairn-ml', 'bin', 'cairn.mjs');
      // The Node of the user is as old as may be; the package brings its own.
      const server = new CairnCommand(['serve', '--port', '0'], { command, cwd: home, onOldNode: true });
      const url = await server.ready();
      assert.equal(await (await fetch(`${url}/healthz`)).text(), 'ok');
      assert.match(await (await fetch(`${url}/`)).text(), /<!doctype html>/i);
      const made = await fetch(`${url}/api/v1/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"experiment": "0"}',
      });
      assert.equal(made.status, 201);
      // The demo came along: its requirements are read before the Python that was named turns out to be none.
      const python = path.join(home, 'nowhere');
      const demo = await runCairn(['demo', 'first_run', '--server', url, '--python', python], {
        command,
        cwd: home,
      });
      assert.match(demo.stderr, /nowhere is no Python that runs here/);
      assert.equal(await server.end(), 0);
    });
  }
});

/** Runs npm, of the version given or the one at hand, without what an `npm test` around us has set for itself. */
function npm(cwd: string, args: readonly string[], version?: string): void {
  const ours = /^(npm_(package|lifecycle|config_local_prefix|command)|INIT_CWD$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const [command, first] = script?.endsWith('npm-cli.js')
    ? [node ?? process.execPath, [script]]
    : ['npm', []];
  const other = version === undefined ? [] : ['exec', '--yes', `--package=npm@${version}`, '--', 'npm'];
  const result = spawnSync(command, [...first, ...other, ...args, '--no-audit', '--no-fund'], {
    cwd,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
  });
  assert.equal(result.status, 0, `npm ${args.join(' ')}:\n${result.stdout}${result.stderr}`);
}
