/** A person makes a webhook, tries it out, sees what it was sent, sends again what was given up, turns it off, deletes it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Receiver } from '../webhooks/receiver.ts';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { startServer } from './server.ts';

const server = await startServer({ env: { CAIRN_ALLOW_WEBHOOK_TARGET: '127.0.0.1' } });
const browser = await launchBrowser();
const receiver = new Receiver();
const model = (name: string) => server.call('POST', '/models/registered', { name });
const told = (name: string) => receiver.until((all) => all.some(({ json }) => json.data.name === name));

/** What is waited for without end fails here. */
const limits = { timeout: 90_000 };

describe('webhooks', () => {
  before(() => receiver.start());
  after(() => receiver.stop());

  it('teach while there are none, and one is made', limits, async () => {
    const page = await browser.open(`${server.url}/webhooks`);
    await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
    await page.getByText(`MlflowClient("${server.url}")`).waitFor();
    await assertAccessible(page, 'no webhooks');
    await page.getByRole('button', { name: 'New webhook' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New webhook' });
    await dialog.getByLabel('Name').fill('deploy');
    await dialog.getByLabel('Address').fill('https://169.254.169.254/');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByRole('alert').getByText('Invalid Webhook URL').waitFor();
    await dialog.getByLabel('Address').fill(receiver.url);
    await dialog.getByLabel('What it is for').fill('Deploys what is champion');
    await dialog.getByLabel('a model is registered', { exact: true }).check();
    await dialog.getByRole('button', { name: 'Make one' }).click();
    const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue();
    assert.match(secret, /^[\w-]{43}$/);
    await assertAccessible(page, 'the form of a webhook');
    await picture(page, 'webhook-form');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { name: 'deploy', exact: true }).waitFor();
    await page.getByText('Nothing has happened yet that it is told of.').waitFor();
    await page.getByText('X-MLflow-Signature').waitFor();
  });

  it('are tried out', limits, async () => {
    const page = await browser.open(`${server.url}/webhooks`);
    await page.getByRole('link', { name: 'deploy', exact: true }).click();
    await page.getByLabel('Event of the example').selectOption('registered_model.created');
    await page.getByRole('button', { name: 'Send an example' }).click();
    await page.getByText('Taken: answered 200').waitFor();
    assert.equal(receiver.received.at(-1)!.json.data.name, 'example_model');
    receiver.answer = () => ({ status: 403 });
    await page.getByRole('button', { name: 'Send an example' }).click();
    await page.getByText('Not taken: answered 403').waitFor();
    receiver.answer = () => ({ status: 200 });
  });

  for (const theme of themes) {
    it(`show what they were sent, and send it again (${theme})`, limits, async () => {
      const page = await browser.open(`${server.url}/webhooks`, { theme });
      await page.getByRole('link', { name: 'deploy', exact: true }).click();
      await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
      await model(`oak-${theme}`);
      await told(`oak-${theme}`);
      receiver.answer = () => ({ status: 500 });
      await model(`elm-${theme}`);
      await told(`elm-${theme}`);
      const rows = page.getByRole('region', { name: 'Deliveries' }).getByRole('row');
      await rows.filter({ hasText: 'answered 500' }).filter({ hasText: 'again in' }).waitFor();
      await rows.filter({ hasText: 'taken' }).first().waitFor();
      // The receiver is gone for good: it says so, and the webhook is disabled.
      receiver.answer = () => ({ status: 410 });
      await page.getByText('It is disabled').waitFor();
      await rows.filter({ hasText: 'given up' }).waitFor();
      await assertAccessible(page, `a webhook that is disabled, ${theme}`);
      await picture(page, `webhook-disabled-${theme}`);
      await page.goto(`${server.url}/webhooks`);
      await page.getByRole('row', { name: /^deploy .* disabled/ }).waitFor();
      await assertAccessible(page, `the list of webhooks, ${theme}`);
      await picture(page, `webhooks-${theme}`);

      receiver.answer = () => ({ status: 200 });
      await page.getByRole('link', { name: 'deploy', exact: true }).click();
      await page.getByRole('button', { name: 'Enable it' }).click();
      await page.getByText('deploy is told again, of what happens from now on').waitFor();
      await page.getByRole('button', { name: 'Given up' }).click();
      await rows.filter({ hasText: 'taken' }).first().waitFor({ state: 'detached' });
      await rows.filter({ hasText: 'given up' }).waitFor();
      const before = receiver.received.length;
      await page.getByRole('button', { name: 'Replay registered_model.created' }).click();
      await page.getByText('The delivery is sent again').waitFor();
      await receiver.until((all) => all.length > before);
      assert.equal(receiver.received.at(-1)!.json.data.name, `elm-${theme}`);
      await page.getByText('Nothing was given up.').waitFor();
      await page.getByRole('button', { name: 'All', exact: true }).click();
      await rows.nth(2).waitFor();
      await picture(page, `webhook-${theme}`);
    });
  }

  it('are changed, turned off and on, and deleted', limits, async () => {
    const page = await browser.open(`${server.url}/webhooks`);
    await page.getByRole('link', { name: 'deploy', exact: true }).click();
    await page.getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change deploy' });
    await dialog.getByText('the secret is not shown again').waitFor();
    await dialog.getByLabel('Name').fill('ship');
    await dialog.getByLabel('a prompt is made', { exact: true }).check();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'ship', exact: true }).waitFor();
    await page.getByRole('listitem').getByText('prompt.created', { exact: true }).waitFor();
    await page.getByText('with its secret').waitFor();

    await page.getByRole('button', { name: 'More about ship' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await page.getByText('ship is told nothing any more').waitFor();
    await page.getByText('It is disabled').waitFor();
    await page.keyboard.press('u');
    await page.getByText('It is disabled').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'More about ship' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const asking = page.getByRole('dialog', { name: 'Delete ship?' });
    await assertAccessible(page, 'the question before a webhook is deleted');
    await asking.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'More about ship' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await asking.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('ship deleted').waitFor();
    await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
  });

  it('are read on a phone', limits, async () => {
    const { id } = await server.call<{ id: string }>('POST', '/webhooks', {
      ...{ name: 'phone', url: receiver.url, events: ['registered_model.created'] },
    });
    await model('on-a-phone');
    await told('on-a-phone');
    const phone = await browser.open(`${server.url}/webhooks/${id}`, {
      width: 390,
      height: 800,
      phone: true,
    });
    await phone.getByText('taken', { exact: true }).waitFor();
    assert.equal(await phone.evaluate<number>('document.documentElement.scrollWidth'), 390);
    await picture(phone, 'webhook-phone');
    await phone.goto(`${server.url}/webhooks/nowhere`);
    await phone.getByRole('heading', { name: 'There is no such webhook here' }).waitFor();
  });
});
