/** Where the run came from, as its client told, and the runs it belongs to. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { runSearch } from '../api/operations.ts';
import { lineageQuery, runQuery } from '../api/queries.ts';
import type { Run } from '../api/types.ts';
import { countText, runsText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { DatasetList } from '../models/dataset-list.tsx';
import { ModelList } from '../models/model-list.tsx';
import { RegisteredAs } from '../registry/registered-as.tsx';
import { RunLink } from '../runs/run-link.tsx';
import { parentTag } from '../runs/use-run-pages.ts';
import { CopiedValue } from '../ui/copy-button.tsx';
import { experimentUrl } from '../urls.ts';
import { useSettled } from './use-settled.ts';

/** Child runs named here; the table has them all. */
const childLimit = 20;

export function Origin({ run }: { run: Run }) {
  const { project } = useProject();
  const { tags } = run;
  const commit = tags['mlflow.source.git.commit'];
  const facts: (readonly [string, ReactNode])[] = [
    ...sourceFact(tags['mlflow.source.name']),
    ...(commit === undefined
      ? []
      : [
          [
            'Commit',
            <CopiedValue key="commit" text={commit}>
              {commit.slice(0, 10)}
            </CopiedValue>,
          ] as const,
        ]),
    ...fact('Branch', tags['mlflow.source.git.branch']),
    ...fact('Repository', tags['mlflow.source.git.repoURL']),
    ...fact('Entry point', tags['mlflow.project.entryPoint']),
    ...(run.artifactUri === '' ? [] : fact('Artifacts', run.artifactUri)),
  ];
  const parent = tags[parentTag];
  return (
    <section className="side-section" aria-labelledby="origin-title">
      <div className="panel-head">
        <h2 id="origin-title">Origin</h2>
      </div>
      <dl className="pairs">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {parent !== undefined && <Parent project={project} id={parent} />}
      </dl>
      <Lineage run={run} project={project} />
      <RegisteredAs run={run.id} />
      <Children run={run} project={project} />
    </section>
  );
}

function fact(name: string, value: string | undefined): (readonly [string, ReactNode])[] {
  return value === undefined || value === '' ? [] : [[name, <CopiedValue key={name} text={value} />]];
}

/** A script by its folder and name: the rest of a long path says least, and is told on hover. */
function sourceFact(source: string | undefined): (readonly [string, ReactNode])[] {
  if (source === undefined || source === '') return [];
  const shown = source.split(/[\\/]/).slice(-2).join('/');
  return [
    [
      'Source',
      <CopiedValue key="Source" text={source}>
        {shown}
      </CopiedValue>,
    ],
  ];
}

function Parent({ project, id }: { project: string; id: string }) {
  const parent = useQuery({ ...runQuery(project, id), refetchInterval: false });
  return (
    <div>
      <dt>Child of</dt>
      <dd>
        {parent.data === undefined ? (
          <span className="mono dim" title={id}>
            {id.slice(0, 6)}…{id.slice(-6)}
          </span>
        ) : (
          <RunWithState run={parent.data} />
        )}
      </dd>
    </div>
  );
}

function RunWithState({ run }: { run: Run }) {
  return (
    <RunLink run={run}>
      <span className={`state-dot ${run.state}`} role="img" aria-label={run.state} />
    </RunLink>
  );
}

/** The first child runs, without their values, and how many there are. */
export function useChildren(run: Run, project: string) {
  const filter = `tags.\`${parentTag}\` = '${run.id}'`;
  // Which tab a run without metrics opens on hangs on it; beside charts it can wait for them.
  const settled = useSettled();
  const enabled = settled || Object.keys(run.metrics).length === 0;
  const children = useQuery({
    queryKey: ['children', project, run.id],
    queryFn: ({ signal }) =>
      runSearch(
        project,
        {
          experiments: [run.experiment],
          filter,
          limit: childLimit,
          columns: { params: [], metrics: [], tags: [] },
        },
        signal,
      ),
    enabled,
    // Children have events of their own, which this page does not hear.
    refetchInterval: run.state === 'running' ? 5000 : 30_000,
  });
  return { children, filter };
}

function Children({ run, project }: { run: Run; project: string }) {
  const { site } = useProject();
  const { children, filter } = useChildren(run, project);
  const found = children.data;
  if (found === undefined || found.items.length === 0) return null;
  const { items, matching = items.length } = found;
  return (
    <div className="children">
      <h3>{matching === 1 ? '1 child run' : `${countText(matching)} child runs`}</h3>
      <ul>
        {items.map((child) => (
          <li key={child.id}>
            <RunWithState run={child} />
          </li>
        ))}
      </ul>
      <Link {...experimentUrl(run.experiment, { ...site, filter })} className="text-link">
        {matching > items.length ? `All ${runsText(matching)} as a table` : 'As a table'}
      </Link>
    </div>
  );
}

/** Data sets and models in and out; nothing where there are none, or where the server cannot tell. */
function Lineage({ run, project }: { run: Run; project: string }) {
  const enabled = useSettled();
  const lineage = useQuery({
    ...lineageQuery(project, run.id),
    enabled,
    refetchInterval: run.state === 'running' ? 5000 : false,
  });
  if (lineage.data === undefined) return null;
  const { inputs, models } = lineage.data;
  if (inputs.length + models.in.length + models.out.length === 0) return null;
  return (
    <div className="children">
      <h3>Data and models</h3>
      <dl className="pairs">
        <DatasetList inputs={inputs} />
        <ModelList what="model in" models={models.in} />
        <ModelList what="model out" models={models.out} />
      </dl>
    </div>
  );
}
