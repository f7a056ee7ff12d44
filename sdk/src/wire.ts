// Written by docs/generate.ts from the list of operations; do not edit.

/** Of every operation of the native API its method, its path, and whether it is about one project. */
export const routes = {
  'server.get': ['GET', '/api/v1/server', false],
  'project.list': ['GET', '/api/v1/projects', false],
  'project.create': ['POST', '/api/v1/projects', false],
  'experiment.create': ['POST', '/api/v1/experiments', true],
  'experiment.rename': ['PATCH', '/api/v1/experiments/{experiment}', true],
  'experiment.delete': ['DELETE', '/api/v1/experiments/{experiment}', true],
  'experiment.restore': ['POST', '/api/v1/experiments/{experiment}/restore', true],
  'experiment.tag': ['PUT', '/api/v1/experiments/{experiment}/tags', true],
  'experiment.untag': ['DELETE', '/api/v1/experiments/{experiment}/tags', true],
  'run.create': ['POST', '/api/v1/runs', true],
  'run.get': ['GET', '/api/v1/runs/{run}', true],
  'run.update': ['PATCH', '/api/v1/runs/{run}', true],
  'run.delete': ['DELETE', '/api/v1/runs/{run}', true],
  'run.restore': ['POST', '/api/v1/runs/{run}/restore', true],
  'run.tag': ['POST', '/api/v1/runs/{run}/tags', true],
  'run.untag': ['DELETE', '/api/v1/runs/{run}/tags', true],
  'run.log': ['POST', '/api/v1/runs/{run}/log', true],
  'run.ingest': ['POST', '/api/v1/runs/{run}/points', true],
  'run.points': ['GET', '/api/v1/runs/{run}/points', true],
  'run.metrics': ['GET', '/api/v1/runs/{run}/metrics', true],
  'run.rewind': ['POST', '/api/v1/runs/{run}/rewind', true],
  'run.rewinds': ['GET', '/api/v1/runs/{run}/rewinds', true],
  'series.draw': ['POST', '/api/v1/series/draw', true],
  'series.read': ['POST', '/api/v1/series/read', true],
  'run.search': ['POST', '/api/v1/runs/search', true],
  'run.anchors': ['POST', '/api/v1/runs/anchors', true],
  'run.groups': ['POST', '/api/v1/runs/groups', true],
  'experiment.list': ['GET', '/api/v1/experiments', true],
  'experiment.get': ['GET', '/api/v1/experiments/{experiment}', true],
  'experiment.columns': ['GET', '/api/v1/experiments/{experiment}/columns', true],
  'experiment.values': ['GET', '/api/v1/experiments/{experiment}/values', true],
  'find': ['GET', '/api/v1/find', true],
  'artifact.list': ['GET', '/api/v1/runs/{run}/artifacts', true],
  'artifact.get': ['GET', '/api/v1/runs/{run}/artifacts/content', true],
  'artifact.put': ['PUT', '/api/v1/runs/{run}/artifacts', true],
  'artifact.delete': ['DELETE', '/api/v1/runs/{run}/artifacts', true],
  'experiment-artifact.list': ['GET', '/api/v1/experiments/{experiment}/artifacts', true],
  'experiment-artifact.get': ['GET', '/api/v1/experiments/{experiment}/artifacts/content', true],
  'experiment-artifact.put': ['PUT', '/api/v1/experiments/{experiment}/artifacts', true],
  'experiment-artifact.delete': ['DELETE', '/api/v1/experiments/{experiment}/artifacts', true],
  'dataset.list': ['GET', '/api/v1/datasets', true],
  'dataset.get': ['GET', '/api/v1/datasets/{dataset}', true],
  'dataset.uses': ['GET', '/api/v1/datasets/{dataset}/uses', true],
  'dataset-version.list': ['GET', '/api/v1/datasets/{dataset}/versions', true],
  'dataset-version.get': ['GET', '/api/v1/dataset-versions/{version}', true],
  'dataset-version.difference': ['GET', '/api/v1/dataset-differences', true],
  'dataset-version.record': ['POST', '/api/v1/dataset-versions', true],
  'dataset.describe': ['PATCH', '/api/v1/datasets/{dataset}', true],
  'dataset.undo': ['POST', '/api/v1/datasets/{dataset}/undo', true],
  'model.list': ['GET', '/api/v1/models/logged', true],
  'model.get': ['GET', '/api/v1/models/logged/{model}', true],
  'model-artifact.list': ['GET', '/api/v1/models/logged/{model}/artifacts', true],
  'model-artifact.get': ['GET', '/api/v1/models/logged/{model}/artifacts/content', true],
  'model-artifact.put': ['PUT', '/api/v1/models/logged/{model}/artifacts', true],
  'model-artifact.delete': ['DELETE', '/api/v1/models/logged/{model}/artifacts', true],
  'run.lineage': ['GET', '/api/v1/runs/{run}/lineage', true],
  'registered-model.list': ['GET', '/api/v1/models/registered', true],
  'registered-model.get': ['GET', '/api/v1/models/registered/{model}', true],
  'registered-model.history': ['GET', '/api/v1/models/registered/{model}/history', true],
  'registered-model.create': ['POST', '/api/v1/models/registered', true],
  'registered-model.update': ['PATCH', '/api/v1/models/registered/{model}', true],
  'registered-model.delete': ['DELETE', '/api/v1/models/registered/{model}', true],
  'registered-model.tag': ['PUT', '/api/v1/models/registered/{model}/tags', true],
  'registered-model.untag': ['DELETE', '/api/v1/models/registered/{model}/tags', true],
  'model-version.list': ['GET', '/api/v1/models/registered/{model}/versions', true],
  'model-version.of-run': ['GET', '/api/v1/runs/{run}/versions', true],
  'model-version.get': ['GET', '/api/v1/models/registered/{model}/versions/{version}', true],
  'model-version.resolve': ['GET', '/api/v1/models/resolve', true],
  'model-version.create': ['POST', '/api/v1/models/registered/{model}/versions', true],
  'model-version.update': ['PATCH', '/api/v1/models/registered/{model}/versions/{version}', true],
  'model-version.delete': ['DELETE', '/api/v1/models/registered/{model}/versions/{version}', true],
  'model-version.stage': ['PUT', '/api/v1/models/registered/{model}/versions/{version}/stage', true],
  'model-version.tag': ['PUT', '/api/v1/models/registered/{model}/versions/{version}/tags', true],
  'model-version.untag': ['DELETE', '/api/v1/models/registered/{model}/versions/{version}/tags', true],
  'model-version-artifact.list': ['GET', '/api/v1/models/versions/{version}/artifacts', true],
  'model-version-artifact.get': ['GET', '/api/v1/models/versions/{version}/artifacts/content', true],
  'model-alias.set': ['PUT', '/api/v1/models/registered/{model}/aliases/{alias}', true],
  'model-alias.remove': ['DELETE', '/api/v1/models/registered/{model}/aliases/{alias}', true],
  'model-alias.undo': ['POST', '/api/v1/models/registered/{model}/aliases/{alias}/undo', true],
  'job.list': ['GET', '/api/v1/jobs', true],
  'job.get': ['GET', '/api/v1/jobs/{job}', true],
  'job-run.list': ['GET', '/api/v1/job-runs', true],
  'job-run.get': ['GET', '/api/v1/job-runs/{run}', true],
  'run.family': ['GET', '/api/v1/run-family/{run}', true],
  'job-run.events': ['GET', '/api/v1/job-runs/{run}/events', true],
  'lineage-event.get': ['GET', '/api/v1/lineage-events/{event}', true],
  'dataset.facets': ['GET', '/api/v1/datasets/{dataset}/facets', true],
  'dataset-version.facets': ['GET', '/api/v1/dataset-versions/{version}/facets', true],
  'dataset-version.columns': ['GET', '/api/v1/dataset-versions/{version}/columns', true],
  'endpoint.list': ['GET', '/api/v1/endpoints', true],
  'endpoint.get': ['GET', '/api/v1/endpoints/{endpoint}', true],
  'endpoint.serving': ['GET', '/api/v1/serving', true],
  'endpoint.update': ['PATCH', '/api/v1/endpoints/{endpoint}', true],
  'endpoint.delete': ['DELETE', '/api/v1/endpoints/{endpoint}', true],
  'endpoint.restore': ['POST', '/api/v1/endpoints/{endpoint}/restore', true],
  'deployment.list': ['GET', '/api/v1/deployments', true],
  'deployment.get': ['GET', '/api/v1/deployments/{deployment}', true],
  'deployment.record': ['POST', '/api/v1/deployments', true],
  'deployment.end': ['POST', '/api/v1/deployments/end', true],
  'deployment.roll-back': ['POST', '/api/v1/deployments/roll-back', true],
  'deployment.correct': ['PATCH', '/api/v1/deployments/{deployment}', true],
  'deployment.retract': ['DELETE', '/api/v1/deployments/{deployment}', true],
  'webhook.list': ['GET', '/api/v1/webhooks', true],
  'webhook.create': ['POST', '/api/v1/webhooks', true],
  'webhook.get': ['GET', '/api/v1/webhooks/{webhook}', true],
  'webhook.update': ['PATCH', '/api/v1/webhooks/{webhook}', true],
  'webhook.delete': ['DELETE', '/api/v1/webhooks/{webhook}', true],
  'webhook.test': ['POST', '/api/v1/webhooks/{webhook}/test', true],
  'webhook-delivery.list': ['GET', '/api/v1/webhooks/{webhook}/deliveries', true],
  'webhook-delivery.replay': ['POST', '/api/v1/webhooks/{webhook}/deliveries/{delivery}/replay', true],
  'event.list': ['GET', '/api/v1/events', true],
  'node.get': ['GET', '/api/v1/graph/nodes/{uid}', true],
  'lineage.neighbours': ['GET', '/api/v1/lineage/neighbours', true],
  'lineage.nodes': ['GET', '/api/v1/lineage/nodes', true],
  'lineage.impact': ['GET', '/api/v1/lineage/impact', true],
  'lineage.impact-rows': ['GET', '/api/v1/lineage/impact/rows', true],
  'lineage.ancestry': ['GET', '/api/v1/lineage/ancestry', true],
  'lineage.common': ['GET', '/api/v1/lineage/common', true],
  'lineage.resolve': ['GET', '/api/v1/lineage/resolve', true],
  'lineage.sources': ['GET', '/api/v1/lineage/sources', true],
  'lineage.declare-source': ['POST', '/api/v1/lineage/sources', true],
  'lineage.withdraw-source': ['DELETE', '/api/v1/lineage/sources', true],
  'lineage.taints': ['GET', '/api/v1/lineage/taints', true],
  'lineage.declare-taint': ['POST', '/api/v1/lineage/taints', true],
  'lineage.withdraw-taint': ['DELETE', '/api/v1/lineage/taints', true],
  'lineage.taint-reach': ['GET', '/api/v1/lineage/taints/reach', true],
  'lineage.taint-preview': ['GET', '/api/v1/lineage/taints/preview', true],
  'lineage.marks': ['GET', '/api/v1/lineage/marks', true],
  'lineage.diff': ['GET', '/api/v1/lineage/diff', true],
  'transfer.put': ['POST', '/api/v1/transfer/batches', true],
  'transfer.progress': ['GET', '/api/v1/transfer/progress', true],
  'transfer.read': ['GET', '/api/v1/transfer/records', true],
  'transfer.put-file': ['PUT', '/api/v1/transfer/files', true],
  'transfer.files': ['GET', '/api/v1/transfer/files', true],
  'retention.purge': ['POST', '/api/v1/retention/purge', true],
} as const;

export type Project = {
  readonly name: string;
  /** ms since 1970 */
  readonly created: number;
};

export type Tag = {
  readonly key: string;
  readonly value: string;
};

export type Experiment = {
  /** Decimal, counted per project. */
  readonly id: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycle: 'active' | 'deleted';
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  readonly tags: readonly Tag[];
};

/** A double; NaN, the infinities and negative zero as text. */
export type Double = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

/** An int64; as decimal text where it is beyond 2^53. */
export type Int64 = number | string;

export type MetricSummary = {
  readonly points: number;
  /** Points that are NaN or infinite. */
  readonly nonFinite: number;
  readonly last: Double;
  readonly lastStep: Int64;
  readonly lastTime: Int64;
  readonly first: Double;
  readonly firstStep: Int64;
  /** null when every point is NaN */
  readonly min: Double | null;
  readonly minStep: Int64 | null;
  readonly max: Double | null;
  readonly maxStep: Int64 | null;
  /** Of the finite points; null when there are none. */
  readonly mean: Double | null;
};

export type Run = {
  /** 32 lower-case hex digits; also the run id of MLflow. */
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly state: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed';
  /** ms since 1970 */
  readonly started: number;
  readonly ended: number | null;
  readonly lifecycle: 'active' | 'deleted';
  /** Id of the experiment. */
  readonly experiment: string;
  readonly artifactUri: string;
  readonly params: { readonly [key: string]: string };
  readonly tags: { readonly [key: string]: string };
  readonly metrics: { readonly [key: string]: MetricSummary };
  /** There are more metrics than stand here: `cursor` for `run.metrics`. */
  readonly moreMetrics?: string;
};

export type Rewind = {
  readonly id: number;
  readonly step: Int64;
  /** ms since 1970 */
  readonly recorded: number;
  readonly actor: string;
  /** Metrics of which points were superseded. */
  readonly series: number;
  readonly points: number;
};

