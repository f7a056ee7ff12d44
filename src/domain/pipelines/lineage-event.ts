/**
 * One event of OpenLineage, read and found good: what a producer observed of a run, or declares of a job or a dataset. It
 * is a set of claims; which of several claims wins is decided by their stamps, never by the order in which they came.
 */
import type { Stamp, StampTime } from './stamp.ts';

/** What an event says of the state of its run. */
export const runEventTypes = ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] as const;
export type RunEventType = (typeof runEventTypes)[number];

/** One facet as it was sent: a whole, which a later one of the same key replaces. */
export interface SentFacet {
  readonly key: string;
  readonly value: JsonObject;
  /** Its JSON in one spelling. */
  readonly text: string;
  /** It takes back the facet of this key. */
  readonly removed: boolean;
}
export type JsonObject = Readonly<Record<string, unknown>>;

/** Cairn's own facets of machine learning (ml-facets.ts), named by the specification's rule: prefix, underscore, name. */
export const mlFacets = {
  /** Of a run. */
  training: 'cairn_training',
  hyperParameters: 'cairn_hyperParameters',
  metrics: 'cairn_metrics',
  deployment: 'cairn_deployment',
  /** Of a dataset, or of a run. */
  model: 'cairn_model',
  /** Of an input. */
  datasetRole: 'cairn_datasetRole',
  evaluation: 'cairn_evaluation',
} as const;

/** How a protocol names a job or a dataset. */
export interface PlaceName {
  readonly namespace: string;
  readonly name: string;
}

export interface SentDataset extends PlaceName {
  readonly facets: readonly SentFacet[];
  /** What it says of this reading, or this writing, only: `inputFacets`, `outputFacets`. */
  readonly useFacets: readonly SentFacet[];
}

export interface SentJob extends PlaceName {
  readonly facets: readonly SentFacet[];
}

interface SentEvent {
  readonly time: StampTime;
  /** The time, and the hash of the event in one spelling: what makes two of them the same. */
  readonly stamp: Stamp;
  /** As it was sent. */
  readonly text: string;
}

export interface RunEvent extends SentEvent {
  readonly kind: 'run';
  readonly type: RunEventType | undefined;
  readonly run: { readonly id: string; readonly facets: readonly SentFacet[] };
  readonly job: SentJob;
  readonly inputs: readonly SentDataset[];
  readonly outputs: readonly SentDataset[];
}

export interface JobEvent extends SentEvent {
  readonly kind: 'job';
  readonly job: SentJob;
  readonly inputs: readonly SentDataset[];
  readonly outputs: readonly SentDataset[];
}

export interface DatasetEvent extends SentEvent {
  readonly kind: 'dataset';
  readonly dataset: SentDataset;
}

export type LineageEvent = RunEvent | JobEvent | DatasetEvent;

/** docs/reference/limits.md shows them. Lengths are UTF-16 units. */
export const lineageLimits = {
  namespace: 1_000,
  name: 4_000,
  runId: 1_000,
  facetKey: 250,
  version: 1_000,
  field: 2_000,
  /** Of one event, in `inputs` and in `outputs` each. */
  datasets: 2_000,
  /** Facets of one run, job or dataset in one event. */
  facets: 500,
  /** Datasets that one event links to others, field by field. */
  links: 50_000,
} as const;
