/**
 * Somebody's HTML in a frame that has no origin of ours: it cannot reach this page, its storage or its token, opens no
 * window and sends no form. Without leave it runs no script and loads nothing; with it, its own scripts run under the
 * policy of /isolated.html, which lets nothing out.
 */
import { useEffect, useRef } from 'react';

/** What is allowed: nothing; its own scripts; its own scripts and the drawing libraries that figures link to. */
export type Leave = 'none' | 'scripts' | 'libraries';

const still = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:">`;
/** People's pages are made for white paper. */
const paper = '<meta name="color-scheme" content="light"><style>html{background:#fff}</style>';

export function IsolatedFrame(props: { html: string; title: string; leave: Leave; className?: string }) {
  const { html, title, leave, className = 'isolated-frame' } = props;
  if (leave === 'none')
    return <iframe className={className} title={title} sandbox="" srcDoc={`${still}${paper}${html}`} />;
  return <RunningFrame key={leave} html={html} title={title} leave={leave} className={className} />;
}

function RunningFrame(props: { html: string; title: string; leave: Leave; className: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const { html } = props;
  useEffect(() => {
    // The frame says once that it is ready, and takes the document's place with what it is sent.
    function hear({ source, data }: MessageEvent): void {
      const window = frame.current?.contentWindow;
      if (window == null || source !== window || data !== 'ready') return;
      removeEventListener('message', hear);
      // It has no origin that could be named.
      window.postMessage(`${paper}${html}`, '*');
    }
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, [html]);
  return (
    <iframe
      ref={frame}
      className={props.className}
      title={props.title}
      sandbox="allow-scripts"
      src={props.leave === 'libraries' ? '/isolated-online.html' : '/isolated.html'}
    />
  );
}
