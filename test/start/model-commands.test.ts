/** `cairn models` on a real server: what it prints, what it changes, and the exit codes that a pipeline goes by. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { Cairn } from '../../sdk/src/index.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { typed } from './typed-command.ts';

const token = 'token-of-the-models';

forEachStore((open) => {
  if (open.dialect !== 'sqlite') return;
  const served = servedFor(open, { token });
  let run = '';

  const cairn = (line: string) => typed(line, { env: { CAIRN_URL: served().url, CAIRN_TOKEN: token } });
  const champion = async () => (await cairn('models resolve models:/fraud@champion --json')).out;
  const numberNamed = async () => JSON.parse(await champion()).version as number;

  before(async () => {
    const client = new Cairn({ url: served().url, token });
    const started = client.startRun({ experiment: 'digits', name: 'made it' });
    await started.finish();
    run = started.id!;
    await client.close();
  });

  it('registers versions of a model that is made on the way', async () => {
    assert.equal((await cairn('models')).out, 'name  versions  latest  aliases  changed (UTC)');
    const first = await cairn(`models register fraud runs:/${run}/model --description "the first"`);
    assert.deepEqual([first.code, first.out], [0, `version 1 of fraud, from runs:/${run}/model`]);
    const second = await cairn(`models register fraud runs:/${run}/model --json`);
    assert.equal(JSON.parse(second.out).version, 2);
    assert.equal(JSON.parse(second.out).run, run);
    const third = await cairn('models register fraud models:/fraud/2 --alias challenger --expect none');
    assert.deepEqual(
      [third.code, third.out],
      [0, 'version 3 of fraud, from models:/fraud/2\nchallenger names version 3'],
    );
    const { out } = await cairn('models versions fraud');
    const rows = out.split('\n');
    assert.match(rows[0]!, /^version {2}aliases +stage +run +by +created \(UTC\) +description$/);
    assert.match(rows[1]!, /^ +3 {2}challenger /);
    assert.match(rows[3]!, new RegExp(`^ +1 +${run} .* the first$`));
    assert.equal((await cairn('models versions fraud --limit 2 --json')).out.split('\n').length, 2);
  });

  it('promotes and rolls back, only from what is expected', async () => {
    const first = await cairn('models promote fraud 1 --expect none');
    assert.deepEqual([first.code, first.out], [0, 'champion of fraud names version 1']);
    const other = await cairn('models promote fraud 2 --expect 3');
    assert.deepEqual(
      [other.code, other.out, other.err],
      [3, '', 'cairn: The alias champion names version 1 now.'],
    );
    assert.equal(await numberNamed(), 1);
    assert.equal((await cairn('models promote fraud 2 --expect 1')).code, 0);
    assert.equal(await numberNamed(), 2);
    assert.equal((await cairn('models rollback fraud --expect 1')).code, 3);
    const back = await cairn('models rollback fraud --expect 2');
    assert.deepEqual([back.code, back.out], [0, 'champion of fraud names version 1 again']);
    assert.equal(await numberNamed(), 1);
  });

  it('sets and removes any alias', async () => {
    const set = await cairn('models alias set fraud shadow 2 --expect none --json');
    assert.deepEqual(
      [set.code, JSON.parse(set.out).aliases.find((each: { alias: string }) => each.alias === 'shadow')],
      [0, { alias: 'shadow', version: 2 }],
    );
    assert.equal((await cairn('models alias remove fraud shadow --expect 1')).code, 3);
    const removed = await cairn('models alias remove fraud shadow --expect 2');
    assert.deepEqual([removed.code, removed.out], [0, 'shadow of fraud names nothing']);
    assert.equal((await cairn('models resolve models:/fraud@shadow')).code, 1);
  });

  it('does what is done again under the same key once', async () => {
    const line = `models register keyed runs:/${run}/model --alias live --expect none --key build-7`;
    const first = await cairn(line);
    assert.deepEqual([first.code, first.out.split(',')[0]], [0, 'version 1 of keyed'], first.err);
    const again = await cairn(line);
    assert.deepEqual([again.code, again.out], [0, first.out], again.err);
    assert.equal((await cairn('models versions keyed --json')).out.split('\n').length, 1);
    const other = await cairn(`models register keyed runs:/${run}/other --key build-7`);
    assert.deepEqual([other.code, other.out], [1, '']);
    assert.match(other.err, /used before with another body/);
    assert.equal((await cairn(line.replace('build-7', 'build-8').replace(' --expect none', ''))).code, 0);
    assert.match((await cairn('models versions keyed')).out, /\n +2 {2}live /);
  });

  it('tells the history, and what was named at an instant', async () => {
    const { out } = await cairn('models history fraud --alias champion');
    const rows = out.split('\n');
    assert.match(rows[0]!, /^name +version {2}from \(UTC\) +to \(UTC\) +by +ended by$/);
    assert.deepEqual(
      rows.slice(1).map((row) => /^champion +(\d+) /.exec(row)?.[1]),
      ['1', '2', '1'],
    );
    assert.match(rows[1]!, / now +\S+$/);
    const [, second] = (await cairn('models history fraud --alias champion --json')).out.split('\n');
    const { from } = JSON.parse(second!) as { from: number };
    const then = await cairn(`models resolve models:/fraud@champion --at ${new Date(from).toISOString()}`);
    assert.equal(then.out, `2  models:/fraud/2  runs:/${run}/model`);
  });

  it('shows the list and one model', async () => {
    const { out } = await cairn('models list --search FRA');
    assert.match(out, /\nfraud +3 +3 {2}challenger=3 champion=1 {2}20/);
    const page = (await cairn('models show fraud')).out;
    assert.match(page, /^fraud\n {2}versions +3\n/);
    assert.ok(page.includes(`${served().url}/registry/model?name=fraud\n`));
    assert.match(page, /\nAlias +version\nchallenger +3\nchampion +1\n/);
    assert.equal(JSON.parse((await cairn('models show fraud --json')).out).name, 'fraud');
  });

  it('says what is wrong, and changes nothing', async () => {
    const before = (await cairn('models show fraud --json')).out;
    const rows: [line: string, code: number, err: RegExp][] = [
      ['models find x', 2, /list, show, versions, register, promote.*not find/],
      ['models toString', 2, /not toString/],
      ['models show', 2, /the name of the model is missing/],
      ['models show fraud more', 2, /show does not take more/],
      ['models alias', 2, /not alias$/],
      ['models promote fraud', 2, /the number of the version is missing/],
      ['models promote fraud two', 2, /a version is a number such as 3, not two/],
      ['models promote fraud 1 --expect 0', 2, /--expect is none, or a number/],
      ['models register fraud models:/fraud/1 --expect 1', 2, /--expect needs --alias/],
      ['models resolve models:/fraud@champion --at yesterday', 2, /--at must be a day/],
      ['models alias remove fraud champion --expect none', 2, /nothing to remove/],
      ['models promote fraud 99', 1, /not found/],
      ['models rollback fraud --alias nobody', 1, /alias nobody not found/],
      ['models show nothing', 1, /not found/],
      ['models register fraud http://example.org/model', 1, /Invalid model version source/],
      ['models register "fraud " models:/fraud/1', 1, /./],
    ];
    for (const [line, code, err] of rows) {
      const answer = await cairn(line);
      assert.deepEqual([answer.code, answer.out], [code, ''], `${line}: ${answer.err}`);
      assert.match(answer.err, err, line);
    }
    assert.equal((await cairn('models show fraud --json')).out, before);
  });
});
