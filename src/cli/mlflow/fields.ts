/** Values of foreign rows and files in the forms that records take. What cannot be one throws `Unreadable`. */
import type { ForeignValue } from '../../db/foreign-db.ts';
import type { RunRecord } from '../../domain/transfer/index.ts';

/** One record that cannot be read; the message says what many may share. */
export class Unreadable extends Error {}

export function text(value: ForeignValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.toWellFormed();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return String(value);
}

/** A whole number; `what` names it in the error. */
export function int(value: ForeignValue | undefined, what: string): number | bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'bigint' || (typeof value === 'string' && /^-?\d{1,19}$/.test(value))) {
    const exact = BigInt(value);
    const number = Number(exact);
    if (BigInt.asIntN(64, exact) === exact) return Number.isSafeInteger(number) ? number : exact;
  }
  throw new Unreadable(`${what} that is no int64`);
}

/** ms since 1970 as a record keeps it; absent is 0. */
export function instant(value: ForeignValue | undefined, what: string): number {
  return optionalInstant(value, what) ?? 0;
}

export function optionalInstant(value: ForeignValue | undefined, what: string): number | null {
  if (value === null || value === undefined) return null;
  const number = int(value, what);
  if (typeof number === 'number') return number;
  throw new Unreadable(`${what} beyond every calendar`);
}

export const flag = (value: ForeignValue | undefined): boolean => value === true || Number(value) === 1;

export function lifecycle(value: ForeignValue | undefined): 'active' | 'deleted' {
  return text(value) === 'deleted' ? 'deleted' : 'active';
}

const states: Readonly<Record<string, RunRecord['state']>> = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
};
/** As file stores number them. */
const numberedStates = ['', 'RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];

export function runState(value: ForeignValue | undefined): RunRecord['state'] {
  const word = text(value);
  const state = states[/^\d$/.test(word) ? (numberedStates[Number(word)] ?? '') : word.toUpperCase()];
  if (state === undefined) throw new Unreadable('a run in a state that MLflow does not know');
  return state;
}

/** The id of a run as Cairn holds it. */
export function runId(value: ForeignValue | undefined): string {
  const id = text(value);
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  throw new Unreadable('a run whose id is not 32 hexadecimal digits');
}

/** The id of a logged model as Cairn holds it. */
export function modelId(id: string): string {
  if (/^m-[0-9a-f]{32}$/.test(id)) return id;
  throw new Unreadable('a logged model whose id is not m- and 32 hexadecimal digits');
}

/** A double; an absent one is NaN. */
export function double(value: ForeignValue | undefined): number {
  const found = typeof value === 'bigint' ? Number(value) : value;
  if (typeof found === 'number') return found;
  if (found === null || found === undefined) return Number.NaN;
  throw new Unreadable('a point whose value is no number');
}
