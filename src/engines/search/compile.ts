/**
 * Typed filter → SQL over the record `n`. A condition on a value in another table takes one of two ways:
 *
 * - *probe*: EXISTS with a lookup by the record's id, for each record the order is walked over. It stops when the page is
 *   full and never reads another key's rows.
 * - *seek*: `n.id IN (SELECT owner …)`, uncorrelated, through the index on (contexts, key, head of text), where equal texts
 *   or a literal prefix bound the range.
 *
 * Neither is best always. Measured on SQLite, 100,000 runs in one experiment, first 100 by start: `lr = '0.005'` (5 %)
 * seek 4 ms; `optimizer = 'adam'` (33 %) seek 39 ms, probe 0.3 ms; `seed = '5'` (no run) seek 0.1 ms, probe 60 ms;
 * `host LIKE '%99%'` (2 %, no prefix to seek) list of all matches 134 ms, probe 4.5 ms. So a filter lists its seeks, the caller
 * counts each up to a bound (one statement) and chooses those that find few; the others stay probes.
 */
import { invalid } from '../../kernel/errors.ts';
import { anyOf, joinSql, rawSql, type Sql, sql, textHeadLength } from '../../kernel/sql.ts';
import type { Field, Filter, Literal } from './ast.ts';
import {
  always,
  compared,
  headRange,
  integerCondition,
  never,
  numberCondition,
  type Sign,
  type Test,
  testOf,
  textCondition,
  textPasses,
} from './compare.ts';
import type {
  ManyNumbers,
  ManyTexts,
  RowsTable,
  SearchLayout,
  Source,
  TextColumns,
  ValueTable,
} from './layout.ts';

/** A way into the records that a filter lets through: each of them has its id among these owners. */
export interface Seek {
  /** `SELECT owner FROM … WHERE …`: one row per record. */
  readonly owners: Sql;
  /** Whether every owner passes; otherwise the condition is asked of each. */
  readonly exact: boolean;
}

export interface CompiledFilter {
  readonly seeks: readonly Seek[];
  /**
   * The condition on `n`, the chosen seeks standing in for their probes. `walked`: records come in an order that is walked,
   * so no probe may become a join.
   */
  where(chosen: ReadonlySet<Seek>, walked?: boolean): Sql;
}

interface Clause {
  readonly condition: Sql;
  readonly seek?: Seek;
}

export function compileFilter(filter: Filter, layout: SearchLayout): CompiledFilter {
  // Only clauses that every match must pass can lead the way.
  const clauses = conjuncts(filter).map((term) => compileTerm(term, layout));
  const seeks = clauses.flatMap((clause) => clause.seek ?? []);
  const probes = clauses.filter(({ condition }) => isProbe(condition)).length;
  return {
    seeks,
    where(chosen, walked = false) {
      const isKept = !layout.keepsProbes && (walked || probes > mostJoined);
      const kept = isKept ? asValue : (condition: Sql) => condition;
      const conditions = clauses.map(({ condition, seek }) =>
        seek !== undefined && chosen.has(seek) ? sought(seek, condition) : kept(condition),
      );
      return conditions.length === 0 ? always : joinSql(conditions, ' AND ');
    },
  };
}

function sought({ owners, exact }: Seek, condition: Sql): Sql {
  const among = sql`n.id IN (${owners})`;
  return exact ? among : sql`${among} AND ${condition}`;
}

/**
 * PostgreSQL makes a join of each EXISTS that stands alone and then tries the orders of all of them: 20 took 0.2 s to plan,
 * 60 took 2 s, 256 more than 10 s. As the value of a CASE each stays a probe.
 */
const mostJoined = 6;

function asValue(condition: Sql): Sql {
  return isProbe(condition) ? sql`CASE WHEN ${condition} THEN 1 ELSE 0 END = 1` : condition;
}

function isProbe(condition: Sql): boolean {
  return condition.pieces.some((piece) => piece.kind === 'text' && piece.text.includes('EXISTS'));
}

function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.terms.flatMap(conjuncts) : [filter];
}

function compileTerm(filter: Filter, layout: SearchLayout): Clause {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      if (filter.terms.length === 0) return { condition: filter.kind === 'and' ? always : never };
      const terms = filter.terms.map((term) => compileTerm(term, layout).condition);
      return { condition: sql`(${joinSql(terms, filter.kind === 'and' ? ' AND ' : ' OR ')})` };
    }
    case 'not':
      return { condition: sql`NOT (${compileTerm(filter.term, layout).condition})` };
    case 'compare':
      if (filter.operator === 'regex') return found(filter.field, String(filter.value), layout);
      return compileTest(filter.field, testOf(filter.operator, filter.value), layout);
    case 'in': {
      const { values, negated } = filter;
      return compileTest(filter.field, { kind: 'in', values, negated }, layout);
    }
    case 'null-test': {
      const present = presence(layout.source(filter.field));
      return { condition: filter.negated ? present : sql`NOT (${present})` };
    }
  }
}

