import assert from 'node:assert/strict';
import { type Request, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Json = any;

/** Of the public internet by its number: nothing is asked and nothing is sent. */
const url = 'https://93.184.216.34/hook';
const events = [{ entity: 'MODEL_VERSION', action: 'CREATED' }];
const create = (more: object): Request => ['POST', 'webhooks', { name: 'one', url, events, ...more }];
const refused = (title: string, more: object, answer: string | RegExp): Row => ({
  ...{ title, request: create(more), status: 400, answer, events: [] },
});

testRows('webhooks', () => [
  {
    title: 'are made, and tell no secret',
    request: create({
      ...{ name: 'Hook.1_a-b', description: 'text', secret: 'hidden' },
      events: [...events, { entity: 5, action: 1 }, { entity: 'model_version_tag', action: 'SET' }].slice(
        0,
        2,
      ),
    }),
    status: 200,
    answer: ({ webhook }: Json) => {
      assert.deepEqual(Object.keys(webhook), [
        ...['webhook_id', 'name', 'description', 'url', 'events', 'status'],
        ...['creation_timestamp', 'last_updated_timestamp'],
      ]);
      assert.deepEqual([webhook.name, webhook.url, webhook.status], ['Hook.1_a-b', url, 'ACTIVE']);
      assert.deepEqual(webhook.events, [...events, { entity: 'PROMPT', action: 'CREATED' }]);
    },
    events: ['webhook.create'],
  },
  refused('have a name', { name: '' }, /Missing value for required parameter 'name'/),
  refused('have a plain name', { name: '-one' }, /^Webhook name '-one' is invalid\./),
  refused('have a name of 63 characters at most', { name: 'x'.repeat(64) }, /is invalid\./),
  refused('have events', { events: [] }, /[Ww]ebhook events|required parameter 'events'/),
  refused(
    'have events that exist',
    { events: [{ entity: 'MODEL_VERSION', action: 'DELETED' }] },
    "Invalid action 'deleted' for entity 'model_version'. Valid actions are: ['created'] (events[0])",
  ),
  refused('have https', { url: 'http://93.184.216.34/' }, /scheme is 'http'; allowed are 'https'/),
  refused('lead to no inner address', { url: 'https://169.254.169.254/latest' }, /non-public IP address/),
  refused('nor to one in disguise', { url: 'https://[64:ff9b::a9fe:a9fe]/' }, /non-public IP address/),
  refused('carry no credentials', { url: 'https://user:word@93.184.216.34/' }, /embedded credentials/),
  refused('are URLs', { url: 'not one' }, /it is no URL/),
  {
    title: 'are changed in parts',
    first: [create({ name: 'changed', description: 'before' })],
    request: ['GET', 'webhooks?max_results=1'],
    status: 200,
    answer: ({ webhooks, next_page_token: more }: Json) => {
      assert.deepEqual([webhooks.length, webhooks[0].name, typeof more], [1, 'changed', 'string']);
    },
    events: [],
  },
  {
    title: 'that nobody made are not found',
    request: ['GET', 'webhooks/nobody'],
    status: 404,
    answer: 'Webhook with ID nobody not found.',
  },
  {
    title: 'that nobody made are not deleted',
    request: ['DELETE', 'webhooks/nobody'],
    status: 404,
    answer: 'Webhook with ID nobody not found.',
    events: [],
  },
  {
    title: 'come in pages of a thousand at most',
    request: ['GET', 'webhooks?max_results=1001'],
    status: 400,
    answer: 'max_results must be between 1 and 1000.',
  },
]);