export type DrawnCurve = {
  readonly run: string;
  readonly key: string;
  /** All points between from and to: there are at most two for each pixel. */
  readonly points?: {
    readonly steps: readonly Int64[];
    readonly times: readonly Int64[];
    readonly values: readonly Double[];
  };
  /** Columns with an entry for every bucket of 2^level steps (or ms) that holds points. */
  readonly bands?: {
    readonly starts: readonly Int64[];
    readonly counts: readonly number[];
    /** How many points are NaN or infinite. */
    readonly nonFinite: readonly number[];
    /** Over all but NaN; null where there is nothing else. */
    readonly min: readonly (Double | null)[];
    /** Over all but NaN; null where there is nothing else. */
    readonly max: readonly (Double | null)[];
    readonly first: readonly Double[];
    readonly last: readonly Double[];
    /** Of the finite values: mean = sum / (count − non-finite). An infinity where it is beyond the doubles. */
    readonly sums: readonly Double[];
    /** Step or time of the first point. */
    readonly firstX: readonly Int64[];
    readonly lastX: readonly Int64[];
  };
  /** Over another metric: values at the steps that both have, by x, then step. */
  readonly pairs?: {
    readonly xs: readonly Double[];
    readonly steps: readonly Int64[];
    readonly values: readonly Double[];
  };
  /** The same in buckets. */
  readonly pairBands?: {
    readonly width: number;
    readonly starts: readonly Double[];
    readonly counts: readonly number[];
    /** How many points are NaN or infinite. */
    readonly nonFinite: readonly number[];
    /** Over all but NaN; null where there is nothing else. */
    readonly min: readonly (Double | null)[];
    /** Over all but NaN; null where there is nothing else. */
    readonly max: readonly (Double | null)[];
    readonly first: readonly Double[];
    readonly last: readonly Double[];
    /** Of the finite values: mean = sum / (count − non-finite). An infinity where it is beyond the doubles. */
    readonly sums: readonly Double[];
  };
};

export type ActiveExperiment = Experiment & {
  /** Active runs. */
  readonly runs: number;
  /** Of these, in state running. */
  readonly running: number;
  /** Of these, failed or killed. */
  readonly failed: number;
  /** ms since 1970 */
  readonly lastActivity: number | null;
};

export type ListedExperiment = ActiveExperiment & {
  /** ms since 1970: start of the run that began last. */
  readonly latest: number | null;
  /** Who ran it. */
  readonly user: string;
  /** Active runs begun on each of the last days asked for, of 24 hours until now, the oldest first. */
  readonly days: readonly number[];
};

export type ArtifactEntry = {
  /** Below the artifacts of what was asked about. */
  readonly path: string;
  /** Last segment of the path. */
  readonly name: string;
  readonly directory: boolean;
  /** Bytes; null for a directory. */
  readonly size: number | null;
  /** Hex; null for a directory, and for a file that is not kept here. */
  readonly sha256: string | null;
  /** ms since 1970; null for a directory. */
  readonly updated: number | null;
};

export type DatasetRecord = {
  readonly uid: string;
  /** Whose record it is: native, mlflow, openlineage, … */
  readonly face: string | null;
  /** Name of the project it is of: what lies in one place is one dataset for all. */
  readonly project: string;
  readonly name: string;
  /** As it was written. */
  readonly uri: string | null;
  /** ms since 1970 */
  readonly created: number;
  /** Why it is one thing with the others; null where nothing else is known of it. */
  readonly same: {
    /** Uid of the record it was found equal to. */
    readonly as: string;
    /** `equal uri`, `symlink`, `equal version`, `equal digest`, `equal weak digest` */
    readonly rule: string;
    /** observed, declared or inferred */
    readonly known: string;
  } | null;
};

export type Dataset = {
  /** Of its first record; any of their uids will do to ask for it. */
  readonly uid: string;
  /** Of its first record. */
  readonly name: string;
  /** Where it lies, in one spelling for equal places; null where it has no place of its own. */
  readonly uri: string | null;
  /** ms since 1970; when its first record was made */
  readonly created: number;
  /** ms since 1970; when it was last written, or else its latest version recorded */
  readonly latest: number | null;
  /** Equal ones count once. */
  readonly versions: number;
  /** Runs that read it. */
  readonly readers: number;
  /** Runs that wrote it. */
  readonly writers: number;
  readonly description: {
    readonly value: string;
    /** Somebody here, or a producer in a facet. */
    readonly by: 'people' | 'producer';
  } | null;
  readonly owner: {
    readonly value: string;
    /** Somebody here, or a producer in a facet. */
    readonly by: 'people' | 'producer';
  } | null;
  readonly licence: {
    readonly value: string;
    /** Somebody here, or a producer in a facet. */
    readonly by: 'people' | 'producer';
  } | null;
  readonly tags: readonly ({
    readonly key: string;
    readonly value: string;
    readonly by: 'people' | 'producer';
  })[];
  /** What else producers tell: kind, storage, catalogue. */
  readonly facts: readonly {
    readonly name: string;
    readonly value: string;
  }[];
  /** The last change of the description can be taken back. */
  readonly undoable: boolean;
  /** Those of the project first. */
  readonly records: readonly DatasetRecord[];
  /** Records in projects that may not be seen. */
  readonly masked: number;
};

export type DatasetExecution = {
  readonly uid: string;
  /** Name of its project. */
  readonly project: string;
  /** `run`, or `job-run` of a pipeline. */
  readonly type: string;
  readonly name: string;
  /** That it was there is all that is left of it. */
  readonly purged: boolean;
  readonly state: string | null;
  /** ms since 1970 */
  readonly started: number | null;
  /** ms since 1970 */
  readonly ended: number | null;
  readonly experiment: {
    readonly id: string;
    readonly name: string;
  } | null;
  readonly job: {
    readonly uid: string;
    readonly name: string;
    readonly namespace: string;
  } | null;
  readonly user: string | null;
  /** What ran it, as far as it was told: an engine, a script, a scheduler. */
  readonly where: string | null;
};

export type DatasetUsage = {
  readonly direction: 'read' | 'write';
  /** ms since 1970; when the run began that read, or ended that wrote */
  readonly at: number;
  /** What for: training, test, … */
  readonly context: string | null;
  readonly run: DatasetExecution;
  /** Uid of the version that the run itself names; null where it names the dataset alone. */
  readonly record: string | null;
  /** Uid of the version written, or that a read is bound to; null: which one is not known. */
  readonly version: string | null;
  /** Name of the project of the version that a read is bound to. */
  readonly version_project: string | null;
  /** It is bound to a version that may not be seen. */
  readonly masked: boolean;
  /** What that version is called: as its source names it, or by its digest. */
  readonly called: string | null;
  /** How a read was bound: `explicit version`, `current at its time`. */
  readonly rule: string | null;
  /** declared or inferred */
  readonly known: string | null;
};

export type DatasetDigest = {
  readonly algorithm: string;
  readonly value: string;
  readonly of: 'content' | 'sample';
  /** Equal ones suggest the same content, and prove nothing. */
  readonly weak: boolean;
};

export type DatasetVersionSummary = {
  /** Of its first record; any of their uids will do to ask for it. */
  readonly uid: string;
  /** Name of the project of that record: where to ask for it. */
  readonly project: string;
  /** Uid of the dataset. */
  readonly dataset: string;
  readonly name: string;
  /** ms since 1970; when it was written, or else recorded */
  readonly at: number;
  /** As its source names it: a snapshot, a commit. */
  readonly version: string | null;
  readonly digests: readonly DatasetDigest[];
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly files: number | null;
  /** How many columns its schema has. */
  readonly fields: number | null;
  /** Equal for versions with equal schemas; null where none was told. */
  readonly schemaDigest: string | null;
  /** Runs that wrote it. */
  readonly makers: readonly DatasetExecution[];
  /** Runs that read it. */
  readonly readers: number;
  /** Of a version that nobody wrote, but a client saw: the one that its latest reading is bound to. */
  readonly seen: {
    readonly uid: string;
    /** Name of its project. */
    readonly project: string;
    /** What that version is called. */
    readonly called: string;
    /** declared or inferred */
    readonly known: string;
  } | null;
  readonly note: string | null;
  readonly tags: readonly {
    readonly key: string;
    readonly value: string;
  }[];
  readonly records: readonly DatasetRecord[];
};

export type DatasetField = {
  /** Names from the outside in, joined by dots. */
  readonly path: string;
  /** 0 for a column. */
  readonly depth: number;
  /** As its producer spells it. */
  readonly type: string | null;
  readonly nullable: boolean | null;
  readonly description: string | null;
};

export type ColumnStatistics = {
  readonly name: string;
  readonly count: number | null;
  readonly nulls: number | null;
  readonly distinct: number | null;
  readonly min: number | string | null;
  readonly max: number | string | null;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly sum: number | null;
  readonly quantiles: readonly {
    readonly at: string;
    readonly value: number;
  }[];
};

export type DatasetVersion = {
  /** Of its first record; any of their uids will do to ask for it. */
  readonly uid: string;
  /** Name of the project of that record: where to ask for it. */
  readonly project: string;
  /** Uid of the dataset. */
  readonly dataset: string;
  readonly name: string;
  /** ms since 1970; when it was written, or else recorded */
  readonly at: number;
  /** As its source names it: a snapshot, a commit. */
  readonly version: string | null;
  readonly digests: readonly DatasetDigest[];
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly files: number | null;
  /** How many columns its schema has. */
  readonly fields: number | null;
  /** Equal for versions with equal schemas; null where none was told. */
  readonly schemaDigest: string | null;
  /** Runs that wrote it. */
  readonly makers: readonly DatasetExecution[];
  /** Runs that read it. */
  readonly readers: number;
  /** Of a version that nobody wrote, but a client saw: the one that its latest reading is bound to. */
  readonly seen: {
    readonly uid: string;
    /** Name of its project. */
    readonly project: string;
    /** What that version is called. */
    readonly called: string;
    /** declared or inferred */
    readonly known: string;
  } | null;
  readonly note: string | null;
  readonly tags: readonly {
    readonly key: string;
    readonly value: string;
  }[];
  readonly records: readonly DatasetRecord[];
  /** Fields in their order, each before those inside it. */
  readonly schema: readonly DatasetField[] | null;
  readonly statistics: {
    readonly columns: readonly ColumnStatistics[];
    /** Figures that only their producer has a name for. */
    readonly others: readonly {
      readonly name: string;
      readonly value: string;
    }[];
  };
  readonly preview: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly unknown[])[];
  } | null;
  /** As an MLflow client wrote it. */
  readonly source: {
    readonly type: string;
    /** JSON, as it was written. */
    readonly text: string;
  } | null;
  readonly facts: readonly {
    readonly name: string;
    readonly value: string;
  }[];
};

export type DatasetDifference = {
  readonly left: DatasetVersionSummary;
  readonly right: DatasetVersionSummary;
  /** null where one of the two tells no fields. */
  readonly schema: {
    readonly added: readonly DatasetField[];
    readonly removed: readonly DatasetField[];
    readonly changed: readonly {
      readonly path: string;
      readonly left: DatasetField;
      readonly right: DatasetField;
    }[];
    /** Places, counted from 0; as few fields as account for the new order. */
    readonly moved: readonly {
      readonly path: string;
      readonly left: number;
      readonly right: number;
    }[];
  } | null;
  readonly statistics: readonly ({
    /** null: of the whole */
    readonly column: string | null;
    readonly figure: string;
    readonly left: number | string | null;
    readonly right: number | string | null;
  })[];
  /** Figures that differ beyond the first 10000. */
  readonly more: number;
};

export type LoggedModel = {
  /** `m-` and 32 hex digits. */
  readonly id: string;
  /** Of its node in the graph. */
  readonly uid: string;
  /** Id of the experiment. */
  readonly experiment: string;
  readonly name: string;
  /** What kind of model, in the client's words. */
  readonly type: string;
  readonly status: 'pending' | 'ready' | 'failed';
  /** Id of the run that made it, as the client wrote it. */
  readonly sourceRun: string | null;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  readonly artifactUri: string;
  readonly params: { readonly [key: string]: string };
  readonly tags: { readonly [key: string]: string };
  /** One for each metric, run and dataset; `last` is the latest by time. */
  readonly metrics: readonly ({
    readonly key: string;
    /** Id of the run that measured it. */
    readonly run: string;
    /** What it was measured on. */
    readonly dataset: {
      readonly name: string;
      readonly digest: string;
    } | null;
  } & MetricSummary)[];
};

export type DatasetInput = {
  readonly uid: string;
  readonly name: string;
  /** The client's own, of a sample of the rows. */
  readonly digest: string;
  readonly sourceType: string;
  /** JSON text, as the client wrote it. */
  readonly source: string;
  /** ms since 1970 */
  readonly created: number;
  /** Columns, where the schema that the client wrote tells them. */
  readonly schema: {
    /** The first of them. */
    readonly columns: readonly {
      readonly name: string;
      readonly type: string;
    }[];
    /** How many there are. */
    readonly total: number;
  } | null;
};

export type LinkedModel = {
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  readonly status: 'pending' | 'ready' | 'failed';
  readonly deleted: boolean;
};

export type Stage = 'None' | 'Staging' | 'Production' | 'Archived';

export type ModelVersion = {
  /** Of its node in the graph. */
  readonly uid: string;
  /** Name of the registered model. */
  readonly model: string;
  /** 1, 2, 3 …; never given twice. */
  readonly version: number;
  readonly description: string | null;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  /** Who made it. */
  readonly creator: string;
  readonly stage: Stage;
  readonly aliases: readonly string[];
  /** Where it came from. */
  readonly source: string;
  /** Where clients read its files. */
  readonly location: string;
  /** Id of the run it came from, as written. */
  readonly run: string | null;
  readonly runLink: string | null;
  /** Id of the logged model it came from. */
  readonly loggedModel: string | null;
  readonly tags: readonly Tag[];
};

export type RegisteredModel = {
  /** Of its node in the graph. */
  readonly uid: string;
  readonly name: string;
  readonly description: string | null;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  readonly tags: readonly Tag[];
  readonly aliases: readonly {
    readonly alias: string;
    readonly version: number;
  }[];
  /** How many it has. */
  readonly versions: number;
  /** The greatest version of each stage. */
  readonly latest: readonly ModelVersion[];
};

export type NamedInterval = {
  readonly kind: 'alias' | 'stage';
  /** The alias, or the stage. */
  readonly name: string;
  readonly version: number;
  readonly versionUid: string;
  /** ms since 1970 */
  readonly from: number;
  /** ms since 1970; null while it lasts. */
  readonly to: number | null;
  /** Who began it. */
  readonly by: string;
  readonly endedBy: string | null;
};

export type JobRun = {
  readonly uid: string;
  /** As its producer calls it; a UUID in small letters. */
  readonly runId: string;
  /** null where no event has told it */
  readonly state: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed' | null;
  /** ms since 1970 */
  readonly started: number | null;
  /** ms since 1970 */
  readonly ended: number | null;
  readonly jobs: readonly {
    readonly uid: string;
    readonly namespace: string;
    readonly name: string;
  }[];
};

