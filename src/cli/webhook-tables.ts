/** Webhooks and what they were sent, as lines for people. */
import type { Output } from '../../sdk/src/index.ts';
import { printable, textTable, timeText } from './text-table.ts';

type Webhook = Output<'webhook.get'>;
type Delivery = Output<'webhook-delivery.replay'>;
type Tried = Output<'webhook.test'>;

export function webhookListLines(webhooks: readonly Webhook[]): string[] {
  const columns = [
    { head: 'id' },
    { head: 'name' },
    { head: 'state' },
    { head: 'told of' },
    { head: 'address' },
  ];
  return textTable(
    columns,
    webhooks.map((webhook) => [
      webhook.id,
      webhook.name,
      stateText(webhook),
      webhook.events.length === 1 ? webhook.events[0]! : `${webhook.events.length} events`,
      webhook.url,
    ]),
  );
}

export function webhookLines(webhook: Webhook): string[] {
  const facts: (readonly [string, string])[] = [
    ['id', webhook.id],
    ...(webhook.description === null ? [] : [['description', printable(webhook.description)] as const]),
    ['address', printable(webhook.url)],
    ['state', stateText(webhook)],
    ['signed', webhook.signed ? 'yes' : 'no'],
    ['created', `${timeText(webhook.created)} UTC`],
    ['changed', `${timeText(webhook.updated)} UTC`],
    ...webhook.events.map((event, index) => [index === 0 ? 'told of' : '', event] as const),
  ];
  return [printable(webhook.name), ...facts.map(([name, value]) => `  ${name.padEnd(11)}  ${value}`)];
}

export function deliveryListLines(deliveries: readonly Delivery[]): string[] {
  const columns = [
    { head: 'id' },
    { head: 'event' },
    { head: 'state' },
    { head: 'attempts', right: true },
    { head: 'answer', right: true },
    { head: 'last (UTC)' },
    { head: 'next (UTC)' },
    { head: 'why' },
  ];
  return textTable(
    columns,
    deliveries.map((delivery) => [
      delivery.id,
      delivery.event,
      delivery.state,
      String(delivery.attempts),
      delivery.status === null ? '' : String(delivery.status),
      timeText(delivery.lastAttempt),
      timeText(delivery.nextAttempt),
      delivery.error ?? '',
    ]),
  );
}

export function testText({ status, text, error }: Tried): string {
  if (status === null) return printable(error ?? 'no answer');
  return `answered ${status}${text ? `: ${printable(text)}` : ''}`;
}

function stateText({ active }: Webhook): string {
  return active ? 'active' : 'disabled';
}
