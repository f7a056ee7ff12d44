/** Keeps pages alive: what happens in the project makes what they show stale, paced by how long reading it again takes. */
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, openEventStream } from './event-stream.ts';
import { type Pace, paced } from './paced.ts';
import type { RecordedEvent } from './types.ts';

/** Constant: the stream is opened anew for another one. */
export interface ReadAgain {
  readonly pace: Pace;
  /** Answers kept under keys that begin with these become stale, one after the other. */
  readonly keys: (project: string) => readonly QueryKey[];
  /** Whether an event changes any of them. */
  readonly concerns: (event: RecordedEvent) => boolean;
}

export function useReadAgain(project: string, live: ReadAgain): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();
  useEffect(() => {
    const { schedule, close } = paced(live.pace, async () => {
      for (const queryKey of live.keys(project))
        await queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
    });
    const stream = openEventStream(
      project,
      {},
      {
        event(event) {
          if (live.concerns(event)) schedule();
        },
        connection(state) {
          setConnection(state);
          if (state === 'live') schedule();
        },
      },
    );
    return () => {
      stream.close();
      close();
    };
  }, [project, live, queries]);
  return connection;
}
