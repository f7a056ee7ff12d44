/** CSV, TSV and JSON lines: pages of whole records, each read by a range that begins where the last page ended. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { CellPicture } from './cell-picture.tsx';
import { DataGrid } from './data-grid.tsx';
import { type ArtifactFile, contentKey, readBytes } from './file.ts';
import type { FileKind } from './kind.ts';
import { Pager } from './pager.tsx';
import { type PreviewProps, PreviewSkeleton } from './preview-parts.tsx';
import { recordEnds, separatedRows, separatorOf } from './separated-values.ts';
import { type Row, type Table, tableOf, tableOfJsonLines, typeOf } from './table.ts';
import { decode } from './text.ts';

const rowsPerPage = 200;
/** Read at once; a record that is longer is cut. */
const bytesAtOnce = 512 * 1024;

interface Start {
  readonly byte: number;
  /** Rows before it. */
  readonly row: number;
}

interface PageOfRows {
  readonly table: Table;
  /** Where the next page begins; undefined at the end of the file. */
  readonly next: Start | undefined;
  readonly cut: boolean;
}

export function PagedTable({ file, kind }: PreviewProps) {
  const [page, setPage] = useState(0);
  // Where each page begins is known once the one before was read.
  const [starts, setStarts] = useState<readonly Start[]>([{ byte: 0, row: 0 }]);
  const start = starts[Math.min(page, starts.length - 1)]!;
  const rows = useQuery({
    queryKey: [...contentKey(file, 'rows'), start.byte],
    queryFn: ({ signal }) => readPage(file, kind, start, signal),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    placeholderData: (before) => before,
  });
  if (rows.isError) return <ProblemView error={rows.error} onRetry={() => void rows.refetch()} />;
  if (rows.data === undefined) return <PreviewSkeleton />;
  const { table, next, cut } = rows.data;

  function turn(to: number): void {
    if (next !== undefined && to >= starts.length) setStarts([...starts, next]);
    setPage(to);
  }

  const known = start.row + table.rows.length;
  return (
    <>
      <DataGrid
        key={page}
        label={`Rows of ${file.path}`}
        table={table}
        from={start.row}
        picture={(path) => <CellPicture file={file} path={path} />}
      />
      {cut && <p className="preview-note">A record longer than {sizeText(bytesAtOnce)} is cut.</p>}
      <div className="preview-foot">
        {page > 0 || next !== undefined ? (
          <Pager
            page={page}
            pages={next === undefined ? page + 1 : undefined}
            more={next !== undefined}
            onPage={turn}
          >
            rows {countText(start.row + 1)} to {countText(known)}
            {next === undefined ? ` of ${countText(known)}` : `, about ${estimate(file, next)} in all`}
          </Pager>
        ) : (
          <span>
            {countText(known)} {known === 1 ? 'row' : 'rows'}
          </span>
        )}
        <span className="dim">
          {countText(table.columns.length)} {table.columns.length === 1 ? 'column' : 'columns'}
        </span>
      </div>
    </>
  );
}

function estimate(file: ArtifactFile, { byte, row }: Start): string {
  const rows = (row / byte) * file.size;
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1);
  return countText(Math.round(rows / digits) * digits);
}

async function readPage(
  file: ArtifactFile,
  kind: FileKind,
  start: Start,
  signal: AbortSignal,
): Promise<PageOfRows> {
  const lines = kind.kind === 'json-lines';
  const head = decode(file.head, kind.encoding);
  const separator = lines ? null : separatorOf(head, file.path);
  const names = separator === null ? undefined : headOf(head, separator);
  const takesHead = start.byte === 0 && names?.isHead === true;
  const bytes = await readBytes(file, start.byte, start.byte + bytesAtOnce, signal);
  const reachesEnd = start.byte + bytes.length >= file.size;
  const ends = recordEnds(bytes, separator, rowsPerPage + (takesHead ? 1 : 0));
  const isFull = ends.length >= rowsPerPage + (takesHead ? 1 : 0);
  const cut = !isFull && !reachesEnd && ends.length === 0;
  const length = (isFull || !reachesEnd ? ends.at(-1) : undefined) ?? bytes.length;
  const text = decode(bytes.subarray(0, length), kind.encoding);
  const table =
    separator === null ? tableOfJsonLines(text) : separatedTable(text, separator, names!, takesHead);
  const atEnd = start.byte + length >= file.size;
  const next = atEnd ? undefined : { byte: start.byte + length, row: start.row + table.rows.length };
  return { table, next, cut };
}

interface Head {
  readonly names: readonly string[];
  /** False for a file that begins with values. */
  readonly isHead: boolean;
}

/** The first record names the columns, unless it holds numbers only. */
function headOf(text: string, separator: string): Head {
  const [first = []] = separatedRows(text.replace(/^\uFEFF/, ''), separator);
  const isHead = !first.every((value) => ['whole', 'real'].includes(typeOf([value])) && value !== '');
  return { names: isHead ? first : first.map((_, index) => String(index + 1)), isHead };
}

function separatedTable(text: string, separator: string, head: Head, takesHead: boolean): Table {
  const all = separatedRows(text.replace(/^\uFEFF/, ''), separator).slice(takesHead ? 1 : 0);
  const rows: Row[] = all.filter((row) => row.length > 1 || row[0] !== '');
  const width = rows.reduce((most, row) => Math.max(most, row.length), head.names.length);
  const extra = Array.from({ length: width - head.names.length }, (_, index) => `+${index + 1}`);
  return tableOf([...head.names, ...extra], rows);
}
