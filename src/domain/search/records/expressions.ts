/**
 * Regular expressions of a filter, answered before it is compiled: the values of the one key are read in steps and matched
 * here, the same on every store, within the search's budget.
 */
import type { Queries } from '../../../db/db.ts';
import type { Field, Filter } from '../../../engines/search/ast.ts';
import { expressionsOf } from '../../../engines/search/compile.ts';
import type { SearchLayout, Source } from '../../../engines/search/layout.ts';
import { Regex } from '../../../engines/search/regex.ts';
import { CairnError, invalid } from '../../../kernel/errors.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { emptySql, rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import type { RecordSteps } from './record-search.ts';
import { partsOf, sizesOf } from './run-parts.ts';

/** Expressions of one filter: each reads all values of its key. */
const mostExpressions = 8;
/** Records that one expression may find: their ids are sent with the statement. */
const mostFound = 300_000;
/** Milliseconds of matching after which others get their turn. */
const turn = 15;

/** The answer for a layout; undefined for a filter without expressions. */
export async function findExpressions(
  queries: Queries,
  filter: Filter | undefined,
  layout: SearchLayout,
  steps: RecordSteps,
): Promise<SearchLayout['found']> {
  const asked = filter === undefined ? [] : expressionsOf(filter);
  if (asked.length === 0) return undefined;
  if (asked.length > mostExpressions) {
    throw invalid('filter', `A filter has at most ${mostExpressions} regular expressions`);
  }
  const sizes = await sizesOf(queries, steps);
  const found = new Map<string, readonly NodeId[]>();
  for (const { field, pattern } of asked) {
    const name = nameOf(field, pattern);
    const matcher = new Matcher(new Regex(pattern, 'filter'), queries, steps);
    if (!found.has(name)) found.set(name, await idsOf(queries, layout.source(field), matcher, steps, sizes));
  }
  return (field, pattern) => found.get(nameOf(field, pattern));
}

function nameOf(field: Field, pattern: string): string {
  return JSON.stringify([field, pattern]);
}

async function idsOf(
  queries: Queries,
  source: Source,
  matcher: Matcher,
  steps: RecordSteps,
  sizes: ReadonlyMap<NodeId, number>,
): Promise<NodeId[]> {
  const text = textOf(source);
  const ids: NodeId[] = [];
  if (text === undefined) return ids;
  for await (const part of partsOf(queries, steps, sizes, steps.budget)) {
    const rows = await queries.many<{ id: NodeId; text: string | number | null }>(
      sql`SELECT n.id, ${text.value} AS text FROM node n${text.join} WHERE ${part}`,
    );
    for (const row of rows) {
      const value = text.words === undefined ? row.text : text.words.get(Number(row.text));
      if (typeof value === 'string' && (await matcher.test(value))) ids.push(row.id);
    }
    if (ids.length > mostFound) {
      throw new CairnError(
        'query_too_expensive',
        `A regular expression finds more than ${mostFound} runs; narrow the filter or the experiments.`,
      );
    }
  }
  return ids;
}

interface TextSource {
  readonly value: Sql;
  readonly join: Sql;
  readonly words?: ReadonlyMap<number, string>;
}

/** A text that is the record's own. A text with U+0000 matches no pattern, as with LIKE. */
function textOf(source: Source): TextSource | undefined {
  switch (source.kind) {
    case 'column':
      return { value: source.text, join: emptySql };
    case 'property': {
      const { table, absent } = source;
      const kept = sql`${rawSql(table.name)} v ON ${table.ofRecord('v')}`;
      if (absent === undefined) return { value: table.text('v'), join: sql` JOIN ${kept}` };
      return { value: sql`COALESCE(${table.text('v')}, ${absent})`, join: sql` LEFT JOIN ${kept}` };
    }
    case 'word': {
      const words = new Map(Object.entries(source.words).map(([word, code]) => [code, word]));
      return { value: source.value, join: emptySql, words };
    }
    default:
      return undefined;
  }
}

/** Matches each text once, and lets others have their turn. */
class Matcher {
  readonly #regex: Regex;
  readonly #queries: Queries;
  readonly #steps: RecordSteps;
  readonly #known = new Map<string, boolean>();
  #turned: number;

  constructor(regex: Regex, queries: Queries, steps: RecordSteps) {
    this.#regex = regex;
    this.#queries = queries;
    this.#steps = steps;
    this.#turned = steps.budget.now();
  }

  async test(text: string): Promise<boolean> {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#steps.budget.now() - this.#turned > turn) await this.#pause();
    const passes = this.#regex.test(text);
    if (this.#known.size < 50_000) this.#known.set(text, passes);
    return passes;
  }

  /** The way to the reader and back is a turn of the event loop. */
  async #pause(): Promise<void> {
    this.#steps.budget.check();
    await this.#queries.one(sql`SELECT 1 AS one`);
    this.#turned = this.#steps.budget.now();
  }
}
