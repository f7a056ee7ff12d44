/**
 * Regular expressions of a filter, answered before it is compiled: the different values of the one key are read in steps
 * and matched here, the same on every store, within the search's budget. Where few pass, the expression is an IN of these.
 */
import type { Queries } from '../../../db/db.ts';
import type { Field, Filter } from '../../../engines/search/ast.ts';
import { expressionsOf } from '../../../engines/search/compile.ts';
import type { Found, SearchLayout, Source } from '../../../engines/search/layout.ts';
import { Regex } from '../../../engines/search/regex.ts';
import { CairnError, invalid } from '../../../kernel/errors.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { sql } from '../../../kernel/sql.ts';
import { distinctTexts, type IndexedTexts, ownersOf } from './distinct-texts.ts';
import type { RecordSteps } from './record-search.ts';
import { partsOf, sizesOf } from './run-parts.ts';

/** Expressions of one filter: each reads all values of its key. */
const mostExpressions = 8;
/** Records that one expression may find: their ids are sent with the statement. */
const mostFound = 300_000;
/** Texts whose records are looked up in one statement. */
const textsAtOnce = 1_000;
/** Milliseconds of matching after which others get their turn. */
const turn = 15;

export interface ExpressionSearch {
  readonly steps: RecordSteps;
  /** Different texts that are compared one by one; the records of more are looked up first. */
  readonly texts: number;
  /** The layout of records of some of the contexts. */
  layoutOf(contexts: readonly NodeId[]): SearchLayout;
}

/** The answer for a layout; undefined for a filter without expressions. */
export async function findExpressions(
  queries: Queries,
  filter: Filter | undefined,
  search: ExpressionSearch,
): Promise<SearchLayout['found']> {
  const { steps } = search;
  const asked = filter === undefined ? [] : expressionsOf(filter);
  if (asked.length === 0) return undefined;
  if (asked.length > mostExpressions) {
    throw invalid('filter', `A filter has at most ${mostExpressions} regular expressions`);
  }
  const sizes = await sizesOf(queries, steps);
  const found = new Map<string, Found>();
  for (const { field, pattern } of asked) {
    const name = nameOf(field, pattern);
    const matcher = new Matcher(new Regex(pattern, 'filter'), queries, steps);
    if (!found.has(name)) found.set(name, await foundOf(queries, field, matcher, search, sizes));
  }
  return (field, pattern) => found.get(nameOf(field, pattern));
}

function nameOf(field: Field, pattern: string): string {
  return JSON.stringify([field, pattern]);
}

async function foundOf(
  queries: Queries,
  field: Field,
  matcher: Matcher,
  { layoutOf, steps, texts: mostTexts }: ExpressionSearch,
  sizes: ReadonlyMap<NodeId, number>,
): Promise<Found> {
  const source = layoutOf(steps.contexts).source(field);
  if (source.kind === 'word') return { texts: await matcher.passing(Object.keys(source.words)) };
  if (source.kind !== 'property') return idsOf(queries, source, matcher, steps, sizes);
  const texts = new Set<string>();
  const tables: IndexedTexts[] = [];
  if (source.absent !== undefined && (await matcher.test(source.absent))) texts.add(source.absent);
  for (const [context, size] of sizes) {
    const { table } = layoutOf([context]).source(field) as typeof source;
    if (size === 0 || table.ofSearched === undefined) continue;
    const indexed = table as IndexedTexts;
    tables.push(indexed);
    for await (const some of distinctTexts(queries, indexed)) {
      for (const text of await matcher.passing(some)) texts.add(text);
      steps.budget.check();
    }
  }
  if (texts.size <= mostTexts || source.absent !== undefined) return { texts: [...texts] };
  return { ids: await idsWith(queries, tables, [...texts], steps) };
}

/** The records that have one of many texts. */
async function idsWith(
  queries: Queries,
  tables: readonly IndexedTexts[],
  texts: readonly string[],
  steps: RecordSteps,
): Promise<NodeId[]> {
  const ids: NodeId[] = [];
  for (const table of tables) {
    for (let from = 0; from < texts.length; from += textsAtOnce) {
      const rows = await queries.many<{ id: NodeId }>(ownersOf(table, texts.slice(from, from + textsAtOnce)));
      for (const { id } of rows) ids.push(id);
      refuseTooMany(ids.length);
      steps.budget.check();
    }
  }
  return ids;
}

function refuseTooMany(found: number): void {
  if (found <= mostFound) return;
  throw new CairnError(
    'query_too_expensive',
    `A regular expression finds more than ${mostFound} runs; narrow the filter or the experiments.`,
  );
}

/** Texts that no index has under one key, such as names: those of all records are read. */
async function idsOf(
  queries: Queries,
  source: Source,
  matcher: Matcher,
  steps: RecordSteps,
  sizes: ReadonlyMap<NodeId, number>,
): Promise<Found> {
  const ids: NodeId[] = [];
  if (source.kind !== 'column') return { ids };
  for await (const part of partsOf(queries, steps, sizes, steps.budget)) {
    const rows = await queries.many<{ id: NodeId; text: string | null }>(
      sql`SELECT n.id, ${source.text} AS text FROM node n WHERE ${part}`,
    );
    for (const { id, text } of rows) {
      if (text !== null && (await matcher.test(text))) ids.push(id);
    }
    refuseTooMany(ids.length);
  }
  return { ids };
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

  async passing(texts: readonly string[]): Promise<string[]> {
    const passing: string[] = [];
    for (const text of texts) if (await this.test(text)) passing.push(text);
    return passing;
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
