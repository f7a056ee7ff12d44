/** Below the table: how much there is, how long it took, and the keys. */
import type { Lifecycle } from '../api/types.ts';
import { countedText, countText } from '../format/numbers.ts';
import type { RowsSnapshot } from './run-pages.ts';

const footKeys = [
  [['/'], 'filter'],
  [['j', 'k'], 'move'],
  [['x'], 'select'],
  [['?'], 'all keys'],
] as const;

export function TableFoot(props: { snapshot: RowsSnapshot; filtered: boolean; view: Lifecycle }) {
  const { snapshot, filtered, view } = props;
  const complete = snapshot.countComplete;
  const what = `${view === 'deleted' ? 'deleted ' : ''}${snapshot.total === 1 ? 'run' : 'runs'}`;
  return (
    <footer className="foot">
      {snapshot.phase === 'ready' && (
        <>
          <span
            {...(complete
              ? {}
              : { title: 'Counting took too long and was stopped: there are at least so many' })}
          >
            {filtered && `${countedText(snapshot.matching, complete)} matching of `}
            {countedText(snapshot.total, complete)} {what}
          </span>
          <span title="From asking for the last page of rows to having it">
            {countText(Math.round(snapshot.elapsed))} ms
          </span>
        </>
      )}
      <span className="foot-keys" aria-hidden="true">
        {footKeys.map(([keys, does]) => (
          <span key={does}>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
            {does}
          </span>
        ))}
      </span>
    </footer>
  );
}
