/**
 * Datasets as one face's records. A *dataset* is an asset: the thing across its versions, known by where it lies. A
 * *dataset version* is an artifact: one digest of it. MLflow's record (experiment, name, digest) is a dataset version of
 * its own, given back byte for byte; that two of them are the same version is an edge `same` between them.
 */
import type { EdgeId, NodeId, Uid } from '../../kernel/ids.ts';
import type { Tag } from '../contexts/index.ts';

/** What a client says of a dataset that a run reads. */
export interface DatasetRecord {
  readonly name: string;
  /** The client's own; of a sample of the rows, so that equal ones may be different bytes. */
  readonly digest: string;
  readonly sourceType: string;
  /** JSON text, as written. */
  readonly source: string;
  readonly schema?: string | undefined;
  readonly profile?: string | undefined;
}

/** That a run uses a dataset version. */
export interface NewDatasetInput {
  readonly record: DatasetRecord;
  /** What for: `training`, `test`, … */
  readonly context?: string | undefined;
  readonly tags: readonly Tag[];
}

export interface DatasetVersion extends DatasetRecord {
  readonly node: NodeId;
  readonly uid: Uid;
  /** ms; when it was first recorded */
  readonly created: number;
}

export interface DatasetInput {
  readonly edge: EdgeId;
  readonly run: NodeId;
  readonly dataset: DatasetVersion;
  readonly context: string | undefined;
  /** Keys in the order of their UTF-8 bytes. */
  readonly tags: readonly Tag[];
}

/** One use of a dataset version in an experiment, as often as its runs have it. */
export interface DatasetUse {
  /** Decimal id. */
  readonly experiment: string;
  readonly name: string;
  readonly digest: string;
  readonly context: string | undefined;
}

/** docs/reference/limits.md shows them. Lengths are UTF-16 units. */
export const datasetLimits = {
  name: 1_000,
  uri: 4_000,
  version: 1_000,
  /** Description of a dataset, note on a version. */
  description: 20_000,
  /** Owner, licence. */
  words: 1_000,
  tagKey: 250,
  tagValue: 5_000,
  tags: 200,
  digests: 20,
  /** Of one schema, with those inside others; columns with statistics. */
  fields: 10_000,
  /** Rows of a preview. */
  previewRows: 200,
  /** Columns of a preview. */
  previewColumns: 1_000,
  /** Bytes of a preview as JSON. */
  preview: 262_144,
  /** Figures that a difference of two versions tells. */
  differences: 10_000,
  /** ms that a client's clock may be ahead. */
  skew: 300_000,
} as const;
