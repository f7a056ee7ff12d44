/**
 * What a file holds, shown safely. A file may come from anybody: nothing of it runs here, nothing of it makes the browser
 * ask another server. Each kind is its own file, loaded when the first file of that kind is looked at.
 */
import { Component, lazy, type ReactNode, Suspense, useState } from 'react';
import { sizeText } from '../format/sizes.ts';
import type { ArtifactFile } from './file.ts';
import { kindOf, type PreviewKind } from './kind.ts';
import { type PreviewProps, PreviewSkeleton, Unreadable } from './preview-parts.tsx';
import { TextPreview } from './text-preview.tsx';

const views = {
  image: lazy(async () => ({ default: (await import('./image-preview.tsx')).ImagePreview })),
  json: lazy(async () => ({ default: (await import('./json-preview.tsx')).JsonPreview })),
  'json-lines': lazy(async () => ({ default: (await import('./paged-table.tsx')).PagedTable })),
  separated: lazy(async () => ({ default: (await import('./paged-table.tsx')).PagedTable })),
  parquet: lazy(async () => ({ default: (await import('./parquet-preview.tsx')).ParquetPreview })),
  markdown: lazy(async () => ({ default: (await import('./markdown-preview.tsx')).MarkdownPreview })),
  notebook: lazy(async () => ({ default: (await import('./notebook-preview.tsx')).NotebookPreview })),
  html: lazy(async () => ({ default: (await import('./html-preview.tsx')).HtmlPreview })),
  mlmodel: lazy(async () => ({ default: (await import('./mlmodel-preview.tsx')).MlmodelPreview })),
  audio: lazy(async () => ({ default: (await import('./media-preview.tsx')).MediaPreview })),
  video: lazy(async () => ({ default: (await import('./media-preview.tsx')).MediaPreview })),
  text: TextPreview,
  binary: BinaryNote,
  empty: () => <p className="quiet">The file is empty: it was logged with no bytes.</p>,
} satisfies Readonly<Record<PreviewKind, unknown>>;

/** Kinds of text that can also be read as they are written. */
const alsoText: ReadonlySet<PreviewKind> = new Set([
  'json',
  'json-lines',
  'separated',
  'markdown',
  'notebook',
  'html',
  'mlmodel',
]);

export function Preview({ file }: { file: ArtifactFile }) {
  const [raw, setRaw] = useState(false);
  const kind = kindOf(file.path, file.size, file.head);
  const isText = alsoText.has(kind.kind) || (kind.kind === 'image' && kind.encoding !== undefined);
  const View = raw ? TextPreview : views[kind.kind];
  return (
    <>
      {kind.note !== undefined && <p className="preview-note">{kind.note}</p>}
      {isText && (
        <fieldset className="segments small preview-ways" aria-label="Show it as">
          <button type="button" aria-pressed={!raw} onClick={() => setRaw(false)}>
            Preview
          </button>
          <button type="button" aria-pressed={raw} onClick={() => setRaw(true)}>
            Text
          </button>
        </fieldset>
      )}
      <PreviewGuard key={`${file.tag} ${raw}`} onText={isText && !raw ? () => setRaw(true) : undefined}>
        <Suspense fallback={<PreviewSkeleton />}>
          <View file={file} kind={kind} />
        </Suspense>
      </PreviewGuard>
    </>
  );
}

function BinaryNote({ file, kind }: PreviewProps) {
  return (
    <div className="preview-plain">
      <p>
        <strong>{file.name}</strong> is {/^[AEIOUH]/.test(kind.type) ? 'an' : 'a'} {kind.type},{' '}
        {sizeText(file.size)}.
      </p>
      <p className="dim">
        Cairn does not open it: files of this kind are for their own programs. Download it.
      </p>
    </div>
  );
}

/** A preview that fails says so in its own place; the page around it goes on. */
class PreviewGuard extends Component<
  { children: ReactNode; onText: (() => void) | undefined },
  { error: unknown }
> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Unreadable reason={error instanceof Error ? error.message : String(error)}>
        {this.props.onText !== undefined && (
          <button type="button" className="button small" onClick={this.props.onText}>
            Show it as text
          </button>
        )}
      </Unreadable>
    );
  }
}
