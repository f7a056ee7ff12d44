/** Where the fields of registered models and of versions stand in the tables of the graph, for filters and orders. */
import type { SearchLayout, Source } from '../../engines/search/layout.ts';
import { sql } from '../../kernel/sql.ts';
import { type PropertyScope, propertyScopes } from '../graph/index.ts';
import {
  attributeOf,
  integer,
  nodeName,
  property,
  type SearchedRecords,
  textRules,
} from '../search/index.ts';

/** Names of properties that attributes stand in. */
export const searchedFacts = ['run_id'] as const;

const none = { kind: 'none' } as const;

export function registeredLayout(searched: SearchedRecords): SearchLayout {
  return layout(searched, 'registered-model-tag', {
    name: nodeName(searched, 'asset'),
    created: integer('created', false),
    updated: integer('updated', false),
  });
}

export function versionLayout(searched: SearchedRecords): SearchLayout {
  const run = searched.keys.get('run_id');
  return layout(searched, 'model-version-tag', {
    name: nodeName(searched, 'artifact'),
    number: {
      kind: 'integer',
      value: sql`(SELECT v.int FROM property v WHERE v.owner = n.id AND v.scope = ${propertyScopes.system}
        AND v.key = ${searched.graph.systemKeys.version_number})`,
      nullable: false,
    },
    run:
      run === undefined
        ? { kind: 'column', text: sql`''`, nullable: false }
        : { ...property(searched, 'declared', run), absent: '' },
    source: { kind: 'column', text: sql`n.uri`, nullable: false },
    created: integer('created', false),
    updated: integer('updated', false),
  });
}

function layout(
  searched: SearchedRecords,
  tags: PropertyScope,
  attributes: Readonly<Record<string, Source>>,
): SearchLayout {
  return {
    source(field) {
      if (field.kind === 'attribute') return attributeOf(attributes, field.name);
      const key = field.kind === 'tag' ? searched.keys.get(field.key) : undefined;
      return key === undefined ? none : property(searched, tags, key);
    },
    ...textRules(searched.graph),
  };
}
