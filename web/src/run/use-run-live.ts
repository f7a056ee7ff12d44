/** Keeps the page of one run alive: its events become one read of the run at a time, paced by how long that takes. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, openEventStream } from '../api/event-stream.ts';
import { paced } from '../api/paced.ts';

/** ms from the first connection to the reading that makes up for what happened before it. */
const firstPause = 1000;
const pace = { gather: 60, pace: 500, rest: 2 };

export function useRunLive(project: string, run: string): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();

  useEffect(() => {
    // Metrics come all the time; files are listed and read again only when one changed.
    let filesChanged = true;
    let wasLive = false;
    let first: ReturnType<typeof setTimeout> | undefined;

    const { schedule, close } = paced(pace, async () => {
      await queries.invalidateQueries({ queryKey: ['run', project, run] }, { cancelRefetch: false });
      await queries.invalidateQueries({ queryKey: ['run-events', project, run] }, { cancelRefetch: false });
      if (filesChanged) {
        filesChanged = false;
        await queries.invalidateQueries({ queryKey: ['artifacts', project, run] }, { cancelRefetch: false });
      }
    });

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
          // The page has just asked for all of it, and its charts are being read: what happened between can wait so long.
          if (wasLive) schedule();
          else first = setTimeout(schedule, firstPause);
          wasLive = true;
        },
      },
    );
    return () => {
      clearTimeout(first);
      stream.close();
      close();
    };
  }, [project, run, queries]);

  return connection;
}
