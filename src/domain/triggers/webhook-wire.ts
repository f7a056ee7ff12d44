/** Webhooks and deliveries as the native API shows them. */
import { type Static, Type } from '../../kernel/schema.ts';
import { type Delivery, type DeliveryCounts, type Webhook, webhookEvents } from './webhook.ts';
import type { TestResult } from './webhooks.ts';

const Instant = Type.Integer({ description: 'ms since 1970' });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });

export const EventName = Type.Enum([...webhookEvents], {
  title: 'WebhookEvent',
  description: '`model_version.created`',
});

export const WebhookWire = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: orNull(Type.String()),
    url: Type.String(),
    events: Type.Array(EventName),
    signed: Type.Boolean({ description: 'Whether it has a secret, which is never told.' }),
    active: Type.Boolean(),
    created: Instant,
    updated: Instant,
    waiting: Type.Integer({ description: 'Deliveries that are still to be taken.' }),
    failed: Type.Integer({ description: 'Deliveries that were given up, of the latest 1,000.' }),
    lastDelivered: orNull(Type.Integer(), 'ms since 1970; when it last took one.'),
  },
  { title: 'Webhook' },
);

export const DeliveryWire = Type.Object(
  {
    id: Type.String({ description: 'The header `X-MLflow-Delivery-Id`: the same at every attempt.' }),
    event: EventName,
    state: Type.Enum(['waiting', 'delivered', 'failed']),
    created: Instant,
    attempts: Type.Integer(),
    nextAttempt: orNull(Type.Integer(), 'ms since 1970; null when it has ended.'),
    lastAttempt: orNull(Type.Integer(), 'ms since 1970'),
    ended: orNull(Type.Integer(), 'ms since 1970'),
    status: orNull(Type.Integer(), 'What the last attempt was answered.'),
    error: orNull(Type.String(), 'Why the last attempt failed.'),
    took: orNull(Type.Integer(), 'ms of the last attempt.'),
  },
  { title: 'WebhookDelivery' },
);

export const TestWire = Type.Object(
  {
    success: Type.Boolean({ description: 'Whether the receiver answered 2xx.' }),
    status: orNull(Type.Integer()),
    text: orNull(Type.String(), 'The beginning of what it answered.'),
    error: orNull(Type.String(), 'Why there was no answer.'),
  },
  { title: 'WebhookTest' },
);

export function webhookWire(webhook: Webhook, counts: DeliveryCounts): Static<typeof WebhookWire> {
  const { uid, name, url, signed, active, created, updated } = webhook;
  const { waiting, failed, lastDelivered = null } = counts;
  return {
    ...{ waiting, failed, lastDelivered },
    ...{ id: uid, name, url, signed, active, created, updated },
    description: webhook.description ?? null,
    events: [...webhook.events],
  };
}

export function deliveryWire(delivery: Delivery): Static<typeof DeliveryWire> {
  const { uid, name, state, created, attempts } = delivery;
  return {
    ...{ id: uid, event: name, state, created, attempts },
    nextAttempt: delivery.nextAt ?? null,
    lastAttempt: delivery.tried ?? null,
    ended: delivery.ended ?? null,
    status: delivery.status ?? null,
    error: delivery.error ?? null,
    took: delivery.took ?? null,
  };
}

export function testWire({ success, status, text, error }: TestResult): Static<typeof TestWire> {
  return { success, status: status ?? null, text: text ?? null, error: error ?? null };
}
