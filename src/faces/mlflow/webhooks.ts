/** Webhooks in the words of the protocol. What is sent to them, and when, stands in domain/triggers. */
import { type Webhook, type WebhookEvent, webhookEvents } from '../../domain/triggers/index.ts';
import { invalid, notFound } from '../../kernel/errors.ts';
import { endpoint } from './endpoint.ts';
import {
  bool,
  content,
  enumOf,
  int32,
  int64,
  listOf,
  nested,
  type Printed,
  required,
  text,
} from './message-schema.ts';
import { nothing } from './messages.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

/** Webhooks of one page, unless told, and at most. */
export const webhookPages = { usual: 100, limit: 1000 } as const;

const entities = {
  ENTITY_UNSPECIFIED: 0,
  REGISTERED_MODEL: 1,
  MODEL_VERSION: 2,
  MODEL_VERSION_TAG: 3,
  MODEL_VERSION_ALIAS: 4,
  PROMPT: 5,
  PROMPT_VERSION: 6,
  PROMPT_TAG: 7,
  PROMPT_VERSION_TAG: 8,
  PROMPT_ALIAS: 9,
  BUDGET_POLICY: 10,
} as const;
const actions = { ACTION_UNSPECIFIED: 0, CREATED: 1, UPDATED: 2, DELETED: 3, SET: 4, EXCEEDED: 5 } as const;
type Entity = keyof typeof entities;
type Action = keyof typeof actions;

const event = { entity: enumOf(entities), action: enumOf(actions) };
const status = enumOf({ ACTIVE: 1, DISABLED: 2 });
const webhook = {
  webhook_id: text,
  name: text,
  description: text,
  url: text,
  events: listOf(nested(event)),
  status,
  creation_timestamp: int64,
  last_updated_timestamp: int64,
};
const oneWebhook = { webhook: nested(webhook) };
const byId = { webhook_id: required(text) };
const path = 'webhooks/{webhook_id}';

