/** A notebook as its author last saw it: text, code, and the outputs that were saved in it. Nothing of it runs. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { wholeQuery } from './file.ts';
import { IsolatedFrame } from './isolated-frame.tsx';
import { MarkdownView } from './markdown-view.tsx';
import { type NotebookCell, notebookOf, type Output } from './notebook.ts';
import { useObjectUrl } from './object-url.ts';
import { type PreviewProps, PreviewSkeleton, Unreadable } from './preview-parts.tsx';
import { decode, withoutEscapes } from './text.ts';
import { TextPreview } from './text-preview.tsx';

const limit = 20_000_000;
const cellsAtOnce = 100;
/** Characters of one output; the rest is a count. */
const outputLimit = 20_000;

export function NotebookPreview({ file, kind }: PreviewProps) {
  const bytes = useQuery({ ...wholeQuery(file), enabled: file.size <= limit });
  if (file.size > limit)
    return (
      <>
        <p className="preview-note">A notebook of more than {sizeText(limit)} is shown as text, by pages.</p>
        <TextPreview file={file} kind={kind} />
      </>
    );
  if (bytes.isError) return <ProblemView error={bytes.error} onRetry={() => void bytes.refetch()} />;
  if (bytes.data === undefined) return <PreviewSkeleton />;
  return <Cells text={decode(bytes.data)} />;
}

function Cells({ text }: { text: string }) {
  const [shown, setShown] = useState(cellsAtOnce);
  const read = useMemo(() => {
    try {
      return notebookOf(JSON.parse(text));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }, [text]);
  if (typeof read === 'string') return <Unreadable reason={read} />;
  const { cells, language } = read;
  return (
    <div className="document notebook">
      {cells.slice(0, shown).map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells of a file do not move
        <Cell key={index} cell={cell} />
      ))}
      <p className="preview-foot">
        {countText(cells.length)} {cells.length === 1 ? 'cell' : 'cells'}
        {language !== '' && ` · ${language}`}
        {shown < cells.length && (
          <button type="button" className="link-button" onClick={() => setShown(shown + cellsAtOnce)}>
            Show more
          </button>
        )}
      </p>
    </div>
  );
}

function Cell({ cell }: { cell: NotebookCell }) {
  if (cell.kind === 'markdown') return <MarkdownView text={cell.text} />;
  if (cell.kind !== 'code') return <pre className="cell-output">{cell.text}</pre>;
  return (
    <div className="code-cell">
      <span className="cell-count">[{cell.count ?? ' '}]</span>
      <pre className="cell-code">{cell.text}</pre>
      {cell.outputs.map((output, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outputs of a file do not move
        <div key={index} className="cell-outputs">
          <OutputView output={output} />
        </div>
      ))}
    </div>
  );
}

function OutputView({ output }: { output: Output }) {
  switch (output.kind) {
    case 'text':
      return <OutputText text={output.text} isError={output.isError} />;
    case 'picture':
      return <Picture mime={output.mime} base64={output.base64} />;
    case 'svg':
      return <SvgPicture text={output.text} />;
    case 'markdown':
      return <MarkdownView text={output.text} />;
    case 'html':
      return <HtmlOutput html={output.html} text={output.text} />;
    default:
      return <p className="faint">An output of a kind that is not shown: {output.types.join(', ')}</p>;
  }
}

function OutputText({ text, isError }: { text: string; isError: boolean }) {
  const plain = withoutEscapes(text);
  const cut = plain.length > outputLimit;
  return (
    <pre className={isError ? 'cell-output error' : 'cell-output'}>
      {cut ? plain.slice(0, outputLimit) : plain}
      {cut && <span className="faint">{`\n… ${countText(plain.length - outputLimit)} more characters`}</span>}
    </pre>
  );
}

/** As text first, which is quiet and enough for most; laid out in a frame that runs nothing, on a click. */
function HtmlOutput({ html, text }: { html: string; text: string }) {
  const [laidOut, setLaidOut] = useState(text === '');
  return (
    <>
      {laidOut ? (
        <IsolatedFrame html={html} title="Output" leave="none" className="isolated-frame output" />
      ) : (
        <OutputText text={text} isError={false} />
      )}
      {text !== '' && (
        <button type="button" className="link-button" onClick={() => setLaidOut(!laidOut)}>
          {laidOut ? 'Show as text' : 'Show as HTML, isolated'}
        </button>
      )}
    </>
  );
}

function Picture({ mime, base64 }: { mime: string; base64: string }) {
  const bytes = useMemo(() => {
    try {
      return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    } catch {
      return undefined;
    }
  }, [base64]);
  const url = useObjectUrl(bytes, mime);
  if (bytes === undefined) return <p className="faint">A picture that is damaged.</p>;
  return url === undefined ? null : <img className="cell-figure" src={url} alt="Output of the cell" />;
}

function SvgPicture({ text }: { text: string }) {
  const bytes = useMemo(() => new TextEncoder().encode(text), [text]);
  const url = useObjectUrl(bytes, 'image/svg+xml');
  return url === undefined ? null : <img className="cell-figure" src={url} alt="Output of the cell" />;
}
