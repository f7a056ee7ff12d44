/** Where the fields of runs and of experiments stand in the tables of the graph: the answer to the engine's port. */
import type { DialectName } from '../../../db/db.ts';
import type { DatasetAttribute, Field, Filter, Order } from '../../../engines/search/ast.ts';
import type {
  ManyTexts,
  SearchLayout,
  Source,
  TextColumns,
  ValueTable,
} from '../../../engines/search/layout.ts';
import { containing, foldPattern, globOf, likeOf, type Pattern } from '../../../engines/search/pattern.ts';
import { invalid } from '../../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId } from '../../../kernel/ids.ts';
import { anyOf, emptySql, rawSql, type Sql, sql, textHead } from '../../../kernel/sql.ts';
import {
  edgeKinds,
  executionStates,
  type Graph,
  type GraphNames,
  keySpaces,
  type NodeKind,
  nodeKinds,
  type PropertyScope,
  propertyScopes,
  valueKinds,
} from '../../graph/index.ts';

/** What is searched, with the ids of the keys that its filter and order name; a name without an id has no values. */
export interface SearchedRecords {
  readonly graph: GraphNames;
  readonly project: ProjectId;
  /** Primary contexts of the records; none for all of the project, and then nothing is sought. */
  readonly contexts: readonly NodeId[];
  readonly keys: ReadonlyMap<string, KeyId>;
}

/** `= one` or `in many`: the statement's text does not depend on how many. */
export function inContexts(column: string, contexts: readonly NodeId[]): Sql {
  return sql`${rawSql(column)} ${contexts.length === 1 ? sql`= ${contexts[0]!}` : anyOf(contexts)}`;
}

/** Names of keys that a filter and an order ask for. */
export function keysOf(filter: Filter | undefined, order: readonly Order[]): string[] {
  const names = new Set<string>();
  const visitField = (field: Field) => {
    if ('key' in field) names.add(field.key);
    else if (field.kind === 'dataset' && field.name === 'digest') names.add('digest');
  };
  const visit = (term: Filter) => {
    if (term.kind === 'and' || term.kind === 'or') term.terms.forEach(visit);
    else if (term.kind === 'not') visit(term.term);
    else visitField(term.field);
  };
  if (filter !== undefined) visit(filter);
  for (const { field } of order) visitField(field);
  return [...names].filter(isStorable);
}

/** Whether a text can stand in a text column; any other equals none of them. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

const none = { kind: 'none' } as const;

const upperCaseStates = Object.fromEntries(
  Object.entries(executionStates).map(([word, code]) => [word.toUpperCase(), code]),
);

/** Attributes of runs, by the names that grammars give them. `status` is `state` in MLflow's words. */
export function runLayout(searched: SearchedRecords): SearchLayout {
  const { graph } = searched;
  const location = sql`(SELECT rtrim(l.text, '/') FROM property l WHERE l.owner = n.context
    AND l.scope = ${propertyScopes.system} AND l.key = ${graph.systemKeys.artifact_location})`;
  const attributes: Readonly<Record<string, Source>> = {
    id: { kind: 'column', text: sql`n.uid`, nullable: false, seek: nodeSeek(searched, 'execution', 'uid') },
    name: { ...nodeName(searched, 'execution'), nullable: true },
    user: { ...property(searched, 'system', graph.systemKeys.user), absent: '' },
    state: { kind: 'word', value: sql`n.state`, words: executionStates },
    status: { kind: 'word', value: sql`n.state`, words: upperCaseStates },
    started: integer('started', false),
    ended: integer('ended', true),
    created: integer('created', false),
    updated: integer('updated', false),
    duration: { kind: 'integer', value: sql`(n.ended - n.started)`, nullable: true },
    artifactUri: {
      kind: 'column',
      text: sql`(${location} || '/' || n.uid || '/artifacts')`,
      nullable: false,
    },
  };
  return layout(searched, attributes);
}

/** Attributes of experiments. `number` puts them in the order of their ids, `latest` in that of their latest runs. */
export function experimentLayout(searched: SearchedRecords): SearchLayout {
  const id = sql`(SELECT k.value FROM node_key k WHERE k.node = n.id AND k.space = ${keySpaces['experiment-id']})`;
  return layout(searched, {
    id: { kind: 'column', text: id, nullable: false },
    number: integer('id', false),
    name: { ...nodeName(searched, 'context'), nullable: true },
    created: integer('created', false),
    updated: integer('updated', false),
    // One lookup in the index of the experiment's runs by start.
    latest: {
      kind: 'integer',
      value: sql`(SELECT max(l.started) FROM node l WHERE l.context = n.id AND l.kind = ${nodeKinds.execution})`,
      nullable: true,
    },
  });
}

