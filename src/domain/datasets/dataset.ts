/**
 * Datasets as one face's records. A *dataset* is an asset: the thing across its versions, known by where it lies. A
 * *dataset version* is an artifact: one digest of it. MLflow's record (experiment, name, digest) is a dataset version of
 * its own, given back byte for byte; that two of them are the same version is an edge `same` between them.
 */
import type { EdgeId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
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

/** An asset of type dataset. */
export interface Dataset {
  readonly node: NodeId;
  readonly project: ProjectId;
  readonly uid: Uid;
  /** Of its first version. */
  readonly name: string;
  /** Where it lies, in the one spelling that equal places share; undefined where it has no place. */
  readonly uri: string | undefined;
  readonly created: number;
  readonly versions: number;
}

/** One use of a dataset version in an experiment, as often as its runs have it. */
export interface DatasetUse {
  /** Decimal id. */
  readonly experiment: string;
  readonly name: string;
  readonly digest: string;
  readonly context: string | undefined;
}
