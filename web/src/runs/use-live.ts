/**
 * Keeps the table alive: events of the experiment become refetches, at most two a second. Values of runs on the screen
 * change in place; where an event may change which rows there are or their order, the visible pages are read again from
 * their cursors, so nothing that is being read moves.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type Connection, openEventStream } from '../api/event-stream.ts';
import type { RecordedEvent } from '../api/types.ts';
import type { RunPages } from './run-pages.ts';

/** ms between two refetches of rows. */
const rowPace = 500;
/** ms after the first event of a burst, so that a batch of them is one refetch. */
const gather = 80;
/** ms between two refetches of what is costlier to answer: the list of columns, the best values. */
const slowPace = 4000;
/** A server that needs long is asked less often: after an answer, this many times its time is left alone. */
const rest = { rows: 2, slow: 6 };

export function useLive(options: {
  project: string;
  experiment: string;
  pages: RunPages;
  /** Whether a new value can change which rows there are or their order. */
  volatile: boolean;
}): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();
  const { project, experiment } = options;
  const now = useRef(options);
  now.current = options;

  useEffect(() => {
    let touched = new Set<string>();
    let structure = false;
    let rowTimer: ReturnType<typeof setTimeout> | undefined;
    let slowTimer: ReturnType<typeof setTimeout> | undefined;
    let closed = false;
    let nextRows = 0;
    let nextSlow = 0;
    let slowAgain = false;
    let wasLive = false;

    async function flushRows(): Promise<void> {
      const { pages } = now.current;
      const [ids, whole] = [touched, structure];
      touched = new Set();
      structure = false;
      const began = Date.now();
      try {
        if (whole) await pages.invalidate();
        else await pages.touch(ids);
      } catch {
        // The next event or the healed connection asks again.
      }
      nextRows = Math.max(began + rowPace, Date.now() + rest.rows * (Date.now() - began));
      rowTimer = undefined;
      if (!closed && (structure || touched.size > 0)) scheduleRows();
    }

    function scheduleRows(): void {
      rowTimer ??= setTimeout(() => void flushRows(), Math.max(gather, nextRows - Date.now()));
    }

    async function flushSlow(): Promise<void> {
      slowAgain = false;
      const began = Date.now();
      // What is already being asked is not asked twice: under a stream of events nothing would ever be answered.
      for (const queryKey of [
        ['experiments', project],
        ['experiment', project, experiment],
        ['columns', project, experiment],
        ['best', project, experiment],
      ])
        await queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
      nextSlow = Math.max(began + slowPace, Date.now() + rest.slow * (Date.now() - began));
      slowTimer = undefined;
      if (!closed && slowAgain) scheduleSlow();
    }

    function scheduleSlow(): void {
      slowAgain = true;
      slowTimer ??= setTimeout(() => void flushSlow(), Math.max(gather, nextSlow - Date.now()));
    }

    function event({ action, run }: RecordedEvent): void {
      if (run !== undefined) touched.add(run);
      // Logging and tagging leave the rows where they are, unless the filter or the order looks at values.
      const inPlace = action === 'run.log' || action.includes('tag');
      if (!inPlace || now.current.volatile) structure = true;
      scheduleRows();
      scheduleSlow();
    }

    const stream = openEventStream(
      project,
      { experiment },
      {
        event,
        connection(state) {
          setConnection(state);
          if (state !== 'live') return;
          // Between the last rows read and this moment anything may have happened.
          structure = true;
          scheduleRows();
          // What the page has just asked for is not asked again while somebody waits for its first rows.
          if (!wasLive) nextSlow = Date.now() + slowPace;
          wasLive = true;
          scheduleSlow();
        },
      },
    );
    return () => {
      closed = true;
      stream.close();
      clearTimeout(rowTimer);
      clearTimeout(slowTimer);
    };
  }, [project, experiment, queries]);

  return connection;
}
