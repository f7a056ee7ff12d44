/** Schemas, figures and descriptions as OpenLineage's producers tell them in facets. A facet that is not of the standard's shape tells nothing. */
import { countOf, listOf, member, numberOf, objectOf, readJson, textOf } from './json-parts.ts';
import type { ColumnStatistics, Field, Statistics } from './shape.ts';

/** Facets of one thing: key → JSON text. */
export type Facets = ReadonlyMap<string, string>;

/** The facets that datasets are described by: whoever hands facets in need read no others. */
export const readFacets = [
  ...['schema', 'dataQualityMetrics', 'inputStatistics', 'outputStatistics', 'version', 'dataSource'],
  ...['ownership', 'documentation', 'tags', 'lifecycleStateChange', 'storage', 'catalog', 'datasetType'],
] as const;

/** Undefined where the facet tells no fields. */
export function facetSchema(text: string | undefined): Field[] | undefined {
  return fieldsOf(member(readJson(text), 'fields'), 1);
}

function fieldsOf(value: unknown, depth: number): Field[] | undefined {
  const fields = listOf(value);
  if (fields === undefined || depth > 20) return undefined;
  const read = fields.map((field, index) => ({
    field,
    index,
    at: numberOf(member(field, 'ordinal_position')),
  }));
  // Producers that number their fields need not list them in that order.
  if (read.every(({ at }) => at !== undefined)) read.sort((a, b) => a.at! - b.at! || a.index - b.index);
  return read.flatMap(({ field }) => {
    const name = textOf(member(field, 'name'));
    if (name === undefined) return [];
    const type = textOf(member(field, 'type'));
    const description = textOf(member(field, 'description'));
    const fields = fieldsOf(member(field, 'fields'), depth + 1);
    return {
      name,
      ...(type !== undefined && { type }),
      ...(description !== undefined && { description }),
      ...(fields !== undefined && fields.length > 0 && { fields }),
    };
  });
}

/** What the facets of a version, and of the run that wrote or read it, say in figures. */
export function facetStatistics(facets: Facets): Statistics | undefined {
  const quality = readJson(facets.get('dataQualityMetrics'));
  const written = readJson(facets.get('outputStatistics') ?? facets.get('inputStatistics'));
  const total = (...names: readonly string[]) => {
    for (const name of names) {
      const found = countOf(member(written, name)) ?? countOf(member(quality, name));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const statistics = {
    rows: total('rowCount'),
    bytes: total('size', 'bytes'),
    files: total('fileCount'),
    columns: Object.entries(objectOf(member(quality, 'columnMetrics')) ?? {}).map(columnOf),
  };
  const { rows, bytes, files, columns } = statistics;
  const isEmpty = rows === undefined && bytes === undefined && files === undefined && columns.length === 0;
  return isEmpty ? undefined : statistics;
}

function columnOf([name, metrics]: readonly [string, unknown]): ColumnStatistics {
  const quantiles = Object.entries(objectOf(member(metrics, 'quantiles')) ?? {}).flatMap(([at, value]) => {
    const number = numberOf(value);
    return number === undefined ? [] : [[at, number] as const];
  });
  const figures = {
    count: countOf(member(metrics, 'count')),
    nulls: countOf(member(metrics, 'nullCount')),
    distinct: countOf(member(metrics, 'distinctCount')),
    sum: numberOf(member(metrics, 'sum')),
    min: bound(member(metrics, 'min')),
    max: bound(member(metrics, 'max')),
  };
  const told = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
  return { name, ...told, ...(quantiles.length > 0 && { quantiles: Object.fromEntries(quantiles) }) };
}

const bound = (value: unknown): number | string | undefined => numberOf(value) ?? textOf(value);

/** The words in which people describe a dataset, as producers tell them. */
export interface FacetWords {
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** What else is told: kind, format, catalogue, last change of its life. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

export function facetWords(facets: Facets): FacetWords {
  const of = (facet: string, name: string) => textOf(member(readJson(facets.get(facet)), name));
  const owners = listOf(member(readJson(facets.get('ownership')), 'owners')) ?? [];
  const owner = owners.flatMap((each) => textOf(member(each, 'name')) ?? []).join(', ');
  const tags = (listOf(member(readJson(facets.get('tags')), 'tags')) ?? []).flatMap((tag) => {
    const key = textOf(member(tag, 'key'));
    // A tag of one field is no tag of the dataset.
    if (key === undefined || textOf(member(tag, 'field')) !== undefined) return [];
    return { key, value: textOf(member(tag, 'value')) ?? '' };
  });
  const told: readonly (readonly [string, string | undefined])[] = [
    ['Type', joined(of('datasetType', 'datasetType'), of('datasetType', 'subType'))],
    ['Storage', joined(of('storage', 'storageLayer'), of('storage', 'fileFormat'))],
    ['Catalogue', joined(of('catalog', 'framework'), of('catalog', 'name'))],
    ['Source', of('dataSource', 'uri') ?? of('dataSource', 'name')],
    ['Last change', of('lifecycleStateChange', 'lifecycleStateChange')],
  ];
  return {
    description: of('documentation', 'description'),
    ...(owner !== '' && { owner }),
    tags,
    facts: told.flatMap(([name, value]) => (value === undefined ? [] : { name, value })),
  };
}

const joined = (...parts: readonly (string | undefined)[]): string | undefined =>
  parts.filter((part) => part !== undefined).join(' · ') || undefined;

/** The version that a source names of itself. */
export function facetVersion(facets: Facets): string | undefined {
  return textOf(member(readJson(facets.get('version')), 'datasetVersion'));
}
