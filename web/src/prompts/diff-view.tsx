/** Two versions of a prompt, line by line: what went, what came, and the words that make a line another. */
import { useMemo, useState } from 'react';
import type { ModelVersion } from '../api/registry.ts';
import { countText } from '../format/numbers.ts';
import { promptContent, readableText } from './prompt.ts';
import { type DiffLine, textDiff } from './text-diff.ts';

/** Lines around a change that are shown with it. */
const around = 3;

export function DiffView({ before, after }: { before: ModelVersion; after: ModelVersion }) {
  const lines = useMemo(
    () => textDiff(readableText(promptContent(before)), readableText(promptContent(after))),
    [before, after],
  );
  const [whole, setWhole] = useState(false);
  const [removed, added] = (['removed', 'added'] as const).map(
    (kind) => lines.filter(({ change }) => change === kind).length,
  );
  const blocks = whole ? [lines] : blocksOf(lines);
  return (
    <>
      <p className="diff-summary" role="status">
        {removed === 0 && added === 0
          ? `v${before.version} and v${after.version} say the same.`
          : `From v${before.version} to v${after.version}: `}
        {(removed ?? 0) + (added ?? 0) > 0 && (
          <>
            <span className="diff-count removed">−{countText(removed ?? 0)}</span>{' '}
            <span className="diff-count added">+{countText(added ?? 0)}</span> lines{' '}
          </>
        )}
        {(whole || blocks.flat().length < lines.length) && (
          <button type="button" className="link-button" onClick={() => setWhole(!whole)}>
            {whole ? 'Changes only' : 'Whole text'}
          </button>
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="table-frame diff-frame" role="region" aria-label="Differences" tabIndex={0}>
        <table className="diff-table">
          {blocks.map((block, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of two texts do not move
            <tbody key={index}>
              {block.map((line) => (
                <Line key={`${line.before} ${line.after}`} line={line} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </>
  );
}

const signs = { same: ' ', removed: '−', added: '+' } as const;
const words = { same: '', removed: 'removed: ', added: 'added: ' } as const;

function Line({ line: { change, before, after, parts } }: { line: DiffLine }) {
  const isWhole = parts.length === 1;
  return (
    <tr className={change}>
      <td className="number">{before}</td>
      <td className="number">{after}</td>
      <td className="sign" aria-hidden="true">
        {signs[change]}
      </td>
      <td className="text">
        <span className="visually-hidden">{words[change]}</span>
        {parts.map(({ text, changed }, index) =>
          changed && !isWhole ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line do not move
            <mark key={index}>{text}</mark>
          ) : (
            text
          ),
        )}
      </td>
    </tr>
  );
}

/** Changes with the lines around them; what lies between is left out. */
function blocksOf(lines: readonly DiffLine[]): DiffLine[][] {
  const near = new Set<number>();
  for (const [index, { change }] of lines.entries()) {
    if (change === 'same') continue;
    for (let at = index - around; at <= index + around; at++) near.add(at);
  }
  const blocks: DiffLine[][] = [];
  for (const [index, line] of lines.entries()) {
    if (!near.has(index)) continue;
    if (!near.has(index - 1) || blocks.length === 0) blocks.push([]);
    blocks.at(-1)!.push(line);
  }
  return blocks.length === 0 ? [[...lines]] : blocks;
}
