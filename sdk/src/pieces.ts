/** What one run sends, piece by piece: each is one request (or one upload), made once and sent until it is answered. */
import { encodePointBatch, pointBatchType, type SeriesColumns } from './point-batch.ts';
import type { RequestError } from './request-error.ts';
import type { Transport } from './transport.ts';
import { type FileToSend, upload } from './upload.ts';
import type { Operations } from './wire.ts';

/** How many of each kind. */
export interface Counts {
  readonly points: number;
  readonly params: number;
  readonly tags: number;
  readonly files: number;
}

export const nothing: Counts = { points: 0, params: 0, tags: 0, files: 0 };

export interface Piece {
  /** What is lost if it never arrives. */
  readonly holds: Counts;
  /** Bytes that waiting for it costs. */
  readonly bytes: number;
  send(signal: AbortSignal): Promise<void>;
  /** What is still worth sending after this refusal; undefined when nothing is. */
  without?(refusal: RequestError): { readonly rest: Piece | undefined; readonly lost: Counts } | undefined;
}

export type RunState = NonNullable<Operations['run.update']['body']['state']>;
export interface Text {
  readonly key: string;
  readonly value: string;
}

export function pointsPiece(transport: Transport, run: string, series: readonly SeriesColumns[]): Piece {
  const bytes = encodePointBatch(series);
  const idempotencyKey = crypto.randomUUID();
  return {
    holds: { ...nothing, points: series.reduce((sum, { values }) => sum + values.length, 0) },
    bytes: bytes.length,
    async send(signal) {
      const headers = { 'content-type': pointBatchType };
      await transport.call('run.ingest', { params: { run }, bytes, headers, idempotencyKey, signal });
    },
  };
}

/** Parameters and tags. The server stores all or none: one that it refuses is left out, and the others are sent again. */
export function textsPiece(
  transport: Transport,
  run: string,
  params: readonly Text[],
  tags: readonly Text[],
): Piece {
  const idempotencyKey = crypto.randomUUID();
  return {
    holds: { ...nothing, params: params.length, tags: tags.length },
    bytes: bytesOf([...params, ...tags]),
    async send(signal) {
      await transport.call('run.log', { params: { run }, body: { params, tags }, idempotencyKey, signal });
    },
    without({ field }) {
      const [, list, place] = /^(params|tags)\[(\d+)\]/.exec(field ?? '') ?? [];
      if (place === undefined) return undefined;
      const others = (of: readonly Text[], name: string) =>
        of.filter((_, index) => list !== name || index !== Number(place));
      const [restParams, restTags] = [others(params, 'params'), others(tags, 'tags')];
      const isEmpty = restParams.length + restTags.length === 0;
      return {
        rest: isEmpty ? undefined : textsPiece(transport, run, restParams, restTags),
        lost: { ...nothing, [list!]: 1 },
      };
    },
  };
}

export function filePiece(transport: Transport, run: string, artifactUri: string, file: FileToSend): Piece {
  return {
    holds: { ...nothing, files: 1 },
    bytes: file.bytes,
    send: (signal) => upload(transport, run, artifactUri, file, signal),
  };
}

export function endPiece(transport: Transport, run: string, state: RunState, ended: number): Piece {
  const idempotencyKey = crypto.randomUUID();
  return {
    holds: nothing,
    bytes: 0,
    async send(signal) {
      await transport.call('run.update', { params: { run }, body: { state, ended }, idempotencyKey, signal });
    },
  };
}

export const bytesOf = (texts: readonly Text[]): number =>
  texts.reduce((sum, { key, value }) => sum + 2 * (key.length + value.length), 0);

export const add = (a: Counts, b: Counts): Counts => ({
  points: a.points + b.points,
  params: a.params + b.params,
  tags: a.tags + b.tags,
  files: a.files + b.files,
});

/** `3 points, 1 file`. */
export function worded(counts: Counts): string {
  const words = { points: 'point', params: 'parameter', tags: 'tag', files: 'file' } as const;
  return (Object.keys(words) as (keyof Counts)[])
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${words[kind]}${counts[kind] === 1 ? '' : 's'}`)
    .join(', ');
}