function layout(searched: SearchedRecords, attributes: Readonly<Record<string, Source>>): SearchLayout {
  return {
    source(field) {
      switch (field.kind) {
        case 'attribute':
          return attributeOf(attributes, field.name);
        case 'param':
        case 'tag': {
          const key = searched.keys.get(field.key);
          return key === undefined ? none : property(searched, field.kind, key);
        }
        case 'metric': {
          const key = searched.keys.get(field.key);
          return key === undefined ? none : metric(searched, key, field.aggregate);
        }
        case 'dataset':
          return dataset(searched, field.name);
      }
    },
    ...textRules(searched.graph),
  };
}

export function attributeOf(attributes: Readonly<Record<string, Source>>, name: string): Source {
  if (!Object.hasOwn(attributes, name)) {
    throw invalid('filter', `There is no attribute ${JSON.stringify(name)}`);
  }
  return attributes[name]!;
}

/** How the store compares texts; the same on both. */
export function textRules(graph: GraphNames): Pick<SearchLayout, 'matches' | 'folded' | 'keepsProbes'> {
  const dialect: DialectName = graph.db.dialect.name;
  return {
    keepsProbes: dialect === 'sqlite',
    matches: (text: Sql, pattern: Pattern) =>
      dialect === 'sqlite'
        ? sql`${text} GLOB ${globOf(pattern)}`
        : sql`${text} LIKE ${likeOf(pattern)} ESCAPE '\\'`,
    // On both stores lower() folds ASCII only: SQLite's always, PostgreSQL's under the collation "C" of every text column.
    folded: (text: Sql) => sql`lower(${text})`,
  };
}

/** Whether the name of the node `n` holds the text, A–Z equal to a–z. */
export function nameContains(graph: Graph, part: string): Sql {
  const rules = textRules(graph);
  if (part.includes('\0')) return rawSql('1 = 0');
  return rules.matches(rules.folded(sql`n.name`), foldPattern(containing(part)));
}

export function integer(column: string, nullable: boolean): Source {
  return { kind: 'integer', value: rawSql(`n.${column}`), nullable };
}

/** The name of a record, which every one has. */
export function nodeName(searched: SearchedRecords, kind: NodeKind) {
  const seek = nodeSeek(searched, kind, 'name');
  return { kind: 'column', text: sql`n.name`, nullable: false, seek } as const satisfies Source;
}

/** Rows of `node` itself under another alias, for the indexes (project, uid) and (project, kind, head of name). */
function nodeSeek(
  searched: SearchedRecords,
  kind: NodeKind,
  column: 'uid' | 'name',
): ValueTable & TextColumns {
  const { project } = searched;
  const text = (alias: string) => rawSql(`${alias}.${column}`);
  return {
    name: 'node',
    owner: (alias) => rawSql(`${alias}.id`),
    ofRecord: (alias) => rawSql(`${alias}.id = n.id`),
    ofSearched: (alias) => {
      const a = rawSql(alias);
      // Where the uid leads, the plus keeps the store from the other index.
      const ofKind = sql`${column === 'uid' ? rawSql('+') : emptySql}${a}.kind = ${nodeKinds[kind]}`;
      return sql`${a}.project = ${project} AND ${ofKind}`;
    },
    text,
    head: column === 'uid' ? text : (alias) => textHead(`${alias}.name`),
  };
}

/**
 * The contexts once more, for PostgreSQL: it likes to read the rows of a key once and hash them, and may then read only
 * those. On SQLite they would only tempt it away from the unique index.
 */
function alsoInContexts({ graph, project, contexts }: SearchedRecords, alias: string): Sql {
  if (graph.db.dialect.name === 'sqlite' || contexts.length === 0) return emptySql;
  return sql` AND ${rawSql(alias)}.project = ${project} AND ${inContexts(`${alias}.context`, contexts)}`;
}

export function property(
  searched: SearchedRecords,
  scope: PropertyScope,
  key: KeyId,
): Extract<Source, { kind: 'property' }> {
  const column = (name: string) => (alias: string) => rawSql(`${alias}.${name}`);
  const ofKey = (alias: string) => {
    const a = rawSql(alias);
    return sql`${a}.scope = ${propertyScopes[scope]} AND ${a}.key = ${key}`;
  };
  return {
    kind: 'property',
    table: {
      name: 'property',
      owner: column('owner'),
      ofRecord: (alias) =>
        sql`${rawSql(alias)}.owner = n.id AND ${ofKey(alias)}${alsoInContexts(searched, alias)}`,
      ofSearched: (alias) =>
        sql`${rawSql(alias)}.project = ${searched.project} AND ${inContexts(`${alias}.context`, searched.contexts)} AND ${ofKey(alias)}`,
      text: column('text'),
      head: (alias) => textHead(`${alias}.text`),
    },
    real: column('real'),
    bytes: (alias) => {
      const a = rawSql(alias);
      return sql`CASE WHEN ${a}.kind = ${valueKinds['text-with-nul']} THEN ${a}.bytes END`;
    },
  };
}

