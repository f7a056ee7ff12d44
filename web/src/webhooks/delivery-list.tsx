/** What a webhook was sent, the latest first, by what became of it; each can be sent again. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type Delivery,
  type DeliveryState,
  deliveriesQuery,
  deliveryReplay,
  type Webhook,
  webhooksKey,
} from '../api/webhooks.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { showToast } from '../ui/toasts.tsx';
import { DeliveryMark } from './marks.tsx';

const pageSize = 50;
const most = 1000;
const choices: readonly (readonly [DeliveryState | undefined, string])[] = [
  [undefined, 'All'],
  ['waiting', 'Waiting'],
  ['delivered', 'Taken'],
  ['failed', 'Given up'],
];

export function DeliveryList({ webhook }: { webhook: Webhook }) {
  const { project } = useProject();
  const queries = useQueryClient();
  const [state, setState] = useState<DeliveryState>();
  const [limit, setLimit] = useState(pageSize);
  const list = useQuery(deliveriesQuery(project, webhook.id, state, limit));
  const items = list.data?.items ?? [];

  async function replay(deliveries: readonly Delivery[]): Promise<void> {
    let sent = 0;
    try {
      // One after the other, in the order in which it happened.
      for (const { id } of deliveries.toReversed()) {
        await deliveryReplay(project, webhook.id, id);
        sent++;
      }
      const what = sent === 1 ? 'The delivery is' : `${countText(sent)} deliveries are`;
      showToast({ text: `${what} sent again${webhook.active ? '' : ' once the webhook is enabled'}` });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      showToast({ kind: 'failed', text: sent === 0 ? said : `${countText(sent)} sent again, then: ${said}` });
    }
    await queries.invalidateQueries({ queryKey: webhooksKey(project) });
  }

  return (
    <div>
      <div className="panel-head">
        <h2 id="deliveries-title">Deliveries</h2>
        <div className="panel-tool hook-tools">
          {state === 'failed' && items.length > 1 && (
            <button type="button" className="button small" onClick={() => void replay(items)}>
              <Icon name="restore" size={13} />
              Send these {countText(items.length)} again
            </button>
          )}
          <fieldset className="segments" aria-label="Which deliveries">
            {choices.map(([value, text]) => (
              <button
                key={text}
                type="button"
                aria-pressed={state === value}
                onClick={() => {
                  setState(value);
                  setLimit(pageSize);
                }}
              >
                {text}
              </button>
            ))}
          </fieldset>
        </div>
      </div>
      {list.isError && list.data === undefined ? (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isSuccess && items.length === 0 ? (
        <p className="quiet">{emptyText(state)}</p>
      ) : (
        <DeliveryTable items={items} onReplay={(delivery) => void replay([delivery])} />
      )}
      {list.data?.cursor !== undefined && (
        <p className="more">
          The latest {countText(items.length)}.{' '}
          {limit < most && (
            <button
              type="button"
              className="link-button"
              onClick={() => setLimit((before) => Math.min(most, before + 4 * pageSize))}
            >
              Show more
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function emptyText(state: DeliveryState | undefined): string {
  if (state === 'waiting') return 'Nothing waits: whatever happened was taken or given up.';
  if (state === 'failed') return 'Nothing was given up.';
  if (state === 'delivered') return 'Nothing was taken yet.';
  return 'Nothing has happened yet that it is told of. Try it out at the side, or register a model.';
}

function DeliveryTable(props: { items: readonly Delivery[]; onReplay: (delivery: Delivery) => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-frame" tabIndex={0} role="region" aria-labelledby="deliveries-title">
      <table className="facts-table deliveries-table">
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">State</th>
            <th scope="col" className="num">
              Answer
            </th>
            <th scope="col" className="num">
              Took
            </th>
            <th scope="col" className="num">
              Attempts
            </th>
            <th scope="col">Last tried</th>
            <th scope="col">Why, and what next</th>
            <th scope="col">
              <span className="visually-hidden">Send again</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} onReplay={() => props.onReplay(delivery)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ delivery, onReplay }: { delivery: Delivery; onReplay: () => void }) {
  const { id, event, status, took, attempts, lastAttempt, created, nextAttempt, error } = delivery;
  return (
    <tr>
      <th scope="row" className="mono" title={`Delivery ${id}`}>
        {event}
      </th>
      <td>
        <DeliveryMark delivery={delivery} />
      </td>
      <td className="num">{status ?? <span className="faint">–</span>}</td>
      <td className="num">{took === null ? <span className="faint">–</span> : `${countText(took)} ms`}</td>
      <td className="num">{countText(attempts)}</td>
      <td className="dim">
        <Ago time={lastAttempt ?? created} />
      </td>
      <td className="why" title={error ?? undefined}>
        {delivery.state !== 'delivered' && error}
        {nextAttempt !== null && attempts > 0 && (
          <span className="dim">
            {error === null ? '' : ' · '}
            again {soon(nextAttempt)}
          </span>
        )}
      </td>
      <td className="tools">
        <button
          type="button"
          className="button small"
          aria-label={`Replay ${event}`}
          title={`Under the same id, ${id}`}
          onClick={onReplay}
        >
          <Icon name="restore" size={13} />
          Replay
        </button>
      </td>
    </tr>
  );
}

/** When it is tried the next time: to the second while that is near. */
function soon(time: number): string {
  const seconds = Math.max(0, Math.round((time - Date.now()) / 1000));
  if (seconds < 60) return `in ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `in ${minutes} min` : `in ${Math.round(minutes / 60)} h`;
}
