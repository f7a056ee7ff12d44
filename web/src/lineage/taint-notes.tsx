/** What is declared wrong among what a node derives from: a warning that leads to the graph of it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { marksQuery, type TaintMark } from '../api/lineage.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { lineageUrl } from '../urls.ts';

/** Of many the nearest are told. */
const told = 3;

export function TaintNotes({ uid }: { uid: string }) {
  const { project, site } = useProject();
  const taints = useQuery(marksQuery(project, uid)).data?.taints ?? [];
  if (taints.length === 0) return null;
  return (
    <div className="lineage-taints" role="note">
      {taints.slice(0, told).map((mark) => (
        <p key={mark.taint.node.uid}>
          {mark.own ? (
            <b>Declared wrong</b>
          ) : (
            <>
              <b>{mark.strength === 'inferred' || mark.strength === 'assumed' ? 'May derive' : 'Derives'}</b>{' '}
              from{' '}
              <Link {...lineageUrl(mark.taint.node.uid, site, { deployed: 'yes' })} className="text-link">
                {mark.taint.node.label}
              </Link>
              , which is declared wrong,
            </>
          )}{' '}
          {saidText(mark)} by {mark.taint.by} <Ago time={mark.taint.declared} />
          {mark.taint.note !== null && mark.taint.note !== '' && `: ${mark.taint.note}`}
        </p>
      ))}
      {taints.length > told && <p>and {countText(taints.length - told)} more</p>}
    </div>
  );
}

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

function saidText({ taint, own, hops }: TaintMark): string {
  const since = taint.since === null ? '' : `since ${dayFormat.format(taint.since)} `;
  return own ? since : `${since}${countText(hops)} ${hops === 1 ? 'step' : 'steps'} away,`;
}
