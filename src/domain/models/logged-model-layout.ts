/** Where the fields of logged models stand in the tables of the graph, for filters and orders. */
import type { Field } from '../../engines/search/ast.ts';
import type { ManyNumbers, SearchLayout, Source, ValueTable } from '../../engines/search/layout.ts';
import type { KeyId } from '../../kernel/ids.ts';
import { emptySql, joinSql, rawSql, type Sql, sql } from '../../kernel/sql.ts';
import { artifactStates, keySpaces } from '../graph/index.ts';
import {
  attributeOf,
  integer,
  nodeName,
  property,
  type SearchedRecords,
  textRules,
} from '../search/index.ts';

/** Metrics measured on this dataset, whatever its digest where none is given. */
export interface OnDataset {
  readonly name?: string | undefined;
  readonly digest?: string | undefined;
}

export interface Restrictions {
  /** Conditions on metrics look at those on one of these only; at all when there are none. */
  readonly filter: readonly OnDataset[];
  /** Fields of an order, each with the dataset it looks at. */
  readonly order: ReadonlyMap<Field, OnDataset | undefined>;
}

/** Names of properties that attributes stand in. */
export const declaredKeys = ['model_type', 'source_run_id'] as const;

/** The same in MLflow's words. */
const statusWords = {
  LOGGED_MODEL_PENDING: artifactStates.pending,
  LOGGED_MODEL_READY: artifactStates.ready,
  LOGGED_MODEL_UPLOAD_FAILED: artifactStates.failed,
};

const none = { kind: 'none' } as const;

export function modelLayout(searched: SearchedRecords, restrictions: Restrictions): SearchLayout {
  const { keys } = searched;
  const declared = (name: (typeof declaredKeys)[number]): Source => {
    const key = keys.get(name);
    if (key === undefined) return { kind: 'column', text: sql`''`, nullable: false };
    return { ...property(searched, 'declared', key), absent: '' };
  };
  const experiment = sql`(SELECT k.value FROM node_key k WHERE k.node = n.context AND k.space = ${keySpaces['experiment-id']})`;
  const attributes: Readonly<Record<string, Source>> = {
    id: { kind: 'column', text: sql`('m-' || n.uid)`, nullable: false },
    name: nodeName(searched, 'artifact'),
    type: declared('model_type'),
    sourceRun: declared('source_run_id'),
    state: { kind: 'word', value: sql`n.state`, words: artifactStates },
    status: { kind: 'word', value: sql`n.state`, words: statusWords },
    created: integer('created', false),
    updated: integer('updated', false),
    experiment: { kind: 'column', text: experiment, nullable: false },
    /** Experiments in the order they were made, which is that of their ids. */
    experimentNumber: integer('context', false),
  };
  return {
    source(field) {
      switch (field.kind) {
        case 'attribute':
          return attributeOf(attributes, field.name);
        case 'param':
        case 'tag': {
          const key = keys.get(field.key);
          return key === undefined ? none : property(searched, `model-${field.kind}`, key);
        }
        case 'metric': {
          const key = keys.get(field.key);
          if (key === undefined) return none;
          if (!restrictions.order.has(field)) return metric(key, restrictions.filter);
          const dataset = restrictions.order.get(field);
          return metric(key, dataset === undefined ? [] : [dataset]);
        }
        case 'dataset':
          return none;
      }
    },
    ...textRules(searched.graph),
  };
}

/** The series of a metric: many for a model, one for each run and dataset. */
function metric(key: KeyId, on: readonly OnDataset[]): ManyNumbers {
  const column = (name: string) => (alias: string) => rawSql(`${alias}.${name}`);
  const ofModel = (alias: string) => {
    const a = rawSql(alias);
    return sql`${a}.node = n.id AND ${a}.key = ${key} AND ${a}.by_key <> ''${measuredOn(alias, on)}`;
  };
  const newest: ValueTable = {
    name: 'series',
    owner: column('node'),
    ofRecord: (alias) => sql`${rawSql(alias)}.id = (SELECT s.id FROM series s WHERE ${ofModel('s')}
      ORDER BY s.last_time DESC, s.last_step DESC, s.id DESC LIMIT 1)`,
  };
  return {
    kind: 'numbers',
    table: { from: rawSql('series'), owner: column('node'), ofRecord: ofModel },
    least: column('min_value'),
    greatest: column('max_value'),
    named: (alias) => [rawSql(`${alias}.first_value`), rawSql(`${alias}.last_value`)],
    nonFinite: (alias) => rawSql(`${alias}.non_finite > 0`),
    latest: {
      kind: 'number',
      table: newest,
      value: column('last_value'),
      nan: (alias) => rawSql(`${alias}.last_value IS NULL`),
      whole: false,
    },
  };
}

/** ` AND …`: whether the series under the alias was measured on one of the datasets. */
export function measuredOn(alias: string, on: readonly OnDataset[]): Sql {
  if (on.length === 0) return emptySql;
  const any = on.map(({ name, digest }) => {
    const conditions = [
      ...(name === undefined ? [] : [sql`b.dataset_name = ${name}`]),
      ...(digest === undefined ? [] : [sql`b.dataset_digest = ${digest}`]),
    ];
    return conditions.length === 0
      ? rawSql('b.dataset_name IS NOT NULL')
      : sql`(${joinSql(conditions, ' AND ')})`;
  });
  return sql` AND EXISTS (SELECT 1 FROM series_by b WHERE b.by_key = ${rawSql(alias)}.by_key AND (${joinSql(any, ' OR ')}))`;
}
