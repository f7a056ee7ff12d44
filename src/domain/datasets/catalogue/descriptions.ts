/**
 * What people say of a dataset: description, owner, licence, tags. What is said here stands before what producers said in facets, and
 * both are told apart.
 */
import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { type Graph, propertiesOf, propertyScopes, textOf } from '../../graph/index.ts';
import { facetWords, readFacets } from '../shape/facet-shape.ts';
import type { FacetSource } from './facet-source.ts';

export const describedFields = ['description', 'owner', 'licence'] as const;
export type DescribedField = (typeof describedFields)[number];

/** Who said it: somebody here, or a producer in a facet. */
export interface Said {
  readonly value: string;
  readonly by: 'people' | 'producer';
}

export interface Tag {
  readonly key: string;
  readonly value: string;
  readonly by: Said['by'];
}

export interface Description {
  readonly fields: Readonly<Record<DescribedField, Said | undefined>>;
  readonly tags: readonly Tag[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The last change here can be taken back. */
  readonly undoable: boolean;
}

/** What was said here of each asset. */
export interface OwnWords {
  readonly fields: ReadonlyMap<DescribedField, string>;
  readonly tags: ReadonlyMap<string, string>;
  /** The change that would take the last one back, as JSON. */
  readonly undo: string | undefined;
}

const noWords: OwnWords = { fields: new Map(), tags: new Map(), undo: undefined };

/** Of an asset of which nothing was said there is none. */
export async function ownWords(
  queries: Queries,
  graph: Graph,
  assets: readonly NodeId[],
): Promise<Map<NodeId, OwnWords>> {
  const rows = await propertiesOf(queries, assets);
  const names = await graph.keys.names(
    queries,
    rows.map(({ key }) => key),
  );
  const found = new Map<
    NodeId,
    { fields: Map<DescribedField, string>; tags: Map<string, string>; undo: string | undefined }
  >();
  for (const row of rows) {
    const words = found.get(row.owner) ?? { fields: new Map(), tags: new Map(), undo: undefined };
    const name = names.get(row.key) ?? '';
    const field = describedFields.find((each) => each === name);
    if (row.scope === propertyScopes['dataset-tag']) words.tags.set(name, textOf(row));
    else if (row.scope === propertyScopes.declared && field !== undefined)
      words.fields.set(field, textOf(row));
    else if (row.scope === propertyScopes.system && name === 'undo') words.undo = textOf(row);
    else continue;
    found.set(row.owner, words);
  }
  return found;
}

/** What is said of the assets of one class together; of two that say one thing here, the first counts. */
export function joinedWords(own: ReadonlyMap<NodeId, OwnWords>, assets: readonly NodeId[]): OwnWords {
  const parts = assets.map((asset) => own.get(asset) ?? noWords).toReversed();
  return {
    fields: new Map(parts.flatMap(({ fields }) => [...fields])),
    tags: new Map(parts.flatMap(({ tags }) => [...tags])),
    undo: parts.findLast(({ undo }) => undo !== undefined)?.undo,
  };
}

/** Of each class, whose assets are given, the first being the one it is named after. */
export async function descriptionsOf(
  queries: Queries,
  graph: Graph,
  facets: FacetSource,
  classes: readonly (readonly NodeId[])[],
): Promise<Description[]> {
  const assets = classes.flat();
  const own = await ownWords(queries, graph, assets);
  const said = await facets.ofNodes(queries, assets, readFacets);
  return classes.map((members) => {
    const words = joinedWords(own, members);
    const told = members.flatMap((asset) => {
      const each = said.get(asset);
      return each === undefined ? [] : facetWords(each);
    });
    const field = (name: DescribedField): Said | undefined => {
      const value = words.fields.get(name);
      if (value !== undefined) return { value, by: 'people' };
      const other = name === 'licence' ? undefined : told.find((each) => each[name] !== undefined)?.[name];
      return other === undefined ? undefined : { value: other, by: 'producer' };
    };
    const facts = new Map(
      told.flatMap((each) => each.facts.map(({ name, value }) => [name, value] as const)),
    );
    const people = [...words.tags].map(([key, value]): Tag => ({ key, value, by: 'people' }));
    const seen = new Set(words.tags.keys());
    const producer = told
      .flatMap(({ tags }) => tags)
      .filter(({ key }) => !seen.has(key) && seen.add(key))
      .map((tag): Tag => ({ ...tag, by: 'producer' }));
    return {
      fields: { description: field('description'), owner: field('owner'), licence: field('licence') },
      tags: [...people, ...producer].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
      facts: [...facts].map(([name, value]) => ({ name, value })),
      undoable: words.undo !== undefined,
    };
  });
}
