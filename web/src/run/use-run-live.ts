/** Keeps the page of one run alive: its events become one read of the run at a time, paced by how long that takes. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, openEventStream } from '../api/event-stream.ts';

const pace = 500;
/** ms after the first event of a burst, so that a batch of them is one read. */
const gather = 60;

export function useRunLive(project: string, run: string): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let [next, again, closed] = [0, false, false];
    // Metrics come all the time; files are listed and read again only when one changed.
    let filesChanged = true;

    async function flush(): Promise<void> {
      again = false;
      const began = Date.now();
      await queries.invalidateQueries({ queryKey: ['run', project, run] }, { cancelRefetch: false });
      await queries.invalidateQueries({ queryKey: ['run-events', project, run] }, { cancelRefetch: false });
      if (filesChanged) {
        filesChanged = false;
        await queries.invalidateQueries({ queryKey: ['artifacts', project, run] }, { cancelRefetch: false });
      }
      next = Math.max(began + pace, Date.now() + 2 * (Date.now() - began));
      timer = undefined;
      if (again) schedule();
    }
    function schedule(): void {
      again = true;
      if (!closed) timer ??= setTimeout(() => void flush(), Math.max(gather, next - Date.now()));
    }

    const stream = openEventStream(
      project,
      { run },
      {
        event({ action }) {
          filesChanged ||= action.startsWith('artifact.');
          schedule();
        },
        connection(state) {
          setConnection(state);
          if (state !== 'live') return;
          filesChanged = true;
          schedule();
        },
      },
    );
    return () => {
      closed = true;
      stream.close();
      clearTimeout(timer);
    };
  }, [project, run, queries]);

  return connection;
}
