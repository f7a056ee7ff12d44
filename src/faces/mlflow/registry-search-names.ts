/** The names of MLflow's languages for registered models and their versions. */
import { promptTag, type RegistryKind } from '../../domain/registry/index.ts';
import type { Filter } from '../../domain/search/index.ts';
import { type Rules, refuse } from './search-names.ts';

const updated = { name: 'updated', type: 'number' } as const;

const shared = {
  entity(word: string) {
    if (word === 'attribute') return 'attribute' as const;
    if (word === 'tag' || word === 'tags') return 'tag' as const;
    throw refuse(`Invalid entity type '${word}'. Valid entity types are ('attribute', 'tag', 'tags')`);
  },
  nullTest({ entity, key }: { readonly entity: string; readonly key: string }) {
    return entity === 'tag'
      ? undefined
      : `IS NULL / IS NOT NULL is only supported for tags, not for '${key}'`;
  },
  badOperator({ entity, key }: { readonly entity: string; readonly key: string }, operator: string) {
    return `Invalid comparator for ${key === 'version_number' ? `${entity} ${key}` : entity}: ${operator}`;
  },
};

export const registeredRules: Rules = {
  ...shared,
  attributes: { name: { name: 'name', type: 'text' } },
  ordered: [],
  listKeys: ['name'],
};

/** An order names more than a filter. */
export const registeredOrderRules: Rules = {
  ...registeredRules,
  attributes: {
    name: { name: 'name', type: 'text' },
    timestamp: updated,
    last_updated_timestamp: updated,
  },
  ordered: ['name', 'timestamp', 'last_updated_timestamp'],
};

export const versionRules: Rules = {
  ...shared,
  attributes: {
    name: { name: 'name', type: 'text' },
    run_id: { name: 'run', type: 'text' },
    source_path: { name: 'source', type: 'text' },
    version_number: { name: 'number', type: 'whole number' },
  },
  ordered: [],
  listKeys: ['name', 'run_id'],
};

export const versionOrderRules: Rules = {
  ...versionRules,
  attributes: {
    name: { name: 'name', type: 'text' },
    version_number: { name: 'number', type: 'whole number' },
    creation_timestamp: { name: 'created', type: 'number' },
    last_updated_timestamp: updated,
  },
  ordered: ['name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'],
};

/**
 * Prompts are shown to those alone who ask for them: by the first condition on their tag, if it is `= 'true'` or
 * `!= 'false'`. Otherwise every such condition is dropped, for models have no such tag, and prompts are left out.
 */
export function withoutPrompts(filter: Filter | undefined): {
  readonly filter: Filter | undefined;
  readonly kind: RegistryKind;
} {
  const terms = filter === undefined ? [] : filter.kind === 'and' ? filter.terms : [filter];
  const first = terms.find(isAboutPrompts);
  if (first?.kind === 'compare') {
    const value = String(first.value).toLowerCase();
    const asked =
      (first.operator === '=' && value === 'true') || (first.operator === '!=' && value === 'false');
    if (asked) return { filter, kind: 'all' };
  }
  const rest = terms.filter((term) => !isAboutPrompts(term));
  return { filter: rest.length === 0 ? undefined : { kind: 'and', terms: rest }, kind: 'models' };
}

function isAboutPrompts(term: Filter): boolean {
  return 'field' in term && term.field.kind === 'tag' && term.field.key === promptTag;
}
