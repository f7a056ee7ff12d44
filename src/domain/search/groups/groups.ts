/**
 * Groups of runs that have the same values, with figures of metrics over each: what a table that is grouped shows, and with
 * one field, the facets of a search. All runs are looked at, in steps; each step is grouped by the store, and the steps
 * are put together here.
 */
import type { Queries } from '../../../db/db.ts';
import type { Field } from '../../../engines/search/ast.ts';
import { type CompiledFilter, compileFilter } from '../../../engines/search/compile.ts';
import { compileOrder } from '../../../engines/search/order.ts';
import { CairnError, invalid } from '../../../kernel/errors.ts';
import { decodeCursor, encodeCursor } from '../../../kernel/page.ts';
import { joinSql, rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import { fingerprintOf, type RecordSelection, type RecordSteps } from '../records/record-search.ts';
import { restOf } from '../records/record-walk.ts';
import { partsOf, sizesOf } from '../records/run-parts.ts';
import { fewOf, mostSeeks } from '../records/seek-counts.ts';

export const groupLimits = {
  /** Fields that make a group together. */
  fields: 4,
  /** Figures beside the count. */
  figures: 16,
  /** Groups of one answer, all pages. */
  groups: 10_000,
} as const;

export interface Figure {
  /** Runs that have the number, NaN apart. */
  readonly runs: number;
  readonly min: number | null;
  readonly max: number | null;
  /** Of the numbers below 1e290: a greater sum could be none on every store. */
  readonly mean: number | null;
}

export interface RunGroup {
  /** One for each field; null for runs without the value. */
  readonly values: readonly (string | number | null)[];
  readonly runs: number;
  /** ms; the last start. */
  readonly latest: number;
  readonly figures: readonly Figure[];
}

export interface GroupSearch extends RecordSelection {
  readonly steps: RecordSteps;
  readonly by: readonly Field[];
  readonly figures: readonly Field[];
  /** `runs`: the largest group first, those of one size by their values; `values`: by their values. */
  readonly order: 'runs' | 'values';
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly identity: unknown;
}

export interface GroupPage {
  readonly items: readonly RunGroup[];
  readonly total: number;
  readonly cursor?: string;
}

interface Sum {
  runs: number;
  min: number | null;
  max: number | null;
  sum: number;
  summed: number;
}
interface Gathered {
  readonly values: readonly (string | number | null)[];
  runs: number;
  latest: number;
  readonly sums: Sum[];
}

export async function findGroups(queries: Queries, search: GroupSearch): Promise<GroupPage> {
  const fingerprint = fingerprintOf(search.identity);
  const after =
    search.cursor === undefined ? undefined : decodeCursor(search.cursor, fingerprint, 1, 'cursor')[0];
  const groups = [...(await gather(queries, search)).entries()];
  const byKey = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  groups.sort(([a, x], [b, y]) => (search.order === 'runs' ? y.runs - x.runs : 0) || byKey(a, b));
  let begin = 0;
  if (after !== undefined) {
    const at = groups.findIndex(([key]) => key === after);
    if (at < 0)
      throw invalid('cursor', 'Invalid page token: its group is no more; begin with the first page');
    begin = at + 1;
  }
  const page = groups.slice(begin, begin + search.limit);
  const last = page.at(-1);
  const isLast = begin + page.length >= groups.length || last === undefined;
  return {
    items: page.map(([, group]) => finished(group)),
    total: groups.length,
    ...(!isLast && { cursor: encodeCursor(fingerprint, [last[0]]) }),
  };
}

async function gather(queries: Queries, search: GroupSearch): Promise<Map<string, Gathered>> {
  const { layout, filter, by, figures } = search;
  const compiled = filter === undefined ? undefined : compileFilter(filter, layout);
  const statement = groupStatement(search);
  const groups = new Map<string, Gathered>();
  for await (const where of partsToGroup(queries, search, compiled)) {
    const rows = await queries.many<Record<string, string | number | null>>(statement(where));
    for (const row of rows) {
      const values = by.map((_, index) => row[`g${index}`] ?? null);
      const key = JSON.stringify(values);
      let group = groups.get(key);
      if (group === undefined) {
        const sums = figures.map((): Sum => ({ runs: 0, min: null, max: null, sum: 0, summed: 0 }));
        group = { values, runs: 0, latest: Number.NEGATIVE_INFINITY, sums };
        groups.set(key, group);
      }
      add(group, row);
    }
    if (groups.size > groupLimits.groups) {
      throw new CairnError(
        'query_too_expensive',
        `There are more than ${groupLimits.groups} groups; group by something that fewer values have.`,
      );
    }
  }
  return groups;
}

/** Conditions that together hold each run to be grouped once: one where a seek finds few of them. */
async function* partsToGroup(
  queries: Queries,
  { steps, scope, seekLimits }: GroupSearch,
  compiled: CompiledFilter | undefined,
): AsyncGenerator<Sql, void> {
  const few = await fewOf(queries, compiled?.seeks.slice(0, mostSeeks) ?? [], seekLimits.all);
  if (compiled !== undefined && few.size > 0) {
    yield sql`${scope(true)} AND ${compiled.where(few)}`;
    return;
  }
  for await (const part of partsOf(queries, steps, await sizesOf(queries, steps), steps.budget)) {
    yield sql`${part}${restOf(steps, compiled)}`;
  }
}

function add(group: Gathered, row: Record<string, string | number | null>): void {
  group.runs += Number(row.runs);
  group.latest = Math.max(group.latest, Number(row.latest));
  for (const [index, sum] of group.sums.entries()) {
    const [min, max] = [row[`min${index}`] ?? null, row[`max${index}`] ?? null];
    sum.runs += Number(row[`runs${index}`]);
    if (min !== null) sum.min = sum.min === null ? Number(min) : Math.min(sum.min, Number(min));
    if (max !== null) sum.max = sum.max === null ? Number(max) : Math.max(sum.max, Number(max));
    sum.sum += Number(row[`sum${index}`] ?? 0);
    sum.summed += Number(row[`summed${index}`]);
  }
}

function finished({ values, runs, latest, sums }: Gathered): RunGroup {
  const figures = sums.map(({ runs: having, min, max, sum, summed }) => ({
    runs: having,
    min,
    max,
    mean: summed === 0 ? null : sum / summed,
  }));
  return { values, runs, latest, figures };
}

/** The groups of the runs that pass a condition. */
function groupStatement({ layout, by, figures }: GroupSearch): (where: Sql) => Sql {
  const order = (field: Field) => ({ field, descending: false, natural: false });
  // The columns of an order by these fields are what they hold: a rank where one may be missing, and the value.
  const fields = [...by, ...figures];
  const compiled = compileOrder(fields.map(order), layout, []);
  const values = fields.map((field, index) => {
    const source = layout.source(field);
    const alias = `o${index}`;
    switch (source.kind) {
      case 'integer':
      case 'word':
        return source.value;
      case 'column':
        return source.text;
      case 'property':
        return source.absent === undefined
          ? source.table.text(alias)
          : sql`COALESCE(${source.table.text(alias)}, ${source.absent})`;
      case 'number':
        return source.value(alias);
      default:
        return rawSql('NULL');
    }
  });
  const names = by.map((_, index) => rawSql(`g${index}`));
  const columns = [
    ...by.map((_, index) => sql`${values[index]!} AS g${rawSql(String(index))}`),
    ...figures.map((_, index) => sql`${values[by.length + index]!} AS f${rawSql(String(index))}`),
  ];
  const sums = figures.map((_, index) => {
    const i = rawSql(String(index));
    const small = sql`CASE WHEN abs(q.f${i}) < 1e290 THEN q.f${i} END`;
    return sql`, count(q.f${i}) AS runs${i}, min(q.f${i}) AS min${i}, max(q.f${i}) AS max${i},
      sum(${small}) AS sum${i}, count(${small}) AS summed${i}`;
  });
  return (
    where,
  ) => sql`SELECT ${joinSql(names, ', ')}, count(*) AS runs, max(q.started) AS latest${joinSql(sums, '')}
    FROM (SELECT n.started, ${joinSql(columns, ', ')} FROM node n${compiled.joins} WHERE ${where}) q
    GROUP BY ${joinSql(names, ', ')}`;
}
