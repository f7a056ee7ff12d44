/** Webhooks: made, listed, changed, tried out, deleted. What receivers are told is compared in mlflow-webhooks.test.ts. */
import { type Call, get, post, v2 } from '../call.ts';
import type { CaseGroup } from './case-group.ts';

const url = '{{receiver}}/ok';
const [hook, other] = ['{{webhook.1}}', '{{webhook.2}}'];
const made = { entity: 'REGISTERED_MODEL', action: 'CREATED' };
const aliased = { entity: 'MODEL_VERSION_ALIAS', action: 'CREATED' };
const long = (length: number) => 'x'.repeat(length);

const create = (body: object): Call => post('webhooks', { name: 'hook', url, events: [made], ...body });
const send = (method: string, id: string, body?: object): Call => ({
  method,
  path: v2(`webhooks/${id}`),
  ...(body !== undefined && { body: JSON.stringify(body) }),
});
const change = (body: object): Call => send('PATCH', hook, body);
const tryOut = (id: string, body: object): Call => post(`webhooks/${id}/test`, body);

const setup = [
  create({ description: 'größer', secret: 'a secret', events: [made, aliased] }),
  create({ name: 'other.one_2-b', status: 'DISABLED' }),
];
const readBack = [
  get(`webhooks/${hook}`),
  get(`webhooks/${other}`),
  get('webhooks', { max_results: 2 }),
  // Those of other stories stay: it is the latest that are listed.
  send('DELETE', hook),
  send('DELETE', other),
];

const names: readonly unknown[] = [
  undefined,
  '',
  ' ',
  'a',
  '-a',
  'a-',
  'a b',
  'ä',
  'a.b_c-d',
  long(63),
  long(64),
  5,
];
const urls: readonly unknown[] = [
  undefined,
  '',
  ' ',
  'no address',
  'ftp://127.0.0.1/x',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://',
  '//127.0.0.1/x',
  '{{receiver}}/ok?a=b&c=d#e',
  5,
];
const events: readonly unknown[] = [
  undefined,
  [],
  'x',
  {},
  [{}],
  ['registered_model.created'],
  [{ entity: 'PROMPT' }],
  [{ action: 'CREATED' }],
  [{ entity: 'PROMPT', action: 'SET' }],
  [{ entity: 'REGISTERED_MODEL', action: 'UPDATED' }],
  [{ entity: 'NOTHING', action: 'CREATED' }],
  [{ entity: 'prompt', action: 'created' }],
  [{ entity: 'ENTITY_UNSPECIFIED', action: 'CREATED' }],
  [{ entity: 1, action: 1 }],
  [{ entity: 'BUDGET_POLICY', action: 'EXCEEDED' }],
  ['PROMPT', 'PROMPT_VERSION'].map((entity) => ({ entity, action: 'CREATED' })),
  ['SET', 'DELETED'].flatMap((action) =>
    ['MODEL_VERSION_TAG', 'PROMPT_TAG', 'PROMPT_VERSION_TAG'].map((entity) => ({ entity, action })),
  ),
];
const states: readonly unknown[] = ['ACTIVE', 'DISABLED', 'active', 'GONE', '', 1, null];

export const webhookCases: readonly CaseGroup[] = [
  {
    name: 'webhooks made',
    setup,
    probes: [
      ...names.map((name) => create({ name })),
      ...urls.map((address) => create({ url: address })),
      ...events.map((list) => create({ events: list })),
      ...states.map((status) => create({ status })),
      ...['', 'text', 5, null].map((description) => create({ description })),
      ...['', 'text', 5].map((secret) => create({ secret })),
      create({ name: 'hook' }),
    ],
    readBack,
  },
  {
    name: 'webhooks changed',
    setup,
    probes: [
      ...names.map((name) => change({ name })),
      ...urls.map((address) => change({ url: address })),
      ...events.map((list) => change({ events: list })),
      ...states.map((status) => change({ status })),
      ...['', 'text', 5].map((description) => change({ description })),
      ...['', 'text', 5].map((secret) => change({ secret })),
      change({}),
      send('PATCH', 'unknown', { name: 'x' }),
      send('PATCH', 'unknown', { name: '-' }),
    ],
    readBack,
  },
  {
    name: 'webhooks listed',
    setup,
    probes: [
      ...[1, 2, 1001, -1, 'x'].map((size) => get('webhooks', { max_results: size })),
      get('webhooks', { max_results: 1, page_token: '{{token.1}}' }),
      get('webhooks', { max_results: 1, page_token: 'x' }),
      get('webhooks/unknown'),
      get(`webhooks/${hook}`),
    ],
    readBack,
  },
  {
    name: 'webhooks tried out and deleted',
    setup: [...setup, create({ url: '{{receiver}}/no' })],
    probes: [
      tryOut(hook, {}),
      tryOut(hook, { event: aliased }),
      tryOut(hook, { event: { entity: 'PROMPT', action: 'CREATED' } }),
      tryOut(hook, { event: { entity: 'PROMPT', action: 'SET' } }),
      tryOut(hook, { event: {} }),
      tryOut(other, {}),
      tryOut('{{webhook.3}}', {}),
      tryOut('unknown', {}),
      send('DELETE', '{{webhook.3}}'),
      send('DELETE', '{{webhook.3}}'),
      get('webhooks/{{webhook.3}}'),
      tryOut('{{webhook.3}}', {}),
      send('PATCH', '{{webhook.3}}', { name: 'x' }),
      send('DELETE', 'unknown'),
    ],
    readBack,
  },
];
