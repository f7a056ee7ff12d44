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
  | { readonly type: 'lifecycle'; readonly run: string; readonly deleted: boolean };
