/** How the last runs of a job went, at a glance: a small strip in a row, a larger one of links on the page of the job. */
import { Link } from '@tanstack/react-router';
import type { RunGlance } from '../api/jobs.ts';
import { exactTime } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { jobRunUrl } from '../urls.ts';
import { barsOf, stripText } from './strip.ts';

const [barWidth, gap, height] = [4, 1, 18];

export function RunStrip({ runs, most }: { runs: readonly RunGlance[]; most: number }) {
  const bars = barsOf(runs);
  const text = stripText(runs);
  // The latest stands at the right in every row, however many there are.
  const left = (most - bars.length) * (barWidth + gap);
  return (
    <svg className="run-strip" width={most * (barWidth + gap)} height={height} role="img" aria-label={text}>
      <title>{text}</title>
      <path className="floor" d={`M0 ${height - 0.5}H${most * (barWidth + gap)}`} />
      {bars.map((bar, index) => {
        const tall = bar.height * (height - 2);
        return (
          <rect
            key={bar.uid}
            className={bar.state ?? 'untold'}
            x={left + index * (barWidth + gap)}
            y={height - 1 - tall}
            width={barWidth}
            height={tall}
          />
        );
      })}
    </svg>
  );
}

export function RunHistory({ runs, more }: { runs: readonly RunGlance[]; more: boolean }) {
  const { site } = useProject();
  if (runs.length < 2) return null;
  const began = runs.flatMap(({ started }) => started ?? []);
  return (
    <figure className="row-strip run-history" aria-label={stripText(runs)}>
      <figcaption>
        {more ? 'The last' : 'All'} {runs.length} runs, as high as they took{' '}
        {began.length > 1 && (
          <span className="dim">
            {dayText(Math.min(...began))} to {dayText(Math.max(...began))}
          </span>
        )}
      </figcaption>
      <div className="row-bars">
        {barsOf(runs).map((bar) => (
          <Link
            key={bar.uid}
            {...jobRunUrl(bar.uid, site)}
            className={`row-bar ${bar.state ?? 'untold'}`}
            tabIndex={-1}
            aria-hidden="true"
            title={bar.title}
          >
            <span style={{ height: `${100 * bar.height}%` }} />
          </Link>
        ))}
      </div>
    </figure>
  );
}

const dayText = (time: number): string => exactTime(time).split(',')[0]!;
