/** The names of MLflow's language of filters and orders: what may be named, by which words, and how each is compared. */
import type { Field } from '../../domain/search/index.ts';
import { type CairnError, invalid } from '../../kernel/errors.ts';

export type Entity = 'metric' | 'parameter' | 'tag' | 'attribute' | 'dataset';

export interface Name {
  readonly entity: Entity;
  readonly key: string;
}

interface Attribute {
  /** Its name in the layouts of domain/search. */
  readonly name: string;
  /** A whole number may be quoted. */
  readonly type: 'text' | 'number' | 'whole number' | 'experiment id';
}

/** What differs between runs and experiments. */
export interface Rules {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Those an order may name. */
  readonly ordered: readonly string[];
  /** Attributes that take a list. */
  readonly listKeys: readonly string[];
  entity(word: string): Entity;
  /** Refuses IS NULL where MLflow does. */
  nullTest(name: Name): string | undefined;
  /** Params and tags take a list too. */
  readonly listsEverywhere?: true;
  /** The word for an operator that a name does not take, where it is not the usual one. */
  badOperator?(name: Name, operator: string, allowed: readonly string[]): string;
  /** A text of an attribute as it is stored. */
  word?(key: string, text: string): string;
}

const entityAliases: Readonly<Record<string, Entity>> = {
  metric: 'metric',
  metrics: 'metric',
  parameter: 'parameter',
  parameters: 'parameter',
  param: 'parameter',
  params: 'parameter',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

const datasetKeys = ['name', 'digest', 'context'] as const;

export const runRules: Rules = {
  attributes: {
    run_id: { name: 'id', type: 'text' },
    run_name: { name: 'name', type: 'text' },
    'run name': { name: 'name', type: 'text' },
    'Run name': { name: 'name', type: 'text' },
    'Run Name': { name: 'name', type: 'text' },
    user_id: { name: 'user', type: 'text' },
    status: { name: 'status', type: 'text' },
    artifact_uri: { name: 'artifactUri', type: 'text' },
    start_time: { name: 'started', type: 'number' },
    end_time: { name: 'ended', type: 'number' },
    created: { name: 'started', type: 'number' },
    Created: { name: 'started', type: 'number' },
  },
  ordered: [
    'run_id',
    'run_name',
    'user_id',
    'status',
    'artifact_uri',
    'start_time',
    'end_time',
    'created',
    'Created',
  ],
  listKeys: ['run_id'],
  entity(word) {
    const bare = unwrapped(word, '`');
    const entity = Object.hasOwn(entityAliases, bare) ? entityAliases[bare] : undefined;
    if (entity !== undefined) return entity;
    throw refuse(
      `Invalid entity type '${bare}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']`,
    );
  },
  nullTest({ entity, key }) {
    if (entity === 'tag' || entity === 'parameter') return undefined;
    return `IS NULL / IS NOT NULL is only supported for tags and params, not for '${entity}' '${key}'`;
  },
};

export const experimentRules: Rules = {
  attributes: {
    name: { name: 'name', type: 'text' },
    experiment_id: { name: 'id', type: 'experiment id' },
    creation_time: { name: 'created', type: 'number' },
    last_update_time: { name: 'updated', type: 'number' },
  },
  ordered: ['name', 'experiment_id', 'creation_time', 'last_update_time'],
  listKeys: ['experiment_id'],
  entity(word) {
    if (word === 'attribute') return 'attribute';
    if (word === 'tag' || word === 'tags') return 'tag';
    throw refuse(`Invalid entity type '${word}'. Valid entity types are ('attribute', 'tag', 'tags')`);
  },
  nullTest({ entity, key }) {
    if (entity === 'tag') return undefined;
    return `IS NULL / IS NOT NULL is only supported for tags, not for attribute '${key}'`;
  },
};

const numberOperators = ['=', '!=', '>', '>=', '<', '<='];
const textOperators = ['=', '!=', 'LIKE', 'ILIKE'];
const listOperators = [...textOperators, 'IN', 'NOT IN'];

/** `metrics.loss` → metric, `loss`. Parts at the first dot, whatever is quoted. */
export function nameOf(text: string, rules: Rules, attributes: readonly string[]): Name {
  const dot = text.indexOf('.');
  const entity = dot === -1 ? 'attribute' : rules.entity(text.slice(0, dot));
  const written = text.slice(dot + 1);
  const key = unwrapped(unwrapped(unwrapped(written, "'"), '"'), '`');
  const known = entity === 'attribute' ? attributes : entity === 'dataset' ? datasetKeys : undefined;
  if (known !== undefined && !(known as readonly string[]).includes(key)) {
    const list = known.map((word) => `'${word}'`).join(', ');
    throw refuse(`Invalid ${entity} key '${key}' specified. Valid keys are '{${list}}'`);
  }
  return { entity, key };
}

export function fieldOf({ entity, key }: Name, rules: Rules): Field {
  switch (entity) {
    case 'metric':
      return { kind: 'metric', key, aggregate: 'last' };
    case 'parameter':
      return { kind: 'param', key };
    case 'tag':
      return { kind: 'tag', key };
    case 'attribute':
      return { kind: 'attribute', name: rules.attributes[key]!.name };
    case 'dataset':
      return { kind: 'dataset', name: key as (typeof datasetKeys)[number] };
  }
}

export function operatorsOf({ entity, key }: Name, rules: Rules): readonly string[] {
  if (entity === 'metric') return numberOperators;
  if (entity === 'dataset') return listOperators;
  if (entity !== 'attribute') return rules.listsEverywhere ? listOperators : textOperators;
  const { type } = rules.attributes[key]!;
  if (type === 'number' || type === 'whole number') return numberOperators;
  if (type === 'experiment id') return ['=', '!=', 'IN', 'NOT IN'];
  return rules.listKeys.includes(key) ? listOperators : textOperators;
}

function unwrapped(text: string, quote: string): string {
  return text.length >= 2 && text.startsWith(quote) && text.endsWith(quote) ? text.slice(1, -1) : text;
}

export function refuse(message: string, field = 'filter'): CairnError {
  return invalid(field, message);
}
