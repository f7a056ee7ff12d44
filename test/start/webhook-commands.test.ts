/** `cairn webhooks` on a real server, with a receiver that takes what it is sent or does not. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { systemRandom } from '../../src/kernel/ids.ts';
import { newRequestContext } from '../../src/kernel/request-context.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { loopbackOutbound, testSeal } from '../webhooks/hooked-domain.ts';
import { Receiver } from '../webhooks/receiver.ts';
import { typed } from './typed-command.ts';

forEachStore((open) => {
  if (open.dialect !== 'sqlite') return;
  const served = servedFor(open, {
    webhooks: {
      outbound: loopbackOutbound(),
      seal: testSeal,
      context: () => newRequestContext({ ...testContext, clock: systemClock, random: systemRandom }),
    },
  });
  const receiver = new Receiver();
  before(() => receiver.start());
  after(() => receiver.stop());

  const cairn = (line: string) =>
    typed(line, {
      env: { CAIRN_URL: served().url },
      readFile: (path) => ({ secret: ' a secret\n', empty: '\n' })[path],
    });
  const told = async () => {
    await served().domain.events.placed();
    await served().domain.webhooks.pass();
  };
  const model = (name: string) => served().call('POST', '/api/v1/models/registered', { name });
  const deliveries = async (more = '') =>
    (await cairn(`webhooks deliveries deploy --json${more}`)).out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  it('makes one, lists it, shows it, by id and by name', async () => {
    assert.equal((await cairn('webhooks')).out, 'id  name  state  told of  address');
    const made = await cairn(
      `webhooks create deploy ${receiver.url} --events registered_model.created,prompt.created --secret-file secret --json`,
    );
    assert.equal(made.code, 0, made.err);
    const { id, signed, events } = JSON.parse(made.out);
    assert.deepEqual([signed, events], [true, ['registered_model.created', 'prompt.created']]);
    assert.match((await cairn('webhooks list')).out, new RegExp(`\n${id} +deploy +active +2 events +http`));
    const page = (await cairn(`webhooks show ${id}`)).out;
    assert.match(page, /^deploy\n {2}id +\S+\n {2}address +http/);
    assert.match(
      page,
      /\n {2}signed +yes\n[\s\S]*\n {2}told of +registered_model.created\n +prompt.created$/,
    );
    assert.equal((await cairn('webhooks show deploy')).out, page);
  });

  it('tries it out, and tells whether it was taken', async () => {
    const taken = await cairn('webhooks test deploy --events prompt.created');
    assert.deepEqual([taken.code, taken.out], [0, 'answered 200: taken']);
    assert.equal(receiver.received.at(-1)!.json.entity, 'prompt');
    receiver.answer = () => ({ status: 403 });
    assert.deepEqual(Object.values(await cairn('webhooks test deploy')).slice(0, 2), [
      1,
      'answered 403: taken',
    ]);
    receiver.answer = () => ({ status: 200 });
  });

  it('tells what was sent, and sends again what was given up', async () => {
    await model('first');
    await told();
    receiver.answer = () => ({ status: 410 });
    await model('second');
    await told();
    assert.deepEqual(
      (await deliveries()).map(({ state }) => state),
      ['failed', 'delivered'],
    );
    const rows = (await cairn('webhooks deliveries deploy --state failed')).out.split('\n');
    assert.match(rows[0]!, /^id +event +state +attempts +answer +last \(UTC\) +next \(UTC\) +why$/);
    assert.match(rows[1]!, /registered_model.created +failed +1 +410 .* answered 410$/);
    assert.equal(rows.length, 2);
    assert.match((await cairn('webhooks')).out, /deploy +disabled/);
    assert.match((await cairn('webhooks enable deploy')).out, /^deploy is told again/);
    receiver.answer = () => ({ status: 200 });
    const again = await cairn('webhooks replay deploy --failed');
    assert.deepEqual([again.code, again.out], [0, '1 delivery is sent again']);
    await told();
    assert.deepEqual(
      (await deliveries()).map(({ state }) => state),
      ['delivered', 'delivered'],
    );
    assert.equal((await cairn('webhooks replay deploy --failed')).out, '0 deliveries are sent again');
    const [{ id }] = await deliveries(' --limit 1');
    assert.equal((await cairn(`webhooks replay deploy ${id}`)).out, `${id} is sent again`);
    const before = receiver.received.length;
    await told();
    assert.deepEqual(
      receiver.received.slice(before).map((one) => one.id),
      [id],
    );
  });

  it('says what is wrong, and changes nothing', async () => {
    assert.equal((await cairn(`webhooks create twin ${receiver.url} --events prompt.created`)).code, 0);
    assert.equal((await cairn(`webhooks create twin ${receiver.url} --events prompt.created`)).code, 0);
    const before = (await cairn('webhooks --json')).out;
    const rows: [line: string, code: number, err: RegExp][] = [
      ['webhooks find x', 2, /list, show, create, test.*not find/],
      ['webhooks toString', 2, /not toString/],
      ['webhooks show', 2, /the id or the name of the webhook is missing/],
      ['webhooks show deploy more', 2, /show does not take more/],
      ['webhooks show nothing', 1, /no webhook has the id or the name nothing/],
      ['webhooks delete twin', 1, /2 webhooks are called twin; name one by its id: \S+, \S+$/],
      [`webhooks create x ${receiver.url}`, 2, /--events is missing/],
      [`webhooks create x ${receiver.url} --events nothing`, 1, /events/],
      [
        `webhooks create x ${receiver.url} --events prompt.created --secret-file empty`,
        2,
        /no secret in empty/,
      ],
      [`webhooks create -x ${receiver.url} --events prompt.created`, 2, /unknown option -x/],
      ['webhooks create x https://169.254.169.254/ --events prompt.created', 1, /Invalid Webhook URL/],
      ['webhooks replay deploy', 2, /the id of a delivery, or --failed/],
      ['webhooks replay deploy x --failed', 2, /the id of a delivery, or --failed/],
      ['webhooks replay deploy x', 1, /Delivery with ID x not found/],
      ['webhooks deliveries deploy --state lost', 2, /--state is waiting, delivered, failed; not lost/],
    ];
    for (const [line, code, err] of rows) {
      const answer = await cairn(line);
      assert.deepEqual([answer.code, answer.out], [code, ''], `${line}: ${answer.err}`);
      assert.match(answer.err, err, line);
    }
    assert.equal((await cairn('webhooks --json')).out, before);
  });

  it('disables and deletes', async () => {
    assert.equal((await cairn('webhooks disable deploy')).out, 'deploy is told nothing any more');
    assert.equal((await cairn('webhooks delete deploy')).out, 'deploy is deleted, with its deliveries');
    assert.equal((await cairn('webhooks show deploy')).code, 1);
  });
});
