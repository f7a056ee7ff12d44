/**
 * Counts what the suite did and prints it: a line per file, every failure in full where it happens and by name at the
 * end, every skip with its reason, and the line of counts last.
 */
import { inspect } from 'node:util';

interface Failure {
  readonly where: string;
  readonly what: string;
}

export class Report {
  #passed = 0;
  readonly #failures: Failure[] = [];
  readonly #skips: Failure[] = [];
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  get failed(): number {
    return this.#failures.length;
  }

  pass(): void {
    this.#passed++;
  }

  fail(where: string, what: string, error: unknown): void {
    this.#failures.push({ where, what });
    this.#write(`\n✗ ${where} › ${what}\n${indent(describe(error))}\n\n`);
  }

  skip(where: string, what: string, reason: string): void {
    this.#skips.push({ where, what: `${what} (${reason})` });
  }

  /** One line about a finished file or check. */
  line(isGood: boolean, where: string, milliseconds: number): void {
    this.#write(`${isGood ? '✓' : '✗'} ${where} ${(milliseconds / 1000).toFixed(1)} s\n`);
  }

  /** What a failed file wrote: often the reason. */
  output(where: string, text: string): void {
    const lines = text.trimEnd().split('\n');
    const shown = lines.slice(-60);
    this.#write(
      `  output of ${where}${shown.length < lines.length ? ` (last ${shown.length} lines)` : ''}:\n`,
    );
    this.#write(`${indent(shown.join('\n'), '  | ')}\n`);
  }

  end(): void {
    const list = (title: string, all: readonly Failure[]) => {
      if (all.length === 0) return;
      this.#write(`\n${title}:\n${all.map(({ where, what }) => `  ${where} › ${what}\n`).join('')}`);
    };
    list('Skipped', this.#skips);
    list('Failed', this.#failures);
    this.#write(`\n${this.#passed} passed, ${this.#failures.length} failed, ${this.#skips.length} skipped\n`);
  }
}

/** The error a test threw, without the wrapping and the frames of the runner. */
function describe(error: unknown): string {
  const wrapped = error as { code?: string; cause?: unknown } | undefined;
  const inner = wrapped?.code === 'ERR_TEST_FAILURE' && wrapped.cause !== undefined ? wrapped.cause : error;
  const text = typeof inner === 'string' ? inner : inspect(inner, { depth: 4 });
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:/.test(line))
    .join('\n');
}

const indent = (text: string, by = '    '): string =>
  text
    .split('\n')
    .map((line) => `${by}${line}`)
    .join('\n');
