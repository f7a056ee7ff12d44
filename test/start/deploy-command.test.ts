/** `cairn deploy` on a real server: what it prints, what it changes, and the exit codes that a pipeline goes by. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { Cairn } from '../../sdk/src/index.ts';
import type { Terminal } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const token = 'token-of-the-pipeline';

forEachStore((open) => {
  if (open.dialect !== 'sqlite') return;
  const served = servedFor(open, { token });

  async function cairn(...argv: string[]) {
    const lines = { out: [] as string[], err: [] as string[] };
    const terminal: Terminal = {
      cwd: '.',
      version: '0.0.0',
      env: { CAIRN_URL: served().url, CAIRN_TOKEN: token },
      isInteractive: false,
      out: (text) => lines.out.push(text),
      err: (text) => lines.err.push(text),
      readFile: () => undefined,
    };
    // A sentence is split at blanks; words that hold some come one by one.
    const words = argv.length === 1 ? argv[0]!.split(' ') : argv;
    const code = await main(words, terminal);
    return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
  }
  const serving = async (more = '') =>
    JSON.parse((await cairn(`deploy show prod/scoring --json${more}`)).out).serving.map(
      (one: { model: { uri: string }; traffic: number }) => `${one.model.uri} ${one.traffic}`,
    );

  before(async () => {
    const client = new Cairn({ url: served().url, token });
    await client.call('registered-model.create', { body: { name: 'churn' } });
    for (const _ of [1, 2, 3]) {
      await client.call('model-version.create', {
        params: { model: 'churn' },
        body: { source: 's3://bucket/model' },
      });
    }
    const params = { model: 'churn', alias: 'champion' };
    await client.call('model-alias.set', { params, body: { version: 2 } });
    await client.close();
  });

  it('records what a pipeline deployed, only where that is expected, and once for one key', async () => {
    const record = 'deploy record --to prod/scoring --model models:/churn';
    const first = await cairn(`${record}/1 --expect none --at 2026-03-01 --key build-1`);
    assert.equal(first.code, 0, first.err);
    assert.match(
      first.out,
      /^models:\/churn\/1 serves prod\/scoring since 2026-03-01 00:00 UTC, 100 % {2}[0-9a-f]{32}$/,
    );
    const again = await cairn(`${record}/1 --expect none --at 2026-03-01 --key build-1`);
    assert.deepEqual([again.code, again.out], [0, first.out]);
    const lost = await cairn(`${record}/3 --expect models:/churn/2`);
    assert.deepEqual(
      [lost.code, lost.out, lost.err],
      [3, '', 'cairn: prod/scoring serves models:/churn/1 (100 %).'],
    );
    assert.equal(
      (
        await cairn(
          `${record}@champion --at 2026-03-10 --traffic 20 --type kserve --url https://scoring.example`,
        )
      ).code,
      0,
    );
    assert.deepEqual(await serving(), ['models:/churn/1 80', 'models:/churn/2 20']);
    assert.deepEqual(await serving(' --at 2026-03-09'), ['models:/churn/1 100']);
    assert.deepEqual(await serving(' --at 2026-03-09 --known-at 2026-03-09'), []);
    assert.equal(
      (await cairn(`${record}/2 --at 2026-03-20 --expect models:/churn/1,models:/churn/2`)).code,
      0,
    );
    assert.deepEqual(await serving(), ['models:/churn/2 100']);
  });

  it('shows what serves, and the history, to people and to programs', async () => {
    const { out } = await cairn('deploy');
    assert.match(
      out,
      /^endpoint +slot {2}serves +traffic {2}since \(UTC\) +by +on\nprod\/scoring +models:\/churn\/2 +100 % {2}2026-03-10 00:00 +\S+ +kserve$/,
    );
    assert.equal((await cairn('deployments list --search SCOR')).out, out);
    const shown = (await cairn('deploy show prod/scoring')).out;
    assert.ok(shown.includes(`${served().url}/endpoint?name=prod%2Fscoring\n`), shown);
    assert.match(shown, /models:\/churn\/2 +100 % .* models:\/churn@champion /);
    const rows = (await cairn('deploy history prod/scoring')).out.split('\n');
    assert.match(rows[1]!, /models:\/churn\/2 +2026-03-10 00:00 {2}now +20→100 % +\S+ +[0-9a-f]{32}$/);
    assert.match(rows[2]!, /models:\/churn\/1 +2026-03-01 00:00 {2}2026-03-20 00:00 +100→80 % {2}replaced/);
    const [first] = (await cairn('deploy history --model models:/churn/1 --json')).out.split('\n');
    assert.equal(JSON.parse(first!).ended, Date.UTC(2026, 2, 20));
  });

  it('rolls back, ends, corrects and retracts', async () => {
    const back = await cairn(
      'deploy roll-back prod/scoring --at 2026-03-21 --note bad --expect models:/churn/2',
    );
    assert.match(back.out, /^models:\/churn\/1 serves prod\/scoring since 2026-03-21 00:00 UTC, 100 % /);
    assert.equal((await cairn('deploy roll-back prod/scoring --expect models:/churn/2')).code, 3);
    const ended = await cairn('deploy end prod/scoring --at 2026-03-25 --outcome failed');
    assert.match(
      ended.out,
      /^models:\/churn\/1 served prod\/scoring from 2026-03-21 00:00 to 2026-03-25 00:00 UTC, failed /,
    );
    const uid = ended.out.split(' ').at(-1)!;
    const put = await cairn(`deploy correct ${uid} --until 2026-03-24`);
    assert.match(put.out, /to 2026-03-24 00:00 UTC, failed/);
    assert.match((await cairn(`deploy correct ${uid} --until none`)).out, /serves prod\/scoring since/);
    assert.deepEqual(await serving(), ['models:/churn/1 100']);
    assert.equal((await cairn(`deploy retract ${uid}`)).out, `${uid} never was`);
    assert.deepEqual(await serving(), []);
    assert.match((await cairn('deploy')).out, /\nprod\/scoring +nothing$/);
  });

  it('takes the facts of a platform', async () => {
    const record = ['deploy', 'record', '--to', 'batch/monthly', '--model', 'models:/churn/3', '--json'];
    const { code, out, err } = await cairn(
      ...record,
      '--type',
      'batch',
      '--replicas',
      '2',
      '--platform',
      '{"schedule":"0 3 1 * *","job":"score"}',
    );
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out).platform, {
      kind: 'batch',
      schedule: '0 3 1 * *',
      job: 'score',
      replicas: 2,
    });
  });

  it('says what is wrong, and changes nothing', async () => {
    const before = (await cairn('deploy --json')).out;
    const rows: [line: string, code: number, err: RegExp][] = [
      ['deploy find', 2, /list, show, history, record, end, roll-back, correct, retract; not find/],
      ['deploy toString', 2, /not toString/],
      ['deploy show', 2, /the name of the endpoint is missing/],
      ['deploy list more', 2, /list does not take more/],
      ['deploy record --to x', 2, /--model is missing/],
      ['deploy record --model models:/churn/1', 2, /--to is missing/],
      [
        'deploy record --model models:/churn/1 --to x --traffic lots',
        2,
        /--traffic must be a number from 0 to 100/,
      ],
      ['deploy record --model models:/churn/1 --to x --at yesterday', 2, /--at must be a day/],
      ['deploy record --model models:/churn/1 --to x --platform []', 2, /--platform must be a JSON object/],
      ['deploy record --model models:/churn/1 --to x --outcome failed', 2, /record does not take --outcome/],
      ['deploy end prod/scoring --outcome good', 2, /--outcome must be retired or failed/],
      ['deploy correct x', 2, /nothing is corrected/],
      ['deploy history', 2, /the name of the endpoint is missing, or --model/],
      ['deploy record --model models:/churn/9 --to x', 1, /version=9\) not found/],
      ['deploy record --model models:/churn/1 --to ../x', 1, /parts joined by single slashes/],
      [
        'deploy record --model models:/churn/1 --to x --type heroku',
        1,
        /platform\.kind must be one of kserve/,
      ],
      [
        'deploy record --model models:/churn/1 --to x --type kserve --region eu',
        1,
        /platform\.region is no fact of kserve/,
      ],
      ['deploy record --model models:/churn/1 --to x --at 2036-01-01', 1, /lies in the future/],
      ['deploy record --model models:/churn/1 --to x --at 1996-01-01', 1, /before 2000/],
      ['deploy end nobody', 1, /No endpoint is called nobody/],
      ['deploy retract 0123', 1, /No deployment 0123/],
    ];
    for (const [line, code, err] of rows) {
      const answer = await cairn(line);
      assert.deepEqual([answer.code, answer.out], [code, ''], `${line}: ${answer.err}`);
      assert.match(answer.err, err, line);
    }
    assert.equal((await cairn('deploy --json')).out, before);
  });
});
