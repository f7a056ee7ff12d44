/** The log of the server as it grows: a stream that is taken up again where it broke. */
import { RequestError } from './request-error.ts';
import { backoff, Timer } from './timer.ts';
import type { Transport } from './transport.ts';
import type { RecordedEvent } from './wire.ts';

export interface EventOptions {
  /** Position to go on after; 0 begins with the first; from now on unless told. */
  readonly after?: number | undefined;
  /** Only of this run. */
  readonly run?: string | undefined;
  /** Only of the experiment with this id, and its runs. */
  readonly experiment?: string | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
}

/** Ends by its signal, or with the first refusal that no retry puts right. */
export async function* followEvents(
  transport: Transport,
  { after, run, experiment, signal }: EventOptions,
): AsyncGenerator<RecordedEvent> {
  let position = after;
  for (let attempt = 0; signal?.aborted !== true; attempt++) {
    try {
      const query = { run, experiment, after: position };
      const headers = { accept: 'text/event-stream' };
      const response = await transport.open('event.list', { query, headers, signal }, 0);
      for await (const frame of framesOf(response.body!)) {
        attempt = 0;
        if (frame.id !== undefined) position = Number(frame.id);
        if (frame.event !== 'begin' && frame.data !== '') yield JSON.parse(frame.data) as RecordedEvent;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof RequestError && !error.isTemporary) throw error;
    }
    if (signal?.aborted) return;
    const pause = new Timer();
    await new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => pause.fire(), { once: true });
      pause.start(backoff(attempt), true, resolve);
    });
  }
}

interface Frame {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Frames of server-sent events, those without data (keep-alives) left out. */
async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split('\n\n');
      rest = parts.pop()!;
      for (const part of parts) {
        const fields = new Map<string, string>();
        for (const line of part.split('\n')) {
          const [, name = '', text = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
          if (name !== '') fields.set(name, text);
        }
        const data = fields.get('data');
        if (data !== undefined) yield { id: fields.get('id'), event: fields.get('event') ?? '', data };
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