function metric(
  searched: SearchedRecords,
  key: KeyId,
  aggregate: Extract<Field, { kind: 'metric' }>['aggregate'],
): Source {
  const table: ValueTable = {
    name: 'series',
    owner: (alias) => rawSql(`${alias}.node`),
    ofRecord: (alias) => {
      const a = rawSql(alias);
      return sql`${a}.node = n.id AND ${a}.key = ${key} AND ${a}.by_key = ''${alsoInContexts(searched, alias)}`;
    },
  };
  const column = (name: string) => (alias: string) => rawSql(`${alias}.${name}`);
  const isNull = (value: (alias: string) => Sql) => (alias: string) => sql`${value(alias)} IS NULL`;
  if (aggregate === 'count') return { kind: 'number', table, value: column('points'), whole: true };
  if (aggregate === 'step') return { kind: 'number', table, value: column('last_step'), whole: true };
  if (aggregate === 'argmin' || aggregate === 'argmax') {
    const step = column(`${aggregate.slice(3)}_step`);
    return { kind: 'number', table, value: step, nan: isNull(step), whole: true };
  }
  const value =
    aggregate === 'mean'
      ? (alias: string) => meanOf(searched.graph.db.dialect.name, alias)
      : column(`${aggregate}_value`);
  return { kind: 'number', table, value, nan: isNull(value), whole: false };
}

/**
 * The mean of the finite points. PostgreSQL refuses a quotient that is too small for a double, where it is 0 by IEEE 754:
 * when the sum, some multiple of 2^-1074, is at most half as many of them as there are points.
 */
function meanOf(dialect: DialectName, alias: string): Sql {
  const [sum, points] = [`${alias}.sum_value`, `(${alias}.points - ${alias}.non_finite)`];
  const scaled = `abs(${sum}) * ${2 ** 1000}::float8 <= ${points} * ${2 ** -75}::float8`;
  const vanishes = `CASE WHEN abs(${sum}) < 1e-290 THEN ${scaled} ELSE false END`;
  const quotient =
    dialect === 'sqlite' ? `${sum} / ${points}` : `CASE WHEN ${vanishes} THEN 0 ELSE ${sum} / ${points} END`;
  return rawSql(`CASE WHEN ${points} > 0 THEN ${quotient} END`);
}

/** Dataset versions that the run uses: many of them, and a filter asks for one that passes. */
function dataset(searched: SearchedRecords, name: DatasetAttribute): ManyTexts | { readonly kind: 'none' } {
  const { graph, project, contexts, keys } = searched;
  const { 'dataset-version': type } = graph.types;
  const used = sql`e.kind = ${edgeKinds.used} AND e.known_to IS NULL AND d.type = ${type}`;
  const joined = sql`edge e JOIN node d ON d.id = e.source`;
  /** `led` is the alias whose index leads from a text to its record. */
  const table = (text: Sql, from: Sql, where: Sql, led: 'd' | 'p') => ({
    from: sql`(SELECT e.target AS owner, ${rawSql(led)}.project, ${rawSql(led)}.context, ${text} AS text FROM ${from} WHERE ${where})`,
    owner: (alias: string) => rawSql(`${alias}.owner`),
    ofRecord: (alias: string) => rawSql(`${alias}.owner = n.id`),
    ofSearched: (alias: string) =>
      sql`${rawSql(alias)}.project = ${project} AND ${inContexts(`${alias}.context`, contexts)}`,
    text: (alias: string) => rawSql(`${alias}.text`),
  });
  const head = (alias: string) => textHead(`${alias}.text`);
  if (name === 'context') {
    const where = sql`${used} AND e.subtype IS NOT NULL`;
    return { kind: 'texts', table: table(sql`e.subtype`, joined, where, 'd') };
  }
  if (name === 'name') {
    const where = sql`${used} AND d.kind = ${nodeKinds.artifact}`;
    return { kind: 'texts', table: table(sql`d.name`, joined, where, 'd'), head };
  }
  const key = keys.get('digest');
  if (key === undefined) return none;
  const where = sql`${used} AND p.scope = ${propertyScopes.declared} AND p.key = ${key}`;
  const from = sql`${joined} JOIN property p ON p.owner = d.id`;
  return { kind: 'texts', table: table(sql`p.text`, from, where, 'p'), head };
}

/**
 * `led`: a list of ids leads to the records, and the plus keeps the store from walking the contexts' own index instead
 * (without statistics SQLite prefers that, since it is sorted).
 */
export function memberOf(contexts: readonly NodeId[], led: boolean): Sql {
  return inContexts(led ? '+n.context' : 'n.context', contexts);
}
