/** Facets as Cairn writes them: who says so, and where the schema stands that they follow. */

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type Facet = { readonly [key: string]: Json | undefined };
export type Facets = { readonly [key: string]: Facet | undefined };

/** One for all versions of Cairn: the same run gives the same bytes. */
export const producer = 'https://www.npmjs.com/package/cairn-ml';

const specification = 'https://openlineage.io/spec';
/** The release that brought these schemas; those of a release never change. */
const ownSchemas = 'https://unpkg.com/cairn-ml@0.1.0/docs/formats/openlineage-facets';

export const eventSchema = `${specification}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

/** A facet of the standard: `standardFacet('ParentRunFacet', '1-1-0', {…})`. */
export function standardFacet(schema: string, version: string, content: Facet): Facet {
  return {
    _producer: producer,
    _schemaURL: `${specification}/facets/${version}/${schema}.json#/$defs/${schema}`,
    ...content,
  };
}

/** A facet of Cairn's own; `file` where several stand in one. */
export function ownFacet(schema: string, content: Facet, file = schema): Facet {
  return { _producer: producer, _schemaURL: `${ownSchemas}/${file}.json#/$defs/${schema}`, ...content };
}

/** Without members that say nothing. */
export function told<T extends Readonly<Record<string, unknown>>>(members: T): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as T;
}

/** ISO 8601, UTC; undefined for what is no date. */
export function instant(ms: number | string): string | undefined {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999
    ? undefined
    : date.toISOString();
}
