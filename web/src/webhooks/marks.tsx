/** Small signs of webhooks and their deliveries. */
import type { Delivery, Webhook } from '../api/webhooks.ts';

export function EventChips({ events, shown }: { events: readonly string[]; shown: number }) {
  return (
    <span className="list-chips" title={events.join('\n')}>
      {events.slice(0, shown).map((event) => (
        <span key={event} className="tag-chip event-chip">
          {event}
        </span>
      ))}
      {events.length > shown && <span className="faint">+{events.length - shown}</span>}
    </span>
  );
}

/** In words, not by colour alone. */
export function StateMark({ webhook }: { webhook: Pick<Webhook, 'active' | 'failed'> }) {
  if (!webhook.active) return <span className="hook-state off">disabled</span>;
  if (webhook.failed > 0) return <span className="hook-state bad">failing</span>;
  return <span className="hook-state good">active</span>;
}

const words = { waiting: 'waiting', delivered: 'taken', failed: 'given up' } as const;

export function DeliveryMark({ delivery: { state, attempts } }: { delivery: Delivery }) {
  const kind = { waiting: attempts > 0 ? 'warn' : 'off', delivered: 'good', failed: 'bad' }[state];
  return <span className={`hook-state ${kind}`}>{words[state]}</span>;
}
