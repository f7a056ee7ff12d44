/** HTML that was logged: a report, a figure of plotly or bokeh, the diagram of a scikit-learn pipeline. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sizeText } from '../format/sizes.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { wholeQuery } from './file.ts';
import { IsolatedFrame, type Leave } from './isolated-frame.tsx';
import { type PreviewProps, PreviewSkeleton } from './preview-parts.tsx';
import { decode } from './text.ts';
import { TextPreview } from './text-preview.tsx';

/** A figure with all of plotly in it has 5 MB. */
const limit = 30_000_000;
/** As in src/faces/http/ui-files.ts. */
const knownHosts: ReadonlySet<string> = new Set([
  'cdn.plot.ly',
  'cdn.jsdelivr.net',
  'cdn.bokeh.org',
  'cdnjs.cloudflare.com',
]);

export function HtmlPreview({ file, kind }: PreviewProps) {
  const [leave, setLeave] = useState<Leave>('none');
  const bytes = useQuery({ ...wholeQuery(file), enabled: file.size <= limit });
  if (file.size > limit)
    return (
      <>
        <p className="preview-note">HTML of more than {sizeText(limit)} is shown as text, by pages.</p>
        <TextPreview file={file} kind={kind} />
      </>
    );
  if (bytes.isError) return <ProblemView error={bytes.error} onRetry={() => void bytes.refetch()} />;
  if (bytes.data === undefined) return <PreviewSkeleton />;
  const html = decode(bytes.data, kind.encoding);
  const hosts = scriptHosts(html);
  const libraries = hosts.filter((host) => knownHosts.has(host));
  const strangers = hosts.filter((host) => !knownHosts.has(host));
  return (
    <>
      {/<script[\s>]/i.test(html) && (
        <div className="preview-note">
          {leave === 'none'
            ? 'This page has scripts, which do not run unless you say so. Isolated, they reach neither Cairn nor the network.'
            : 'Its scripts run isolated: they reach neither Cairn nor the network.'}
          <span className="note-actions">
            {leave === 'none' && (
              <button type="button" className="button small" onClick={() => setLeave('scripts')}>
                Run its scripts, isolated
              </button>
            )}
            {leave !== 'libraries' && libraries.length > 0 && (
              <button type="button" className="button small" onClick={() => setLeave('libraries')}>
                {leave === 'none' ? 'Run, and load' : 'Load'} its library from {libraries.join(', ')}
              </button>
            )}
            {leave !== 'none' && (
              <button type="button" className="button small" onClick={() => setLeave('none')}>
                Stop
              </button>
            )}
          </span>
          {strangers.length > 0 && (
            <span>It also links to scripts on {strangers.join(', ')}, which are never loaded.</span>
          )}
        </div>
      )}
      <IsolatedFrame html={html} title={file.path} leave={leave} />
    </>
  );
}

function scriptHosts(html: string): string[] {
  const found = html.matchAll(/<script[^>]+src=["']?(?:https?:)?\/\/([^/"'\s>]+)/gi);
  return [...new Set(Array.from(found, ([, host]) => host!.toLowerCase()))];
}
