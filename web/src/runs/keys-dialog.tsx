import { Dialog } from '../ui/dialog.tsx';
import { keyList, setLetters, useLetters } from './use-keys.ts';

export function KeysDialog({ onClose }: { onClose: () => void }) {
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
