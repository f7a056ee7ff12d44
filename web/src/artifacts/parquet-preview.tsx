/** A Parquet table: its schema, and its rows page by page. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { countText } from '../format/numbers.ts';
import { CellPicture } from './cell-picture.tsx';
import { DataGrid } from './data-grid.tsx';
import { type ArtifactFile, contentKey } from './file.ts';
import { Pager } from './pager.tsx';
import type { ParquetFacts } from './parquet-worker.ts';
import { type PreviewProps, PreviewSkeleton, Unreadable } from './preview-parts.tsx';
import { type OpenedParquet, useParquet } from './use-parquet.ts';

const rowsPerPage = 100;
const columnsPerPage = 40;

export function ParquetPreview({ file }: PreviewProps) {
  const opened = useParquet(file);
  const [view, setView] = useState<'rows' | 'schema'>('rows');
  if (opened.state === 'opening') return <PreviewSkeleton />;
  if (opened.state === 'broken')
    return (
      <Unreadable
        reason={`It begins like a Parquet table, but it is damaged or cut off: ${opened.reason}.`}
      />
    );
  const { facts } = opened;
  return (
    <>
      <fieldset className="segments small preview-ways" aria-label="Show the table's">
        <button type="button" aria-pressed={view === 'rows'} onClick={() => setView('rows')}>
          Rows
        </button>
        <button type="button" aria-pressed={view === 'schema'} onClick={() => setView('schema')}>
          Schema
        </button>
      </fieldset>
      {view === 'schema' ? <Schema facts={facts} /> : <Rows key={file.tag} file={file} opened={opened} />}
      <p className="preview-foot">
        {countText(facts.rows)} {facts.rows === 1 ? 'row' : 'rows'} · {countText(facts.columns.length)}{' '}
        columns · {countText(facts.groups)} row {facts.groups === 1 ? 'group' : 'groups'}
        {facts.madeBy !== '' && ` · written by ${facts.madeBy}`}
      </p>
    </>
  );
}

function Rows({ file, opened }: { file: ArtifactFile; opened: OpenedParquet & { state: 'open' } }) {
  const { facts, reader } = opened;
  const [page, setPage] = useState(0);
  const [part, setPart] = useState(0);
  const from = page * rowsPerPage;
  const to = Math.min(facts.rows, from + rowsPerPage);
  const columns = [part * columnsPerPage, (part + 1) * columnsPerPage] as const;
  const parts = Math.ceil(facts.columns.length / columnsPerPage);
  const rows = useQuery({
    queryKey: [...contentKey(file, 'parquet'), page, part],
    queryFn: () => reader.rows(from, to, columns),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    structuralSharing: false,
    placeholderData: (before) => before,
  });
  if (rows.isError)
    return (
      <Unreadable
        reason={`These rows are damaged, or packed in a way that is not known here: ${rows.error.message}.`}
      />
    );
  if (rows.data === undefined) return <PreviewSkeleton />;
  const pages = Math.max(1, Math.ceil(facts.rows / rowsPerPage));
  return (
    <>
      <DataGrid
        key={`${page} ${part}`}
        label={`Rows of ${file.path}`}
        table={rows.data}
        from={from}
        picture={(path) => <CellPicture file={file} path={path} />}
      />
      {rows.data.leftOut > 0 && (
        <p className="preview-note">
          {countText(rows.data.leftOut)} of these columns are left out: a page of rows would take too many
          bytes.
        </p>
      )}
      <div className="preview-foot">
        {pages > 1 && (
          <Pager page={page} pages={pages} onPage={setPage}>
            rows {countText(from + 1)} to {countText(to)}
          </Pager>
        )}
        {parts > 1 && (
          <Pager page={part} pages={parts} onPage={setPart}>
            columns {countText(columns[0] + 1)} to {countText(Math.min(columns[1], facts.columns.length))}
          </Pager>
        )}
      </div>
    </>
  );
}

function Schema({ facts }: { facts: ParquetFacts }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-frame" tabIndex={0} role="region" aria-label="Schema">
      <table className="facts-table">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Type</th>
            <th scope="col">Null</th>
          </tr>
        </thead>
        <tbody>
          {facts.columns.map(({ name, type, nullable }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file do not move
            <tr key={index}>
              <th scope="row" className="mono">
                {name}
              </th>
              <td className="mono dim">{type}</td>
              <td className="dim">{nullable ? 'may be' : 'never'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
