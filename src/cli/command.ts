/** What a command is, and what it may touch of the world outside. */
import { UsageError } from '../config.ts';
import type { Accepts, Invocation, Surroundings } from './invocation.ts';
import { printable } from './text-table.ts';

export interface Terminal extends Surroundings {
  readonly cwd: string;
  readonly version: string;
  /** Whether a person reads the output. */
  readonly isInteractive: boolean;
  /** One line to stdout: the answer of the command. */
  out(line: string): void;
  /** One line to stderr: what else a person may want to know. */
  err(line: string): void;
  /** The line in place of the one before on stderr, for a person who looks on. */
  rewrite?(line: string): void;
}

export interface Command extends Accepts {
  readonly name: string;
  /** One sentence, for the list of commands. */
  readonly summary: string;
  /** What it does and does not do, in a few sentences. */
  readonly about: string;
  /** Command lines worth copying, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /** Resolves to the exit code. A command imports what it runs on only here, so that the others start fast. */
  run(invocation: Invocation, terminal: Terminal): Promise<number>;
}

/** One of the things that a command does, named behind it: `cairn models promote`. */
export interface Action {
  /** Words behind its name. */
  readonly words: number;
  /** Options that not all actions of the command take, of those this one does. */
  readonly flags?: readonly string[];
  run(invocation: Invocation, terminal: Terminal): Promise<number>;
}

/** The action of that name. `given` are the words behind it: no more than it takes; nor an option that only others take. */
export function actionOf(
  command: string,
  actions: Readonly<Record<string, Action>>,
  name: string,
  given: readonly string[],
  options: Invocation['options'],
): Action {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined)
    throw new UsageError(`cairn ${command} ${Object.keys(actions).join(', ')}; not ${printable(name)}`);
  if (given.length > action.words) throw new UsageError(`${name} does not take ${printable(given.at(-1)!)}`);
  const stray = Object.values(actions)
    .flatMap(({ flags = [] }) => flags)
    .find((flag) => options[flag] !== undefined && action.flags?.includes(flag) !== true);
  if (stray !== undefined) throw new UsageError(`${name} does not take --${stray}`);
  return action;
}
