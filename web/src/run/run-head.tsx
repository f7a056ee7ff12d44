/** What run this is, how it is doing, and what can be done with the whole of it. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connection } from '../api/event-stream.ts';
import { runRename } from '../api/operations.ts';
import type { Experiment, Run } from '../api/types.ts';
import { Ago, useLiveText } from '../format/ago.tsx';
import { durationText, exactTime } from '../format/times.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { LineageLink } from '../lineage/lineage-link.tsx';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { LineageMore, useDeclareWrong } from '../lineage/use-declare-wrong.tsx';
import { changeRuns } from '../runs/change-runs.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { swatchOf } from '../runs/swatch.ts';
import { CopiedValue } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { Icon } from '../ui/icons.tsx';
import { experimentUrl } from '../urls.ts';
import { EditField } from './edit-field.tsx';

export function RunHead(props: { run: Run; experiment: Experiment | undefined; connection: Connection }) {
  const { run, experiment, connection } = props;
  const { project, site } = useProject();
  const queries = useQueryClient();
  const [renaming, setRenaming] = useState(false);
  const deleted = run.lifecycle === 'deleted';
  const wrong = useDeclareWrong({ uid: run.id, name: run.name, type: 'run' });

  return (
    <header className="run-head">
      <div className="head">
        <NavOpener />
        <Link
          {...experimentUrl(run.experiment, site)}
          className="crumb"
          aria-label={`Runs of ${experiment?.name ?? `experiment ${run.experiment}`}`}
          title="The runs of this experiment"
        >
          <Icon name="left" size={13} />
          <span>{experiment?.name ?? `Experiment ${run.experiment}`}</span>
        </Link>
        <span className="crumb-edge" aria-hidden="true">
          /
        </span>
        {renaming ? (
          <>
            <h1 className="visually-hidden">{run.name}</h1>
            <EditField
              required
              label="Name of the run"
              value={run.name}
              onSave={async (name) => {
                queries.setQueryData(['run', project, run.id], await runRename(project, run.id, name));
              }}
              onClose={() => setRenaming(false)}
            />
          </>
        ) : (
          <>
            <span className="swatch" style={{ background: swatchOf(run.id) }} aria-hidden="true" />
            <h1 title={run.name}>{run.name}</h1>
            <button
              type="button"
              className="icon-button small"
              aria-label="Rename the run"
              title="Rename"
              onClick={() => setRenaming(true)}
            >
              <Icon name="edit" size={13} />
            </button>
          </>
        )}
        <div className="head-tools">
          <ConnectionMark connection={connection} />
          <LineageLink of={run.id} />
          <button
            type="button"
            className={deleted ? 'button' : 'button danger'}
            onClick={() =>
              void changeRuns({
                change: deleted ? 'restore' : 'delete',
                project,
                ids: [run.id],
                onChanged() {
                  void queries.invalidateQueries({ queryKey: ['run', project, run.id] });
                  void queries.invalidateQueries({ queryKey: ['experiments', project] });
                },
              })
            }
          >
            <Icon name={deleted ? 'restore' : 'trash'} size={14} />
            <span className="wide-text">{deleted ? 'Restore' : 'Delete'}</span>
          </button>
          <LineageMore label={run.name} wrong={wrong} />
          <ThemeButton />
        </div>
      </div>
      <dl className="run-facts">
        <Fact name="State" unseen className="run-state">
          <span className={`state-dot ${run.state}`} aria-hidden="true" />
          <span className={run.state}>{run.state}</span>
        </Fact>
        {deleted && (
          <Fact name="Lifecycle" unseen className="deleted-mark">
            deleted
          </Fact>
        )}
        <Fact name={run.state === 'running' ? 'for' : 'took'}>
          <Duration run={run} />
        </Fact>
        <Fact name="started">
          <Ago time={run.started} />
        </Fact>
        {run.user !== '' && <Fact name="by">{run.user}</Fact>}
        <Fact name="id">
          <CopiedValue text={run.id} className="pair-value mono">
            <span className="visually-hidden">Copy the run id </span>
            {run.id.slice(0, 6)}…{run.id.slice(-6)}
          </CopiedValue>
        </Fact>
      </dl>
      <TaintNotes uid={run.id} />
    </header>
  );
}

function Duration({ run }: { run: Run }) {
  const text = useLiveText((now) => durationText((run.ended ?? now) - run.started));
  return <span title={run.ended === null ? undefined : `ended ${exactTime(run.ended)}`}>{text}</span>;
}
