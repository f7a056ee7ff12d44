/** One version: how good it was, what it takes and gives, its files; where it came from, and what it is called. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { type ModelVersion, registeredQuery, versionDescribe, versionQuery } from '../api/registry.ts';
import type { Run, RunLineage } from '../api/types.ts';
import { useArtifactRoot } from '../artifacts/artifact-browser.tsx';
import { ArtifactSection } from '../artifacts/artifact-section.tsx';
import { fileQuery } from '../artifacts/file.ts';
import { Preview } from '../artifacts/preview.tsx';
import { ServedAt } from '../deployments/served-at.tsx';
import { Ago } from '../format/ago.tsx';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { LineageLink } from '../lineage/lineage-link.tsx';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { DatasetList } from '../models/dataset-list.tsx';
import { usePaletteActions } from '../palette/palette-state.ts';
import { KeyValues, ParamList } from '../run/param-list.tsx';
import { ResultTable } from '../run/result-table.tsx';
import { RunLink } from '../runs/run-link.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { Fact } from '../ui/facts.tsx';
import { runLatestAction } from '../ui/toasts.tsx';
import { compareVersionsUrl, lineageUrl, modelUrl, registeredUrl, versionUrl } from '../urls.ts';
import { Description } from './description.tsx';
import { LoadSnippet } from './load-snippet.tsx';
import { AliasMarks, StageMark, UriButton } from './marks.tsx';
import { PromoteButton } from './promote-button.tsx';
import { RegistryHead } from './registry-head.tsx';
import { RegistryTags } from './registry-tags.tsx';
import { useNaming } from './use-naming.ts';
import { useRegistryLive } from './use-registry-live.ts';
import { useVersionSources } from './use-version-sources.ts';
import { VersionMenu } from './version-menu.tsx';

const route = getRouteApi('/registry/version');

export function VersionPage() {
  const { name, version: text } = route.useSearch();
  const number = Number(text);
  const { project, site } = useProject();
  const navigate = useNavigate();
  const version = useQuery(versionQuery(project, name, number));
  const model = useQuery(registeredQuery(project, name));
  const connection = useRegistryLive(project);
  const naming = useNaming(project, name);
  const sources = useVersionSources(project, version.data === undefined ? [] : [version.data]);

  useEffect(() => {
    document.title = `${name} version ${number} · Cairn`;
  }, [name, number]);
  useKeys({
    u: runLatestAction,
    p: () => {
      document.querySelector<HTMLElement>('[data-promote]')?.click();
      return true;
    },
  });
  const uri = `models:/${name}/${number}`;
  // Where it says how to load it, the page has those lines once.
  const described = useQuery({
    ...fileQuery(project, { kind: 'version', id: version.data?.uid ?? '', uri }, 'MLmodel'),
    enabled: version.data !== undefined,
    retry: false,
  });
  const champion = model.data?.aliases.find(({ version: at }) => at !== number);
  const uid = version.data?.uid;
  usePaletteActions([
    ...(champion === undefined
      ? []
      : [
          {
            text: `Compare with ${champion.alias} (v${champion.version})`,
            icon: 'columns' as const,
            run: () => void navigate(compareVersionsUrl(name, [champion.version, number], site)),
          },
        ]),
    ...(uid === undefined
      ? []
      : [
          {
            text: 'What this version comes from',
            icon: 'lineage' as const,
            also: 'lineage ancestry data causes',
            run: () => void navigate(lineageUrl(uid, site, { ask: 'ancestry' })),
          },
        ]),
  ]);

  if (version.data === undefined)
    return (
      <Absent query={version} none="There is no such version here">
        <Link {...registeredUrl(name, site)} className="button primary">
          Versions of the model
        </Link>
      </Absent>
    );
  const row = version.data;
  const run = row.run === null ? undefined : sources.runs.get(row.run);
  return (
    <>
      <RegistryHead
        within={name}
        title={`Version ${number}`}
        connection={connection}
        tools={
          <>
            {champion !== undefined && (
              <Link
                {...compareVersionsUrl(name, [champion.version, number], site)}
                className="button wide-only"
              >
                Compare with {champion.alias}
              </Link>
            )}
            <LineageLink of={row.uid} ask="ancestry" />
            <PromoteButton version={row} aliases={model.data?.aliases ?? []} naming={naming} primary />
            <VersionMenu version={row} />
          </>
        }
      >
        <dl className="run-facts">
          {(row.aliases.length > 0 || row.stage !== 'None') && (
            <Fact name="Named" unseen className="named">
              <AliasMarks aliases={row.aliases} />
              <StageMark stage={row.stage} />
            </Fact>
          )}
          <Fact name="made">
            <Ago time={row.created} />
          </Fact>
          {row.creator !== '' && <Fact name="by">{row.creator}</Fact>}
          <Fact name="URI" unseen>
            <UriButton uri={uri} />
          </Fact>
        </dl>
        <TaintNotes uid={row.uid} />
      </RegistryHead>
      <div className="run-page" key={row.uid}>
        <div className="run-main">
          {run !== undefined && <ResultTable run={run} />}
          <VersionFiles project={project} version={row} uri={uri} />
        </div>
        <aside className="run-side" aria-label="Origin and description">
          <Origin
            version={row}
            run={run}
            lineage={row.run === null ? undefined : sources.lineages.get(row.run)}
          />
          <ServedAt model={name} version={number} />
          <Description
            text={row.description}
            onSave={(next) => versionDescribe(project, name, number, next)}
          />
          {described.isError && <LoadSnippet uri={uri} />}
          {run !== undefined && <ParamList params={run.params} />}
          <RegistryTags model={name} version={number} tags={row.tags} />
        </aside>
      </div>
    </>
  );
}

function Origin(props: { version: ModelVersion; run: Run | undefined; lineage: RunLineage | undefined }) {
  const { version, run, lineage } = props;
  const { site } = useProject();
  const inputs = lineage?.inputs ?? [];
  const copied = /^models:\/(.+)\/(\d+)$/.exec(version.source);
  return (
    <section className="side-section" aria-labelledby="origin-title">
      <div className="panel-head">
        <h2 id="origin-title">Origin</h2>
      </div>
      <dl className="pairs">
        <div>
          <dt>Run</dt>
          <dd>
            {version.run === null ? (
              <span className="pair-value dim">none is named</span>
            ) : run === undefined ? (
              <span className="pair-value dim" title={version.run}>
                {version.run.slice(0, 8)}, not here
              </span>
            ) : (
              <RunLink run={run}>
                {run.lifecycle === 'deleted' && <span className="deleted-mark">deleted</span>}
              </RunLink>
            )}
          </dd>
        </div>
        {version.loggedModel !== null && (
          <div>
            <dt>Logged model</dt>
            <dd>
              <Link {...modelUrl(version.loggedModel, site)} className="pair-value linked">
                {version.loggedModel.slice(0, 12)}…
              </Link>
            </dd>
          </div>
        )}
        {copied !== null && (
          <div>
            <dt>Copy of</dt>
            <dd>
              <Link {...versionUrl(copied[1]!, Number(copied[2]), site)} className="pair-value linked">
                {copied[1]} v{copied[2]}
              </Link>
            </dd>
          </div>
        )}
        <DatasetList inputs={inputs} />
      </dl>
      <KeyValues pairs={[['Source', version.source]]} />
    </section>
  );
}

/** What its MLmodel file says, then all its files. */
function VersionFiles({ project, version, uri }: { project: string; version: ModelVersion; uri: string }) {
  const { file } = route.useSearch();
  const navigate = route.useNavigate();
  const owner = { kind: 'version', id: version.uid, uri } as const;
  const root = useArtifactRoot(project, owner);
  const described = useQuery({ ...fileQuery(project, owner, 'MLmodel'), retry: false });
  return (
    <>
      <section className="model-section" aria-label="Signature">
        {described.data !== undefined && <Preview file={described.data} />}
        {described.isError && (
          <p className="quiet">
            {root.there
              ? 'It has no MLmodel file, so no signature is known.'
              : 'Its files are kept where this server does not read them.'}
          </p>
        )}
      </section>
      <ArtifactSection
        project={project}
        owner={owner}
        chosen={file}
        onChoose={(path) => void navigate({ replace: true, search: (before) => ({ ...before, file: path }) })}
      />
    </>
  );
}
