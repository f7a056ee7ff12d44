/**
 * A start is mostly the loading of modules, so this holds what a start loads: how many files, and none of what only some
 * servers or later requests need. bench/start.ts prints the time itself, which depends on the machine.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { CairnCommand, temporaryFolder } from './cairn-command.ts';

/** Writes the address of every module that is loaded to the file named by LOADED. */
const recorder = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED, url + '\\n');
    return next(url, context);
  },
});`;

/** 574 in November 2026: about 385 of ours, 47 of semver and 140 of other libraries. */
const mostModules = 600;
const notAtStart = ['pg', 'ajv', '@fastify/ajv-compiler', 'typebox', 'prom-client'];

describe('a start on the embedded store', () => {
  it('loads few modules, and none that only later requests or other stores need', async () => {
    const folder = temporaryFolder();
    const hook = path.join(folder, 'recorder.mjs');
    const loaded = path.join(folder, 'loaded');
    writeFileSync(hook, recorder);
    writeFileSync(loaded, '');
    const env = { LOADED: loaded, NODE_OPTIONS: `--import=${hook}` };
    const server = new CairnCommand(['serve', '--port', '0', '--data', path.join(folder, 'data')], { env });
    const url = await server.ready();
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    const modules = new Set((await readFile(loaded, 'utf8')).trim().split('\n'));
    assert.equal(await server.end(), 0);
    const files = [...modules].filter((module) => module.startsWith('file:'));
    assert.ok(files.length > 100, 'the recorder saw nothing');
    for (const name of notAtStart) {
      const found = files.filter((file) => file.includes(`/node_modules/${name}/`));
      assert.deepEqual(found.slice(0, 3), [], `${name} is loaded at the start`);
    }
    assert.ok(files.length <= mostModules, `${files.length} modules, more than ${mostModules}`);
  });
});
