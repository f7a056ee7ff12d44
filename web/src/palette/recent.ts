/** What was opened last in this browser, per project: what somebody most likely wants again. */
import { useEffect } from 'react';

export interface RecentThing {
  readonly kind: 'experiment' | 'run' | 'model' | 'dataset' | 'job' | 'prompt';
  readonly id: string;
  readonly name: string;
  /** Of a run: the name of its experiment. */
  readonly within?: string;
}

const slot = 'cairn.recent';
const most = 12;

type Stored = Readonly<Record<string, readonly RecentThing[]>>;

function read(): Stored {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(slot) ?? '{}');
    return typeof stored === 'object' && stored !== null ? (stored as Stored) : {};
  } catch {
    return {};
  }
}

export function recentThings(project: string): readonly RecentThing[] {
  const list = read()[project];
  return Array.isArray(list) ? (list as readonly RecentThing[]).filter(({ id, name }) => id && name) : [];
}

/** Remembers it as opened just now. */
export function useRecent(project: string, thing: RecentThing | undefined): void {
  const key = JSON.stringify(thing);
  useEffect(() => {
    if (key === undefined) return;
    const opened = JSON.parse(key) as RecentThing;
    const others = recentThings(project).filter(({ kind, id }) => kind !== opened.kind || id !== opened.id);
    try {
      localStorage.setItem(
        slot,
        JSON.stringify({ ...read(), [project]: [opened, ...others].slice(0, most) }),
      );
    } catch {
      // Storage is blocked or full: the palette begins with the latest runs of the server.
    }
  }, [project, key]);
}
