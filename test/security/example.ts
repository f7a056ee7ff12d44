/** What an example of a request is, and the words that several of them share. */
import type { Transfer } from './transfers.ts';

/** What the requests of one operation are about: made anew for each. */
export interface Subject {
  readonly experiment: string;
  readonly run: string;
  /** A logged model that the run made, with what it names; '' for operations about neither models nor datasets. */
  readonly model: string;
  /** Uid of a dataset that the run uses; '' likewise. */
  readonly dataset: string;
  /** Uid of its version; '' likewise. */
  readonly usedVersion: string;
  /** Name of a registered model with two versions, the first under the alias `champion`; '' likewise. */
  readonly registered: string;
  /** Uid of its first version. */
  readonly version: string;
  /** Name and uid of an endpoint, and the uid of what serves there, the registered model's first version; '' likewise. */
  readonly endpointName: string;
  readonly endpoint: string;
  readonly deployment: string;
  /** Uids of a job, of a run of it, of the version of a dataset that this wrote, and the id of the event; '' likewise. */
  readonly job: string;
  readonly jobRun: string;
  readonly datasetVersion: string;
  readonly lineageEvent: string;
  /** Id of a disabled webhook, and of a delivery that it was not given; '' likewise. */
  readonly webhook: string;
  readonly delivery: string;
  /** An upload in parts whose only part was sent, and what was handed out with it and with a file; likewise. */
  readonly transfer: Transfer;
  /** Unique names for what a request makes. */
  readonly fresh: () => string;
}

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

export interface Example {
  /** Path parameters. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly [name: string]: Value };
  /** Fields that are kept whatever they hold, or whose faults are told one by one in a good answer. */
  readonly keeps?: RegExp;
  /** A body that is no JSON. */
  readonly bytes?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the good request is answered, where that is no success: the operation says that it is not supported here. */
  readonly answers?: 400 | 501;
}

export const time = 1_760_000_000_000;
export const tag = { key: 'note', value: 'text' };
/** The servers of these tests allow it, and it refuses at once. */
export const nobodyThere = 'http://127.0.0.1:1/hook';
export const point = { key: 'loss', value: 0.5, timestamp: time, step: 7 };

export const newDataset = {
  tags: [{ key: 'mlflow.data.context', value: 'training' }],
  dataset: {
    name: 'rows',
    digest: 'abcd1234',
    source_type: 's3',
    source: '{"uri": "s3://bucket/rows"}',
    schema: '{"mlflow_colspec": []}',
    profile: '{}',
  },
};

/** By id of operation. */
export type Examples = Readonly<Record<string, (subject: Subject) => Example>>;
