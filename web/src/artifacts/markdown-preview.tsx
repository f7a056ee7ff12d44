/** A Markdown document, with the pictures that were logged beside it. */
import { useQuery } from '@tanstack/react-query';
import { sizeText } from '../format/sizes.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { CellPicture } from './cell-picture.tsx';
import { folderOf, wholeQuery } from './file.ts';
import { MarkdownView } from './markdown-view.tsx';
import { type PreviewProps, PreviewSkeleton } from './preview-parts.tsx';
import { decode } from './text.ts';
import { TextPreview } from './text-preview.tsx';

/** Bytes that are laid out at once; more is shown as text. */
const limit = 1_000_000;

export function MarkdownPreview({ file, kind }: PreviewProps) {
  const bytes = useQuery({ ...wholeQuery(file), enabled: file.size <= limit });
  if (file.size > limit)
    return (
      <>
        <p className="preview-note">Markdown of more than {sizeText(limit)} is shown as it is written.</p>
        <TextPreview file={file} kind={kind} />
      </>
    );
  if (bytes.isError) return <ProblemView error={bytes.error} onRetry={() => void bytes.refetch()} />;
  if (bytes.data === undefined) return <PreviewSkeleton />;
  return (
    <div className="document">
      <MarkdownView
        text={decode(bytes.data, kind.encoding)}
        picture={(path, alt) => (
          <CellPicture file={file} path={besides(folderOf(file.path), path)} alt={alt} />
        )}
      />
    </div>
  );
}

/** `../b.png` seen from `a/c` → `a/b.png`; never above the root. */
function besides(folder: string, path: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
