/**
 * Names for what each server calls differently. The first run that both servers make in a sequence is `{{run.1}}`: a call is
 * written with the symbol and sent to each server with that server's own id, and an answer is read back into symbols.
 */
export type Side = 'real' | 'cairn';
export type SymbolKind = 'experiment' | 'run' | 'model' | 'webhook' | 'token';

interface Named {
  readonly kind: SymbolKind;
  readonly symbol: string;
  readonly real: string;
  readonly cairn: string;
}

const placeholder = /\{\{(?:experiment|run|model|webhook|token)\.\d+\}\}/g;
const modelId = /\bm-[0-9a-f]{32}\b/g;
const runId = /[0-9a-f]{32}/g;
/** Where an answer speaks of an experiment id; a bare number elsewhere may be anything. */
const experimentMentions =
  /(id=|with id |[Ee]xperiment |Experiment ID '|experiment ID: '|mlflow-artifacts:\/|custom view for experiment )(\d+)(?!\d)/g;

export class Symbols {
  readonly #named: Named[] = [];
  /** Experiment 0 stands in both stores from the start; it is named like any other. */
  static readonly defaultExperiment = '0';

  /** Names a pair of values that both servers gave at the same place; the symbol of an old pair when it is known. */
  learn(kind: SymbolKind, real: string, cairn: string): string {
    const known = this.#named.find(
      (named) => named.kind === kind && named.real === real && named.cairn === cairn,
    );
    if (known) return known.symbol;
    const symbol = `{{${kind}.${this.#named.filter((named) => named.kind === kind).length + 1}}}`;
    this.#named.push({ kind, symbol, real, cairn });
    return symbol;
  }

  all(kind: SymbolKind): readonly string[] {
    return this.#named.filter((named) => named.kind === kind).map((named) => named.symbol);
  }

  /** `text` as it is sent to one server. Inside JSON and URLs the values are plain but for tokens, hence `encode`. */
  resolve(text: string, side: Side, encode: (value: string) => string): string {
    return text.replace(placeholder, (symbol) => {
      const named = this.#named.find((candidate) => candidate.symbol === symbol);
      return named === undefined ? symbol : encode(named[side]);
    });
  }

  /** The symbol of a whole value that stands where an id of this kind stands; the value itself when it has none. */
  nameOf(kind: SymbolKind, value: string, side: Side): string {
    return this.#named.find((named) => named.kind === kind && named[side] === value)?.symbol ?? value;
  }

  /** `text` with every id in it replaced by its symbol. */
  rename(text: string, side: Side): string {
    // Their ids are of another form on each server.
    const webhooks = this.#named.filter(({ kind }) => kind === 'webhook');
    return webhooks
      .reduce((renamed, named) => renamed.replaceAll(named[side], named.symbol), text)
      .replace(modelId, (id) => this.nameOf('model', id, side))
      .replace(runId, (id) => this.nameOf('run', id, side))
      .replace(
        experimentMentions,
        (_all, before: string, id: string) => before + this.nameOf('experiment', id, side),
      );
  }
}
