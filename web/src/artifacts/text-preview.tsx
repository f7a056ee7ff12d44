/** Text, code and logs: pages of 128 KiB that end at a line, read by ranges, so that a log of gigabytes is no burden. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { type ArtifactFile, contentKey, readBytes } from './file.ts';
import { Pager } from './pager.tsx';
import { type PreviewProps, PreviewSkeleton } from './preview-parts.tsx';
import { decode, withoutEscapes } from './text.ts';

const pageSize = 128 * 1024;
/** How far behind the end of a page its last line may end. */
const overhang = 16 * 1024;

export function TextPreview({ file, kind }: PreviewProps) {
  const [page, setPage] = useState(0);
  const [wraps, setWraps] = useState(true);
  const pages = Math.max(1, Math.ceil(file.size / pageSize));
  const at = Math.min(page, pages - 1);
  const text = useQuery({
    queryKey: [...contentKey(file, 'text'), at],
    queryFn: async ({ signal }) =>
      withoutEscapes(decode(await readPage(file, at, signal), kind.encoding ?? 'utf-8')),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  if (text.isError) return <ProblemView error={text.error} onRetry={() => void text.refetch()} />;
  if (text.data === undefined) return <PreviewSkeleton />;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={wraps ? 'text-preview wraps' : 'text-preview'} tabIndex={0}>
        {text.data}
      </pre>
      <div className="preview-foot">
        {pages > 1 && (
          <Pager page={at} pages={pages} onPage={setPage}>
            {sizeText(at * pageSize)} to {sizeText(Math.min(file.size, (at + 1) * pageSize))} of{' '}
            {sizeText(file.size)}
          </Pager>
        )}
        {pages === 1 && <span>{linesText(text.data)}</span>}
        <label className="check">
          <input type="checkbox" checked={wraps} onChange={(event) => setWraps(event.target.checked)} />
          Wrap long lines
        </label>
      </div>
    </>
  );
}

function linesText(text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines === 1 ? '1 line' : `${countText(lines)} lines`;
}

/** A page from the first line that begins in it to the end of the last one that does. */
async function readPage(file: ArtifactFile, page: number, signal: AbortSignal): Promise<Uint8Array> {
  const start = page * pageSize;
  // One byte more before: it says whether a line begins here.
  const from = Math.max(0, start - 1);
  const bytes = await readBytes(file, from, start + pageSize + overhang, signal);
  const first = page === 0 ? 0 : (afterLine(bytes, 0, overhang) ?? afterCharacter(bytes, 1));
  const length = start + pageSize - from;
  if (bytes.length <= length) return bytes.subarray(first);
  return bytes.subarray(first, afterLine(bytes, length - 1, bytes.length) ?? afterCharacter(bytes, length));
}

function afterLine(bytes: Uint8Array, from: number, to: number): number | undefined {
  const end = bytes.subarray(0, to).indexOf(10, from);
  return end === -1 ? undefined : end + 1;
}

/** A line longer than the overhang is cut between characters. */
function afterCharacter(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at++;
  return at;
}