export type Job = {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** ms since 1970 */
  readonly created: number;
  /** `SPARK`, `AIRFLOW`, `DBT`, …; this and the next two as the facet `jobType` says. */
  readonly integration: string | null;
  /** `DAG`, `TASK`, `QUERY`, `MODEL`, … */
  readonly type: string | null;
  /** `BATCH`, `STREAMING`, … */
  readonly processing: string | null;
  /** The one that was heard of last. */
  readonly latestRun: JobRun | null;
  /** As many of its last runs as were asked for, the latest heard of first. */
  readonly recent: readonly ({
    readonly uid: string;
    /** null where no event has told it */
    readonly state: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed' | null;
    /** ms since 1970 */
    readonly started: number | null;
    /** ms since 1970 */
    readonly ended: number | null;
  })[];
  /** How many datasets the latest run that names any read and wrote. */
  readonly data: {
    /** null: as the job is declared */
    readonly run: string | null;
    readonly inputs: number;
    readonly outputs: number;
  };
};

export type Facet = {
  readonly key: string;
  /** ms since 1970; time of the event that says so */
  readonly at: number;
  /** The event that says so. */
  readonly event: number;
  /** As it was sent. */
  readonly value: unknown;
};

export type DatasetName = {
  readonly uid: string;
  /** Name of its project. */
  readonly project: string;
  /** Empty where it has none. */
  readonly namespace: string;
  readonly name: string;
};

export type DatasetUse = {
  readonly dataset: DatasetName;
  /** ms since 1970; when an event first says so */
  readonly first: number;
  /** The version that an event names. */
  readonly named: string | null;
  /** What an input was for, in the words of its producer: `train`, `test`. */
  readonly role: string | null;
  /** Written: the version that this made. Read: the one it saw, and how that is known; null where nobody knows. */
  readonly version: {
    readonly uid: string;
    /** Name of its project. */
    readonly project: string;
    readonly rule: string | null;
    /** observed, declared or inferred */
    readonly known: string;
  } | null;
  /** It saw a version that may not be seen. */
  readonly masked: boolean;
  /** What was measured on this input. */
  readonly metrics: readonly ({
    readonly key: string;
    readonly value: Double;
    readonly step: Int64 | null;
    /** ms since 1970 */
    readonly at: number | null;
    /** Which model was measured: `models:/churn/3`. */
    readonly model: string | null;
  })[];
  /** Of this reading or writing only. */
  readonly facets: readonly Facet[];
};

export type RelatedRun = {
  readonly uid: string;
  /** `run` of an experiment, `job-run` of a job */
  readonly type: string;
  /** A run's name, or a job run's id. */
  readonly name: string;
  /** Of a run of a job. */
  readonly job: {
    readonly uid: string;
    readonly namespace: string;
    readonly name: string;
  } | null;
  /** null where no event has told it */
  readonly state: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed' | null;
  /** ms since 1970 */
  readonly started: number | null;
  /** ms since 1970 */
  readonly ended: number | null;
};

export type Platform = {
  readonly kind: 'kserve' | 'seldon' | 'triton' | 'tf-serving' | 'sagemaker' | 'kubernetes' | 'batch' | 'other';
  /** Where it answers: http, https, grpc or grpcs. */
  readonly url?: string;
  /** Container image, with its tag or digest. */
  readonly image?: string;
  readonly replicas?: number;
  /** What else was set, as JSON, at most 16 KiB. */
  readonly config?: { readonly [key: string]: unknown };
  /** kserve, seldon, kubernetes: of the cluster. */
  readonly namespace?: string;
  /** kserve, seldon, kubernetes, batch, other: which cluster. */
  readonly cluster?: string;
  /** kserve: name of the InferenceService. */
  readonly service?: string;
  /** kserve: of the InferenceService. */
  readonly revision?: string;
  /** kserve: the ServingRuntime. */
  readonly runtime?: string;
  /** seldon: name of the SeldonDeployment. */
  readonly deployment?: string;
  /** seldon: which predictor of it. */
  readonly predictor?: string;
  /** kubernetes: name of the Deployment, StatefulSet or Job. */
  readonly workload?: string;
  /** triton, tf-serving: what the model is called there. */
  readonly modelName?: string;
  /** triton, tf-serving: its number there. */
  readonly modelVersion?: number;
  /** triton, tf-serving: where the server loads models from. */
  readonly repository?: string;
  /** triton: the backend. */
  readonly backend?: string;
  /** tf-serving: signature of the SavedModel. */
  readonly signature?: string;
  /** sagemaker, batch, other: where. */
  readonly region?: string;
  /** sagemaker: 12 digits. */
  readonly account?: string;
  /** sagemaker: the endpoint. */
  readonly endpointName?: string;
  /** sagemaker: its configuration. */
  readonly endpointConfig?: string;
  /** sagemaker: the production variant. */
  readonly variant?: string;
  /** sagemaker: ml.m5.xlarge */
  readonly instanceType?: string;
  /** batch: name of the job. */
  readonly job?: string;
  /** batch: cron expression, or words. */
  readonly schedule?: string;
  /** batch: where predictions are written. */
  readonly output?: string;
  /** other: what it is. */
  readonly name?: string;
};

export type Deployment = {
  readonly uid: string;
  readonly endpoint: {
    readonly uid: string;
    readonly name: string;
    readonly deleted: boolean;
  };
  readonly slot: string;
  readonly model: {
    /** What was deployed: `models:/churn/3`, or `models:/m-…`. */
    readonly uri: string;
    /** As it was written: `models:/churn@champion`. */
    readonly asked: string;
    /** Of its node in the graph. */
    readonly uid: string;
    /** Of the registered model. */
    readonly name: string | null;
    readonly version: number | null;
    readonly loggedModel: string | null;
    /** Id of the run it came from. */
    readonly run: string | null;
    /** Its record has been deleted since. */
    readonly deleted: boolean;
    /** No registry here has it: it is known by what jobs say of it. */
    readonly foreign: boolean;
  };
  readonly state: 'serving' | 'ended' | 'retracted';
  /** ms since 1970 */
  readonly started: number;
  /** ms since 1970 */
  readonly ended: number | null;
  /** How it ended; null while it lasts. */
  readonly ending: 'shared' | 'replaced' | 'retired' | 'failed' | 'rolled-back' | null;
  /** Per cent of the slot, at the instant that was asked about; else its last. */
  readonly traffic: number;
  /** Its stretches, the earliest first. */
  readonly shares: readonly ({
    /** ms since 1970 */
    readonly from: number;
    /** ms since 1970; null while it lasts. */
    readonly to: number | null;
    /** Per cent of the slot. */
    readonly traffic: number;
    /** How it ended; null while it lasts. */
    readonly ending: 'shared' | 'replaced' | 'retired' | 'failed' | 'rolled-back' | null;
  })[];
  readonly platform: Platform | null;
  readonly note: string | null;
  /** The run of a job that is this deployment, as its facet `cairn_deployment` of OpenLineage says: it lasts as long as that run. null: recorded by hand. */
  readonly jobRun: {
    readonly uid: string;
    readonly runId: string;
    readonly namespace: string;
    readonly job: string;
  } | null;
  /** Who recorded it. */
  readonly by: string;
  /** ms since 1970; when it became known. */
  readonly recorded: number;
  readonly endedBy: string | null;
  /** uid of the deployment that was rolled back to this one. */
  readonly rolledBack: string | null;
};

export type Endpoint = {
  readonly uid: string;
  readonly name: string;
  readonly description: string | null;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  readonly deleted: boolean;
  /** How many there were. */
  readonly deployments: number;
  /** What serves there, at the instant that was asked about. */
  readonly serving: readonly Deployment[];
};

/** `model_version.created` */
export type WebhookEvent = 'registered_model.created' | 'model_version.created' | 'model_version_tag.set' | 'model_version_tag.deleted' | 'model_version_alias.created' | 'model_version_alias.deleted' | 'prompt.created' | 'prompt_version.created' | 'prompt_tag.set' | 'prompt_tag.deleted' | 'prompt_version_tag.set' | 'prompt_version_tag.deleted' | 'prompt_alias.created' | 'prompt_alias.deleted' | 'budget_policy.exceeded' | 'deployment.created' | 'deployment.changed' | 'deployment.ended' | 'endpoint.updated' | 'endpoint.deleted' | 'endpoint.restored' | 'taint.reached';

export type Webhook = {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Whether it has a secret, which is never told. */
  readonly signed: boolean;
  readonly active: boolean;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  /** Deliveries that are still to be taken. */
  readonly waiting: number;
  /** Deliveries that were given up, of the latest 1,000. */
  readonly failed: number;
  /** ms since 1970; when it last took one. */
  readonly lastDelivered: number | null;
};

export type WebhookTest = {
  /** Whether the receiver answered 2xx. */
  readonly success: boolean;
  readonly status: number | null;
  /** The beginning of what it answered. */
  readonly text: string | null;
  /** Why there was no answer. */
  readonly error: string | null;
};

export type WebhookDelivery = {
  /** The header `X-MLflow-Delivery-Id`: the same at every attempt. */
  readonly id: string;
  readonly event: WebhookEvent;
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** ms since 1970 */
  readonly created: number;
  readonly attempts: number;
  /** ms since 1970; null when it has ended. */
  readonly nextAttempt: number | null;
  /** ms since 1970 */
  readonly lastAttempt: number | null;
  /** ms since 1970 */
  readonly ended: number | null;
  /** What the last attempt was answered. */
  readonly status: number | null;
  /** Why the last attempt failed. */
  readonly error: string | null;
  /** ms of the last attempt. */
  readonly took: number | null;
};

export type RecordedEvent = {
  /** Dense; the order of the log. */
  readonly position: number;
  /** ms since 1970 */
  readonly recorded: number;
  readonly actor: string;
  readonly face: string;
  readonly action: string;
  /** uid of the node it is about */
  readonly node: string;
  /** id of the run it is about */
  readonly run?: string;
  /** id of the experiment it is about or in */
  readonly experiment?: string;
  /** SHA-256 of salt and body, hex */
  readonly digest: string;
  /** What was sent, or the change; absent when erased. */
  readonly body: unknown;
};

export type GraphNode = {
  readonly uid: string;
  /** Name of the project it is of. */
  readonly project: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string | null;
  /** Which version, or its digest. */
  readonly version: string | null;
  /** What it is told under: the dataset or model of a version, the endpoint of a deployment, the job or experiment of a run. */
  readonly group: {
    readonly uid: string;
    readonly type: string;
    readonly name: string | null;
  } | null;
  readonly state: string | null;
  /** ms since 1970: when it started, else was recorded. */
  readonly at: number;
  readonly deleted: boolean;
  /** Assertions that lead to it, counted to 100. */
  readonly causes: number;
  /** Assertions that lead on from it, counted to 100. */
  readonly effects: number;
};

export type GraphEdge = {
  /** Its id. */
  readonly edge: number;
  readonly kind: string;
  /** uid of the cause */
  readonly from: string;
  /** uid of the effect */
  readonly to: string;
  readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
  /** false: an input for judging, or an output that tells by explicit edges what it derives from. */
  readonly conducts: boolean;
  readonly known: string;
  readonly rule: string | null;
  readonly role: string | null;
  readonly face: string;
  readonly principal: string;
  /** ms since 1970 */
  readonly validFrom: number | null;
  /** ms since 1970 */
  readonly validTo: number | null;
  /** ms since 1970 */
  readonly knownFrom: number;
  /** ms since 1970 */
  readonly knownTo: number | null;
  /** Position of the event that said so. */
  readonly event: number | null;
};

export type LineageNode = {
  /** Empty of what may not be seen, like all else. */
  readonly uid: string;
  /** Name of the project it is of: walks cross from one to another. */
  readonly project: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string | null;
  /** What people call it: `churn@v3`, `models:/churn/3`. */
  readonly label: string;
};

export type LineageStep = {
  /** Id of the edge that is the evidence. */
  readonly edge: number;
  readonly kind: string;
  readonly from: LineageNode;
  readonly to: LineageNode;
  /** observed, declared, inferred, assumed: of a way that of its weakest step. An execution with several outputs lets only assume what went into which. */
  readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
  /** How the edge itself is known. */
  readonly known: string;
  /** What it was derived by. */
  readonly rule: string | null;
  /** What an input was for. */
  readonly role: string | null;
  readonly face: string;
  readonly principal: string;
  /** ms since 1970 */
  readonly validFrom: number | null;
  /** ms since 1970 */
  readonly validTo: number | null;
  /** ms since 1970 */
  readonly knownFrom: number;
  /** ms since 1970 */
  readonly knownTo: number | null;
  /** Position of the event that said so. */
  readonly event: number | null;
};

export type LineageFound = {
  readonly node: LineageNode;
  /** observed, declared, inferred, assumed: of a way that of its weakest step. An execution with several outputs lets only assume what went into which. */
  readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
  /** Of the best way: the strongest, and of those the shortest. */
  readonly hops: number;
  /** An execution that wrote down what explicitly derives from other things: it is no cause. */
  readonly aside: boolean;
  /** The best way, from the node asked about. */
  readonly path: readonly LineageStep[];
  /** Where it serves at the instant asked about; empty if nothing was asked about deployments. */
  readonly serving: readonly ({
    /** uid */
    readonly deployment: string;
    /** Name of its project. */
    readonly project: string;
    readonly endpoint: string | null;
    readonly slot: string | null;
    /** ms since 1970 */
    readonly from: number | null;
    /** ms since 1970 */
    readonly to: number | null;
  })[];
};

