/**
 * What the facets mean that the graph follows from: parent, symlinks, version, columnLineage and lineage. Facets are kept
 * whatever they hold; one that is not of the standard's shape, or names what cannot be a name, means nothing.
 */
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { type JsonObject, lineageLimits, type PlaceName, type SentFacet } from './lineage-event.ts';

export interface ParentRun {
  readonly id: string;
  readonly job: PlaceName;
}

/** A dataset, or a job or one of its runs, that another thing was made from. `own`: the job and run of the event. */
export type SourceName =
  | ({ readonly kind: 'dataset' } & PlaceName)
  | { readonly kind: 'job'; readonly job: PlaceName | 'own'; readonly runId: string | undefined };

/** The source, whole or a field of it, in the target or a field of it. */
export interface SourceLink {
  readonly field: string | undefined;
  readonly source: SourceName;
  readonly sourceField: string | undefined;
  /** JSON. */
  readonly how: string | undefined;
}

export interface TargetLineage {
  readonly target: SourceName;
  readonly links: readonly SourceLink[];
}

export const facetOf = (facets: readonly SentFacet[], key: string): SentFacet | undefined =>
  facets.findLast((facet) => facet.key === key);

/** The run that started this one, and the one at the top. */
export function parentsOf(facet: SentFacet | undefined): {
  readonly parent?: ParentRun | undefined;
  readonly root?: ParentRun | undefined;
} {
  if (facet === undefined || facet.removed) return {};
  return { parent: parentRun(facet.value), root: parentRun(facet.value.root) };
}

function parentRun(value: unknown): ParentRun | undefined {
  if (!isObject(value) || !isObject(value.run)) return undefined;
  const job = placeOf(value.job);
  const id = textOf(value.run.runId, lineageLimits.runId);
  return job === undefined || id === undefined ? undefined : { id, job };
}

/** Other names of a dataset. */
export function symlinksOf({ value, removed }: SentFacet): PlaceName[] {
  if (removed || !Array.isArray(value.identifiers)) return [];
  return value.identifiers.flatMap((identifier) => placeOf(identifier) ?? []);
}

/** The version that the source of a dataset itself names; null where one is taken back. */
export function versionOf(facet: SentFacet | undefined): string | null | undefined {
  if (facet === undefined) return undefined;
  if (facet.removed) return null;
  const { datasetVersion } = facet.value;
  const version = typeof datasetVersion === 'number' ? String(datasetVersion) : datasetVersion;
  return textOf(version, lineageLimits.version);
}

/** Undefined where the facet does not say from what the dataset was made. */
export function columnLineageOf({ value }: SentFacet): SourceLink[] | undefined {
  if (!isObject(value.fields) && !Array.isArray(value.dataset)) return undefined;
  const links: SourceLink[] = [];
  for (const [field, entry] of entriesOf(value.fields)) {
    if (!isObject(entry) || !Array.isArray(entry.inputFields)) continue;
    for (const input of entry.inputFields) addColumnLink(links, field, input, entry);
  }
  if (Array.isArray(value.dataset)) {
    for (const input of value.dataset) addColumnLink(links, undefined, input, {});
  }
  return links;
}

function addColumnLink(
  links: SourceLink[],
  field: string | undefined,
  input: unknown,
  entry: JsonObject,
): void {
  const place = placeOf(input);
  if (place === undefined || !isObject(input)) return;
  // Before 1.1 a field had one transformation for all that goes into it.
  const { transformationType, transformationDescription } = entry;
  const older =
    transformationType === undefined && transformationDescription === undefined
      ? undefined
      : [{ type: transformationType, description: transformationDescription }];
  links.push({
    field,
    source: { kind: 'dataset', ...place },
    sourceField: textOf(input.field, lineageLimits.field),
    how: howOf(input.transformations ?? older),
  });
}

/** What the facet `lineage` of a dataset says; undefined where it says nothing of its sources. */
export function datasetLineageOf(value: JsonObject): SourceLink[] | undefined {
  if (!Array.isArray(value.inputs) && !isObject(value.fields)) return undefined;
  const links: SourceLink[] = [];
  if (Array.isArray(value.inputs)) for (const input of value.inputs) addLineageLink(links, undefined, input);
  for (const [field, entry] of entriesOf(value.fields)) {
    if (!isObject(entry) || !Array.isArray(entry.inputs)) continue;
    for (const input of entry.inputs) addLineageLink(links, field, input);
  }
  return links;
}

/** What the facet `lineage` of a job says of each target. */
export function jobLineageOf({ value, removed }: SentFacet): TargetLineage[] {
  if (removed || !Array.isArray(value.entries)) return [];
  return value.entries.flatMap((entry) => {
    const target = sourceName(entry);
    const links = isObject(entry) ? datasetLineageOf(entry) : undefined;
    return target === undefined || links === undefined ? [] : { target, links };
  });
}

function addLineageLink(links: SourceLink[], field: string | undefined, input: unknown): void {
  const source = sourceName(input);
  if (source === undefined || !isObject(input)) return;
  const sourceField = textOf(input.field, lineageLimits.field);
  links.push({ field, source, sourceField, how: howOf(input.transformations) });
}

function sourceName(value: unknown): SourceName | undefined {
  if (!isObject(value)) return undefined;
  const place = placeOf(value);
  if (value.type === 'DATASET') return place && { kind: 'dataset', ...place };
  if (value.type !== 'JOB') return undefined;
  const isOwn = value.namespace === undefined && value.name === undefined;
  if (place === undefined && !isOwn) return undefined;
  return { kind: 'job', job: place ?? 'own', runId: textOf(value.runId, lineageLimits.runId) };
}

function howOf(transformations: unknown): string | undefined {
  return Array.isArray(transformations) && transformations.length > 0
    ? canonicalJson(transformations)
    : undefined;
}

function placeOf(value: unknown): PlaceName | undefined {
  if (!isObject(value)) return undefined;
  const { namespace } = value;
  const name = textOf(value.name, lineageLimits.name);
  if (typeof namespace !== 'string' || namespace.length > lineageLimits.namespace) return undefined;
  return name === undefined || namespace.includes('\0') ? undefined : { namespace, name };
}

function textOf(value: unknown, limit: number): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= limit && !value.includes('\0')
    ? value
    : undefined;
}

function* entriesOf(value: unknown): Generator<[field: string, entry: unknown]> {
  if (!isObject(value)) return;
  for (const [field, entry] of Object.entries(value)) {
    if (textOf(field, lineageLimits.field) !== undefined) yield [field, entry];
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
