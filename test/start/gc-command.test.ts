/** `cairn gc` on a running server: what it prints for people and for programs, and what it refuses. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Terminal } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { Things } from '../retention/deleted-things.ts';
import { forEachStore } from '../stores/stores.ts';

forEachStore((open) => {
  if (open.dialect !== 'sqlite') return;
  const served = servedFor(open);
  const things = new Things(served);

  async function cairn(...argv: string[]) {
    const lines = { out: [] as string[], err: [] as string[] };
    const terminal: Terminal = {
      cwd: '.',
      version: '0.0.0',
      env: { CAIRN_URL: served().url },
      isInteractive: false,
      out: (text) => lines.out.push(text),
      err: (text) => lines.err.push(text),
      readFile: () => undefined,
    };
    const code = await main(argv, terminal);
    return { code, out: lines.out, err: lines.err.join('\n') };
  }

  it('counts in a dry run, spares what is young, then removes', async () => {
    const run = await things.run(await things.experiment('gc'));
    await things.delete('runs', run.id);

    const young = await cairn('gc', '--json');
    assert.equal(young.code, 0, young.err);
    assert.equal(JSON.parse(young.out[0]!).kinds[0].records, 0);

    const dry = await cairn('gc', '--older-than', '0d', '--dry-run');
    assert.match(dry.out[0]!, /^kind +would go +held +points +their bytes +files +their bytes$/);
    assert.match(dry.out[1]!, /^run +1 +0 +6 +\d+ +2 +\d+$/);
    assert.equal(dry.out.at(-1), 'Nothing was changed.');
    await things.ask('GET', `/api/2.0/mlflow/runs/get?run_id=${run.id}`);

    const done = await cairn('gc', '--older-than', '0d', '--json');
    const { dryRun, kinds, freed } = JSON.parse(done.out[0]!);
    assert.deepEqual([dryRun, kinds[0].kind, kinds[0].records, kinds[0].files], [false, 'run', 1, 2]);
    assert.deepEqual(freed, { blobs: 0, bytes: 0 });
    assert.equal((await served().call('GET', `/api/2.0/mlflow/runs/get?run_id=${run.id}`)).status, 404);
  });

  it('refuses a span that is none', async () => {
    const { code, err } = await cairn('gc', '--older-than', 'soon');
    assert.deepEqual(
      [code, err.split('\n')[0]],
      [2, 'cairn: --older-than must be a span like 30d or 1d12h, not soon'],
    );
  });
});
