/**
 * What Cairn's own facets of machine learning say; their schemas stand in docs/formats/openlineage-facets. Facets are kept whatever
 * they hold; one that is not of its schema's shape means nothing.
 */
import { type JsonObject, mlFacets } from './lineage-event.ts';

/** Facets of an input that say what it was for. */
export const roleFacets: readonly string[] = [mlFacets.datasetRole, mlFacets.evaluation];

/** UTF-16 units. */
const roleLimit = 250;

/**
 * What an input was for, in the producer's word: `train`, `test`. What is judged on it alone was for that, unless its role says
 * otherwise: a model is measured on the data that it learns from, too.
 */
export function roleOf(facets: ReadonlyMap<string, JsonObject>): string | null {
  const evaluation = facets.get(mlFacets.evaluation);
  return (
    wordOf(facets.get(mlFacets.datasetRole)?.role) ??
    (evaluation === undefined ? null : (wordOf(evaluation.role) ?? 'evaluation'))
  );
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= roleLimit && !value.includes('\0')
    ? value
    : undefined;
}

/** UTF-16 units of the name of a registered model, and of a number. */
const nameLimit = 512;
const largestNumber = 2 ** 31 - 1;

/**
 * Which model the facet means, in one spelling: `churn/3` of the registry, `m-…` of those that runs log. An alias or a stage means
 * another one tomorrow, so it means nothing here.
 */
export function modelReferenceOf({ uri, name, version, modelId }: JsonObject): string | undefined {
  if (typeof uri === 'string') {
    const path = /^models:\/([^/].*)$/su.exec(uri)?.[1];
    const slash = path?.indexOf('/') ?? -1;
    if (path === undefined) return undefined;
    return slash === -1 ? loggedModel(path) : registered(path.slice(0, slash), path.slice(slash + 1));
  }
  return registered(name, typeof version === 'number' ? String(version) : version) ?? loggedModel(modelId);
}

function registered(name: unknown, version: unknown): string | undefined {
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  if (name === '' || name.length > nameLimit || name.includes('/') || name.includes('\0')) return undefined;
  return /^[1-9]\d{0,9}$/.test(version) && Number(version) <= largestNumber
    ? `${name}/${version}`
    : undefined;
}

const loggedModel = (id: unknown): string | undefined =>
  typeof id === 'string' && /^m-[0-9a-f]{32}$/.test(id) ? id : undefined;

export interface Parameter {
  readonly key: string;
  /** As it was sent. */
  readonly value: unknown;
}

/** Standard facets of a run that list parameters, too, the later versions first. */
const parameterFacets = [mlFacets.hyperParameters, 'executionParameters', 'jobRunParameters'] as const;

/** What a run was set to, by key; of a key that several facets have, what the first of them says. */
export function parametersOf(facets: ReadonlyMap<string, JsonObject>): Parameter[] {
  const found = new Map<string, unknown>();
  for (const facet of parameterFacets) {
    for (const { key, value } of itemsOf(facets.get(facet)?.parameters)) {
      if (typeof key === 'string' && key !== '' && value !== undefined && !found.has(key))
        found.set(key, value);
    }
  }
  return [...found].map(([key, value]) => ({ key, value })).sort(byKey);
}

export interface Measured {
  readonly key: string;
  readonly value: number | bigint | string;
  readonly step: number | bigint | string | undefined;
  /** ms */
  readonly at: number | undefined;
  /** Which model was measured. */
  readonly model: string | undefined;
}

/** What a run measured, or what was measured on one of its inputs, by key. */
export function metricsIn(facet: JsonObject | undefined): Measured[] {
  return itemsOf(facet?.metrics)
    .flatMap(({ key, value, step, timestamp, model }): Measured[] => {
      if (typeof key !== 'string' || key === '' || !isNumber(value)) return [];
      return [
        {
          ...{ key, value },
          step: isInteger(step) ? step : undefined,
          at: typeof timestamp === 'string' ? instantOf(timestamp) : undefined,
          model: typeof model === 'string' ? model : undefined,
        },
      ];
    })
    .sort(byKey);
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

function itemsOf(value: unknown): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
}

/** JSON has no word for some numbers: these are texts. */
const numberWords: readonly unknown[] = ['NaN', 'Infinity', '-Infinity', '-0'];
const isNumber = (value: unknown): value is number | bigint | string =>
  typeof value === 'number' || typeof value === 'bigint' || numberWords.includes(value);
const isInteger = (value: unknown): value is number | bigint | string =>
  Number.isSafeInteger(value) ||
  typeof value === 'bigint' ||
  (typeof value === 'string' && /^-?\d{1,19}$/.test(value));

function instantOf(text: string): number | undefined {
  const ms = text.length <= 64 ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
