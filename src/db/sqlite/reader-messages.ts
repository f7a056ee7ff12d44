/** What a reader thread and the pool say to each other. One scan at a time owns a thread. */
import type { SQLInputValue } from 'node:sqlite';
import type { RowSet } from './sqlite-connection.ts';

export interface ReaderSettings {
  readonly file: string;
  readonly busyTimeout: number;
}

/** `end` closes the snapshot. Each message gets one answer. */
export type ToReader =
  | { readonly kind: 'query'; readonly text: string; readonly values: SQLInputValue[] }
  | { readonly kind: 'end' };

export type FromReader =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'rows'; readonly set: RowSet }
  | { readonly kind: 'failed'; readonly message: string; readonly errcode: number | undefined };
