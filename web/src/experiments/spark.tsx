/** Runs begun on each of the last days, as bars. The highest bar is the busiest day of this experiment. */
import { countText } from '../format/numbers.ts';

const [barWidth, gap, height] = [2.2, 0.8, 16];

export function Spark({ days }: { days: readonly number[] }) {
  const most = Math.max(0, ...days);
  const total = days.reduce((sum, runs) => sum + runs, 0);
  const width = days.length * (barWidth + gap);
  const text = `${countText(total)} ${total === 1 ? 'run' : 'runs'} in ${days.length} days, at most ${countText(most)} on one`;
  return (
    <svg className="spark-bars" width={width} height={height} role="img" aria-label={text}>
      <title>{text}</title>
      <path className="floor" d={`M0 ${height - 0.5}H${width}`} />
      {days.map((runs, index) => {
        if (runs === 0) return null;
        const tall = Math.max(2, (runs / most) * (height - 2));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
            key={index}
            x={index * (barWidth + gap)}
            y={height - tall}
            width={barWidth}
            height={tall}
          />
        );
      })}
    </svg>
  );
}
