/** Declaring a thing wrong: since when, and why, with what that touches now in sight before it is said. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { type Touched, touchedQuery, type Wrong } from '../api/lineage.ts';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { dayText } from '../registry/timeline.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { declareWrong } from './change-taint.ts';
import { startOfDay } from './time-bar.tsx';
import { touchedText } from './touched-words.ts';

/** Deployed models that are named; the others are counted. */
const named = 5;

/** What may be declared wrong. */
export interface Suspect {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
}

/** It is wrong in versions: all of them, or those since a day. */
const inVersions = (type: string) => type === 'dataset' || type === 'registered-model';

export function TaintDialog(props: {
  of: Suspect;
  /** What is declared of it already. */
  before: Wrong | undefined;
  onClose: () => void;
}) {
  const { of, before } = props;
  const { project } = useProject();
  const queries = useQueryClient();
  const about = useId();
  const [note, setNote] = useState(before?.note ?? '');
  const [day, setDay] = useState(before?.since == null ? '' : dayText(before.since));
  const since = day === '' ? null : (startOfDay(day) ?? null);
  const touched = useQuery({
    ...touchedQuery(project, of.uid, since),
    placeholderData: keepPreviousData,
  });
  const save = () =>
    declareWrong({ project, queries, name: of.name }, { of: of.uid, note: note.trim(), since }, before);
  return (
    <FormDialog
      title={`Declare ${of.name} wrong`}
      action="Declare it wrong"
      className="taint-dialog"
      isHeld={note.trim() === ''}
      onSave={save}
      onClose={props.onClose}
    >
      {(isRefused) => (
        <>
          <label>
            What is wrong with it
            <textarea
              value={note}
              rows={2}
              required
              maxLength={5_000}
              aria-invalid={isRefused}
              aria-describedby={about}
              placeholder="Labels are shifted by a day"
              onChange={(event) => setNote(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
                  event.currentTarget.form?.requestSubmit();
              }}
            />
          </label>
          {inVersions(of.type) && (
            <label className="taint-since">
              Only versions made since <span className="faint">(empty: all of them)</span>
              <input
                type="date"
                value={day}
                max={dayText(Date.now())}
                onChange={(event) => setDay(event.target.value)}
              />
            </label>
          )}
          <section className="taint-touched" aria-label="What it touches now" aria-busy={touched.isFetching}>
            {touched.isError ? (
              <p className="problem-text">What it touches cannot be told: {touched.error.message}</p>
            ) : touched.data === undefined ? (
              <p>
                <span className="bone" style={{ width: 240 }} />
              </p>
            ) : (
              <TouchedNow touched={touched.data} isMany={inVersions(of.type)} />
            )}
          </section>
          <p className="dim" id={about}>
            The page of everything that derives from it will say so, with your words. A model that comes to
            derive from it later is an event, of which webhooks are told. It can be withdrawn.
          </p>
        </>
      )}
    </FormDialog>
  );
}

function TouchedNow({ touched, isMany }: { touched: Touched; isMany: boolean }) {
  const { deployed, versions } = touched;
  const serving = [...deployed.derives, ...deployed.mayDerive];
  const count = deployed.counts.derives + deployed.counts.mayDerive;
  return (
    <div role="status">
      {isMany && (
        <p>
          {versions === 0
            ? 'No version was made since then.'
            : `${countText(versions)} ${versions === 1 ? 'version is' : 'versions are'} wrong by it.`}
        </p>
      )}
      <p>
        <b>Touches now:</b> {touchedText(touched)}
      </p>
      {serving.length > 0 && (
        <ul>
          {serving.slice(0, named).map(({ node, strength, serving: places }) => (
            <li key={node.uid}>
              {node.label}
              {places.length > 0 && (
                <span className="dim">
                  {' '}
                  at {[...new Set(places.map(({ endpoint }) => endpoint))].join(', ')}
                </span>
              )}
              {(strength === 'inferred' || strength === 'assumed') && (
                <span className="faint">, may derive</span>
              )}
            </li>
          ))}
          {count > named && <li>and {countText(count - named)} more</li>}
        </ul>
      )}
    </div>
  );
}
