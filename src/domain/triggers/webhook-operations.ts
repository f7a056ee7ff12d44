import { type Operation, operation } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import { type Webhook, webhookLimits } from './webhook.ts';
import {
  DeliveryWire,
  deliveryWire,
  EventName,
  TestWire,
  testWire,
  WebhookWire,
  webhookWire,
} from './webhook-wire.ts';
import type { Webhooks } from './webhooks.ts';

export interface WebhookServices {
  readonly projects: Projects;
  readonly webhooks: Webhooks;
}

const path = '/api/v1/webhooks/{webhook}';
const params = Type.Object({ webhook: Type.String({ description: 'Its id.' }) });
const query = Type.Object(ProjectQuery);
const Name = Type.String({ description: 'Letters, digits, `.`, `_` and `-`, at most 63.' });
const Url = Type.String({
  maxLength: webhookLimits.url,
  description:
    'https, of a public address; others where `--allow-webhook-target` names them, which may be http.',
});
const Events = Type.Array(EventName, { minItems: 1, maxItems: 100 });
const Description = Type.String({ maxLength: webhookLimits.description });
const Secret = Type.String({
  maxLength: webhookLimits.secret,
  description: 'Deliveries are signed with it; it is stored sealed and never told. Empty: none.',
});
const Active = Type.Boolean({ description: 'False: nothing is sent.' });

export function webhookOperations(services: WebhookServices): Operation[] {
  return [...recordOperations(services), ...deliveryOperations(services)];
}

function recordOperations({ projects, webhooks }: WebhookServices): Operation[] {
  const oneWire = async (context: RequestContext, webhook: Webhook) =>
    webhookWire(webhook, (await webhooks.counts(context, [webhook]))[0]!);
  return [
    operation({
      id: 'webhook.list',
      method: 'GET',
      path: '/api/v1/webhooks',
      permission: 'metadata:read',
      summary: 'Webhooks, the latest first.',
      query: Type.Object({ ...ProjectQuery, ...pageQuery(1000, 100) }),
      output: Type.Object({ items: Type.Array(WebhookWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const page = await webhooks.list(context, project, query);
        const counts = await webhooks.counts(context, page.items);
        return { ...page, items: page.items.map((webhook, index) => webhookWire(webhook, counts[index]!)) };
      },
    }),
    operation({
      id: 'webhook.create',
      method: 'POST',
      path: '/api/v1/webhooks',
      permission: 'metadata:write',
      summary: 'Let an address be told of what happens in the model registry and to deployments from now on.',
      query,
      body: Type.Object(
        {
          name: Name,
          url: Url,
          events: Events,
          description: Type.Optional(Description),
          secret: Type.Optional(Secret),
          active: Type.Optional(Active),
        },
        { additionalProperties: false },
      ),
      output: WebhookWire,
      errors: ['not_found', 'failed_precondition'],
      status: 201,
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        return oneWire(context, await webhooks.create(context, project, body));
      },
    }),
    operation({
      id: 'webhook.get',
      method: 'GET',
      path,
      permission: 'metadata:read',
      summary: 'One webhook.',
      params,
      query,
      output: WebhookWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        return oneWire(context, await webhooks.get(context, project, params.webhook));
      },
    }),
    operation({
      id: 'webhook.update',
      method: 'PATCH',
      path,
      permission: 'metadata:write',
      summary: 'Change, disable or enable a webhook; what is left out stays.',
      params,
      query,
      body: Type.Object(
        {
          name: Type.Optional(Name),
          url: Type.Optional(Url),
          events: Type.Optional(Events),
          description: Type.Optional(Description),
          secret: Type.Optional(Secret),
          active: Type.Optional(Active),
        },
        { additionalProperties: false },
      ),
      output: WebhookWire,
      errors: ['not_found'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        return oneWire(context, await webhooks.update(context, project, params.webhook, body));
      },
    }),
    operation({
      id: 'webhook.delete',
      method: 'DELETE',
      path,
      permission: 'metadata:delete',
      summary: 'Delete a webhook with its deliveries; what was not sent is never sent.',
      params,
      query,
      output: Type.Null({ description: 'No content.' }),
      errors: ['not_found'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await webhooks.delete(context, project, params.webhook);
        return null;
      },
    }),
  ];
}

function deliveryOperations({ projects, webhooks }: WebhookServices): Operation[] {
  return [
    operation({
      id: 'webhook.test',
      method: 'POST',
      path: `${path}/test`,
      permission: 'metadata:write',
      summary: 'Send an example of one of its events, once and at once, and tell what it was answered.',
      params,
      query,
      body: Type.Object({ event: Type.Optional(EventName) }, { additionalProperties: false }),
      output: TestWire,
      errors: ['not_found'],
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        return testWire(await webhooks.test(context, project, params.webhook, body.event));
      },
    }),
    operation({
      id: 'webhook-delivery.list',
      method: 'GET',
      path: `${path}/deliveries`,
      permission: 'metadata:read',
      summary: 'What was sent to a webhook, is being sent or was given up, the latest first.',
      params,
      query: Type.Object({
        ...ProjectQuery,
        state: Type.Optional(Type.Enum(['waiting', 'delivered', 'failed'])),
        ...pageQuery(1000, 100),
      }),
      output: Type.Object({ items: Type.Array(DeliveryWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const page = await webhooks.deliveries(context, project, params.webhook, query);
        return { ...page, items: page.items.map(deliveryWire) };
      },
    }),
    operation({
      id: 'webhook-delivery.replay',
      method: 'POST',
      path: `${path}/deliveries/{delivery}/replay`,
      permission: 'metadata:write',
      summary: 'Send a delivery again, under the same id.',
      params: Type.Object({
        webhook: Type.String({ description: 'Id of the webhook.' }),
        delivery: Type.String({ description: 'Id of the delivery.' }),
      }),
      query,
      output: DeliveryWire,
      errors: ['not_found', 'failed_precondition'],
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const { webhook, delivery } = params;
        return deliveryWire(await webhooks.replay(context, project, webhook, delivery));
      },
    }),
  ];
}
