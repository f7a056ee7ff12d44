/** The names of MLflow's language for logged models: the filter's by dots, the order's as objects. */
import type { ModelOrder } from '../../domain/models/index.ts';
import { invalid } from '../../kernel/errors.ts';
import { type Rules, refuse } from './search-names.ts';

const attributes = {
  name: { name: 'name', type: 'text' },
  model_id: { name: 'id', type: 'text' },
  model_type: { name: 'type', type: 'text' },
  status: { name: 'status', type: 'text' },
  source_run_id: { name: 'sourceRun', type: 'text' },
  experiment_id: { name: 'experiment', type: 'text' },
  creation_timestamp: { name: 'created', type: 'number' },
  creation_time: { name: 'created', type: 'number' },
  creation_timestamp_ms: { name: 'created', type: 'number' },
  last_updated_timestamp: { name: 'updated', type: 'number' },
  last_updated_time: { name: 'updated', type: 'number' },
  last_updated_timestamp_ms: { name: 'updated', type: 'number' },
} as const;

const entities = { attributes: 'attribute', metrics: 'metric', params: 'parameter', tags: 'tag' } as const;
const plurals = { attribute: 'attributes', metric: 'metrics', parameter: 'params', tag: 'tags' } as const;

export const modelRules: Rules = {
  attributes,
  // Its order is no text: see modelOrder.
  ordered: [],
  listKeys: Object.entries(attributes).flatMap(([key, { type }]) => (type === 'text' ? [key] : [])),
  listsEverywhere: true,
  entity(word) {
    const entity = Object.hasOwn(entities, word) ? entities[word as keyof typeof entities] : undefined;
    if (entity !== undefined) return entity;
    throw refuse(
      `Invalid entity type: '${word}'. Expected one of ['attributes', 'metrics', 'params', 'tags'].`,
    );
  },
  nullTest({ entity, key }) {
    if (entity === 'tag' || entity === 'parameter') return undefined;
    return `IS NULL / IS NOT NULL is only supported for tags and params, not for '${entity}' '${key}'`;
  },
  badOperator({ entity, key }, operator, allowed) {
    const list = allowed.map((sign) => `'${sign}'`).join(', ');
    const plural = entity === 'dataset' ? 'datasets' : plurals[entity];
    return `Invalid comparison operator for ${plural}.${key}: '${operator}'. Expected one of (${list}).`;
  },
  /** Clients know a status by its short name too. */
  word(key, text) {
    return key === 'status' && /^(PENDING|READY|UPLOAD_FAILED)$/.test(text) ? `LOGGED_MODEL_${text}` : text;
  },
};

export interface WrittenOrder {
  readonly field_name: string | undefined;
  readonly ascending: boolean | undefined;
  readonly dataset_name: string | undefined;
  readonly dataset_digest: string | undefined;
}

/** An order as it is sent: an attribute, or `metrics.<key>` as measured on a dataset. Ascending unless told. */
export function modelOrder(written: WrittenOrder, index: number): ModelOrder {
  const name = written.field_name ?? '';
  const refuseName = (why = '') =>
    invalid(`order_by[${index}].field_name`, `Invalid order by field name: ${name}${why}`);
  const way = { descending: written.ascending === false, natural: false };
  const dot = name.indexOf('.');
  if (dot === -1) {
    if (!Object.hasOwn(attributes, name)) throw refuseName();
    const attribute = attributes[name as keyof typeof attributes].name;
    const column = attribute === 'experiment' ? 'experimentNumber' : attribute;
    return { field: { kind: 'attribute', name: column }, ...way };
  }
  if (name.slice(0, dot) !== 'metrics') throw refuseName('. Only metrics are supported.');
  const key = name.slice(dot + 1);
  const field = { kind: 'metric', key, aggregate: 'last' } as const;
  const [datasetName, digest] = [written.dataset_name || undefined, written.dataset_digest || undefined];
  if (datasetName === undefined && digest === undefined) return { field, ...way };
  return { field, ...way, dataset: { name: datasetName, digest } };
}