export type LineageImpact = {
  readonly of: LineageNode;
  /** Whether this is all, and nothing of it in doubt. */
  readonly complete: boolean;
  /** Nodes that were walked, of all kinds. */
  readonly nodes: number;
  /** Where the walk ends without having come to an end, the first 100. */
  readonly openEnds: readonly ({
    /** null: it may not be seen. */
    readonly node: LineageNode | null;
    readonly reason: 'no-producer' | 'no-input' | 'unbound' | 'depth' | 'limit' | 'masked' | 'purged' | 'untimed' | 'contradictory';
  })[];
  /** How many there are of each reason that there is. */
  readonly openEndCounts: readonly ({
    readonly reason: 'no-producer' | 'no-input' | 'unbound' | 'depth' | 'limit' | 'masked' | 'purged' | 'untimed' | 'contradictory';
    readonly count: number;
  })[];
  /** Edges not walked: of inputs for judging; weaker than asked for; of outputs that tell by explicit edges what they derive from. */
  readonly leftOut: {
    readonly evaluation: number;
    readonly weaker: number;
    readonly replaced: number;
  };
  /** Over observed and declared steps alone. */
  readonly derives: readonly LineageFound[];
  /** Over an inferred or assumed step. */
  readonly mayDerive: readonly LineageFound[];
  /** Deployed, not found, and with causes that are not told to the end. */
  readonly cannotSay: readonly ({
    readonly node: LineageNode;
    /** Where it serves at the instant asked about; empty if nothing was asked about deployments. */
    readonly serving: readonly ({
      /** uid */
      readonly deployment: string;
      /** Name of its project. */
      readonly project: string;
      readonly endpoint: string | null;
      readonly slot: string | null;
      /** ms since 1970 */
      readonly from: number | null;
      /** ms since 1970 */
      readonly to: number | null;
    })[];
    readonly reason: 'no-producer' | 'no-input' | 'unbound' | 'depth' | 'limit' | 'masked' | 'purged' | 'untimed' | 'contradictory';
    /** null: it may not be seen. */
    readonly at: LineageNode | null;
    /** Steps back to there. */
    readonly steps: number;
  })[];
  readonly counts: {
    readonly derives: number;
    readonly mayDerive: number;
    readonly cannotSay: number;
  };
};

export type LineageData = {
  readonly node: LineageNode;
  /** uid of the dataset */
  readonly dataset: string;
  /** uid by which the version is known, whoever speaks of it. */
  readonly known: string;
  /** Where it lies, in its one spelling. */
  readonly uri: string | null;
  /** As its source names it. */
  readonly version: string | null;
  /** The best, behind its algorithm. */
  readonly digest: string | null;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Who says it: somebody here, or a producer. */
  readonly licence: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Who says it: somebody here, or a producer. */
  readonly owner: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Who says it: somebody here, or a producer. */
  readonly description: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Something made it; it is declared a source; or nobody knows where it comes from. */
  readonly beginning: 'made' | 'declared' | 'unknown';
};

export type LineageJudgement = {
  readonly node: LineageNode;
  /** uid of the dataset */
  readonly dataset: string;
  /** uid by which the version is known, whoever speaks of it. */
  readonly known: string;
  /** Where it lies, in its one spelling. */
  readonly uri: string | null;
  /** As its source names it. */
  readonly version: string | null;
  /** The best, behind its algorithm. */
  readonly digest: string | null;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Who says it: somebody here, or a producer. */
  readonly licence: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Who says it: somebody here, or a producer. */
  readonly owner: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Who says it: somebody here, or a producer. */
  readonly description: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Something made it; it is declared a source; or nobody knows where it comes from. */
  readonly beginning: 'made' | 'declared' | 'unknown';
  readonly role: string | null;
  readonly run: LineageNode;
};

export type LineageCommon = {
  readonly node: LineageNode;
  /** None that is between it and the two is common to them, too. */
  readonly nearest: boolean;
  /** From `of`, and from `and`. */
  readonly ways: readonly ({
    /** observed, declared, inferred, assumed: of a way that of its weakest step. An execution with several outputs lets only assume what went into which. */
    readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
    readonly hops: number;
    readonly path: readonly LineageStep[];
  })[];
};

export type LineageThing = {
  readonly uid: string;
  /** Name of the project it is of. */
  readonly project: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string | null;
  /** What people call it: `churn@v3`, `models:/churn/3`. */
  readonly label: string;
  /** Where it lies, in its one spelling. */
  readonly uri: string | null;
};

export type LineageSource = {
  readonly node: LineageThing;
  /** Why. */
  readonly note: string | null;
  /** Who declared it. */
  readonly by: string;
  /** ms since 1970; null: ever. */
  readonly from: number | null;
  /** ms since 1970; null: still. */
  readonly to: number | null;
  /** ms since 1970 */
  readonly declared: number;
  /** ms since 1970 */
  readonly withdrawn: number | null;
  readonly withdrawnBy: string | null;
  /** Position of the event that said so. */
  readonly event: number | null;
};

export type Taint = {
  readonly node: LineageThing;
  /** Why. */
  readonly note: string | null;
  /** Who declared it. */
  readonly by: string;
  /** ms since 1970 */
  readonly declared: number;
  /** ms since 1970 */
  readonly withdrawn: number | null;
  readonly withdrawnBy: string | null;
  /** Position of the event that said so. */
  readonly event: number | null;
  /** ms since 1970: versions made since then are wrong; null: all. */
  readonly since: number | null;
};

export type LineageKnownData = {
  readonly node: LineageNode;
  /** uid of the dataset */
  readonly dataset: string;
  /** uid by which the version is known, whoever speaks of it. */
  readonly known: string;
  /** Where it lies, in its one spelling. */
  readonly uri: string | null;
  /** As its source names it. */
  readonly version: string | null;
  /** The best, behind its algorithm. */
  readonly digest: string | null;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Who says it: somebody here, or a producer. */
  readonly licence: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Who says it: somebody here, or a producer. */
  readonly owner: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Who says it: somebody here, or a producer. */
  readonly description: {
    readonly value: string;
    readonly by: 'people' | 'producer';
  } | null;
  /** Something made it; it is declared a source; or nobody knows where it comes from. */
  readonly beginning: 'made' | 'declared' | 'unknown';
  readonly path: readonly LineageStep[];
};

export type LineageDataChange = {
  readonly change: 'added' | 'removed' | 'changed';
  /** uid of the dataset */
  readonly dataset: string;
  readonly name: string;
  readonly from: readonly LineageKnownData[];
  readonly to: readonly LineageKnownData[];
};

export type LineageChange = {
  readonly name: string;
  /** null: it is not there. */
  readonly from: string | null;
  /** null: it is not there. */
  readonly to: string | null;
};

export type LineageMetricPair = {
  readonly name: string;
  readonly dataset: string | null;
  readonly from: Double | null;
  readonly to: Double | null;
};

export type MovedExperiment = {
  readonly id: string;
  readonly name: string;
  /** Where its artifacts lie. */
  readonly location: string;
  readonly lifecycle: 'active' | 'deleted';
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  /** Pairs of key and value; no key twice. */
  readonly tags: readonly (readonly string[])[];
};

export type MovedInput = {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
  /** Pairs of key and value; no key twice. */
  readonly tags: readonly (readonly string[])[];
};

export type MovedColumns = {
  readonly values: string;
  readonly steps: string;
  readonly times: string;
};

export type MovedSeries = {
  readonly key: string;
  readonly points?: MovedColumns;
  /** Of an answer: how many points there are, where they were too many to come along. */
  readonly count?: number;
};

export type MovedRun = {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly state: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed';
  /** ms since 1970 */
  readonly started: number;
  readonly ended: number | null;
  readonly lifecycle: 'active' | 'deleted';
  /** When it was deleted, where that is known. */
  readonly deleted: number | null;
  /** Pairs of key and value; no key twice. */
  readonly params: readonly (readonly string[])[];
  /** Pairs of key and value; no key twice. */
  readonly tags: readonly (readonly string[])[];
  /** The data sets that it read, in the order logged. */
  readonly inputs: readonly MovedInput[];
  readonly series: readonly MovedSeries[];
};

export type MovedModelSeries = {
  readonly key: string;
  /** Id of the run that measured it. */
  readonly run: string;
  /** Name and digest. */
  readonly dataset?: readonly string[];
  readonly points: MovedColumns;
};

export type MovedModel = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly sourceRun: string;
  readonly state: 'pending' | 'ready' | 'failed';
  /** Why it is in its state, in the words of who said so. */
  readonly message: string;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  readonly lifecycle: 'active' | 'deleted';
  /** Pairs of key and value; no key twice. */
  readonly params: readonly (readonly string[])[];
  /** Pairs of key and value; no key twice. */
  readonly tags: readonly (readonly string[])[];
  readonly series: readonly MovedModelSeries[];
};

export type MovedLink = {
  readonly run: string;
  readonly model: string;
  readonly role: 'input' | 'output';
  /** Of an output; an int64 as text. */
  readonly step: string;
};

export type MovedVersion = {
  readonly version: number;
  readonly description?: string;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  readonly creator: string;
  readonly stage: 'None' | 'Staging' | 'Production' | 'Archived';
  readonly source: string;
  /** Where clients read its files. */
  readonly location: string;
  readonly run: string;
  readonly runLink: string;
  readonly loggedModel: string;
  /** Pairs of key and value; no key twice. */
  readonly tags: readonly (readonly string[])[];
};

export type MovedRegisteredModel = {
  readonly name: string;
  readonly description?: string;
  /** ms since 1970 */
  readonly created: number;
  /** ms since 1970 */
  readonly updated: number;
  /** Pairs of key and value; no key twice. */
  readonly tags: readonly (readonly string[])[];
  /** Pairs of key and value; no key twice. */
  readonly aliases: readonly (readonly string[])[];
  readonly versions: readonly MovedVersion[];
  /** Numbers of deleted versions, which are never given again. */
  readonly deleted: readonly number[];
};

export type MovedFile = {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
};

