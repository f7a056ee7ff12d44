/**
 * The books of the event log: what each applied write must have left there (exactly one event), what a retry may leave
 * beside it, and that nothing else is there. Writes and events meet under a signature that both can be reduced to.
 */
import assert from 'node:assert/strict';
import type { Effect } from './load/effect.ts';
import type { ReadEvent } from './reader.ts';

interface Line {
  least: number;
  most: number;
  found: number;
}

export class EventAccount {
  readonly #lines = new Map<string, Line>();

  /** From `least` to `most` events of this effect are right. */
  expect(effect: Effect, least: number, most: number): void {
    this.#expect(signatureOf(effect), least, most);
  }

  /** A batch that is sent again finds its points and parameters there; its tags are set once more. */
  expectTagsAgain(effect: Effect, most: number): void {
    if (effect.type !== 'log' || effect.tags.length === 0) return;
    this.#expect(signatureOf({ ...effect, points: [], params: [] }), 0, most);
  }

  /** Whether every write has its events already; positions may be given a moment after the commit. */
  isComplete(events: readonly ReadEvent[]): boolean {
    const counts = new Map<string, number>();
    for (const event of events) {
      const signature = signatureOfEvent(event);
      counts.set(signature, (counts.get(signature) ?? 0) + 1);
    }
    return [...this.#lines].every(([signature, line]) => (counts.get(signature) ?? 0) >= line.least);
  }

  close(events: readonly ReadEvent[]): void {
    const unexpected: ReadEvent[] = [];
    for (const event of events) {
      const line = this.#lines.get(signatureOfEvent(event));
      if (line === undefined) unexpected.push(event);
      else line.found += 1;
    }
    const wrong = [...this.#lines].filter(([, line]) => line.found < line.least || line.found > line.most);
    assert.deepEqual(wrong.slice(0, 5), [], 'writes with too few or too many events');
    assert.deepEqual(unexpected.slice(0, 5), [], 'events of no write');
    this.#lines.clear();
  }

  #expect(signature: string, least: number, most: number): void {
    const line = this.#lines.get(signature) ?? { least: 0, most: 0, found: 0 };
    line.least += least;
    line.most += most;
    this.#lines.set(signature, line);
  }
}

/** Of an effect that makes something: the same for every attempt to make it. */
export function signatureOf(effect: Effect): string {
  switch (effect.type) {
    case 'experiment':
      return join('experiment.create', effect.name);
    case 'experiment-tag':
      return join('experiment.tag', effect.experiment, effect.tag.key, effect.tag.value);
    case 'experiment-name':
      return join('experiment.rename', effect.experiment, effect.name);
    case 'experiment-lifecycle':
      return join(effect.deleted ? 'experiment.delete' : 'experiment.restore', effect.experiment);
    case 'run':
      return join('run.create', effect.name);
    case 'log': {
      const keys = [...new Set(effect.points.map((point) => point.key))];
      return logSignature(effect.run, keys, effect.points.length, effect.params, effect.tags);
    }
    case 'tag':
      return join('run.tag', effect.run, effect.tag.key, effect.tag.value);
    case 'untag':
      return join('run.untag', effect.run, effect.key);
    case 'update':
      return join('run.update', effect.run, effect.name, effect.ended);
    case 'lifecycle':
      return join(effect.deleted ? 'run.delete' : 'run.restore', effect.run);
  }
}

interface EventBody {
  readonly name?: string;
  readonly to?: string;
  readonly ended?: number;
  readonly tags?: readonly { key: string; value: string }[];
  readonly params?: readonly { key: string; value: string }[];
  readonly removed?: readonly string[];
  readonly metrics?: { readonly keys: readonly string[]; readonly points: number };
}

export function signatureOfEvent(event: ReadEvent): string {
  const body = event.body as EventBody;
  const place = event.run ?? event.experiment ?? event.node;
  switch (event.action) {
    case 'experiment.create':
    case 'run.create':
      return join(event.action, body.name);
    case 'experiment.tag':
    case 'run.tag':
      return join(event.action, place, body.tags?.[0]?.key, body.tags?.[0]?.value);
    case 'experiment.rename':
      return join(event.action, place, body.to);
    case 'run.log':
      return logSignature(
        place,
        body.metrics?.keys ?? [],
        body.metrics?.points ?? 0,
        body.params ?? [],
        body.tags ?? [],
      );
    case 'run.untag':
      return join(event.action, place, body.removed?.[0]);
    case 'run.update':
      return join(event.action, place, body.name, body.ended);
    default:
      return join(event.action, place);
  }
}

function logSignature(
  run: string,
  keys: readonly string[],
  points: number,
  params: readonly { key: string }[],
  tags: readonly { value: string }[],
): string {
  return join(
    'run.log',
    run,
    points,
    ...keys,
    '+',
    ...params.map(({ key }) => key),
    '+',
    ...tags.map(({ value }) => value),
  );
}

const join = (...parts: readonly unknown[]): string => parts.join('\u0001');
