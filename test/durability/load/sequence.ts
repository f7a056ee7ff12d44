/** What writers have in common: counting, a run of their own, and how changes are spelt on the wire. */
import type { Random } from '../../conformance/generated/random.ts';
import type { Content, Effect, Pair, Point } from './effect.ts';
import type { Answer, Write } from './ledger.ts';

export interface Writer {
  readonly name: string;
  next(): Write;
  learn(write: Write, answer: Answer): void;
}

/** What all writers write to beside their own: made before the first round. */
export interface Stage {
  readonly experiment: string;
  readonly run: string;
}

export type Message = { readonly [name: string]: unknown };
export type Half = Pick<Write, 'method' | 'path' | 'body' | 'content' | 'batch' | 'effect'> & {
  readonly keyed?: boolean;
};

/** Requests of a writer to one run, after which it begins another. */
const requestsPerRun = 1500;
export const firstTime = 1_760_000_000_000;

export abstract class Sequence implements Writer {
  readonly name: string;
  protected readonly random: Random;
  protected readonly stage: Stage;
  protected count = 0;
  #id = '';

  constructor(name: string, random: Random, stage: Stage) {
    this.name = name;
    this.random = random;
    this.stage = stage;
  }

  /** Unique in the test; part of every value that this request sets. */
  protected get id(): string {
    return this.#id;
  }

  next(): Write {
    this.count += 1;
    this.#id = `${this.name}.${this.count}`;
    const { keyed, ...half } = this.step();
    return { id: this.#id, kind: this.name, idempotencyKey: keyed ? `key ${this.#id}` : undefined, ...half };
  }

  learn(_write: Write, _answer: Answer): void {}

  protected abstract step(): Half;
}

export type WriterClass = new (name: string, random: Random, stage: Stage) => Writer;
export type WriterKind = readonly [name: string, kind: WriterClass];

/** A writer to a run, which it makes first: its own, or the one that all share. */
export abstract class RunWriter extends Sequence {
  #run: string | undefined;
  /** Of the run. */
  #experiment = '';
  #left = requestsPerRun;

  protected get sharesRun(): boolean {
    return this.name.endsWith('-shared');
  }

  protected step(): Half {
    if (this.#left === 0) this.#run = undefined;
    const run = this.sharesRun ? this.stage.run : this.#run;
    if (run === undefined) return createRun(this.stage.experiment, this.id, this.random);
    this.#left -= 1;
    return this.write(run);
  }

  override learn(write: Write, answer: Answer): void {
    if (write.effect.type !== 'run') return;
    this.#run = JSON.parse(answer.text).run.info.run_id;
    this.#experiment = write.effect.experiment;
    this.#left = requestsPerRun;
  }

  /** In the tree that all artifacts are in. */
  protected get artifactRoot(): string {
    if (this.sharesRun) return `${this.stage.experiment}/${this.stage.run}/artifacts`;
    return `${this.#experiment}/${this.#run}/artifacts`;
  }

  /** The next write is to another run. */
  protected leave(): void {
    this.#run = undefined;
  }

  protected abstract write(run: string): Half;
}

export function mlflow(path: string, body: Message, effect: Effect): Half {
  // `JSON.stringify` cannot write NaN bare, as Python does: a mark stands in for it.
  const text = JSON.stringify(body).replaceAll(/"bare (NaN|-?Infinity)"/g, '$1');
  return { method: 'POST', path: `/api/2.0/mlflow/${path}`, body: text, effect };
}

/** Stores a file through the proxy of the artifact tree. */
export function upload(root: string, effect: Extract<Effect, { type: 'file' }>): Half {
  return { method: 'PUT', path: inTree(root, effect.path), body: '', content: effect.content, effect };
}

export function inTree(root: string, path: string): string {
  const segments = `${root}/${path}`.split('/').map(encodeURIComponent);
  return `/api/2.0/mlflow-artifacts/artifacts/${segments.join('/')}`;
}

export function native(method: string, path: string, body: Message, effect: Effect, keyed: boolean): Half {
  return { method, path: `/api/v1/${path}`, body: JSON.stringify(body), effect, keyed };
}

export function createRun(experiment: string, id: string, random: Random): Half {
  const tags = pairs('made', random.below(6), id);
  const effect: Effect = { type: 'run', experiment, name: id, user: 'ada', started: firstTime, tags };
  const { name, user, started } = effect;
  return mlflow(
    'runs/create',
    { experiment_id: experiment, run_name: name, user_id: user, start_time: started, tags },
    effect,
  );
}

/** Points of several metrics, parameters and tags: the steps, keys and values of no two batches meet. */
export function batchOf(
  random: Random,
  name: string,
  id: string,
  run: string,
  count: number,
  points: number,
  pairCount: number,
) {
  return {
    type: 'log' as const,
    run,
    points: random
      .many(points, () => 0)
      .map((_, index) => pointOf(random, `${name}/m${index % 8}`, count * 1000 + index)),
    params: pairs(`param ${id}`, pairCount, textOf(random, id)),
    tags: [...pairs(`tag ${id}`, pairCount >> 1, id), { key: `latest of ${name}`, value: id }],
  };
}

export function pairs(prefix: string, count: number, value: string): Pair[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `${prefix} ${index}`,
    value: `${value}#${index}`,
  }));
}

export function pointOf(random: Random, key: string, step: number): Point {
  const value = random.weighted<() => Point['value']>([
    [6, () => Math.exp(-step / 1000) + random.next() / 100],
    [2, () => random.below(100)],
    [1, () => Math.fround(random.next())],
    [1, () => 10 ** (random.below(600) - 300) * (random.chance(0.5) ? 1 : -1)],
    [1, () => random.pick(['NaN', 'Infinity', '-Infinity', '-0'] as const)],
  ])();
  return { key, step, time: firstTime + step * 10 + random.below(10), value };
}

export function wireValue({ value }: Point): unknown {
  return value === '-0' ? value : typeof value === 'string' ? `bare ${value}` : value;
}

export function textOf(random: Random, id: string): string {
  return random.weighted([
    [6, id],
    [1, `${id} ✓ 日本 "quoted" \\ \u0000 end`],
    [1, `${id} ${'x'.repeat(1 + random.below(3000))}`],
  ]);
}

/** Bytes that surely hold a whole id, so that no two contents are equal. */
const wholeId = 64;

/** Small ones mostly; some large enough that a death finds them under way. */
export function contentOf(random: Random, id: string): Content {
  const most = random.weighted([
    [6, 3_000],
    [3, 60_000],
    [1, 800_000],
  ]);
  return { text: `${id} ✓\n`, size: wholeId + random.below(most) };
}
