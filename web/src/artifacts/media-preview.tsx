/** Sound and film, played by the browser. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hasToken } from '../api/token.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { type ArtifactFile, wholeQuery } from './file.ts';
import { useObjectUrl } from './object-url.ts';
import { type PreviewProps, PreviewSkeleton, Unreadable } from './preview-parts.tsx';

/** Held at once, where a token is needed. */
const heldLimit = 200_000_000;

/** An element cannot send a token: with one the page fetches all of it, without one the browser streams. */
export function MediaPreview({ file, kind }: PreviewProps) {
  if (!hasToken()) return <Player file={file} url={file.url} type={kind.kind} />;
  if (file.size > heldLimit)
    return <p className="quiet">It is too large to be played here while a token is needed. Download it.</p>;
  return <HeldPlayer file={file} kind={kind} />;
}

function HeldPlayer({ file, kind }: PreviewProps) {
  const bytes = useQuery(wholeQuery(file));
  const url = useObjectUrl(bytes.data, kind.mime ?? '');
  if (bytes.isError) return <ProblemView error={bytes.error} onRetry={() => void bytes.refetch()} />;
  return url === undefined ? <PreviewSkeleton /> : <Player file={file} url={url} type={kind.kind} />;
}

function Player({ file, url, type }: { file: ArtifactFile; url: string; type: string }) {
  const [broken, setBroken] = useState(false);
  if (broken)
    return (
      <Unreadable reason="The browser cannot play it: damaged, cut off, or of a kind it does not know." />
    );
  const common = { src: url, controls: true, 'aria-label': file.path, onError: () => setBroken(true) };
  return type === 'video' ? (
    <video className="player" {...common} />
  ) : (
    <audio className="player" {...common} />
  );
}