function found(field: Field, pattern: string, layout: SearchLayout): Clause {
  const among = layout.found?.(field, pattern);
  if (among === undefined) throw invalid('filter', `${describe(field)} has no regular expressions`);
  if ('ids' in among) return { condition: sql`n.id ${anyOf(among.ids)}` };
  if (among.texts.length === 0) return { condition: never };
  return compileTest(field, { kind: 'in', values: among.texts, negated: false }, layout);
}

/** Every regular expression of a filter, with its field. */
export function expressionsOf(filter: Filter): { readonly field: Field; readonly pattern: string }[] {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.terms.flatMap(expressionsOf);
  if (filter.kind === 'not') return expressionsOf(filter.term);
  return filter.kind === 'compare' && filter.operator === 'regex'
    ? [{ field: filter.field, pattern: String(filter.value) }]
    : [];
}

function presence(source: Source): Sql {
  switch (source.kind) {
    case 'none':
      return never;
    case 'integer':
      return source.nullable ? sql`${source.value} IS NOT NULL` : always;
    case 'word':
      return sql`${source.value} IS NOT NULL`;
    case 'column':
      return source.nullable ? sql`${source.text} IS NOT NULL` : always;
    case 'property':
      if (source.absent !== undefined) return always;
      return exists(source, always);
    case 'number':
      return exists(source, always);
    case 'texts':
    case 'numbers':
      return existsAmong(source, always);
  }
}