/** What each operation takes and answers. */
export interface Operations {
  /** Name and version of the server, and whether it asks for a token. */
  'server.get': {
    output: {
      readonly name: 'Cairn';
      readonly version: string;
      readonly store: 'sqlite' | 'postgres';
      readonly authentication: boolean;
    };
  };
  /** Projects in the order of their names. */
  'project.list': {
    query: {
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly Project[];
      readonly cursor?: string;
    };
  };
  /** Make a project. */
  'project.create': {
    body: { readonly name: string };
    output: Project;
  };
  /** Make an experiment. */
  'experiment.create': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly name: string;
      readonly artifactLocation?: string | undefined;
      readonly tags?: readonly Tag[] | undefined;
    };
    output: Experiment;
  };
  /** Give an experiment another name. */
  'experiment.rename': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: { readonly name: string };
    output: Experiment;
  };
  /** Mark an experiment and its runs as deleted. */
  'experiment.delete': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Bring an experiment and its runs back. */
  'experiment.restore': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: Experiment;
  };
  /** Set one tag. */
  'experiment.tag': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: Tag;
    output: null;
  };
  /** Remove one tag. */
  'experiment.untag': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly key: string;
    };
    output: null;
  };
  /** Start a run in an experiment. */
  'run.create': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Id of the experiment. */
      readonly experiment: string;
      readonly name?: string | undefined;
      readonly user?: string | undefined;
      /** ms since 1970; now when absent */
      readonly started?: number | undefined;
      readonly tags?: readonly Tag[] | undefined;
      /** Id of the run this one is nested in. */
      readonly parent?: string | undefined;
    };
    output: Run;
  };
  /** One run with its parameters, tags and the summaries of its first 1,000 metrics by name, also a deleted one. */
  'run.get': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: Run;
  };
  /** Change state, end or name of a run. */
  'run.update': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly state?: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed' | undefined;
      /** ms since 1970 */
      readonly ended?: number | undefined;
      readonly name?: string | undefined;
    };
    output: Run;
  };
  /** Mark a run as deleted. */
  'run.delete': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Bring a deleted run back. */
  'run.restore': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Set one tag. */
  'run.tag': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: Tag;
    output: null;
  };
  /** Remove one tag. */
  'run.untag': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly key: string;
    };
    output: null;
  };
  /** Log metrics, parameters and tags of a run: all of them or none. */
  'run.log': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly metrics?: readonly ({
        readonly key: string;
        readonly value: Double;
        readonly time: Int64;
        readonly step?: Int64 | undefined;
      })[] | undefined;
      readonly params?: readonly {
        readonly key: string;
        readonly value: string;
      }[] | undefined;
      readonly tags?: readonly Tag[] | undefined;
    };
    output: null;
  };
  /** Log points of any number of metrics of a run as one batch of columns (docs/formats/ingest.md): all of them or none. */
  'run.ingest': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    bytes: true;
    output: null;
  };
  /** The points of one metric in the order of time, step and value. */
  'run.points': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 100000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      readonly key: string;
      /** Instead of what the run says now: what this rewind superseded. */
      readonly rewind?: number | undefined;
    };
    output: {
      readonly items: readonly {
        readonly step: Int64;
        readonly time: Int64;
        readonly value: Double;
      }[];
      readonly cursor?: string;
    };
  };
  /** The metrics of a run in the order of their names: all, or those whose names begin with or hold a text. */
  'run.metrics': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      /** The name begins with this text. */
      readonly prefix?: string | undefined;
      /** The name holds this text; capital letters A–Z are like small ones. */
      readonly contains?: string | undefined;
    };
    output: {
      readonly items: readonly ({
        readonly key: string;
        readonly points: number;
        /** Points that are NaN or infinite. */
        readonly nonFinite: number;
        readonly last: Double;
        readonly lastStep: Int64;
        readonly lastTime: Int64;
        readonly first: Double;
        readonly firstStep: Int64;
        /** null when every point is NaN */
        readonly min: Double | null;
        readonly minStep: Int64 | null;
        readonly max: Double | null;
        readonly maxStep: Int64 | null;
        /** Of the finite points; null when there are none. */
        readonly mean: Double | null;
      })[];
      readonly cursor?: string;
    };
  };
  /** Go back to a step, as after a restart from a checkpoint: points of that step and of later ones are superseded. They are no longer part of the run, and can still be read. */
  'run.rewind': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: { readonly step: Int64 };
    output: { /** null when the run has no point that far: nothing was changed. */ readonly rewind: Rewind | null };
  };
  /** Where a run went back to an earlier step, the latest first. */
  'run.rewinds': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly Rewind[];
      readonly cursor?: string;
    };
  };
  /** Metrics of runs as a chart draws them: for each, all points where they are few, else bands on a grid that does not move while points come. */
  'series.draw': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly runs: readonly string[];
      readonly keys: readonly string[];
      /** `step`, `time`, `relative` (from and to in ms since the start of each run; what comes has its times as they were logged), or the values of another metric of the same run. */
      readonly x?: 'step' | 'time' | 'relative' | { readonly metric: string } | undefined;
      /** Least x; where the first line begins, when absent. */
      readonly from?: number | string | undefined;
      /** Greatest x; where the last line ends, when absent. */
      readonly to?: number | string | undefined;
      /** Buckets of a line at most; 500 when absent. */
      readonly pixels?: number | undefined;
      /** Instead of what the run says now: what this rewind superseded. */
      readonly rewind?: number | undefined;
    };
    output: {
      /** A bucket is 2^level steps (or ms) wide. */
      readonly level: number | null;
      readonly from: Int64 | number | null;
      readonly to: Int64 | number | null;
      /** In the order of runs, then keys; without those that have no points. */
      readonly curves: readonly DrawnCurve[];
    };
  };
  /** Every point of metrics of runs, of any number, as they are read: run by run, metric by metric, in the order of steps or times. As lines of JSON, as CSV, or as batches of columns (docs/formats/ingest.md). */
  'series.read': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly runs: readonly string[];
      readonly keys: readonly string[];
      /** The order, and what `from` and `to` are; `step` when absent. */
      readonly x?: 'step' | 'time' | undefined;
      /** Least step or time. */
      readonly from?: number | string | undefined;
      /** Greatest step or time. */
      readonly to?: number | string | undefined;
      /** Only steps that are multiples of it. */
      readonly every?: number | undefined;
      /** Instead of what the run says now: what this rewind superseded. */
      readonly rewind?: number | undefined;
      /** `ndjson` when absent. */
      readonly format?: 'ndjson' | 'csv' | 'columns' | undefined;
    };
    output: string;
  };
  /** Runs of experiments that pass a filter, in the order asked for, with the columns asked for. */
  'run.search': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Ids of experiments. */
      readonly experiments: readonly string[];
      /** See docs/guide/search.md. */
      readonly filter?: string | undefined;
      readonly view?: 'active' | 'deleted' | 'all' | undefined;
      /** `metrics.loss.min asc` */
      readonly order?: readonly string[] | undefined;
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      /** Runs passed over after the cursor: how a long list is entered far down. Go on by cursor. */
      readonly skip?: number | undefined;
      /** Only these keys; a list left out means all of its kind, of metrics the first by name: `moreMetrics` where there are more. */
      readonly columns?: {
        readonly params?: readonly string[] | undefined;
        readonly tags?: readonly string[] | undefined;
        readonly metrics?: readonly string[] | undefined;
      } | undefined;
      /** Whether to count; true unless told. */
      readonly count?: boolean | undefined;
    };
    output: {
      readonly items: readonly Run[];
      readonly cursor?: string;
      /** With skip: a cursor that begins with this very page. */
      readonly start?: string;
      /** Runs of the view. */
      readonly total?: number;
      /** Runs of the view that pass the filter. */
      readonly matching?: number;
      /** False when counting took too long: then there are at least as many as were counted. */
      readonly countComplete?: boolean;
    };
  };
  /** Cursors of every so many rows of a search, for jumping anywhere in its order. */
  'run.anchors': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Ids of experiments. */
      readonly experiments: readonly string[];
      /** See docs/guide/search.md. */
      readonly filter?: string | undefined;
      readonly view?: 'active' | 'deleted' | 'all' | undefined;
      /** `metrics.loss.min asc` */
      readonly order?: readonly string[] | undefined;
      /** Rows between two anchors; doubled until there are at most 2000. */
      readonly every?: number | undefined;
    };
    output: {
      /** Ascending; the first page needs none. */
      readonly items: readonly {
        /** Rows before the page that the cursor gives. */
        readonly offset: number;
        /** For run.search with the same experiments, filter, order and view. */
        readonly cursor: string;
      }[];
      /** Rows of the search. */
      readonly total: number;
      readonly every: number;
    };
  };
  /** Runs of a search grouped by values, with figures of metrics over each group; by one field, its facets. */
  'run.groups': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Ids of experiments. */
      readonly experiments: readonly string[];
      /** See docs/guide/search.md. */
      readonly filter?: string | undefined;
      readonly view?: 'active' | 'deleted' | 'all' | undefined;
      /** `params.optimizer`, `tags.team`, `state`, …: one at least. */
      readonly by: readonly string[];
      /** `metrics.loss.min`: of each, figures over the group. */
      readonly figures?: readonly string[] | undefined;
      /** Largest first, or by values. */
      readonly order?: 'runs' | 'values' | undefined;
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly ({
        /** One for each field; null for runs without it. */
        readonly values: readonly (string | number | null)[];
        readonly runs: number;
        /** ms since 1970: the last start. */
        readonly latest: number;
        readonly figures: readonly ({
          readonly runs: number;
          readonly min: number | null;
          readonly max: number | null;
          readonly mean: number | null;
        })[];
      })[];
      /** Groups. */
      readonly total: number;
      readonly cursor?: string;
    };
  };
  /** Experiments with how much happens in them, unless told the latest made first. */
  'experiment.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      readonly view?: 'active' | 'deleted' | 'all' | undefined;
      /** Part of the name, case ignored. */
      readonly search?: string | undefined;
      /** `latest` is the start of the latest run; experiments without one come last. */
      readonly order?: 'name' | '-name' | 'created' | '-created' | 'latest' | '-latest' | undefined;
      /** Days to count runs of. */
      readonly days?: number | undefined;
    };
    output: {
      readonly items: readonly ListedExperiment[];
      readonly cursor?: string;
    };
  };
  /** One experiment and how much happens in it, also a deleted one. */
  'experiment.get': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: ActiveExperiment;
  };
  /** Keys of the metrics, parameters and tags of an experiment, those that vary between runs first. */
  'experiment.columns': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Part of the key, case ignored. */
      readonly search?: string | undefined;
      readonly limit?: number | undefined;
    };
    output: {
      readonly items: readonly ({
        readonly scope: 'metric' | 'param' | 'tag';
        readonly key: string;
        /** Runs that have it, counted up to runsLimit. */
        readonly runs: number;
        readonly varies: boolean;
        readonly numeric: boolean;
      })[];
      /** False when there are more keys than were looked at. */
      readonly complete: boolean;
      readonly runsLimit: number;
    };
  };
  /** Values of a parameter or tag that begin with a text, for completion. */
  'experiment.values': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly scope: 'param' | 'tag';
      readonly key: string;
      /** As written, case and all. */
      readonly prefix?: string | undefined;
      readonly limit?: number | undefined;
    };
    output: {
      readonly items: readonly {
        /** Its first 64 characters. */
        readonly value: string;
        /** Runs that have it, counted up to runsLimit. */
        readonly runs: number;
        /** Whether it may be longer. */
        readonly isCut: boolean;
      }[];
      readonly runsLimit: number;
    };
  };
  /** Experiments and runs by a text: an id or the beginning of one, a name, its beginning or its words. The best matches first; of an empty text the latest runs. */
  'find': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly text?: string | undefined;
      /** Of each kind. */
      readonly limit?: number | undefined;
    };
    output: {
      readonly experiments: readonly ({
        readonly id: string;
        readonly name: string;
        readonly lifecycle: 'active' | 'deleted';
        /** ms since 1970 */
        readonly created: number;
      })[];
      readonly runs: readonly ({
        readonly id: string;
        readonly name: string;
        readonly state: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed';
        readonly user: string;
        /** ms since 1970 */
        readonly started: number;
        readonly lifecycle: 'active' | 'deleted';
        readonly experiment: {
          readonly id: string;
          readonly name: string;
        };
      })[];
      /** False when only the latest records were looked through for the text inside names. */
      readonly complete: boolean;
    };
  };
  /** Files and directories directly in a directory of a run, in the order of their paths. */
  'artifact.list': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** The directory; the root when absent. */
      readonly path?: string | undefined;
      /** Items on a page, at most 10000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly ArtifactEntry[];
      readonly cursor?: string;
    };
  };
  /** The bytes of one file of a run. Answers one range of bytes and conditions by its entity tag. Plain text, images, sound and film are shown by a browser, anything else is saved. */
  'artifact.get': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of a run: `plots/loss.png`. */
      readonly path: string;
    };
    output: ReadableStream<Uint8Array>;
  };
  /** Store the body, of any content type and length, as one file of a run: the whole of it or nothing. Equal bytes again change nothing, so a retry is harmless. */
  'artifact.put': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of a run: `plots/loss.png`. */
      readonly path: string;
    };
    bytes: true;
    output: ArtifactEntry;
  };
  /** Delete one file of a run, or a directory with all below it. */
  'artifact.delete': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of a run: `plots/loss.png`. */
      readonly path: string;
    };
    output: null;
  };
  /** Files and directories directly in a directory of an experiment, in the order of their paths. */
  'experiment-artifact.list': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** The directory; the root when absent. */
      readonly path?: string | undefined;
      /** Items on a page, at most 10000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly ArtifactEntry[];
      readonly cursor?: string;
    };
  };
  /** The bytes of one file of an experiment. Answers one range of bytes and conditions by its entity tag. Plain text, images, sound and film are shown by a browser, anything else is saved. */
  'experiment-artifact.get': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of an experiment: `plots/loss.png`. */
      readonly path: string;
    };
    output: ReadableStream<Uint8Array>;
  };
  /** Store the body, of any content type and length, as one file of an experiment: the whole of it or nothing. Equal bytes again change nothing, so a retry is harmless. */
  'experiment-artifact.put': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of an experiment: `plots/loss.png`. */
      readonly path: string;
    };
    bytes: true;
    output: ArtifactEntry;
  };
  /** Delete one file of an experiment, or a directory with all below it. */
  'experiment-artifact.delete': {
    params: { /** Id of the experiment. */ readonly experiment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of an experiment: `plots/loss.png`. */
      readonly path: string;
    };
    output: null;
  };
  /** Datasets, each once, whichever faces speak of it. */
  'dataset.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 500. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      /** Part of the name of any of its records, A–Z equal to a–z. */
      readonly search?: string | undefined;
      /** Recorded last, written last, or by name. */
      readonly order?: '-recorded' | '-latest' | 'name' | undefined;
    };
    output: {
      readonly items: readonly Dataset[];
      readonly cursor?: string;
    };
  };
  /** One dataset: its records, where it lies, what people and producers say of it. */
  'dataset.get': {
    params: { /** Uid of the dataset, by any of its records. */ readonly dataset: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: Dataset;
  };
  /** Runs that read and wrote a dataset, and which version each saw; the latest first. */
  'dataset.uses': {
    params: { /** Uid of the dataset, by any of its records. */ readonly dataset: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 500. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      /** Only one of the two. */
      readonly direction?: 'read' | 'write' | undefined;
      /** Uid of a version: only what wrote or saw that. */
      readonly version?: string | undefined;
    };
    output: {
      readonly items: readonly DatasetUsage[];
      readonly cursor?: string;
    };
  };
  /** Versions of a dataset with what is known of each, the latest first. */
  'dataset-version.list': {
    params: { /** Uid of the dataset, by any of its records. */ readonly dataset: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 200. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly DatasetVersionSummary[];
      readonly cursor?: string;
    };
  };
  /** One version: digests, schema, statistics, preview, who made it and how long that took. */
  'dataset-version.get': {
    params: { /** Uid of the version, by any of its records. */ readonly version: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: DatasetVersion;
  };
  /** What differs between two versions: fields added, removed, changed and moved; figures. */
  'dataset-version.difference': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Uid of the earlier version. */
      readonly left: string;
      /** Uid of the later version. */
      readonly right: string;
    };
    output: DatasetDifference;
  };
  /** Record a version of a dataset: place, digests, schema, counts, statistics, the run that wrote it. A version told of again gains what was not told before. */
  'dataset-version.record': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** What people call the dataset; with `namespace` its name in there. */
      readonly name: string;
      /** `s3://bucket/key`, `/data/a.csv`, `postgres://host/db.schema.table`: where it lies. */
      readonly uri?: string | undefined;
      /** In place of `uri`, as OpenLineage names it: `s3://bucket`, `postgres://host`. */
      readonly namespace?: string | undefined;
      /** As the source names it: a snapshot, a commit, a tag that never moves. */
      readonly version?: string | undefined;
      readonly digests?: readonly ({
        /** Only the first four prove equal content; what the others give suggests it. */
        readonly algorithm: 'sha256' | 'sha384' | 'sha512' | 'blake3' | 'md5' | 'sha1' | 'xxh64' | 'xxh128' | 'crc32' | 'crc32c' | 'mlflow' | 'etag';
        /** Hexadecimal, save of mlflow and etag. */
        readonly value: string;
        /** Over what it was made; a sample proves nothing. */
        readonly of?: 'content' | 'sample' | undefined;
      })[] | undefined;
      /** ms since 1970; when it came to be. When its run ended, or now, where absent. */
      readonly created?: number | undefined;
      readonly schema?: {
        readonly fields: readonly ({
          readonly name: string;
          /** As its producer spells it. */
          readonly type?: string | undefined;
          readonly nullable?: boolean | undefined;
          readonly description?: string | undefined;
          readonly fields?: readonly ({
            readonly name: string;
            /** As its producer spells it. */
            readonly type?: string | undefined;
            readonly nullable?: boolean | undefined;
            readonly description?: string | undefined;
            readonly fields?: readonly ({
              readonly name: string;
              /** As its producer spells it. */
              readonly type?: string | undefined;
              readonly nullable?: boolean | undefined;
              readonly description?: string | undefined;
            })[] | undefined;
          })[] | undefined;
        })[];
      } | undefined;
      /** Rows. */
      readonly rows?: number | undefined;
      /** Bytes. */
      readonly bytes?: number | undefined;
      /** Files. */
      readonly files?: number | undefined;
      readonly statistics?: readonly ({
        readonly name: string;
        /** Values that are there. */
        readonly count?: number | undefined;
        /** Values that are missing. */
        readonly nulls?: number | undefined;
        /** Different values. */
        readonly distinct?: number | undefined;
        readonly sum?: number | undefined;
        readonly mean?: number | undefined;
        readonly deviation?: number | undefined;
        readonly min?: number | string | undefined;
        readonly max?: number | string | undefined;
        /** Fraction (`0.5`) → value. */
        readonly quantiles?: { readonly [key: string]: number } | undefined;
      })[] | undefined;
      readonly preview?: {
        readonly columns: readonly string[];
        readonly rows: readonly (readonly (string | number | boolean | null)[])[];
      } | undefined;
      readonly note?: string | undefined;
      readonly tags?: readonly {
        readonly key: string;
        readonly value: string;
      }[] | undefined;
      /** Uid of the run that wrote it. */
      readonly run?: string | undefined;
    };
    output: DatasetVersion;
  };
  /** Say what a dataset is: description, owner, licence, tags. With `expected` only if nobody else has said otherwise. */
  'dataset.describe': {
    params: { /** Uid of the dataset, by any of its records. */ readonly dataset: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly description?: string | null | undefined;
      readonly owner?: string | null | undefined;
      readonly licence?: string | null | undefined;
      /** Key → value; null removes it, what is left out stays. */
      readonly tags?: { readonly [key: string]: string | null } | undefined;
      /** What people say now, null for nothing; where they say something else nothing changes. */
      readonly expected?: {
        readonly description?: string | null | undefined;
        readonly owner?: string | null | undefined;
        readonly licence?: string | null | undefined;
        /** Key → value; null removes it, what is left out stays. */
        readonly tags?: { readonly [key: string]: string | null } | undefined;
      } | undefined;
    };
    output: Dataset;
  };
  /** Take back the last change of what people say of a dataset. Undone again, that change is back. */
  'dataset.undo': {
    params: { /** Uid of the dataset, by any of its records. */ readonly dataset: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** What people say now, null for nothing; where they say something else nothing changes. */
      readonly expected?: {
        readonly description?: string | null | undefined;
        readonly owner?: string | null | undefined;
        readonly licence?: string | null | undefined;
        /** Key → value; null removes it, what is left out stays. */
        readonly tags?: { readonly [key: string]: string | null } | undefined;
      } | undefined;
    };
    output: Dataset;
  };
  /** The logged models of an experiment, the latest made first. */
  'model.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      /** Id of the experiment. */
      readonly experiment: string;
      /** Part of the name, case ignored. */
      readonly search?: string | undefined;
    };
    output: {
      readonly items: readonly LoggedModel[];
      readonly cursor?: string;
    };
  };
  /** One logged model with its parameters, tags and metrics. */
  'model.get': {
    params: { /** Id of the model. */ readonly model: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: LoggedModel;
  };
  /** Files and directories directly in a directory of a logged model, in the order of their paths. */
  'model-artifact.list': {
    params: { /** Id of the model. */ readonly model: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** The directory; the root when absent. */
      readonly path?: string | undefined;
      /** Items on a page, at most 10000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly ArtifactEntry[];
      readonly cursor?: string;
    };
  };
  /** The bytes of one file of a logged model. Answers one range of bytes and conditions by its entity tag. Plain text, images, sound and film are shown by a browser, anything else is saved. */
  'model-artifact.get': {
    params: { /** Id of the model. */ readonly model: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of a logged model: `plots/loss.png`. */
      readonly path: string;
    };
    output: ReadableStream<Uint8Array>;
  };
  /** Store the body, of any content type and length, as one file of a logged model: the whole of it or nothing. Equal bytes again change nothing, so a retry is harmless. */
  'model-artifact.put': {
    params: { /** Id of the model. */ readonly model: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of a logged model: `plots/loss.png`. */
      readonly path: string;
    };
    bytes: true;
    output: ArtifactEntry;
  };
  /** Delete one file of a logged model, or a directory with all below it. */
  'model-artifact.delete': {
    params: { /** Id of the model. */ readonly model: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of a logged model: `plots/loss.png`. */
      readonly path: string;
    };
    output: null;
  };
  /** What a run read and made: dataset versions and models, in the order they were logged. */
  'run.lineage': {
    params: { /** Id of the run. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: {
      readonly inputs: readonly (DatasetInput & {
        /** What for: `training`, `test`, … */
        readonly context: string | null;
        readonly tags: readonly Tag[];
      })[];
      readonly models: {
        readonly in: readonly LinkedModel[];
        readonly out: readonly (LinkedModel & { /** Where it was logged as an output; null where the model only names the run. */ readonly step: Int64 | null })[];
      };
    };
  };
  /** Registered models with their latest versions and aliases, by name or by their last change. */
  'registered-model.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Part of the name, A–Z equal to a–z. */
      readonly search?: string | undefined;
      /** Prompts are registered models with a tag. */
      readonly kind?: 'models' | 'prompts' | 'all' | undefined;
      readonly order?: 'name' | '-name' | 'updated' | '-updated' | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly RegisteredModel[];
      readonly cursor?: string;
    };
  };
  /** One registered model. */
  'registered-model.get': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: RegisteredModel;
  };
  /** What its versions were named, from when to when and by whom, the latest first. */
  'registered-model.history': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Only this alias. */
      readonly alias?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly NamedInterval[];
      readonly cursor?: string;
    };
  };
  /** Make a registered model. A name that reads like one that exists is refused. */
  'registered-model.create': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly name: string;
      readonly description?: string | undefined;
      readonly tags?: readonly Tag[] | undefined;
    };
    output: RegisteredModel;
  };
  /** Describe a registered model, or give it another name. */
  'registered-model.update': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly name?: string | undefined;
      readonly description?: string | undefined;
    };
    output: RegisteredModel;
  };
  /** Delete a registered model with its versions. Their records stay in the graph, marked as deleted. */
  'registered-model.delete': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Set one tag. */
  'registered-model.tag': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: Tag;
    output: null;
  };
  /** Remove one tag; nothing happens where there is none. */
  'registered-model.untag': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly key: string;
    };
    output: null;
  };
  /** Versions of a registered model, the greatest number first. */
  'model-version.list': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly ModelVersion[];
      readonly cursor?: string;
    };
  };
  /** Versions of registered models that came from a run, the latest first. */
  'model-version.of-run': {
    params: { /** Id of the run. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly ModelVersion[];
      readonly cursor?: string;
    };
  };
  /** One version. */
  'model-version.get': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** Its number. */
      readonly version: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: ModelVersion;
  };
  /** The version that a `models:/` URI leads to: by number, alias, stage or `latest`; an alias also as of a day. */
  'model-version.resolve': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** `models:/name/3`, `models:/name@champion`, `models:/name/Production` */
      readonly uri: string;
      /** ms since 1970; now when absent. */
      readonly at?: number | undefined;
    };
    output: ModelVersion;
  };
  /** Make the next version, of a logged model, of a file of a run or as a copy of another version. */
  'model-version.create': {
    params: { /** Name of the registered model. */ readonly model: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** `models:/m-…`, `runs:/<run>/<path>`, `models:/<name>/<version>`, or where the files are. */
      readonly source: string;
      readonly run?: string | undefined;
      readonly loggedModel?: string | undefined;
      readonly runLink?: string | undefined;
      readonly description?: string | undefined;
      readonly tags?: readonly Tag[] | undefined;
    };
    output: ModelVersion;
  };
  /** Describe a version. */
  'model-version.update': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** Its number. */
      readonly version: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: { readonly description: string };
    output: ModelVersion;
  };
  /** Delete a version. Its number is never given again; its record stays in the graph. */
  'model-version.delete': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** Its number. */
      readonly version: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Put a version into a stage. */
  'model-version.stage': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** Its number. */
      readonly version: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly stage: Stage;
      /** Archive other versions in Staging or Production. */
      readonly archiveExisting?: boolean | undefined;
      readonly expected?: Stage | undefined;
    };
    output: ModelVersion;
  };
  /** Set one tag. */
  'model-version.tag': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** Its number. */
      readonly version: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: Tag;
    output: null;
  };
  /** Remove one tag; nothing happens where there is none. */
  'model-version.untag': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** Its number. */
      readonly version: string;
    };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly key: string;
    };
    output: null;
  };
  /** Files and directories directly in a directory of a version, in the order of their paths. */
  'model-version-artifact.list': {
    params: { /** uid of the version. */ readonly version: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** The directory; the root when absent. */
      readonly path?: string | undefined;
      /** Items on a page, at most 10000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly ArtifactEntry[];
      readonly cursor?: string;
    };
  };
  /** The bytes of one file of a version. Answers one range of bytes and conditions by its entity tag. Plain text, images, sound and film are shown by a browser, anything else is saved. */
  'model-version-artifact.get': {
    params: { /** uid of the version. */ readonly version: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Below the artifacts of a version: `plots/loss.png`. */
      readonly path: string;
    };
    output: ReadableStream<Uint8Array>;
  };
  /** Let an alias name a version: promote it. With `expected` only if nobody else has moved it. */
  'model-alias.set': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** `champion` */
      readonly alias: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      readonly version: number;
      /** The version it must name now, null for none; otherwise nothing changes. Absent: whatever it names. */
      readonly expected?: number | null | undefined;
    };
    output: RegisteredModel;
  };
  /** Let an alias name nothing; nothing happens where it does not. */
  'model-alias.remove': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** `champion` */
      readonly alias: string;
    };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** The version it must name now. */
      readonly expected?: number | undefined;
    };
    output: null;
  };
  /** Put an alias back to what it named before its last change. Undone again, that change is back. */
  'model-alias.undo': {
    params: {
      /** Name of the registered model. */
      readonly model: string;
      /** `champion` */
      readonly alias: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: { /** The version it must name now, null for none; otherwise nothing changes. Absent: whatever it names. */ readonly expected?: number | null | undefined };
    output: RegisteredModel;
  };
  /** Jobs that events of OpenLineage have named, by namespace and name, each with its latest run. */
  'job.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      readonly namespace?: string | undefined;
      /** Part of the name, case ignored. */
      readonly search?: string | undefined;
      /** How many of its last runs are told of each. */
      readonly recent?: number | undefined;
    };
    output: {
      readonly items: readonly Job[];
      readonly cursor?: string;
    };
  };
  /** One job with its facets, and what it is declared to read and write. */
  'job.get': {
    params: { /** Its uid. */ readonly job: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: Job & {
      readonly facets: readonly Facet[];
      /** Declared by the latest JobEvent. */
      readonly inputs: readonly DatasetName[];
      readonly outputs: readonly DatasetName[];
    };
  };
  /** Runs of jobs, the one heard of last first. */
  'job-run.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      /** Uid of the job whose runs are asked for. */
      readonly job?: string | undefined;
      readonly state?: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed' | undefined;
    };
    output: {
      readonly items: readonly JobRun[];
      readonly cursor?: string;
    };
  };
  /** One run of a job: every state that was told, what it read and wrote and in which versions, its parents, its facets. */
  'job-run.get': {
    params: { /** Its uid. */ readonly run: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: JobRun & {
      /** In the order of their times. */
      readonly states: readonly ({
        readonly type: 'START' | 'RUNNING' | 'COMPLETE' | 'ABORT' | 'FAIL' | 'OTHER';
        /** ms since 1970 */
        readonly at: number;
        readonly event: number;
      })[];
      readonly inputs: readonly DatasetUse[];
      readonly outputs: readonly DatasetUse[];
      readonly parents: readonly RelatedRun[];
      readonly roots: readonly RelatedRun[];
      /** What it was set to, by the facets `cairn_hyperParameters`, `executionParameters` and `jobRunParameters`. */
      readonly parameters: readonly {
        readonly key: string;
        /** As it was sent. */
        readonly value: unknown;
      }[];
      /** What it measured, by the facet `cairn_metrics`. */
      readonly metrics: readonly ({
        readonly key: string;
        readonly value: Double;
        readonly step: Int64 | null;
        /** ms since 1970 */
        readonly at: number | null;
        /** Which model was measured: `models:/churn/3`. */
        readonly model: string | null;
      })[];
      readonly facets: readonly Facet[];
      /** Whether all is here: at most 1000 states and 2500 datasets each are. */
      readonly complete: boolean;
    };
  };
  /** Which runs started a run and which it started: of jobs (OpenLineage) and of experiments (nested runs of MLflow) alike. */
  'run.family': {
    params: { /** Its uid. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly run: RelatedRun;
      /** The nearest first, at most 100; in a cycle each once. */
      readonly ancestors: readonly RelatedRun[];
      /** The one at the top, where the run says it. */
      readonly roots: readonly RelatedRun[];
      /** What it started, in the order heard of. */
      readonly items: readonly RelatedRun[];
      readonly cursor?: string;
    };
  };
  /** Events that were about a run of a job, the latest received first. */
  'job-run.events': {
    params: { /** Its uid. */ readonly run: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly {
        readonly event: number;
        /** ms since 1970 */
        readonly recorded: number;
        readonly actor: string;
      }[];
      readonly cursor?: string;
    };
  };
  /** An event of OpenLineage as it was sent, byte for byte. */
  'lineage-event.get': {
    params: { readonly event: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: unknown;
  };
  /** Facets of a dataset as they are now. */
  'dataset.facets': {
    params: { /** Its uid. */ readonly dataset: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: { readonly items: readonly Facet[] };
  };
  /** Facets that were told of one version of a dataset. */
  'dataset-version.facets': {
    params: { /** Its uid. */ readonly version: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: { readonly items: readonly Facet[] };
  };
  /** Column lineage of a version: from which fields its fields were made, or into which fields of others they went. */
  'dataset-version.columns': {
    params: { /** Its uid. */ readonly version: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
      readonly direction?: 'upstream' | 'downstream' | undefined;
      /** Only links of this field of the version. */
      readonly field?: string | undefined;
    };
    output: {
      readonly items: readonly ({
        readonly target: {
          readonly dataset: DatasetName;
          /** null where no run made it */
          readonly version: string | null;
          /** Name of the project of that version. */
          readonly project: string | null;
          /** null: the whole of it */
          readonly field: string | null;
        };
        readonly source: {
          readonly dataset: DatasetName;
          /** null where nobody knows which was read, or it may not be seen */
          readonly version: string | null;
          /** Name of the project of that version. */
          readonly project: string | null;
          /** null: the whole of it */
          readonly field: string | null;
        };
        /** As they were sent; null where none were. */
        readonly transformations: unknown;
      })[];
      readonly cursor?: string;
    };
  };
  /** Endpoints with what serves there, or served there at an instant. */
  'endpoint.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** Part of the name, A–Z equal to a–z. */
      readonly search?: string | undefined;
      /** active when absent; with as_of or known_at all, for it may have been deleted since. */
      readonly view?: 'active' | 'deleted' | 'all' | undefined;
      readonly order?: 'name' | '-name' | 'updated' | '-updated' | undefined;
      /** Items on a page, at most 500. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly Endpoint[];
      readonly cursor?: string;
    };
  };
  /** One endpoint with what serves there, or served there at an instant. A deleted one too. */
  'endpoint.get': {
    params: { /** Its uid. */ readonly endpoint: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
    };
    output: Endpoint;
  };
  /** What serves at the endpoint of this name, or served there at an instant. */
  'endpoint.serving': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** Name of an endpoint: `prod/scoring`. */
      readonly endpoint: string;
    };
    output: Endpoint;
  };
  /** Describe an endpoint. */
  'endpoint.update': {
    params: { /** Its uid. */ readonly endpoint: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: { readonly description: string };
    output: Endpoint;
  };
  /** Delete an endpoint: what serves there ends. Its history stays, and its name is not given again. */
  'endpoint.delete': {
    params: { /** Its uid. */ readonly endpoint: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Restore a deleted endpoint with its history; what served there does not serve again by that. */
  'endpoint.restore': {
    params: { /** Its uid. */ readonly endpoint: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: Endpoint;
  };
  /** Deployments, the latest begun first: of an endpoint, of a model version, of all; what served when. */
  'deployment.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** Name of an endpoint: `prod/scoring`. */
      readonly endpoint?: string | undefined;
      /** A place in the endpoint that has its own traffic; main when absent. */
      readonly slot?: string | undefined;
      /** `models:/churn/3`, `models:/churn@champion`, `models:/churn/Production`, `models:/m-…` */
      readonly model?: string | undefined;
      /** Name of a registered model: any of its versions. */
      readonly registered?: string | undefined;
      /** Only what serves; with as_of that is so without it. */
      readonly serving?: boolean | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly Deployment[];
      readonly cursor?: string;
    };
  };
  /** One deployment, and everything that was ever said of when it served. */
  'deployment.get': {
    params: { /** Its uid. */ readonly deployment: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
    };
    output: Deployment & {
      /** In the order in which they became known. */
      readonly assertions: readonly ({
        /** ms since 1970 */
        readonly from: number;
        /** ms since 1970 */
        readonly to: number | null;
        readonly traffic: number;
        /** How it ended; null while it lasts. */
        readonly ending: 'shared' | 'replaced' | 'retired' | 'failed' | 'rolled-back' | null;
        /** ms since 1970 */
        readonly knownFrom: number;
        /** ms since 1970; null while it is believed. */
        readonly knownTo: number | null;
        /** Who said so. */
        readonly by: string;
        readonly retractedBy: string | null;
        readonly face: string;
        readonly known: 'observed' | 'declared' | 'inferred' | 'assumed-cartesian';
      })[];
    };
  };
  /** Record that a model version serves at an endpoint from an instant on: it takes the slot over, or has a share of it. The same again changes nothing. */
  'deployment.record': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Its name; it is made where there is none. */
      readonly endpoint: string;
      /** `models:/churn/3`, `models:/churn@champion`, `models:/churn/Production`, `models:/m-…` */
      readonly model: string;
      /** A place in the endpoint that has its own traffic; main when absent. */
      readonly slot?: string | undefined;
      /** ms since 1970; now when absent. */
      readonly at?: number | undefined;
      /** ms since 1970, for what is over: it served beside what else is recorded. */
      readonly ended?: number | undefined;
      /** Per cent of the slot; 100 when absent. */
      readonly traffic?: number | undefined;
      /** What else serves in the slot ends, shares the rest, or is kept as it is. Absent: end; with less than 100 share; with ended keep. */
      readonly others?: 'end' | 'share' | 'keep' | undefined;
      readonly platform?: Platform | undefined;
      readonly note?: string | undefined;
      /** All that must serve in the slot, [] for nothing; otherwise nothing changes. Absent: whatever serves. */
      readonly expected?: readonly string[] | undefined;
    };
    output: Deployment;
  };
  /** Record that what serves has ended: one deployment, or what an endpoint has in a slot. */
  'deployment.end': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** uid of the deployment. */
      readonly deployment?: string | undefined;
      /** Name of an endpoint: `prod/scoring`. */
      readonly endpoint?: string | undefined;
      /** A place in the endpoint that has its own traffic; main when absent. */
      readonly slot?: string | undefined;
      /** `models:/churn/3`, `models:/churn@champion`, `models:/churn/Production`, `models:/m-…` */
      readonly model?: string | undefined;
      /** ms since 1970; now when absent. */
      readonly at?: number | undefined;
      readonly outcome?: 'retired' | 'failed' | undefined;
      /** share: what stays has its traffic, too. Unless told: share. */
      readonly others?: 'share' | 'keep' | undefined;
      /** All that must serve in the slot, [] for nothing; otherwise nothing changes. Absent: whatever serves. */
      readonly expected?: readonly string[] | undefined;
    };
    output: { /** What ended. */ readonly items: readonly Deployment[] };
  };
  /** Record that a slot went back to what it served before what came last. */
  'deployment.roll-back': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Name of an endpoint: `prod/scoring`. */
      readonly endpoint: string;
      /** A place in the endpoint that has its own traffic; main when absent. */
      readonly slot?: string | undefined;
      /** ms since 1970; now when absent. */
      readonly at?: number | undefined;
      readonly note?: string | undefined;
      /** All that must serve in the slot, [] for nothing; otherwise nothing changes. Absent: whatever serves. */
      readonly expected?: readonly string[] | undefined;
    };
    output: Endpoint;
  };
  /** Correct what was recorded wrongly or late. As it was known before, it stays. */
  'deployment.correct': {
    params: { /** Its uid. */ readonly deployment: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** ms since 1970 */
      readonly started?: number | undefined;
      /** ms since 1970; null: it serves still. */
      readonly ended?: number | null | undefined;
      readonly outcome?: 'retired' | 'failed' | undefined;
      readonly platform?: Platform | undefined;
      readonly note?: string | undefined;
    };
    output: Deployment;
  };
  /** Take a record back: it never was. As it was known before, it stays. */
  'deployment.retract': {
    params: { /** Its uid. */ readonly deployment: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Webhooks, the latest first. */
  'webhook.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly Webhook[];
      readonly cursor?: string;
    };
  };
  /** Let an address be told of what happens in the model registry and to deployments from now on. */
  'webhook.create': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Letters, digits, `.`, `_` and `-`, at most 63. */
      readonly name: string;
      /** https, of a public address; others where `--allow-webhook-target` names them, which may be http. */
      readonly url: string;
      readonly events: readonly WebhookEvent[];
      readonly description?: string | undefined;
      /** Deliveries are signed with it; it is stored sealed and never told. Empty: none. */
      readonly secret?: string | undefined;
      /** False: nothing is sent. */
      readonly active?: boolean | undefined;
    };
    output: Webhook;
  };
  /** One webhook. */
  'webhook.get': {
    params: { /** Its id. */ readonly webhook: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: Webhook;
  };
  /** Change, disable or enable a webhook; what is left out stays. */
  'webhook.update': {
    params: { /** Its id. */ readonly webhook: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Letters, digits, `.`, `_` and `-`, at most 63. */
      readonly name?: string | undefined;
      /** https, of a public address; others where `--allow-webhook-target` names them, which may be http. */
      readonly url?: string | undefined;
      readonly events?: readonly WebhookEvent[] | undefined;
      readonly description?: string | undefined;
      /** Deliveries are signed with it; it is stored sealed and never told. Empty: none. */
      readonly secret?: string | undefined;
      /** False: nothing is sent. */
      readonly active?: boolean | undefined;
    };
    output: Webhook;
  };
  /** Delete a webhook with its deliveries; what was not sent is never sent. */
  'webhook.delete': {
    params: { /** Its id. */ readonly webhook: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: null;
  };
  /** Send an example of one of its events, once and at once, and tell what it was answered. */
  'webhook.test': {
    params: { /** Its id. */ readonly webhook: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: { readonly event?: WebhookEvent | undefined };
    output: WebhookTest;
  };
  /** What was sent to a webhook, is being sent or was given up, the latest first. */
  'webhook-delivery.list': {
    params: { /** Its id. */ readonly webhook: string };
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly state?: 'waiting' | 'delivered' | 'failed' | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly WebhookDelivery[];
      readonly cursor?: string;
    };
  };
  /** Send a delivery again, under the same id. */
  'webhook-delivery.replay': {
    params: {
      /** Id of the webhook. */
      readonly webhook: string;
      /** Id of the delivery. */
      readonly delivery: string;
    };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: WebhookDelivery;
  };
  /** Recorded changes by position: a page, or with Accept: text/event-stream an endless stream from now on (or after Last-Event-ID). */
  'event.list': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Only of this experiment and its runs. */
      readonly experiment?: string | undefined;
      /** Only of this run. */
      readonly run?: string | undefined;
      /** Position to go on after; 0 begins with the first. */
      readonly after?: number | undefined;
      /** newest: a page of the latest first. */
      readonly order?: 'oldest' | 'newest' | undefined;
      /** With order=newest: only events before this position; absent begins with the latest. */
      readonly before?: number | undefined;
      /** With order=newest: events of one run, or positions looked through. */
      readonly limit?: number | undefined;
    };
    output: {
      readonly items: readonly RecordedEvent[];
      /** Position to go on after (with order=newest: before; 1 at the end), also when no event passed. */
      readonly reached: number;
    };
  };
  /** One node with its properties, first 1,000 series, first 100 edges and first 100 events. */
  'node.get': {
    params: { readonly uid: string };
    query: { /** Name of the project. */ readonly project?: string | undefined };
    output: {
      readonly uid: string;
      readonly kind: 'execution' | 'artifact' | 'asset' | 'context' | 'principal' | 'edge' | 'tombstone';
      readonly type: string;
      readonly name: string | null;
      readonly state: string | null;
      /** Where it is, as it was written. */
      readonly uri: string | null;
      readonly context: string | null;
      readonly created: number;
      readonly updated: number;
      /** ms since 1970 */
      readonly started: number | null;
      /** ms since 1970 */
      readonly ended: number | null;
      /** The node's own mark; a member also inherits its context's. */
      readonly deleted: boolean;
      readonly properties: readonly ({
        readonly scope: string;
        readonly key: string;
        readonly kind: string;
        readonly value: string | boolean | Double | Int64;
        readonly face: string;
      })[];
      readonly series: readonly ({ readonly key: string } & MetricSummary)[];
      readonly edges: readonly ({
        readonly id: number;
        readonly direction: 'out' | 'in';
        readonly kind: string;
        readonly subtype: string | null;
        readonly other: {
          readonly uid: string;
          /** Name of the project it is of. */
          readonly project: string;
          readonly kind: string;
          readonly type: string;
          readonly name: string | null;
        };
        readonly known: string;
        readonly face: string;
        readonly principal: string;
        /** ms since 1970 */
        readonly validFrom: number | null;
        /** ms since 1970 */
        readonly validTo: number | null;
        readonly knownFrom: number;
        /** ms since 1970 */
        readonly knownTo: number | null;
      })[];
      /** Edges beside them that lead to what may not be seen. */
      readonly masked: number;
      readonly events: readonly RecordedEvent[];
    };
  };
  /** One step from a node, to causes or effects, as of any day: pages of nodes and of the assertions that lead there, and all of it in groups with how many there are. */
  'lineage.neighbours': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** uid of a node */
      readonly of: string;
      /** up: what it comes from. down: what follows. */
      readonly direction: 'up' | 'down';
      /** Only nodes of this type. */
      readonly type?: string | undefined;
      /** Only nodes of this group, by its uid. */
      readonly group?: string | undefined;
      readonly strength?: 'observed' | 'declared' | 'inferred' | 'assumed' | undefined;
      /** Items on a page, at most 1000. */
      readonly limit?: number | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly of: GraphNode;
      /** Nodes next to it on that side; with the first page. */
      readonly count?: number;
      /** Nodes there that may not be seen; with the first page. */
      readonly masked?: number;
      /** All of them in groups, the 1,000 largest; with the first page. */
      readonly groups: readonly ({
        readonly type: string;
        /** What it is told under: the dataset or model of a version, the endpoint of a deployment, the job or experiment of a run. */
        readonly group: {
          readonly uid: string;
          readonly type: string;
          readonly name: string | null;
        } | null;
        readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
        /** Nodes */
        readonly count: number;
      })[];
      /** Of this page, the last made first. */
      readonly nodes: readonly GraphNode[];
      /** Of this page: one for each assertion. */
      readonly edges: readonly GraphEdge[];
      readonly cursor?: string;
    };
  };
  /** What nodes are called, what they are told under, and how much leads to them and on from them. Those that do not exist are left out. */
  'lineage.nodes': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** uids with commas between them, at most 100 */
      readonly of: string;
    };
    output: { readonly items: readonly GraphNode[] };
  };
  /** What derives from a node, at any distance, as of any day: surely, maybe, and of which deployed models nobody can say; each with the best way and its evidence. */
  'lineage.impact': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      /** Hops. */
      readonly depth?: number | undefined;
      /** No step that is weaker is taken; those are counted. */
      readonly weakest?: 'observed' | 'declared' | 'inferred' | 'assumed' | undefined;
      /** Also through inputs that were for judging what came out. */
      readonly evaluation?: boolean | undefined;
      /** Items of each list; all are counted. */
      readonly limit?: number | undefined;
      /** Only what is deployed at that instant; and what is, but has an open end among its causes. */
      readonly deployed?: boolean | undefined;
    };
    output: LineageImpact;
  };
  /** The same as rows, however many: those of the lists with their way and its evidence, then all others. The last row says whether it is all; an answer without it was cut off. */
  'lineage.impact-rows': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      /** Hops. */
      readonly depth?: number | undefined;
      /** No step that is weaker is taken; those are counted. */
      readonly weakest?: 'observed' | 'declared' | 'inferred' | 'assumed' | undefined;
      /** Also through inputs that were for judging what came out. */
      readonly evaluation?: boolean | undefined;
      /** Items of each list; all are counted. */
      readonly limit?: number | undefined;
      /** Only what is deployed at that instant; and what is, but has an open end among its causes. */
      readonly deployed?: boolean | undefined;
      /** `csv` when absent. */
      readonly format?: 'csv' | 'ndjson' | undefined;
    };
    output: string;
  };
  /** What a node comes from, at any distance, as of any day, each with the best way and its evidence; apart from that what it was only judged by, and where the record ends. */
  'lineage.ancestry': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      /** Hops. */
      readonly depth?: number | undefined;
      /** No step that is weaker is taken; those are counted. */
      readonly weakest?: 'observed' | 'declared' | 'inferred' | 'assumed' | undefined;
      /** Also through inputs that were for judging what came out. */
      readonly evaluation?: boolean | undefined;
      /** Items of each list; all are counted. */
      readonly limit?: number | undefined;
    };
    output: {
      readonly of: LineageNode;
      /** Whether this is all, and nothing of it in doubt. */
      readonly complete: boolean;
      /** Nodes that were walked, of all kinds. */
      readonly nodes: number;
      /** Where the walk ends without having come to an end, the first 100. */
      readonly openEnds: readonly ({
        /** null: it may not be seen. */
        readonly node: LineageNode | null;
        readonly reason: 'no-producer' | 'no-input' | 'unbound' | 'depth' | 'limit' | 'masked' | 'purged' | 'untimed' | 'contradictory';
      })[];
      /** How many there are of each reason that there is. */
      readonly openEndCounts: readonly ({
        readonly reason: 'no-producer' | 'no-input' | 'unbound' | 'depth' | 'limit' | 'masked' | 'purged' | 'untimed' | 'contradictory';
        readonly count: number;
      })[];
      /** Edges not walked: of inputs for judging; weaker than asked for; of outputs that tell by explicit edges what they derive from. */
      readonly leftOut: {
        readonly evaluation: number;
        readonly weaker: number;
        readonly replaced: number;
      };
      readonly items: readonly LineageFound[];
      readonly count: number;
      /** Inputs for judging, which conduct nothing. */
      readonly evaluation: readonly LineageStep[];
      /** The data among the items: each version once, whoever speaks of it. */
      readonly data: readonly LineageData[];
      /** Data that it was only judged by: for what, and in which run. */
      readonly judgedBy: readonly LineageJudgement[];
      /** Where an instant was asked about: what is told of data as it is now, for nothing keeps what it was then. */
      readonly untimed: readonly ('licence' | 'owner' | 'description')[];
    };
  };
  /** What two nodes both come from, at any distance, as of any day, the nearest first; with the best way from each of the two and its evidence. */
  'lineage.common': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      /** Hops. */
      readonly depth?: number | undefined;
      /** No step that is weaker is taken; those are counted. */
      readonly weakest?: 'observed' | 'declared' | 'inferred' | 'assumed' | undefined;
      /** Also through inputs that were for judging what came out. */
      readonly evaluation?: boolean | undefined;
      /** Items of each list; all are counted. */
      readonly limit?: number | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly and: string;
    };
    output: {
      readonly of: LineageNode;
      /** Whether this is all, and nothing of it in doubt. */
      readonly complete: boolean;
      /** Nodes that were walked, of all kinds. */
      readonly nodes: number;
      /** Where the walk ends without having come to an end, the first 100. */
      readonly openEnds: readonly ({
        /** null: it may not be seen. */
        readonly node: LineageNode | null;
        readonly reason: 'no-producer' | 'no-input' | 'unbound' | 'depth' | 'limit' | 'masked' | 'purged' | 'untimed' | 'contradictory';
      })[];
      /** How many there are of each reason that there is. */
      readonly openEndCounts: readonly ({
        readonly reason: 'no-producer' | 'no-input' | 'unbound' | 'depth' | 'limit' | 'masked' | 'purged' | 'untimed' | 'contradictory';
        readonly count: number;
      })[];
      /** Edges not walked: of inputs for judging; weaker than asked for; of outputs that tell by explicit edges what they derive from. */
      readonly leftOut: {
        readonly evaluation: number;
        readonly weaker: number;
        readonly replaced: number;
      };
      readonly and: LineageNode;
      readonly items: readonly LineageCommon[];
      readonly count: number;
    };
  };
  /** What a text means that people write for a node, or else what comes near. */
  'lineage.resolve': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly ref: string;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
    };
    output: {
      /** null: that is not clear. */
      readonly node: LineageThing | null;
      /** All that it may mean; where it means nothing, what comes near. A few. */
      readonly candidates: readonly LineageThing[];
      /** Why it means nothing. */
      readonly why: string | null;
    };
  };
  /** Datasets, models and versions that somebody declared a source: that nothing comes before them. */
  'lineage.sources': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** Also those that were withdrawn. */
      readonly all?: boolean | undefined;
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly LineageSource[];
      readonly cursor?: string;
    };
  };
  /** Declares that nothing comes before a dataset, a model or a version: what derives from it has no open end there. The same again changes nothing. */
  'lineage.declare-source': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      /** Why. */
      readonly note?: string | undefined;
      /** ms since 1970; only from then on. */
      readonly from?: number | undefined;
      /** ms since 1970; only until then. */
      readonly to?: number | undefined;
    };
    output: LineageSource;
  };
  /** Takes the declaration back: from now on it is not known to be a source; until now it was. */
  'lineage.withdraw-source': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
    };
    output: null;
  };
  /** Datasets, models and versions that somebody declared wrong. */
  'lineage.taints': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** Also those that were withdrawn. */
      readonly all?: boolean | undefined;
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    };
    output: {
      readonly items: readonly Taint[];
      readonly cursor?: string;
    };
  };
  /** Declares that a version or a run is wrong, or versions of a dataset or a model since some day: what derives from it is marked, and each model version that comes to derive from it later is told of by an event `taint.reach`. The same again changes nothing. */
  'lineage.declare-taint': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      /** Why. */
      readonly note?: string | undefined;
      /** ms since 1970; of a dataset or model: versions made since then. */
      readonly since?: number | undefined;
    };
    output: Taint;
  };
  /** Takes the declaration back: nothing is marked by it any more. */
  'lineage.withdraw-taint': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
    };
    output: null;
  };
  /** What derives now from what is declared wrong: deployed models first, with the way and its evidence. */
  'lineage.taint-reach': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      readonly limit?: number | undefined;
    };
    output: {
      readonly taint: Taint;
      readonly deployed: LineageImpact;
      /** Models that are not deployed, nearest first. */
      readonly models: readonly ({
        readonly uid: string;
        /** Name of the project it is of. */
        readonly project: string;
        readonly type: string;
        readonly name: string | null;
        /** What people call it: `models:/churn/3`. */
        readonly label: string;
        /** observed, declared, inferred, assumed: of a way that of its weakest step. An execution with several outputs lets only assume what went into which. */
        readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
        readonly hops: number;
      })[];
      /** How many things of each type derive from it. */
      readonly counts: readonly {
        readonly type: string;
        readonly count: number;
      }[];
    };
  };
  /** What would be touched if it were declared wrong now: to look at before it is. */
  'lineage.taint-preview': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
      /** ms since 1970; of a dataset or model: versions made since then. */
      readonly since?: number | undefined;
      readonly limit?: number | undefined;
    };
    output: {
      /** How many versions are wrong themselves. */
      readonly versions: number;
      readonly deployed: LineageImpact;
      /** Models that are not deployed, nearest first. */
      readonly models: readonly ({
        readonly uid: string;
        /** Name of the project it is of. */
        readonly project: string;
        readonly type: string;
        readonly name: string | null;
        /** What people call it: `models:/churn/3`. */
        readonly label: string;
        /** observed, declared, inferred, assumed: of a way that of its weakest step. An execution with several outputs lets only assume what went into which. */
        readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
        readonly hops: number;
      })[];
      /** How many things of each type derive from it. */
      readonly counts: readonly {
        readonly type: string;
        readonly count: number;
      }[];
    };
  };
  /** What a page of a node has to say of it: that it is declared a source, and what is wrong among what it derives from. */
  'lineage.marks': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly of: string;
    };
    output: {
      /** It is declared a source. */
      readonly source: LineageSource | null;
      /** Live ones that reach it. */
      readonly taints: readonly ({
        readonly taint: Taint;
        /** It is wrong itself; else something that it derives from is. */
        readonly own: boolean;
        /** observed, declared, inferred, assumed: of a way that of its weakest step. An execution with several outputs lets only assume what went into which. */
        readonly strength: 'observed' | 'declared' | 'inferred' | 'assumed';
        readonly hops: number;
      })[];
    };
  };
  /** What differs between two versions of a model, or two runs: the data they come from at any distance, each with the way to it; code, parameters, packages. */
  'lineage.diff': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As it was: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly as_of?: string | undefined;
      /** As it was known: a day (its first instant, UTC), a time, or ms since 1970. Now when absent. */
      readonly known_at?: string | undefined;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly from: string;
      /** What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it. */
      readonly to: string;
    };
    output: {
      readonly from: LineageNode;
      readonly to: LineageNode;
      /** The nearest run of each, where code and parameters stand. */
      readonly runs: {
        readonly from: LineageNode | null;
        readonly to: LineageNode | null;
      };
      /** Datasets of which they have other versions, or which only one has. */
      readonly data: readonly LineageDataChange[];
      /** The same of what they were only judged by. */
      readonly evaluation: readonly LineageDataChange[];
      /** Commit, branch, repository, source, entry point, notebook, image, SQL and source code (of a long one lines and digest): tags of MLflow, facets of OpenLineage as the events of the run told them. */
      readonly code: readonly LineageChange[];
      /** Of the run, and of the logged model. */
      readonly params: readonly LineageChange[];
      /** Packages, Python and channels, as the files beside the model ask for them; engine and variables, as facets tell them. */
      readonly environment: readonly LineageChange[];
      /** How many of each are the same. */
      readonly same: {
        readonly data: number;
        readonly code: number;
        readonly params: number;
        readonly environment: number;
      };
      /** The last values of both beside each other, also where they are equal: of the logged model on each dataset, else of the run; null: not measured. No more than 1,000 of either. */
      readonly metrics: readonly LineageMetricPair[];
      /** Where the packages were read: requirements.txt, python_env.yaml, conda.yaml beside the model, as far as the server opens them. */
      readonly files: {
        readonly from: readonly string[];
        readonly to: readonly string[];
      };
      /** Where an instant was asked about: what is told as it is now, for nothing keeps what it was then. Data are of then. */
      readonly untimed: readonly ('code' | 'params' | 'environment' | 'metrics')[];
      /** What both come from is told to the end. */
      readonly complete: boolean;
    };
  };
  /** Store records of one kind with the ids and times they have elsewhere; what is here already stays as it is, and what contradicts it is refused one by one. */
  'transfer.put': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** What is moved in: an address without secrets. */
      readonly source: string;
      /** Where its reader goes on after this batch, kept with it; null when all of it was read. */
      readonly cursor: string | null;
      readonly experiments?: readonly MovedExperiment[] | undefined;
      readonly experiment?: {
        readonly id: string;
        readonly name: string;
      } | undefined;
      readonly runs?: readonly MovedRun[] | undefined;
      readonly models?: readonly MovedModel[] | undefined;
      readonly links?: readonly MovedLink[] | undefined;
      readonly registered?: readonly MovedRegisteredModel[] | undefined;
    };
    output: {
      /** Records of which something was new. */
      readonly changed: number;
      /** Records that were not stored, and why. */
      readonly refused: readonly ({
        readonly kind: 'experiment' | 'run' | 'model' | 'link' | 'registered';
        readonly id: string;
        readonly why: string;
      })[];
    };
  };
  /** How far moving in from a source has come. */
  'transfer.progress': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** As the batches name it. */
      readonly source: string;
    };
    output: {
      /** null where nothing was moved in. */
      readonly progress: {
        readonly source: string;
        /** Where its reader goes on; null when all was read. */
        readonly cursor: string | null;
        /** ms since 1970 */
        readonly started: number;
        /** ms since 1970 */
        readonly updated: number;
        readonly actor: string;
      } | null;
    };
  };
  /** What is here as records that can be moved: a page of one kind, deleted things too. */
  'transfer.read': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      readonly kind: 'experiments' | 'runs' | 'models' | 'links' | 'registered';
      /** Id of the experiment whose runs, models or links are wanted. */
      readonly experiment?: string | undefined;
      /** `cursor` of the page before. */
      readonly cursor?: string | undefined;
    };
    output: {
      readonly experiments?: readonly MovedExperiment[];
      readonly runs?: readonly MovedRun[];
      readonly models?: readonly MovedModel[];
      readonly links?: readonly MovedLink[];
      readonly registered?: readonly MovedRegisteredModel[];
      readonly cursor?: string;
    };
  };
  /** Store a file that moves in, also of what is deleted; one that stands there with other bytes is not replaced. */
  'transfer.put-file': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Where the artifacts of a run or model lie: mlflow-artifacts:/… */
      readonly uri: string;
      readonly path: string;
    };
    bytes: true;
    output: MovedFile;
  };
  /** All files below a place, in folders too, in the order of their paths. */
  'transfer.files': {
    query: {
      /** Name of the project. */
      readonly project?: string | undefined;
      /** Where the artifacts of a run or model lie: mlflow-artifacts:/… */
      readonly uri: string;
      /** The last path of the page before. */
      readonly after?: string | undefined;
    };
    output: {
      readonly items: readonly MovedFile[];
      readonly more: boolean;
    };
  };
  /** Remove for good what was deleted long enough ago, a bounded part at a time: runs, experiments, logged and registered models and their versions, with points and files. What a version that is not deleted needs stays. */
  'retention.purge': {
    query: { /** Name of the project. */ readonly project?: string | undefined };
    body: {
      /** Only what was deleted at least so many ms ago. */
      readonly olderThan: number;
      /** Only these runs, which must be deleted; several lists add up. Where none is sent, all that is deleted. */
      readonly runs?: readonly string[] | undefined;
      /** Only these experiments, with all deleted runs and logged models in them, which must be deleted; several lists add up. Where none is sent, all that is deleted. */
      readonly experiments?: readonly string[] | undefined;
      /** Only these logged models, which must be deleted; several lists add up. Where none is sent, all that is deleted. */
      readonly loggedModels?: readonly string[] | undefined;
      /** Count what would go, and change nothing. */
      readonly dryRun?: boolean | undefined;
      /** `cursor` of the answer before: the next part. */
      readonly cursor?: string | undefined;
    };
    output: {
      /** What this part of the work found. */
      readonly kinds: readonly ({
        readonly kind: 'run' | 'logged-model' | 'model-version' | 'registered-model' | 'experiment';
        readonly records: number;
        /** Old enough, and kept: something that stays needs them. */
        readonly held: number;
        readonly points: number;
        readonly pointBytes: number;
        readonly files: number;
        /** Of those files; bytes that other files name, too, stay on the disk. */
        readonly fileBytes: number;
      })[];
      /** Bytes of artifacts that left the disk: those that no file has named for a day. */
      readonly freed: {
        readonly blobs: number;
        readonly bytes: number;
      };
      /** There is more: ask again with it. */
      readonly cursor?: string;
    };
  };
}
