/** Which line is which: runs, or the values they are grouped by. */
import { swatchOf } from '../runs/swatch.ts';
import { groupColour } from './drawn-lines.ts';
import { groupValue, type SourceRun } from './use-run-sources.ts';

/** Names that are shown; hovering a chart tells the others. */
const mostShown = 24;

export function Legend(props: {
  runs: readonly SourceRun[];
  dashes: ReadonlyMap<string, readonly number[]>;
  group: string | undefined;
}) {
  const { runs, dashes, group } = props;
  const lines = new Map<string, { name: string; colour: string; dash: readonly number[]; runs: number }>();
  for (const run of runs) {
    const value = groupValue(run, group);
    const key = value === undefined ? run.id : `group ${value}`;
    const known = lines.get(key);
    if (known !== undefined) known.runs++;
    else if (value !== undefined)
      lines.set(key, { name: value, colour: groupColour(value), dash: [], runs: 1 });
    else
      lines.set(key, { name: run.name, colour: swatchOf(run.id), dash: dashes.get(run.id) ?? [], runs: 1 });
  }
  return (
    <ul className="legend" aria-label="Lines">
      {[...lines].slice(0, mostShown).map(([key, line]) => (
        <li key={key}>
          <svg className="line-sample" width="22" height="6" aria-hidden="true">
            <path
              d="M0 3h22"
              style={{ stroke: line.colour }}
              strokeWidth="2"
              strokeDasharray={line.dash.join(' ')}
            />
          </svg>
          {line.name}
          {line.runs > 1 && <span className="faint"> {line.runs} runs</span>}
        </li>
      ))}
      {lines.size > mostShown && <li className="faint">and {lines.size - mostShown} more</li>}
    </ul>
  );
}
