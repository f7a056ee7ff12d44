/** Which model this is, and how it stands. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { experimentQuery } from '../api/queries.ts';
import type { LoggedModel } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { LineageLink } from '../lineage/lineage-link.tsx';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { LineageMore, useDeclareWrong } from '../lineage/use-declare-wrong.tsx';
import { RegisterDialog } from '../registry/register-dialog.tsx';
import { CopiedValue } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { Icon } from '../ui/icons.tsx';
import { experimentUrl } from '../urls.ts';

const states = {
  ready: ['finished', 'ready'],
  pending: ['running', 'being logged'],
  failed: ['failed', 'failed'],
} as const;

export function ModelHead({ model }: { model: LoggedModel }) {
  const { project, site } = useProject();
  const experiment = useQuery({ ...experimentQuery(project, model.experiment), refetchInterval: false });
  const name = experiment.data?.name ?? `Experiment ${model.experiment}`;
  const [state, word] = states[model.status];
  const [registering, setRegistering] = useState(false);
  const uid = model.id.replace(/^m-/, '');
  const wrong = useDeclareWrong({ uid, name: model.name, type: 'logged-model' });
  return (
    <header className="run-head">
      <div className="head">
        <NavOpener />
        <Link {...experimentUrl(model.experiment, site)} className="crumb" aria-label={`Runs of ${name}`}>
          <Icon name="left" size={13} />
          <span>{name}</span>
        </Link>
        <span className="crumb-edge" aria-hidden="true">
          /
        </span>
        <h1 title={model.name}>{model.name}</h1>
        <span className="evaluation-of">logged model</span>
        <div className="head-tools">
          <LineageLink of={uid} ask="ancestry" />
          <LineageMore label={model.name} wrong={wrong} />
          {model.status === 'ready' && (
            <button type="button" className="button primary" onClick={() => setRegistering(true)}>
              Register
            </button>
          )}
          <ThemeButton />
        </div>
      </div>
      <dl className="run-facts">
        <Fact name="State" unseen className="run-state">
          <span className={`state-dot ${state}`} aria-hidden="true" />
          <span className={state}>{word}</span>
        </Fact>
        {model.type !== '' && <Fact name="type">{model.type}</Fact>}
        <Fact name="made">
          <Ago time={model.created} />
        </Fact>
        <Fact name="id">
          <CopiedValue text={model.id}>
            {model.id.slice(0, 8)}…{model.id.slice(-6)}
          </CopiedValue>
        </Fact>
      </dl>
      <TaintNotes uid={uid} />
      {registering && (
        <RegisterDialog
          what={model.name}
          from={{
            source: `models:/${model.id}`,
            loggedModel: model.id,
            ...(model.sourceRun === null ? {} : { run: model.sourceRun }),
          }}
          onClose={() => setRegistering(false)}
        />
      )}
    </header>
  );
}
