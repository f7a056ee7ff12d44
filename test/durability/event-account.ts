/**
 * The books of the event log: what each applied write must have left there (exactly one event), what a retry may leave
 * beside it, and that nothing else is there. Writes and events meet under a signature that both can be reduced to.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { bytesOf } from './load/client.ts';
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

  /** Of a run that was purged the bodies are gone, which tell events apart: only the purge is looked for. */
  forget(run: string, name: string): void {
    for (const signature of this.#lines.keys()) {
      const [action, subject] = signature.split('\u0001');
      const isOfIt = subject === run || (action === 'run.create' && subject === name);
      if (isOfIt && action !== 'run.purge') this.#lines.delete(signature);
    }
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
function signatureOf(effect: Effect): string {
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
    case 'purge':
      return join('run.purge', effect.run);
    case 'lifecycle':
      return join(effect.deleted ? 'run.delete' : 'run.restore', effect.run);
    case 'inputs': {
      const { datasets, models } = effect;
      return join('run.inputs', effect.run, ...datasets.map(({ digest }) => digest), '+', ...models);
    }
    case 'outputs':
      return join(
        'run.outputs',
        effect.run,
        ...effect.models.map(({ model, step }) => `${model} at ${step}`),
      );
    case 'file':
      return join('artifact.put', effect.owner.id, effect.path, digestOf(bytesOf(effect.content)));
    case 'unfile':
      return join('artifact.delete', effect.owner.id, effect.path);
    case 'model':
      return join('model.create', effect.name);
    case 'model-params':
      return join('model.log', effect.model, ...effect.params.map(({ key }) => key));
    case 'model-tag':
      return join('model.tag', effect.model, effect.tag.key, effect.tag.value);
    case 'model-untag':
      return join('model.untag', effect.model, effect.key);
    case 'model-status':
      return join('model.finish', effect.model, effect.status);
    case 'model-delete':
      return join('model.delete', effect.model);
    case 'registered':
      return join('registered-model.create', effect.registered);
    case 'registered-delete':
      return join('registered-model.delete', effect.registered);
    case 'version':
      return join('model-version.create', effect.registered, effect.version);
    case 'version-delete':
      return join('model-version.delete', effect.registered, effect.version);
    case 'alias':
      return join('model-version.alias', effect.registered, effect.alias, effect.version);
    case 'stage':
      return join('model-version.stage', effect.registered, effect.version, effect.stage);
  }
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface EventBody {
  readonly name?: string;
  readonly to?: string;
  readonly ended?: number;
  readonly tags?: readonly { key: string; value: string }[];
  readonly params?: readonly { key: string; value: string }[];
  readonly removed?: readonly string[];
  readonly datasets?: readonly { digest: string }[];
  /** Ids, or of outputs with their step. */
  readonly models?: readonly (string | { model: string; step: string })[];
  /** Name of a registered model. */
  readonly model?: string;
  readonly version?: number;
  readonly alias?: string;
  readonly stage?: string;
  readonly path?: string;
  readonly sha256?: string;
  readonly status?: string;
  readonly metrics?: { readonly keys: readonly string[]; readonly points: number };
}

export function signatureOfEvent(event: ReadEvent): string {
  const body = event.body as EventBody;
  const ofModel = event.action.startsWith('model.');
  const ofFile = event.action.startsWith('artifact.');
  const place = event.run ?? (ofModel || ofFile ? `m-${event.node}` : (event.experiment ?? event.node));
  switch (event.action) {
    case 'experiment.create':
    case 'run.create':
    case 'model.create':
    case 'registered-model.create':
    case 'registered-model.delete':
      return join(event.action, body.name);
    case 'model-version.create':
    case 'model-version.delete':
      return join(event.action, body.model, body.version);
    case 'model-version.alias':
      return join(event.action, body.model, body.alias, body.version);
    case 'model-version.stage':
      return join(event.action, body.model, body.version, body.stage);
    case 'experiment.tag':
    case 'run.tag':
    case 'model.tag':
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
    case 'model.untag':
      return join(event.action, place, body.removed?.[0]);
    case 'run.update':
      return join(event.action, place, body.name, body.ended);
    case 'run.inputs':
    case 'run.outputs':
      return join(event.action, place, ...linksOf(body));
    case 'artifact.put':
    case 'artifact.delete':
      return join(event.action, place, body.path, ...(body.sha256 === undefined ? [] : [body.sha256]));
    case 'model.log':
      return join(event.action, place, ...(body.params ?? []).map(({ key }) => key));
    case 'model.finish':
      return join(event.action, place, body.status);
    default:
      return join(event.action, place);
  }
}

function linksOf({ datasets, models = [] }: EventBody): unknown[] {
  const names = models.map((model) =>
    typeof model === 'string' ? model : `${model.model} at ${model.step}`,
  );
  const isOutput = models.some((model) => typeof model !== 'string');
  return isOutput ? names : [...(datasets ?? []).map(({ digest }) => digest), '+', ...names];
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
