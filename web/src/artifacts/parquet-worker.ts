/**
 * Parquet, read in a thread of its own: a file that lies about its length may take the reader long, and must not hold up
 * the page. Only the footer and the pages of the rows asked for are fetched.
 */
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetCell, parsers, shownType } from './parquet-values.ts';
import type { Column, Row } from './table.ts';
import { typeOf } from './table.ts';

export interface ParquetFacts {
  readonly rows: number;
  readonly groups: number;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly madeBy: string;
}

export interface ParquetRows {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Columns that were left out, since the bytes of one page of rows would be too many. */
  readonly leftOut: number;
}

export type ParquetRequest =
  | {
      readonly kind: 'open';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly size: number;
      readonly tag: string;
    }
  | {
      readonly kind: 'rows';
      readonly from: number;
      readonly to: number;
      /** Positions of the columns, first and behind the last. */
      readonly columns: readonly [number, number];
    };

export type ParquetAnswer = { readonly id: number } & (
  | { readonly facts: ParquetFacts }
  | { readonly rows: ParquetRows }
  | { readonly problem: string }
);

/** Compressed bytes that one page of rows may take. A row group without an index is fetched whole. */
const budget = 48_000_000;

let opened: { file: AsyncBuffer; metadata: FileMetaData } | undefined;

addEventListener('message', ({ data }: MessageEvent<ParquetRequest & { id: number }>) => {
  const { id } = data;
  const work = data.kind === 'open' ? open(data) : rowsOf(data);
  work.then(
    (answer) => postMessage({ id, ...answer } satisfies ParquetAnswer),
    (error: unknown) => postMessage({ id, problem: reasonOf(error) } satisfies ParquetAnswer),
  );
});

async function open(request: Extract<ParquetRequest, { kind: 'open' }>): Promise<{ facts: ParquetFacts }> {
  const file: AsyncBuffer = {
    byteLength: request.size,
    async slice(start, end = request.size) {
      if (!(start >= 0) || end < start || end > request.size) throw new Error('it points outside of itself');
      const range = `bytes=${start}-${end - 1}`;
      const response = await fetch(request.url, { headers: { ...request.headers, range } });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      if (response.headers.get('etag') !== request.tag) throw new Error('it was replaced while it was read');
      const bytes = await response.arrayBuffer();
      return response.status === 206 ? bytes : bytes.slice(start, end);
    },
  };
  const metadata = await parquetMetadataAsync(file, { parsers, geoparquet: false });
  opened = { file, metadata };
  const { children } = parquetSchema(metadata);
  return {
    facts: {
      rows: Number(metadata.num_rows),
      groups: metadata.row_groups.length,
      columns: children.map(({ element, children: inside }) => ({
        name: element.name,
        type: shownType(element, inside.length > 0),
        nullable: element.repetition_type !== 'REQUIRED',
      })),
      madeBy: metadata.created_by ?? '',
    },
  };
}

async function rowsOf({ from, to, columns }: Extract<ParquetRequest, { kind: 'rows' }>) {
  const { file, metadata } = opened!;
  const fields = parquetSchema(metadata).children.slice(...columns);
  const wanted = withinBudget(
    metadata,
    fields.map(({ element }) => element.name),
    from,
    to,
  );
  let found: unknown[][] = [];
  await parquetRead({
    file,
    metadata,
    compressors,
    parsers,
    columns: wanted,
    rowStart: from,
    rowEnd: to,
    // Strings are those that say so; what is left are bytes.
    utf8: false,
    geoparquet: false,
    useOffsetIndex: true,
    onComplete(rows) {
      found = rows;
    },
  });
  const rows = found.map((row) =>
    wanted.map((_, index) => parquetCell(row[index], fields[index]!.element.type === 'FLOAT')),
  );
  return {
    rows: {
      rows,
      leftOut: fields.length - wanted.length,
      columns: wanted.map((name, index) => {
        const { element, children } = fields[index]!;
        const values = rows.map((row) => row[index]!);
        return { name, type: typeOf(values), written: shownType(element, children.length > 0) };
      }),
    },
  };
}

/** As many of the columns as the budget allows, at least one. */
function withinBudget(metadata: FileMetaData, names: readonly string[], from: number, to: number): string[] {
  const sizes = new Map<string, number>();
  let row = 0;
  for (const group of metadata.row_groups) {
    const end = row + Number(group.num_rows);
    if (row < to && end > from)
      for (const { meta_data: chunk, offset_index_offset: index } of group.columns) {
        const name = chunk?.path_in_schema[0];
        if (name === undefined) continue;
        // With an index only some pages of the column are fetched.
        const size = Number(chunk?.total_compressed_size ?? 0) / (index === undefined ? 1 : 50);
        sizes.set(name, (sizes.get(name) ?? 0) + size);
      }
    row = end;
  }
  let sum = 0;
  const fits = names.findIndex((name, index) => {
    sum += sizes.get(name) ?? 0;
    return sum > budget && index > 0;
  });
  return names.slice(0, fits === -1 ? names.length : fits);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
