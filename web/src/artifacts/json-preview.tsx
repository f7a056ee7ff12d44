/** JSON as a tree that folds, with its digits; and as a table where it is one (mlflow.log_table). */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { CellPicture } from './cell-picture.tsx';
import { DataGrid } from './data-grid.tsx';
import { parseJson } from './exact-json.ts';
import { type ArtifactFile, wholeQuery } from './file.ts';
import { JsonTree } from './json-tree.tsx';
import { Pager } from './pager.tsx';
import { type PreviewProps, PreviewSkeleton, Unreadable } from './preview-parts.tsx';
import { type Table, tableOfJson } from './table.ts';
import { decode } from './text.ts';
import { TextPreview } from './text-preview.tsx';

/** Parsed at once, in a fraction of a second; what is longer is shown as text, by pages. */
export const jsonLimit = 8_000_000;
const rowsPerPage = 200;

export function JsonPreview({ file, kind }: PreviewProps) {
  const bytes = useQuery({ ...wholeQuery(file), enabled: file.size <= jsonLimit });
  if (file.size > jsonLimit)
    return (
      <>
        <p className="preview-note">
          JSON of more than {sizeText(jsonLimit)} is not folded here: it is shown as text, by pages.
        </p>
        <TextPreview file={file} kind={kind} />
      </>
    );
  if (bytes.isError) return <ProblemView error={bytes.error} onRetry={() => void bytes.refetch()} />;
  if (bytes.data === undefined) return <PreviewSkeleton />;
  return <Parsed file={file} text={decode(bytes.data, kind.encoding)} kind={kind} />;
}

function Parsed({ file, kind, text }: PreviewProps & { text: string }) {
  const parsed = useMemo(() => {
    try {
      const json = parseJson(text.replace(/^\uFEFF/, ''));
      return { json, table: tableOfJson(json) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }, [text]);
  const [asTree, setAsTree] = useState(false);
  if (parsed.json === undefined)
    return (
      <>
        <Unreadable reason={`It is no JSON. ${parsed.problem}`} />
        <TextPreview file={file} kind={kind} />
      </>
    );
  const { json, table } = parsed;
  return (
    <>
      {table !== undefined && (
        <fieldset className="segments small preview-ways" aria-label="Show the JSON as">
          <button type="button" aria-pressed={!asTree} onClick={() => setAsTree(false)}>
            Table
          </button>
          <button type="button" aria-pressed={asTree} onClick={() => setAsTree(true)}>
            Tree
          </button>
        </fieldset>
      )}
      {table !== undefined && !asTree ? (
        <HeldTable table={table} file={file} />
      ) : (
        <JsonTree json={json} label={`JSON of ${file.path}`} />
      )}
    </>
  );
}

/** A table that is held whole, drawn by pages. */
export function HeldTable({ table, file }: { table: Table; file: ArtifactFile }) {
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(table.rows.length / rowsPerPage));
  const from = page * rowsPerPage;
  const part = useMemo(
    () => ({ columns: table.columns, rows: table.rows.slice(from, from + rowsPerPage) }),
    [table, from],
  );
  const rows = table.rows.length;
  return (
    <>
      <DataGrid
        key={page}
        label={`Rows of ${file.path}`}
        table={part}
        from={from}
        picture={(path) => <CellPicture file={file} path={path} />}
      />
      <div className="preview-foot">
        {pages > 1 ? (
          <Pager page={page} pages={pages} onPage={setPage}>
            rows {countText(from + 1)} to {countText(from + part.rows.length)} of {countText(rows)}
          </Pager>
        ) : (
          <span>
            {countText(rows)} {rows === 1 ? 'row' : 'rows'}
          </span>
        )}
        <span className="dim">
          {countText(table.columns.length)} {table.columns.length === 1 ? 'column' : 'columns'}
        </span>
      </div>
    </>
  );
}
