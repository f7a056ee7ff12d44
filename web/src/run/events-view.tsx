/** The recorded changes of this run: when, who, by which protocol, what; the newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { latestEvents } from '../api/operations.ts';
import type { RecordedEvent, Run } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { ProblemView } from '../ui/problem-view.tsx';

/** A run that logs for days has a change for every batch. */
const pageSize = 100;

const words: Readonly<Record<string, string>> = {
  'run.create': 'Run created',
  'run.log': 'Values logged',
  'run.tag': 'Tag set',
  'run.untag': 'Tag deleted',
  'run.update': 'Run changed',
  'run.delete': 'Run deleted',
  'run.restore': 'Run restored',
};

export function EventsView({ run }: { run: Run }) {
  const { project } = useProject();
  const events = useInfiniteQuery({
    queryKey: ['run-events', project, run.id],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      latestEvents(project, { run: run.id, before: pageParam, limit: pageSize }, signal),
    getNextPageParam: ({ reached }) => (reached > 1 ? reached : undefined),
  });
  if (events.data === undefined)
    return events.error === null ? null : (
      <ProblemView error={events.error} onRetry={() => void events.refetch()} />
    );
  const all = events.data.pages.flatMap(({ items }) => items);
  return (
    <section className="events" aria-label="Events">
      <table className="facts-table events-table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Who</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {all.map((event) => (
            <tr key={event.position}>
              <td>
                <Ago time={event.recorded} />
              </td>
              <td title={event.action}>
                {words[event.action] ?? event.action} <span className="dim">{detailOf(event)}</span>
              </td>
              <td>{event.actor === '' ? '–' : event.actor}</td>
              <td className="dim">{event.face}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {events.hasNextPage && (
        <p className="more">
          The latest {countText(all.length)} changes.{' '}
          <button
            type="button"
            className="link-button"
            disabled={events.isFetchingNextPage}
            onClick={() => void events.fetchNextPage()}
          >
            Show earlier ones
          </button>
        </p>
      )}
    </section>
  );
}

/** What of the run changed, in a few words. */
function detailOf({ body }: RecordedEvent): string {
  if (typeof body !== 'object' || body === null) return '';
  const parts = Object.entries(body as Record<string, unknown>).flatMap(([key, value]): string[] => {
    if (Array.isArray(value)) return value.length === 0 ? [] : [`${key}: ${listText(value)}`];
    if (value === null || typeof value === 'object') return [];
    return [`${key}: ${value}`];
  });
  const text = parts.join(', ');
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}

function listText(items: readonly unknown[]): string {
  const keys = [
    ...new Set(
      items.map((item) =>
        typeof item === 'object' && item !== null && 'key' in item ? String(item.key) : undefined,
      ),
    ),
  ].filter((key) => key !== undefined);
  if (keys.length === 0) return countText(items.length);
  return keys.length > 4 ? `${keys.slice(0, 4).join(' ')} and ${keys.length - 4} more` : keys.join(' ');
}