/** Whether one of the record's rows passes. `v` is the alias. */
function existsAmong({ table }: ManyTexts | ManyNumbers, condition: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM ${table.from} v WHERE ${table.ofRecord('v')} AND ${condition})`;
}

/** Whether the record has a row, and it passes. `v` is the alias. */
function exists(source: Source & { kind: 'property' | 'number' }, condition: Sql): Sql {
  const { table } = source;
  return sql`EXISTS (SELECT 1 FROM ${rawSql(table.name)} v WHERE ${table.ofRecord('v')} AND ${condition})`;
}

function whereNotNull(nullable: boolean, value: Sql, condition: Sql): Sql {
  return nullable ? sql`(${value} IS NOT NULL AND ${condition})` : condition;
}

function compileTest(field: Field, test: Test, layout: SearchLayout): Clause {
  const source = layout.source(field);
  switch (source.kind) {
    case 'none':
      return { condition: never };
    case 'integer': {
      const { sign, value } = numeric(field, test);
      const condition = integerCondition(source.value, sign, value);
      return { condition: whereNotNull(source.nullable, source.value, condition) };
    }
    case 'number': {
      const { sign, value } = numeric(field, test);
      const column = source.value('v');
      const condition = source.whole
        ? wholeCondition(column, sign, value, source.nan?.('v'))
        : numberCondition(column, sign, value, source.nan?.('v'));
      return withRange({ condition: exists(source, condition) }, field, sign, value, layout);
    }
    case 'word': {
      const codes = Object.entries(source.words).flatMap(([word, code]) =>
        textPasses(word, test) ? [sql`${code}`] : [],
      );
      if (codes.length === 0) return { condition: never };
      const condition = sql`${source.value} IN (${joinSql(codes, ', ')})`;
      return { condition: sql`(${source.value} IS NOT NULL AND ${condition})` };
    }
    case 'column': {
      const condition = whereNotNull(
        source.nullable,
        source.text,
        textCondition(layout, source.text, texts(field, test)),
      );
      return withSeek(condition, source.seek, test, layout);
    }
    case 'property':
      return compileProperty(field, source, test, layout);
    case 'texts': {
      const { table, head } = source;
      const condition = existsAmong(source, textCondition(layout, table.text('v'), texts(field, test)));
      return head === undefined ? { condition } : withSeek(condition, { ...table, head }, test, layout);
    }
    case 'numbers': {
      const { sign, value } = numeric(field, test);
      return { condition: existsAmong(source, anyNumber(source, sign, Number(value))) };
    }
  }
}

function withRange(clause: Clause, field: Field, sign: Sign, value: Literal, layout: SearchLayout): Clause {
  const owners = sign === '!=' ? undefined : layout.inRange?.(field, sign, Number(value));
  return owners === undefined ? clause : { ...clause, seek: { owners, exact: false } };
}

/** The fields whose numbers every match must compare, as far as the filter says: an index of them could lead. */
export function comparedNumbers(filter: Filter): Field[] {
  return conjuncts(filter).flatMap((term) =>
    term.kind === 'compare' && typeof term.value !== 'string' && term.operator !== '!=' ? term.field : [],
  );
}

/** NaN differs from every number and passes nothing else. */
function wholeCondition(column: Sql, sign: Sign, value: Literal, nan: Sql | undefined): Sql {
  const condition = integerCondition(column, sign, value);
  if (nan === undefined) return condition;
  return sign === '!=' ? sql`(${nan} OR ${condition})` : sql`(NOT (${nan}) AND ${condition})`;
}

/** Whether a set of numbers, known by its ends and those it names, has one that passes. */
function anyNumber(source: ManyNumbers, sign: Sign, value: number): Sql {
  const [least, greatest] = [source.least('v'), source.greatest('v')];
  if (sign === '>' || sign === '>=') return compared(greatest, sign, value);
  if (sign === '<' || sign === '<=') return compared(least, sign, value);
  const ends = [least, greatest];
  if (sign === '!=') {
    const others = ends.map((end) => compared(end, '!=', value));
    return sql`(${joinSql([...others, source.nonFinite('v')], ' OR ')})`;
  }
  const equal = [...ends, ...source.named('v')].map((number) => compared(number, '=', value));
  return sql`(${joinSql(equal, ' OR ')})`;
}

function compileProperty(
  field: Field,
  source: Source & { kind: 'property' },
  test: Test,
  layout: SearchLayout,
): Clause {
  if (test.kind === 'sign' && typeof test.value !== 'string') {
    const condition = numberCondition(source.real('v'), test.sign, test.value, undefined);
    return withRange({ condition: exists(source, condition) }, field, test.sign, test.value, layout);
  }
  const condition = propertyCondition(source, texts(field, test), layout);
  if (source.absent === undefined || !textPasses(source.absent, test)) {
    return withSeek(exists(source, condition), source.table, test, layout);
  }
  // The default passes: so does every record but those with a row that does not.
  return { condition: sql`NOT ${exists(source, sql`NOT (${condition})`)}` };
}

/** For a row that is there. Its text is NULL when it holds U+0000 (then the bytes have it) or is of another kind. */
function propertyCondition(source: Source & { kind: 'property' }, test: Test, layout: SearchLayout): Sql {
  const text = source.table.text('v');
  const bytes = source.bytes('v');
  const onText = sql`(${text} IS NOT NULL AND ${textCondition(layout, text, test)})`;
  if (test.kind === 'pattern') return onText;
  if (test.kind === 'sign' && test.sign !== '=' && test.sign !== '!=') {
    const wanted = Buffer.from(String(test.value));
    return sql`(${onText} OR (${bytes} IS NOT NULL AND ${compared(bytes, test.sign, wanted)}))`;
  }
  const wanted = (test.kind === 'in' ? test.values : [String(test.value)]).filter((value) =>
    value.includes('\0'),
  );
  const differs = test.kind === 'in' ? test.negated : test.sign === '!=';
  const equal = wanted.map((value) => sql`${bytes} = ${Buffer.from(value)}`);
  if (equal.length === 0) return differs ? sql`(${text} IS NULL OR ${onText})` : onText;
  const onBytes = sql`(${bytes} IS NOT NULL AND (${joinSql(equal, ' OR ')}))`;
  return differs ? sql`((${text} IS NULL OR ${onText}) AND NOT ${onBytes})` : sql`(${onText} OR ${onBytes})`;
}

type Seekable = TextColumns &
  Pick<ValueTable, 'owner' | 'ofSearched'> &
  (Pick<ValueTable, 'name'> | Pick<RowsTable, 'from'>);

/** The index finds candidates by the head of their text; the whole text decides. */
function withSeek(condition: Sql, table: Seekable | undefined, test: Test, layout: SearchLayout): Clause {
  const searched = table?.ofSearched?.('s');
  if (table === undefined || searched === undefined) return { condition };
  // A text with U+0000 stands in no index.
  const values = test.kind === 'in' ? test.values : test.kind === 'sign' ? [String(test.value)] : [];
  if (values.some((value) => value.includes('\0'))) return { condition };
  const range = headRange(table.head('s'), test);
  if (range === undefined) return { condition };
  const exact = isWholeInHead(test)
    ? range
    : sql`${range} AND ${textCondition(layout, table.text('s'), test)}`;
  const from = 'from' in table ? table.from : rawSql(table.name);
  const owners = sql`SELECT ${table.owner('s')} FROM ${from} s WHERE ${searched} AND ${exact}`;
  return { condition, seek: { owners, exact: true } };
}

/** A text shorter than the head is its own head, so that the index alone answers. */
function isWholeInHead(test: Test): boolean {
  if (test.kind === 'sign') return String(test.value).length < textHeadLength;
  return test.kind === 'in' && test.values.every((value) => value.length < textHeadLength);
}

function numeric(field: Field, test: Test): Extract<Test, { kind: 'sign' }> {
  if (test.kind === 'sign' && typeof test.value !== 'string') return test;
  throw invalid('filter', `${describe(field)} is a number and is compared with numbers only`);
}

function texts(field: Field, test: Test): Test {
  if (test.kind !== 'sign' || typeof test.value === 'string') return test;
  throw invalid('filter', `${describe(field)} is a text and is compared with texts only`);
}

function describe(field: Field): string {
  return field.kind === 'metric' || field.kind === 'param' || field.kind === 'tag'
    ? `${field.kind} ${field.key}`
    : `${field.kind === 'dataset' ? 'dataset.' : ''}${field.name}`;
}
