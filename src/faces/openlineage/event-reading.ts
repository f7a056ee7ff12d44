/**
 * One event as it came over the wire, read into what the domain takes. Lenient where producers are known to differ from the
 * specification (run ids that are no UUIDs, producers that are no URIs, an eventType that is missing, null for absent),
 * strict where a claim could not be kept: names, times and the shape of what holds them.
 */
import { hash } from 'node:crypto';
import {
  type LineageEvent,
  lineageLimits,
  type PlaceName,
  type RunEventType,
  readTime,
  runEventTypes,
  type SentDataset,
  type SentFacet,
  stampOf,
} from '../../domain/pipelines/index.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { invalid } from '../../kernel/errors.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** `text` is the JSON that `value` was parsed from; errors about the whole of it name `root`. */
export function readEvent(value: unknown, text: string, root: string): LineageEvent {
  const event = objectAt(root, value);
  const reader = new EventReader();
  const time = readTime(textAt('eventTime', event.eventTime, 100), 'eventTime');
  for (const name of ['producer', 'schemaURL'] as const) {
    if (isThere(event[name]) && typeof event[name] !== 'string')
      throw invalid(name, `${name} must be a text`);
  }
  const body = bodyOf(reader, event);
  // The texts of facets, which are most of an event, are made once for both.
  const digest = hash('sha256', canonicalJson(value, reader.texts), 'buffer');
  return { ...body, time, stamp: stampOf(time, digest), text };
}

type Body = LineageEvent extends infer Event
  ? Event extends LineageEvent
    ? Omit<Event, 'time' | 'stamp' | 'text'>
    : never
  : never;

function bodyOf(reader: EventReader, event: JsonObject): Body {
  const has = { run: isThere(event.run), job: isThere(event.job), dataset: isThere(event.dataset) };
  if (has.run && has.job) {
    const run = objectAt('run', event.run);
    return {
      kind: 'run',
      type: eventType(event.eventType),
      run: {
        id: nameAt('run.runId', run.runId, lineageLimits.runId),
        facets: reader.facets('run.facets', run.facets),
      },
      job: reader.job(event.job),
      inputs: reader.datasets('inputs', event.inputs, 'inputFacets'),
      outputs: reader.datasets('outputs', event.outputs, 'outputFacets'),
    };
  }
  if (has.dataset && has.job)
    throw invalid('dataset', 'An event is about a job or about a dataset, not about both');
  if (has.dataset) return { kind: 'dataset', dataset: reader.dataset('dataset', event.dataset, undefined) };
  if (has.run) throw invalid('job', 'job is required: the event names a run');
  if (!has.job) throw invalid('run', 'An event has run and job, or job, or dataset');
  return {
    kind: 'job',
    job: reader.job(event.job),
    inputs: reader.datasets('inputs', event.inputs, 'inputFacets'),
    outputs: reader.datasets('outputs', event.outputs, 'outputFacets'),
  };
}

class EventReader {
  /** Facets and their texts. */
  readonly texts = new Map<object, string>();

  job(value: unknown) {
    const job = objectAt('job', value);
    return { ...placeAt('job', job), facets: this.facets('job.facets', job.facets) };
  }

  datasets(field: string, value: unknown, uses: 'inputFacets' | 'outputFacets'): SentDataset[] {
    if (!isThere(value)) return [];
    if (!Array.isArray(value)) throw invalid(field, `${field} must be a list`);
    if (value.length > lineageLimits.datasets)
      throw invalid(field, `${field} holds more than ${lineageLimits.datasets} datasets`);
    return value.map((item, index) => this.dataset(`${field}[${index}]`, item, uses));
  }

  dataset(field: string, value: unknown, uses: 'inputFacets' | 'outputFacets' | undefined): SentDataset {
    const dataset = objectAt(field, value);
    return {
      ...placeAt(field, dataset),
      facets: this.facets(`${field}.facets`, dataset.facets),
      useFacets: uses === undefined ? [] : this.facets(`${field}.${uses}`, dataset[uses]),
    };
  }

  facets(field: string, value: unknown): SentFacet[] {
    if (!isThere(value)) return [];
    const facets: SentFacet[] = [];
    for (const [key, facet] of Object.entries(objectAt(field, value))) {
      if (!isThere(facet)) continue;
      const shown = `${field}.${key.length > 300 ? `${key.slice(0, 300).toWellFormed()}…` : key}`;
      if (key === '' || key.length > lineageLimits.facetKey || key.includes('\0')) {
        throw invalid(
          shown,
          `${shown}: the key of a facet has 1 to ${lineageLimits.facetKey} characters, none U+0000`,
        );
      }
      const content = objectAt(shown, facet);
      const text = canonicalJson(content);
      this.texts.set(content, text);
      facets.push({ key, value: content, text, removed: content._deleted === true });
    }
    if (facets.length > lineageLimits.facets)
      throw invalid(field, `${field} holds more than ${lineageLimits.facets} facets`);
    return facets;
  }
}

function eventType(value: unknown): RunEventType | undefined {
  if (!isThere(value)) return undefined;
  const type = runEventTypes.find((known) => typeof value === 'string' && value.toUpperCase() === known);
  if (type === undefined) throw invalid('eventType', `eventType must be one of ${runEventTypes.join(', ')}`);
  return type;
}

function placeAt(field: string, value: JsonObject): PlaceName {
  return {
    namespace: textAt(`${field}.namespace`, value.namespace, lineageLimits.namespace),
    name: nameAt(`${field}.name`, value.name, lineageLimits.name),
  };
}

function nameAt(field: string, value: unknown, limit: number): string {
  const text = textAt(field, value, limit);
  if (text === '') throw invalid(field, `${field} must not be empty`);
  return text;
}

function textAt(field: string, value: unknown, limit: number): string {
  if (!isThere(value)) throw invalid(field, `${field} is required`);
  if (typeof value !== 'string') throw invalid(field, `${field} must be a text`);
  if (value.length > limit) throw invalid(field, `${field} is longer than ${limit} characters`);
  if (value.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
  return value;
}

function objectAt(field: string, value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalid(field, `${field} must be an object`);
}

/** Some producers write null for what they do not say. */
const isThere = (value: unknown): boolean => value !== undefined && value !== null;
