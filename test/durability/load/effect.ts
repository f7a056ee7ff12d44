/** What a write means to change, as data: the model (../model.ts) applies it, the writer spells it on the wire. */
export interface Point {
  readonly key: string;
  readonly step: number;
  readonly time: number;
  /** As the native API spells it: NaN, infinities and −0 as text. */
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0';
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** Bytes of a file: the text, repeated to the size. A file that mixes two of them is seen. */
export interface Content {
  readonly text: string;
  readonly size: number;
}

/** Whose artifacts. */
export interface Owner {
  readonly kind: 'run' | 'model';
  readonly id: string;
}

export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly source: string;
  readonly schema: string;
  readonly context: string;
  readonly tags: readonly Pair[];
}

export interface Measured {
  readonly model: string;
  readonly dataset?: { readonly name: string; readonly digest: string } | undefined;
}

export type ModelStatus = 'pending' | 'ready' | 'failed';

export type Effect =
  | { readonly type: 'experiment'; readonly name: string; readonly tags: readonly Pair[] }
  | { readonly type: 'experiment-tag'; readonly experiment: string; readonly tag: Pair }
  | { readonly type: 'experiment-name'; readonly experiment: string; readonly name: string }
  | { readonly type: 'experiment-lifecycle'; readonly experiment: string; readonly deleted: boolean }
  | {
      readonly type: 'run';
      readonly experiment: string;
      readonly name: string;
      readonly user: string;
      readonly started: number;
      readonly tags: readonly Pair[];
    }
  | {
      readonly type: 'log';
      readonly run: string;
      readonly points: readonly Point[];
      readonly params: readonly Pair[];
      readonly tags: readonly Pair[];
      /** What all the points measure beside the run. */
      readonly measures?: Measured | undefined;
    }
  | { readonly type: 'tag'; readonly run: string; readonly tag: Pair }
  | { readonly type: 'untag'; readonly run: string; readonly key: string }
  | {
      readonly type: 'update';
      readonly run: string;
      readonly state: 'running' | 'finished' | 'failed' | 'killed';
      readonly ended: number;
      readonly name: string;
    }
  | { readonly type: 'lifecycle'; readonly run: string; readonly deleted: boolean }
  /** Of a deleted run: nothing of it is left. */
  | { readonly type: 'purge'; readonly run: string }
  | {
      readonly type: 'inputs';
      readonly run: string;
      readonly datasets: readonly DatasetInput[];
      readonly models: readonly string[];
    }
  | {
      readonly type: 'outputs';
      readonly run: string;
      readonly models: readonly { readonly model: string; readonly step: number }[];
    }
  | { readonly type: 'file'; readonly owner: Owner; readonly path: string; readonly content: Content }
  /** `path` may be a folder: all below it goes. */
  | { readonly type: 'unfile'; readonly owner: Owner; readonly path: string }
  | {
      readonly type: 'model';
      readonly experiment: string;
      readonly name: string;
      readonly kind: string;
      readonly sourceRun: string;
      readonly params: readonly Pair[];
      readonly tags: readonly Pair[];
    }
  | { readonly type: 'model-params'; readonly model: string; readonly params: readonly Pair[] }
  | { readonly type: 'model-tag'; readonly model: string; readonly tag: Pair }
  | { readonly type: 'model-untag'; readonly model: string; readonly key: string }
  | { readonly type: 'model-status'; readonly model: string; readonly status: ModelStatus }
  | { readonly type: 'model-delete'; readonly model: string }
  | RegistryEffect;

export type RegistryStage = 'Staging' | 'Production' | 'Archived';

/** Of registered models, by their names. */
export type RegistryEffect =
  | { readonly type: 'registered'; readonly registered: string; readonly tags: readonly Pair[] }
  | {
      readonly type: 'version';
      readonly registered: string;
      readonly version: number;
      readonly source: string;
      readonly tags: readonly Pair[];
    }
  | {
      readonly type: 'alias';
      readonly registered: string;
      readonly alias: string;
      readonly version: number;
    }
  | {
      readonly type: 'stage';
      readonly registered: string;
      readonly version: number;
      readonly stage: RegistryStage;
    }
  | { readonly type: 'version-delete'; readonly registered: string; readonly version: number }
  | { readonly type: 'registered-delete'; readonly registered: string };

/** Makes what has no key of its own: nothing tells a server that it is sent a second time. */
export type Creation = Extract<Effect, { type: 'run' | 'model' }>;

export function isCreation(effect: Effect): effect is Creation {
  return effect.type === 'run' || effect.type === 'model';
}
