/** What a command is, and what it may touch of the world outside. */
import type { Accepts, Invocation, Surroundings } from './invocation.ts';

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
