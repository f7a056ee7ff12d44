/** What the thread that keeps the graph and the main thread say to each other. */
import type { StorePlace } from '../../../db/thread-reader.ts';
import type { ErrorCode } from '../../../kernel/errors.ts';
import type { NamedColumns } from '../answers/answer-stream.ts';
import type { WalkQuestion, WalkTold } from '../answers/walk-told.ts';

export interface GraphThreadSettings {
  readonly place: StorePlace;
  /** Bytes of columns, beyond which the thread gives up. */
  readonly mostBytes: number;
}

export interface WalkMessage {
  readonly id: number;
  readonly question: WalkQuestion;
  /** Projects whose nodes the reader may see; absent: all. */
  readonly projects?: readonly number[];
}

/** Walks go one after the other; the others are heard meanwhile. */
export type ToGraphThread =
  | ({ readonly kind: 'walk' } & WalkMessage)
  /** All that the walk finds is kept for pages, until they end or `stop` comes. */
  | ({ readonly kind: 'stream' } & WalkMessage)
  | { readonly kind: 'page'; readonly id: number }
  /** The answer to what has this id is not waited for any more. */
  | { readonly kind: 'stop'; readonly id: number }
  /** Read on in the log. */
  | { readonly kind: 'advance' }
  | { readonly kind: 'close' };

export type FromGraphThread =
  /** All is in memory, as of when it was asked for. */
  | { readonly kind: 'kept'; readonly bytes: number; readonly edges: number }
  | { readonly kind: 'told'; readonly id: number; readonly told: WalkTold }
  /** Without rows: there are no more. */
  | { readonly kind: 'page'; readonly id: number; readonly page: PackedPage | undefined }
  /** Of no id: the thread cannot go on. */
  | { readonly kind: 'failed'; readonly id?: number; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'closed' };

/** A page as it goes from thread to thread: texts in one, for each of them alone would cost more than the walk. */
export interface PackedPage extends Omit<NamedColumns, 'uids' | 'names'> {
  /** JSON of the uids, and of the names. */
  readonly texts: string;
}

export function packed({ uids, names, ...columns }: NamedColumns): PackedPage {
  return { ...columns, texts: JSON.stringify([uids, names]) };
}

export function unpacked({ texts, ...columns }: PackedPage): NamedColumns {
  const [uids, names] = JSON.parse(texts) as [string[], (string | null)[]];
  return { ...columns, uids, names };
}
