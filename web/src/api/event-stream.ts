/**
 * Recorded events as they happen, over server-sent events read with fetch (EventSource cannot send a token). A lost
 * connection heals by itself: it waits 0.5 s, 1 s, 2 s … 15 s and resumes after the last event it saw.
 */
import { ApiProblem, apiUrl, problemOf } from './client.ts';
import { authorization } from './token.ts';
import type { RecordedEvent } from './types.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'paused';

export interface EventStream {
  /** Stops for good. */
  close(): void;
}

export interface EventListener {
  event(event: RecordedEvent): void;
  connection(state: Connection): void;
}

const firstWait = 500;
const longestWait = 15_000;
/** The server sends a comment at least this often; silence beyond it means the line is dead though it looks open. */
const silence = 45_000;

/** Whose events: those of one run, of an experiment and all its runs, or with neither of the whole project. */
export interface EventScope {
  readonly run?: string;
  readonly experiment?: string;
}

export function openEventStream(project: string, scope: EventScope, listener: EventListener): EventStream {
  let lastId: string | undefined;
  let wait = firstWait;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;
  let closed = false;

  async function connect(): Promise<void> {
    const own = new AbortController();
    current = own;
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream', ...authorization() };
      if (lastId !== undefined) headers['last-event-id'] = lastId;
      const url = apiUrl('/events', { project, run: scope.run, experiment: scope.experiment });
      const response = await fetch(url, { headers, signal: own.signal, cache: 'no-store' });
      if (!response.ok || response.body === null) throw await problemOf(response);
      wait = firstWait;
      listener.connection('live');
      await read(response.body, own);
    } catch (error) {
      // A refusal is answered by the token prompt, which opens a new stream.
      if (error instanceof ApiProblem && error.status === 401) return;
    }
    if (closed || own !== current) return;
    current = undefined;
    listener.connection('lost');
    timer = setTimeout(() => void connect(), wait);
    wait = Math.min(longestWait, wait * 2);
  }

  async function read(body: ReadableStream<Uint8Array>, own: AbortController): Promise<void> {
    const reader = body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader();
    const parser = new EventParser();
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => own.abort(), silence);
    };
    try {
      alive();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        alive();
        for (const { id, data } of parser.push(value)) {
          if (id !== undefined) lastId = id;
          const event = parse(data);
          if (event !== undefined && !closed) listener.event(event);
        }
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  function pause(): void {
    clearTimeout(timer);
    const own = current;
    current = undefined;
    own?.abort();
  }

  // A browser allows six HTTP/1.1 connections to one server, over all tabs: a hidden tab gives its own back.
  function visibility(): void {
    clearTimeout(timer);
    if (document.visibilityState === 'hidden') {
      timer = setTimeout(() => {
        pause();
        listener.connection('paused');
      }, 5000);
    } else if (current === undefined) {
      wait = firstWait;
      listener.connection('connecting');
      void connect();
    }
  }

  function online(): void {
    pause();
    wait = firstWait;
    void connect();
  }

  document.addEventListener('visibilitychange', visibility);
  window.addEventListener('online', online);
  void connect();
  return {
    close() {
      closed = true;
      document.removeEventListener('visibilitychange', visibility);
      window.removeEventListener('online', online);
      pause();
    },
  };
}

function parse(data: string): RecordedEvent | undefined {
  try {
    const event = JSON.parse(data) as Partial<RecordedEvent>;
    // The stream opens with an empty event that only says where it begins.
    return event.action === undefined ? undefined : (event as RecordedEvent);
  } catch {
    return undefined;
  }
}

/** The framing of server-sent events: fields by line, an empty line ends an event, a leading colon is a comment. */
class EventParser {
  #rest = '';
  #id: string | undefined;
  #data: string[] = [];

  push(text: string): { id: string | undefined; data: string }[] {
    const complete: { id: string | undefined; data: string }[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    for (const line of lines) {
      if (line === '') {
        if (this.#data.length > 0) complete.push({ id: this.#id, data: this.#data.join('\n') });
        this.#data = [];
      } else if (line.startsWith('id:')) this.#id = line.slice(3).trimStart();
      else if (line.startsWith('data:')) this.#data.push(line.slice(5).replace(/^ /, ''));
    }
    return complete;
  }
}
