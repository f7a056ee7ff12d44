/** What could not be read of a source: counted by what is wrong, the first of each named. Never a crash. */
import { Unreadable } from './fields.ts';

const namedOfEach = 5;

export class Problems {
  readonly #found = new Map<string, Set<string>>();

  /** `what` is wrong in words that many may share; `where` is one of them, which counts once however often it is read. */
  add(what: string, where: string): void {
    let found = this.#found.get(what);
    if (found === undefined) {
      found = new Set();
      this.#found.set(what, found);
    }
    found.add(printable(where));
  }

  /** What cannot be read is a problem, not an end. */
  guard<T>(where: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.add(error.message, where);
      return undefined;
    }
  }

  async guardAsync<T>(where: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      return this.guard(where, () => {
        throw error;
      });
    }
  }

  get count(): number {
    let count = 0;
    for (const found of this.#found.values()) count += found.size;
    return count;
  }

  /** `3 × what: one, another, …` */
  lines(): string[] {
    return this.list().map(({ what, count, named }) => {
      const rest = count > named.length ? ', …' : '';
      return `${count} × ${what}: ${named.join(', ')}${rest}`;
    });
  }

  list(): { readonly what: string; readonly count: number; readonly named: readonly string[] }[] {
    return [...this.#found].map(([what, found]) => ({
      what,
      count: found.size,
      named: [...found].slice(0, namedOfEach),
    }));
  }
}

/** Names of a foreign store on a terminal: no control characters, not without end. */
function printable(text: string): string {
  const cut = text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return cut.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