export function webhookEndpoints({ webhooks }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'webhooks.create',
      methods: ['POST'],
      path: 'webhooks',
      permission: 'metadata:write',
      summary: 'Make a webhook.',
      request: {
        name: required(text),
        url: required(text),
        events: required(listOf(nested(event))),
        description: text,
        secret: text,
        status,
      },
      response: oneWebhook,
      async run(context, input, project) {
        const made = await webhooks.create(context, project.id, {
          ...{ name: input.name, url: input.url, events: input.events.map(eventOf) },
          ...{ description: input.description, secret: input.secret, active: input.status !== 'DISABLED' },
        });
        return { webhook: webhookMessage(made) };
      },
    }),
    endpoint({
      id: 'webhooks.list',
      methods: ['GET'],
      path: 'webhooks',
      permission: 'metadata:read',
      summary: 'Webhooks, the latest first.',
      request: { max_results: int32, page_token: text },
      response: { webhooks: listOf(nested(webhook)), next_page_token: text },
      async run(context, input, project) {
        const limit = input.max_results || webhookPages.usual;
        if (limit < 1 || limit > webhookPages.limit) {
          throw invalid('max_results', `max_results must be between 1 and ${webhookPages.limit}.`);
        }
        const page = await webhooks.list(context, project.id, {
          limit,
          cursor: input.page_token || undefined,
        });
        // What only Cairn can tell of has no message: a client that is given a webhook without events fails.
        const told = page.items.filter(({ events }) => events.some(isOfProtocol));
        return { webhooks: told.map(webhookMessage), next_page_token: page.cursor };
      },
    }),
    endpoint({
      id: 'webhooks.get',
      methods: ['GET'],
      path,
      permission: 'metadata:read',
      summary: 'One webhook.',
      request: byId,
      response: oneWebhook,
      async run(context, { webhook_id: id }, project) {
        const found = await webhooks.get(context, project.id, id);
        if (!found.events.some(isOfProtocol))
          throw notFound(`Webhook ${id} tells of nothing that MLflow has a word for`, 'webhook_id');
        return { webhook: webhookMessage(found) };
      },
    }),
    endpoint({
      id: 'webhooks.update',
      methods: ['PATCH'],
      path,
      permission: 'metadata:write',
      summary: 'Change, disable or enable a webhook.',
      request: {
        ...byId,
        ...{ name: text, description: text, url: text, events: listOf(nested(event)), secret: text, status },
      },
      response: oneWebhook,
      async run(context, input, project) {
        const asked = input.events.map(eventOf);
        // What else it is told of is not this protocol's to take away.
        const others =
          asked.length === 0
            ? []
            : (await webhooks.get(context, project.id, input.webhook_id)).events.filter(
                (name) => !isOfProtocol(name),
              );
        const changed = await webhooks.update(context, project.id, input.webhook_id, {
          name: input.name || undefined,
          url: input.url || undefined,
          events: asked.length === 0 ? undefined : [...asked, ...others],
          description: input.description,
          secret: input.secret,
          active: input.status && input.status === 'ACTIVE',
        });
        return { webhook: webhookMessage(changed) };
      },
    }),
    endpoint({
      id: 'webhooks.delete',
      methods: ['DELETE'],
      path,
      permission: 'metadata:delete',
      summary: 'Delete a webhook.',
      request: byId,
      response: nothing,
      async run(context, { webhook_id: id }, project) {
        await webhooks.delete(context, project.id, id);
        return {};
      },
    }),
    endpoint({
      id: 'webhooks.test',
      methods: ['POST'],
      path: `${path}/test`,
      permission: 'metadata:write',
      summary: 'Send an example to a webhook and tell what it answered.',
      request: { ...byId, event: nested(event) },
      response: {
        result: nested({
          success: bool,
          response_status: int32,
          response_body: content,
          error_message: text,
        }),
      },
      async run(context, input, project) {
        const asked = input.event && eventOf(input.event, 0, []);
        const result = await webhooks.test(context, project.id, input.webhook_id, asked);
        return {
          result: {
            success: result.success,
            response_status: result.status,
            response_body: result.text,
            error_message: result.error,
          },
        };
      },
    }),
  ].flat();
}

function eventOf(
  written: { readonly entity: Entity | undefined; readonly action: Action | undefined },
  index: number,
  list: readonly unknown[],
): WebhookEvent {
  const field = list.length === 0 ? 'event' : `events[${index}]`;
  for (const part of ['entity', 'action'] as const) {
    const path = `${field}.${part}`;
    if (written[part] === undefined) throw invalid(path, `Missing value for required parameter '${path}'.`);
  }
  const [entity, action] = [written.entity!.toLowerCase(), written.action!.toLowerCase()];
  const found = webhookEvents.find((name) => name === `${entity}.${action}`);
  if (found !== undefined) return found;
  const valid = webhookEvents
    .filter((name) => name.startsWith(`${entity}.`))
    .map((name) => `'${name.slice(entity.length + 1)}'`);
  throw invalid(
    field,
    `Invalid action '${action}' for entity '${entity}'. Valid actions are: [${valid.sort().join(', ')}] (${field})`,
  );
}

function isOfProtocol(name: WebhookEvent): boolean {
  const [entity = '', action = ''] = name.toUpperCase().split('.');
  return Object.hasOwn(entities, entity) && Object.hasOwn(actions, action);
}

function webhookMessage(value: Webhook): Printed<typeof webhook> {
  return {
    webhook_id: value.uid,
    name: value.name,
    description: value.description,
    url: value.url,
    events: value.events.filter(isOfProtocol).map((name) => {
      const [entity, action] = name.toUpperCase().split('.') as [Entity, Action];
      return { entity, action };
    }),
    status: value.active ? 'ACTIVE' : 'DISABLED',
    creation_timestamp: value.created,
    last_updated_timestamp: value.updated,
  };
}
