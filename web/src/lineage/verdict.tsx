/** Whether the answer is all of it, in plain words, each reason leading to the nodes it is about. */
import { useState } from 'react';
import type { GraphNode, OpenReason } from '../api/lineage.ts';
import { countText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import type { Answer } from './answer.ts';
import { nodeName, reasonText, reasonWords, typeWord } from './lineage-words.ts';

const openTitle = 'There may be more: what is told ends at these places.';
const doubtTitle = 'All that can be told is listed; of some of it nobody can be sure.';

export function Verdict(props: {
  answer: Answer;
  names: ReadonlyMap<string, GraphNode>;
  judged: boolean;
  onNode: (uid: string) => void;
  onJudged: (judged: boolean) => void;
}) {
  const { answer, judged } = props;
  const { evaluation } = answer.leftOut;
  const isOpen = answer.openEndCounts.length > 0;
  return (
    <div className={answer.complete ? 'lineage-verdict complete' : 'lineage-verdict'} role="status">
      {answer.complete ? (
        <span className="lineage-verdict-word">
          <Icon name="check" size={14} /> This is all, and nothing of it in doubt.
        </span>
      ) : (
        <>
          <span className="lineage-verdict-word" title={isOpen ? openTitle : doubtTitle}>
            {isOpen ? 'Not all:' : 'In doubt:'}
          </span>
          <ul>
            {answer.openEndCounts.map(({ reason, count }) => (
              <li key={reason}>
                <Reason reason={reason} count={count} {...props} />
              </li>
            ))}
            {answer.lists
              .filter(({ name, count }) => count > 0 && (name === 'may' || name === 'unknown'))
              .map(({ name, title, count }) => (
                <li key={name}>
                  {name === 'may'
                    ? `${countText(count)} ${title.toLowerCase()}`
                    : `of ${countText(count)} ${count === 1 ? 'model' : 'models'} nobody can say`}
                </li>
              ))}
          </ul>
        </>
      )}
      {(evaluation > 0 || judged) && (
        <label className="lineage-judged" title="A model does not learn from its test set">
          <input
            type="checkbox"
            checked={judged}
            onChange={(event) => props.onJudged(event.target.checked)}
          />
          {judged
            ? 'with inputs for judging'
            : `${countText(evaluation)} ${evaluation === 1 ? 'input' : 'inputs'} for judging left out`}
        </label>
      )}
    </div>
  );
}

function Reason(props: {
  reason: OpenReason;
  count: number;
  answer: Answer;
  names: ReadonlyMap<string, GraphNode>;
  onNode: (uid: string) => void;
}) {
  const { reason, count, answer, names, onNode } = props;
  const [anchor, setAnchor] = useState<Element | undefined>();
  const ends = answer.openEnds.flatMap(({ node, reason: why }) =>
    why === reason && node !== null ? node : [],
  );
  const text = reasonText(reason, count);
  if (ends.length === 0) return <span title={reasonWords[reason][0]}>{text}</span>;
  const entries: MenuEntry[] = [
    { kind: 'heading', text: reasonWords[reason][0] },
    ...ends.map((node): MenuEntry => {
      const known = names.get(node.uid);
      return {
        kind: 'action',
        text: known === undefined ? (node.name ?? node.uid.slice(0, 8)) : nodeName(known),
        hint: typeWord(node.type),
        run: () => onNode(node.uid),
      };
    }),
    ...(ends.length < count
      ? [{ kind: 'heading', text: `and ${countText(count - ends.length)} more` } as const]
      : []),
  ];
  return (
    <>
      <button
        type="button"
        className="link-button"
        aria-haspopup={ends.length > 1 ? 'menu' : undefined}
        title={reasonWords[reason][0]}
        onClick={(event) => (ends.length === 1 ? onNode(ends[0]!.uid) : setAnchor(event.currentTarget))}
      >
        {text}
      </button>
      {anchor !== undefined && (
        <Menu anchor={anchor} label={text} entries={entries} onClose={() => setAnchor(undefined)} />
      )}
    </>
  );
}
