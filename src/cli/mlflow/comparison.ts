/** Both sides read and held against each other, experiment by experiment; the table that a move ends with. */
import { equal, type Held, type Kind, kinds, type Tally } from './tally.ts';

export interface Line {
  readonly kind: string;
  there: number;
  here: number;
  /** How many experiments, runs or models do not agree in this. */
  differing: number;
}

const namedOfEach = 5;

export class Comparison {
  readonly #lines = new Map<Kind, Line>();
  readonly #named = new Map<Kind, string[]>();
  /** What is here and not there: it was here before, and is no part of the move. */
  extra = 0;

  /** `there` and `here` hold the same experiment. */
  add(there: Tally, here: Tally): void {
    for (const [owner, held] of there.owners) {
      const other = here.owners.get(owner);
      for (const kind of kinds) this.#compare(owner, kind, held.get(kind), other?.get(kind));
    }
    for (const owner of here.owners.keys()) if (!there.owners.has(owner)) this.extra++;
  }

  get lines(): readonly Line[] {
    return kinds.flatMap((kind) => this.#lines.get(kind) ?? []);
  }

  get isEqual(): boolean {
    return this.lines.every(({ differing }) => differing === 0);
  }

  /** `params differ: run 3f…, run 4a…, …` */
  differences(): string[] {
    return [...this.#named].map(([kind, named]) => {
      const rest = this.#lines.get(kind)!.differing > named.length ? ', …' : '';
      return `${kind} differ: ${named.join(', ')}${rest}`;
    });
  }

  #compare(owner: string, kind: Kind, there: Held | undefined, here: Held | undefined): void {
    if (there === undefined && here === undefined) return;
    let line = this.#lines.get(kind);
    if (line === undefined) {
      line = { kind, there: 0, here: 0, differing: 0 };
      this.#lines.set(kind, line);
    }
    line.there += there?.count ?? 0;
    line.here += here?.count ?? 0;
    if (equal(there, here)) return;
    line.differing++;
    const named = this.#named.get(kind) ?? [];
    if (named.length < namedOfEach) named.push(owner);
    this.#named.set(kind, named);
  }
}

/** Columns of a terminal. */
export function tableOf(lines: readonly Line[]): string[] {
  const rows = [
    ['', 'there', 'here', 'differing'],
    ...lines.map(({ kind, there, here, differing }) => [
      kind,
      grouped(there),
      grouped(here),
      grouped(differing),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]! + 2)))
      .join('')
      .trimEnd(),
  );
}

const grouped = (number: number): string => String(number).replaceAll(/\B(?=(\d{3})+$)/g, ',');
