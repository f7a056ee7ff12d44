/**
 * What one side holds, so that two sides can be compared without keeping either: of each owner (an experiment, a run, a model) and
 * each kind of record how many there are and a digest that does not depend on their order. Points are mixed by
 * arithmetic, 40 ns each; all else by SHA-256.
 */
import { hash } from 'node:crypto';
import type { LinkRecord, RegisteredRecord } from '../../domain/transfer/index.ts';
import { asBigInts, type PointColumns } from '../../engines/metrics/index.ts';
import type { MovedFile } from './cairn-server.ts';
import type { SourceExperiment, SourceModel, SourceRun } from './source.ts';

export const kinds = [
  'experiments',
  'experiment tags',
  'runs',
  'params',
  'tags',
  'inputs',
  'metrics',
  'points',
  'logged models',
  'model params',
  'model tags',
  'model points',
  'model links',
  'registered models',
  'model versions',
  'version tags',
  'aliases',
  'artifacts',
  'artifact bytes',
] as const;
export type Kind = (typeof kinds)[number];

/** Four 32-bit sums: equal sets have equal ones, whatever the order. */
type Lanes = Uint32Array;

export interface Held {
  count: number;
  readonly lanes: Lanes;
}

export class Tally {
  /** `run 3f…` → what it holds of each kind. */
  readonly owners = new Map<string, Map<Kind, Held>>();

  experiment({ record }: SourceExperiment): void {
    const owner = `experiment ${record.id}`;
    const { id, name, location, lifecycle, created, updated, tags } = record;
    this.#add(owner, 'experiments', [id, name, location, lifecycle, created, updated]);
    for (const tag of tags) this.#add(owner, 'experiment tags', tag);
  }

  run({ record, series, continues }: SourceRun): void {
    const owner = `run ${record.id}`;
    if (!continues) {
      const { id, name, user, state, started, ended, lifecycle } = record;
      this.#add(owner, 'runs', [id, name, user, state, started, ended, lifecycle, deletionOf(record)]);
      for (const param of record.params) this.#add(owner, 'params', param);
      for (const tag of record.tags) this.#add(owner, 'tags', tag);
      for (const { name: dataset, digest, sourceType, source, schema, profile, tags } of record.inputs) {
        const told = [...tags].sort(byKey);
        this.#add(owner, 'inputs', [dataset, digest, sourceType, source, schema, profile, told]);
      }
    }
    for (const { key, points } of series) {
      // A series may come in pieces: its name counts once.
      const name = this.#held(owner, 'metrics');
      const seed = lanesOf([record.id, key]);
      if (!this.#seen(owner, key)) addLanes(name, seed);
      addPoints(this.#held(owner, 'points'), seed, points);
    }
  }

  model({ record, series }: SourceModel): void {
    const owner = `model ${record.id}`;
    const { id, name, type, sourceRun, state, message, created, updated, lifecycle } = record;
    this.#add(owner, 'logged models', [
      id,
      name,
      type,
      sourceRun,
      state,
      message,
      created,
      updated,
      lifecycle,
    ]);
    for (const param of record.params) this.#add(owner, 'model params', param);
    for (const tag of record.tags) this.#add(owner, 'model tags', tag);
    for (const { key, run, dataset, points } of series) {
      addPoints(this.#held(owner, 'model points'), lanesOf([id, key, run, dataset ?? null]), points);
    }
  }

  link({ run, model, role, step }: LinkRecord): void {
    this.#add(`run ${run}`, 'model links', [run, model, role, step]);
  }

  registered(record: RegisteredRecord): void {
    const owner = `registered model ${record.name}`;
    const { name, description, created, tags } = record;
    this.#add(owner, 'registered models', [name, description ?? '', created, [...tags].sort(byKey)]);
    for (const { tags: own, updated: _, ...version } of record.versions) {
      this.#add(owner, 'model versions', Object.entries(version).sort(byKey));
      for (const tag of own) this.#add(owner, 'version tags', [version.version, ...tag]);
    }
    for (const number of record.deleted) this.#add(owner, 'model versions', ['deleted', number]);
    for (const alias of record.aliases) this.#add(owner, 'aliases', alias);
  }

  /** A file of a run or model. */
  file(owner: string, { path, size, sha256 }: MovedFile): void {
    this.#add(owner, 'artifacts', [path, sha256]);
    this.#held(owner, 'artifact bytes').count += size;
  }

  readonly #series = new Map<string, Set<string>>();

  #seen(owner: string, key: string): boolean {
    let keys = this.#series.get(owner);
    if (keys === undefined) {
      keys = new Set();
      this.#series.set(owner, keys);
    }
    if (keys.has(key)) return true;
    keys.add(key);
    return false;
  }

