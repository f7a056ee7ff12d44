/** The name of the experiment, what is going on in it, and whether the page hears of it. */
import { useQueryClient } from '@tanstack/react-query';
import type { Connection } from '../api/event-stream.ts';
import { experimentRestore } from '../api/operations.ts';
import type { ActiveExperiment, Experiment } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText, runsText } from '../format/numbers.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { Icon } from '../ui/icons.tsx';

export function PageHead(props: {
  experiment: ActiveExperiment | undefined;
  project: string;
  connection: Connection;
  onKeys: () => void;
}) {
  const { experiment, connection } = props;
  return (
    <header className="head">
      <NavOpener />
      {experiment === undefined ? (
        <span className="bone" style={{ width: 160 }} />
      ) : (
        <>
          <h1 title={experiment.name}>{experiment.name}</h1>
          {experiment.lifecycle === 'deleted' ? (
            <DeletedMark experiment={experiment} project={props.project} />
          ) : (
            <Activity listed={experiment} />
          )}
        </>
      )}
      <div className="head-tools">
        <ConnectionMark connection={connection} />
        <button
          type="button"
          className="icon-button keys-opener"
          aria-label="Keys"
          title="Keys (?)"
          onClick={props.onKeys}
        >
          <Icon name="keyboard" />
        </button>
        <ThemeButton />
      </div>
    </header>
  );
}

function Activity({ listed }: { listed: ActiveExperiment }) {
  return (
    <p className="head-facts">
      {runsText(listed.runs)}
      {listed.running > 0 && (
        <>
          {' · '}
          <span className="running-count">{countText(listed.running)} running</span>
        </>
      )}
      {listed.lastActivity !== null && (
        <span className="head-activity">
          {' · '}last <Ago time={listed.lastActivity} />
        </span>
      )}
    </p>
  );
}

export function ConnectionMark({ connection }: { connection: Connection }) {
  const lost = connection === 'lost';
  return (
    <span
      className={`connection ${connection}`}
      role="status"
      title={
        lost
          ? 'The connection to the server is lost. What is shown may be old; it catches up once the server answers.'
          : 'What is shown changes as runs log.'
      }
    >
      <span className="state-dot" aria-hidden="true" />
      <span className="connection-text">
        {lost ? 'Reconnecting' : connection === 'live' ? 'Live' : 'Connecting'}
      </span>
    </span>
  );
}

function DeletedMark({ experiment, project }: { experiment: Experiment; project: string }) {
  const queries = useQueryClient();
  return (
    <p className="head-facts deleted-mark">
      This experiment is deleted.{' '}
      <button
        type="button"
        className="link-button"
        onClick={async () => {
          await experimentRestore(project, experiment.id);
          await queries.invalidateQueries();
        }}
      >
        Restore it
      </button>
    </p>
  );
}
