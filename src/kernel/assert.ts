import { CairnError } from './errors.ts';

/** Holds an invariant of ours, in production too. A failure is a bug, never a client's fault. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new CairnError('internal', `invariant broken: ${message}`);
}

/** The value, which the caller knows to exist. */
export function present<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `${what} is missing`);
  return value;
}

/** Marks a switch as exhaustive: adding a member to the union becomes a type error here. */
export function unreachable(value: never): never {
  throw new CairnError('internal', `unreachable: ${String(value)}`);
}
