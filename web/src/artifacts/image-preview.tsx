/**
 * Pictures, from bytes that were fetched, in an <img>: there an SVG runs no script and loads nothing. The ground shows
 * where a picture is transparent; the theme never changes its colours.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { wholeQuery } from './file.ts';
import { pixelsOf } from './magic.ts';
import { useObjectUrl } from './object-url.ts';
import { type PreviewProps, PreviewSkeleton, Unreadable } from './preview-parts.tsx';

/** Bytes that are fetched unasked. */
const byteLimit = 25_000_000;
/** Pixels that are drawn unasked: 4 bytes each. */
const pixelLimit = 60_000_000;

const zooms = ['fit', '1', '2', '4'] as const;

export function ImagePreview({ file, kind }: PreviewProps) {
  const [asked, setAsked] = useState(false);
  const [zoom, setZoom] = useState<(typeof zooms)[number]>('fit');
  const [ground, setGround] = useState<'checks' | 'white' | 'black'>('checks');
  const [drawn, setDrawn] = useState<{ width: number; height: number } | 'broken'>();
  const claimed = pixelsOf(file.head, kind.mime ?? '');
  const isHuge = file.size > byteLimit || (claimed !== undefined && claimed[0] * claimed[1] > pixelLimit);
  const bytes = useQuery({ ...wholeQuery(file), enabled: asked || !isHuge });
  const url = useObjectUrl(bytes.data, kind.mime ?? '');

  if (isHuge && !asked)
    return (
      <div className="preview-plain">
        <p>
          This picture is large:{' '}
          {claimed !== undefined && `${countText(claimed[0])} × ${countText(claimed[1])} pixels, `}
          {sizeText(file.size)}.
        </p>
        <button type="button" className="button small" onClick={() => setAsked(true)}>
          Show it all the same
        </button>
      </div>
    );
  if (bytes.isError) return <ProblemView error={bytes.error} onRetry={() => void bytes.refetch()} />;
  if (drawn === 'broken')
    return (
      <Unreadable reason={`Its first bytes are those of a ${kind.type}, the rest is damaged or cut off.`} />
    );
  if (url === undefined) return <PreviewSkeleton />;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={`picture-frame ${ground}`} tabIndex={0} role="region" aria-label="Picture">
        <img
          className={zoom === 'fit' ? 'picture fit' : 'picture'}
          style={
            zoom === 'fit' || drawn === undefined
              ? undefined
              : { width: drawn.width * Number(zoom), imageRendering: zoom === '1' ? 'auto' : 'pixelated' }
          }
          src={url}
          alt={file.path}
          onLoad={({ currentTarget }) =>
            setDrawn({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
          }
          onError={() => setDrawn('broken')}
        />
      </div>
      <div className="preview-foot">
        {drawn !== undefined && (
          <span>
            {countText(drawn.width)} × {countText(drawn.height)} pixels
          </span>
        )}
        <fieldset className="segments small" aria-label="Zoom">
          {zooms.map((name) => (
            <button key={name} type="button" aria-pressed={zoom === name} onClick={() => setZoom(name)}>
              {name === 'fit' ? 'Fit' : `${Number(name) * 100} %`}
            </button>
          ))}
        </fieldset>
        <fieldset className="segments small" aria-label="Ground">
          {(['checks', 'white', 'black'] as const).map((name) => (
            <button key={name} type="button" aria-pressed={ground === name} onClick={() => setGround(name)}>
              {name === 'checks' ? 'Checks' : name === 'white' ? 'White' : 'Black'}
            </button>
          ))}
        </fieldset>
      </div>
    </>
  );
}
