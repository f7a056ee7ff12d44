/**
 * What a file holds, shown safely: text as text, JSON set out, CSV as rows, pictures from a blob. HTML and SVG are
 * text here, never run or drawn: a file may come from anybody.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { artifactGet } from '../api/operations.ts';
import type { Run } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { useProject } from '../layout/use-project.ts';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { showToast } from '../ui/toasts.tsx';
import { csvRows } from './csv.ts';

/** Bytes of a text that are shown. */
const textLimit = 200_000;
/** Bytes of a picture that are fetched unasked. */
const imageLimit = 20_000_000;
const rowLimit = 200;

const images: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
};

export function ArtifactPreview({ run, path }: { run: Run; path: string }) {
  const { project } = useProject();
  const extension = path.split('.').at(-1)?.toLowerCase() ?? '';
  const image = images[extension];
  const limit = image === undefined ? textLimit : imageLimit;
  const content = useQuery({
    queryKey: ['artifact', project, run.id, path],
    queryFn: ({ signal }) => artifactGet(project, run.id, path, { bytes: limit, signal }),
    staleTime: 60_000,
    gcTime: 30_000,
  });

  async function save(): Promise<void> {
    try {
      const url = URL.createObjectURL(await artifactGet(project, run.id, path));
      const link = document.createElement('a');
      link.href = url;
      link.download = path.split('/').at(-1)!;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' });
    }
  }

  const whole = content.data !== undefined && content.data.size < limit;
  return (
    <section aria-label={path}>
      <div className="preview-head">
        <h2 title={path}>{path}</h2>
        {content.data !== undefined && (
          <span className="faint">
            {whole ? sizeText(content.data.size) : `more than ${sizeText(limit)}`}
          </span>
        )}
        <button type="button" className="button small" onClick={() => void save()}>
          <Icon name="save" size={13} />
          Download
        </button>
      </div>
      {content.isError && <ProblemView error={content.error} onRetry={() => void content.refetch()} />}
      {content.data !== undefined &&
        (image === undefined ? (
          <TextPreview blob={content.data} extension={extension} whole={whole} />
        ) : whole ? (
          <Picture blob={content.data} type={image} name={path} />
        ) : (
          <p className="quiet">This picture is too large to show. Download it to look at it.</p>
        ))}
    </section>
  );
}

function Picture({ blob, type, name }: { blob: Blob; type: string; name: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const next = URL.createObjectURL(new Blob([blob], { type }));
    setUrl(next);
    return () => URL.revokeObjectURL(next);
  }, [blob, type]);
  return url === undefined ? null : <img className="picture" src={url} alt={name} />;
}

function TextPreview({ blob, extension, whole }: { blob: Blob; extension: string; whole: boolean }) {
  const [bytes, setBytes] = useState<ArrayBuffer>();
  useEffect(() => {
    let current = true;
    void blob.arrayBuffer().then((read) => current && setBytes(read));
    return () => {
      current = false;
    };
  }, [blob]);
  if (bytes === undefined) return null;
  const text = textOf(bytes);
  if (text === undefined)
    return <p className="quiet">This file is not text. Download it to open it with its own program.</p>;
  const cut = whole ? null : <p className="quiet">The first {sizeText(bytes.byteLength)} are shown.</p>;
  if (extension === 'csv' || extension === 'tsv') {
    const rows = csvRows(text, extension === 'csv' ? ',' : '\t');
    return (
      <>
        <Rows rows={whole ? rows : rows.slice(0, -1)} />
        {cut}
      </>
    );
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="text-preview" tabIndex={0}>
        {extension === 'json' && whole ? setOut(text) : text}
      </pre>
      {cut}
    </>
  );
}

/** Undefined where the bytes are no UTF-8 text. */
function textOf(bytes: ArrayBuffer): string | undefined {
  const array = new Uint8Array(bytes);
  if (array.includes(0)) return undefined;
  const text = new TextDecoder().decode(array);
  // The last character may be cut in two.
  return text.slice(0, -1).includes('\uFFFD') ? undefined : text;
}

function setOut(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    // A number too long for a double would be shown as another one: then the file as it is.
    return /\d{16}/.test(text) ? text : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}

function Rows({ rows }: { rows: readonly (readonly string[])[] }) {
  const [head, ...body] = rows;
  if (head === undefined) return <p className="quiet">The file is empty.</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="rows-preview" tabIndex={0} role="region" aria-label="Rows">
        <table className="facts-table">
          <thead>
            <tr>
              {head.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file do not move
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.slice(0, rowLimit).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file do not move
              <tr key={index}>
                {row.map((value, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file do not move
                  <td key={column}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        {body.length > rowLimit
          ? `The first ${countText(rowLimit)} of ${countText(body.length)} rows that were read.`
          : `${countText(body.length)} ${body.length === 1 ? 'row' : 'rows'}`}
      </p>
    </>
  );
}