  #held(owner: string, kind: Kind): Held {
    let byKind = this.owners.get(owner);
    if (byKind === undefined) {
      byKind = new Map();
      this.owners.set(owner, byKind);
    }
    let held = byKind.get(kind);
    if (held === undefined) {
      held = { count: 0, lanes: new Uint32Array(4) };
      byKind.set(kind, held);
    }
    return held;
  }

  #add(owner: string, kind: Kind, value: unknown): void {
    addLanes(this.#held(owner, kind), lanesOf(value));
  }
}

/** Of deleted runs; older MLflows did not write it down, and Cairn then takes when it ended. */
function deletionOf({ lifecycle, deleted, ended, started }: SourceRun['record']): number | null {
  return lifecycle === 'deleted' ? (deleted ?? ended ?? started) : null;
}

const byKey = (a: readonly unknown[], b: readonly unknown[]): number =>
  String(a[0]) < String(b[0]) ? -1 : 1;

export function equal(a: Held | undefined, b: Held | undefined): boolean {
  if (a === undefined || b === undefined) return (a?.count ?? 0) === (b?.count ?? 0);
  return a.count === b.count && a.lanes.every((lane, index) => lane === b.lanes[index]);
}

function lanesOf(value: unknown): Lanes {
  const digest = hash('sha256', JSON.stringify(value), 'buffer');
  const lanes = new Uint32Array(4);
  for (let i = 0; i < 4; i++) lanes[i] = digest.readUInt32LE(i * 4);
  return lanes;
}

function addLanes(held: Held, lanes: Lanes): void {
  held.count++;
  for (let i = 0; i < 4; i++) held.lanes[i] = held.lanes[i]! + lanes[i]!;
}

/** Of each point: seed of its series, bits of value, step and time, mixed as MurmurHash3 does. */
function addPoints(held: Held, seed: Lanes, { values, steps, times }: PointColumns): void {
  const value = new Float64Array(values);
  for (let i = 0; i < value.length; i++) if (Number.isNaN(value[i])) value[i] = Number.NaN;
  const columns = [value, asBigInts(steps), asBigInts(times)].map(
    (column) => new Uint32Array(column.buffer, column.byteOffset, column.length * 2),
  );
  for (let lane = 0; lane < 4; lane++) {
    let sum = held.lanes[lane]!;
    for (let i = 0; i < value.length; i++) {
      let mixed = seed[lane]!;
      for (const column of columns) {
        mixed = mix(mixed, column[2 * i]!);
        mixed = mix(mixed, column[2 * i + 1]!);
      }
      mixed ^= mixed >>> 16;
      mixed = Math.imul(mixed, 0x85ebca6b);
      mixed ^= mixed >>> 13;
      mixed = Math.imul(mixed, 0xc2b2ae35);
      sum = (sum + (mixed ^ (mixed >>> 16))) >>> 0;
    }
    held.lanes[lane] = sum;
  }
  held.count += value.length;
}

function mix(state: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let mixed = state ^ Math.imul(k, 0x1b873593);
  mixed = (mixed << 13) | (mixed >>> 19);
  return (Math.imul(mixed, 5) + 0xe6546b64) | 0;
}
