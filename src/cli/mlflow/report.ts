/** What a move says at its end: the table, what differs, what was refused or could not be read, what is not held yet. */
import type { Terminal } from '../command.ts';
import { type Comparison, tableOf } from './comparison.ts';
import type { Problems } from './problems.ts';
import type { Source, Survey } from './source.ts';

export class Report {
  readonly #source: Source;
  readonly #survey: Survey;
  readonly #terminal: Terminal;
  readonly #isJson: boolean;

  constructor(source: Source, survey: Survey, terminal: Terminal, isJson: boolean) {
    this.#source = source;
    this.#survey = survey;
    this.#terminal = terminal;
    this.#isJson = isJson;
    const { description, experiments, runs } = survey;
    const counted = runs > 0 ? `, ${runs} runs` : '';
    if (!isJson) terminal.out(`${description}: ${experiments} experiments${counted}`);
  }

  /** What a move would bring: there is no other side. */
  dry(counts: readonly { readonly kind: string; readonly there: number }[]): number {
    if (this.#isJson) this.#json({ counts });
    else {
      for (const { kind, there } of counts) this.#terminal.out(`${String(there).padStart(12)}  ${kind}`);
      this.#notes();
      this.#terminal.out('Nothing was stored (--dry-run)');
    }
    return 0;
  }

  end(comparison: Comparison, refused: Problems): number {
    const isEqual = comparison.isEqual && refused.count === 0;
    if (this.#isJson) {
      const { lines, extra } = comparison;
      this.#json({
        equal: isEqual,
        table: lines,
        differences: comparison.differences(),
        refused: refused.list(),
        extra,
      });
      return isEqual ? 0 : 1;
    }
    for (const line of tableOf(comparison.lines)) this.#terminal.out(line);
    for (const line of comparison.differences()) this.#terminal.out(line);
    this.#section('Refused, for nothing here is overwritten', refused.lines());
    this.#notes();
    if (comparison.extra > 0)
      this.#terminal.out(
        `Beside these, ${comparison.extra} runs or models stand here in the same experiments`,
      );
    this.#terminal.out(isEqual ? 'Equal: all of it is here' : 'Not equal: see above');
    return isEqual ? 0 : 1;
  }

  #notes(): void {
    this.#section('Could not be read', this.#source.problems.lines());
    const unheld = this.#survey.unheld.map(({ what, count }) => `${count} ${what}`);
    this.#section('Not held by Cairn yet, and not moved', unheld);
  }

  #section(title: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#terminal.out(`${title}:`);
    for (const line of lines) this.#terminal.out(`  ${line}`);
  }

  #json(result: object): void {
    const { description, unheld } = this.#survey;
    const unreadable = this.#source.problems.list();
    this.#terminal.out(
      JSON.stringify({ source: this.#source.name, description, ...result, unreadable, unheld }),
    );
  }
}
