import { setLetters, useLetters } from '../runs/use-keys.ts';
import { Dialog } from '../ui/dialog.tsx';

const keyList = [
  ['← →', 'Along a link to a cause, to an effect; opens what is folded there (also h l)'],
  ['↑ ↓', 'The node above, below (also k j)'],
  ['Enter', 'Open both sides of the node, or close them; more of a fold (also Space)'],
  ['Shift-Enter', 'All of a fold'],
  ['o', 'The page of the node'],
  ['e', 'Why a link is believed'],
  ['t', 'The answer: j and k go through it, Enter draws the way'],
  ['g', 'Back to the graph'],
  ['s', 'To the node asked about'],
  ['r', 'Take in what was recorded since'],
  ['u', 'Undo what was declared last'],
  ['[ ]', 'As of the change before, after'],
  ['q', 'The other question'],
  ['d', 'Only what is deployed'],
  ['+ - 0', 'Nearer, farther, show all'],
  ['Ctrl-K', 'Find anything, do anything (⌘K on a Mac)'],
  ['Esc', 'Leave the way that is drawn'],
  ['?', 'This list'],
] as const;

export function LineageKeys({ onClose }: { onClose: () => void }) {
  const letters = useLetters();
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {keyList.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="keys-switch">
        <input type="checkbox" checked={letters} onChange={(event) => setLetters(event.target.checked)} />
        Single letters and signs act as keys
      </label>
    </Dialog>
  );
}
