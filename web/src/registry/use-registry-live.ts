/** Keeps pages of the registry alive: what happens to models and versions makes what is shown of them stale. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, openEventStream } from '../api/event-stream.ts';
import { paced } from '../api/paced.ts';
import { registryKey } from '../api/registry.ts';

const pace = { gather: 60, pace: 500, rest: 2 };

export function useRegistryLive(project: string): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();
  useEffect(() => {
    const { schedule, close } = paced(pace, () =>
      queries.invalidateQueries({ queryKey: registryKey(project) }, { cancelRefetch: false }),
    );
    const stream = openEventStream(
      project,
      {},
      {
        event({ action }) {
          if (/^(registered-model|model-version)\./.test(action)) schedule();
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
  }, [project, queries]);
  return connection;
}
