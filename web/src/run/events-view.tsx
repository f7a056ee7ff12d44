/** The recorded changes of this run: when, who, by which protocol, what. The newest first among those that are read. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { eventList, nodeEvents } from '../api/operations.ts';
import type { EventPage, RecordedEvent, Run } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { ProblemView } from '../ui/problem-view.tsx';

/** What the first answer holds (GET /graph/nodes/{uid}). */
const firstPage = 100;
/** Rows drawn; a run that logs for days has a change for every batch. */
const rowLimit = 500;

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
    // The log is read by position from its beginning; the run's own first changes say where that is.
    queryFn: async ({ pageParam, signal }): Promise<EventPage> => {
      if (pageParam !== undefined) return eventList(project, { run: run.id, after: pageParam }, signal);
      const items = await nodeEvents(project, run.id, signal);
      return { items, reached: items.at(-1)?.position ?? 0 };
    },
    getNextPageParam: (last, pages) =>
      pages.length === 1
        ? last.items.length >= firstPage
          ? last.reached
          : undefined
        : last.items.length > 0
          ? last.reached
          : undefined,
  });
  if (events.data === undefined)
    return events.error === null ? null : (
      <ProblemView error={events.error} onRetry={() => void events.refetch()} />
    );
  const all = events.data.pages.flatMap(({ items }) => items);
  const shown = all.toReversed().slice(0, rowLimit);
  return (
    <section className="events" aria-label="Events">
      {events.hasNextPage && (
        <p className="more">
          The first {countText(all.length)} changes are read.{' '}
          <button
            type="button"
            className="link-button"
            disabled={events.isFetchingNextPage}
            onClick={() => void events.fetchNextPage()}
          >
            Read later ones
          </button>
        </p>
      )}
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
          {shown.map((event) => (
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
      {all.length > shown.length && (
        <p className="more">
          {countText(shown.length)} of {countText(all.length)} are shown.
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
