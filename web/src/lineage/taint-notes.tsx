/** What is declared wrong among what a node derives from: a warning that leads to the graph of it, and of the node itself what that touches. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { marksQuery, type TaintMark, touchedQuery } from '../api/lineage.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { lineageUrl } from '../urls.ts';
import { withdrawWrong } from './change-taint.ts';
import { touchedText } from './touched-words.ts';

/** Of many the nearest are told. */
const told = 3;

export function TaintNotes({ uid }: { uid: string }) {
  const { project } = useProject();
  const taints = useQuery(marksQuery(project, uid)).data?.taints ?? [];
  if (taints.length === 0) return null;
  return (
    <div className="lineage-taints" role="note" aria-label="Declared wrong">
      {taints.slice(0, told).map((mark) => (
        <div key={mark.taint.node.uid}>
          <p>
            <What mark={mark} uid={uid} /> {saidText(mark)} by {mark.taint.by}{' '}
            <Ago time={mark.taint.declared} />
            {mark.taint.note !== null && mark.taint.note !== '' && `: ${mark.taint.note}`}
          </p>
          {mark.own && <OwnTaint mark={mark} uid={uid} />}
        </div>
      ))}
      {taints.length > told && <p>and {countText(taints.length - told)} more</p>}
    </div>
  );
}

function What({ mark, uid }: { mark: TaintMark; uid: string }) {
  const { site } = useProject();
  const { node } = mark.taint;
  const link = (
    <Link {...lineageUrl(node.uid, site, { deployed: 'yes' })} className="text-link">
      {node.label}
    </Link>
  );
  if (mark.own)
    return node.uid === uid ? (
      <b>Declared wrong</b>
    ) : (
      <>
        <b>Declared wrong</b> as a version of {link},
      </>
    );
  const isSure = mark.strength !== 'inferred' && mark.strength !== 'assumed';
  return (
    <>
      <b>{isSure ? 'Derives' : 'May derive'}</b> from {link}, which is declared wrong,
    </>
  );
}

/** What it touches now; and, where it was said of the node itself, taking it back. */
function OwnTaint({ mark: { taint }, uid }: { mark: TaintMark; uid: string }) {
  const { project, site } = useProject();
  const queries = useQueryClient();
  const isItself = taint.node.uid === uid;
  const { data } = useQuery(touchedQuery(project, uid, isItself ? taint.since : null));
  return (
    <p className="lineage-taint-reach">
      {data !== undefined && (
        <span>
          Touches now:{' '}
          <Link {...lineageUrl(uid, site, { deployed: 'yes' })} className="text-link">
            {touchedText(data)}
          </Link>
        </span>
      )}
      {isItself && (
        <button
          type="button"
          className="link-button"
          onClick={() =>
            void withdrawWrong(
              { project, queries, name: taint.node.label },
              { of: uid, note: taint.note ?? '', since: taint.since },
            )
          }
        >
          Withdraw
        </button>
      )}
    </p>
  );
}

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

function saidText({ taint, own, hops }: TaintMark): string {
  const since = taint.since === null ? '' : `since ${dayFormat.format(taint.since)} `;
  return own ? since : `${since}${countText(hops)} ${hops === 1 ? 'step' : 'steps'} away,`;
}
