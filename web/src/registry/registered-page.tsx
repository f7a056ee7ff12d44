/** One registered model: what its aliases name, its versions with what is behind each, and what was named when. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type RegisteredModel, registeredDescribe, registeredQuery, versionsQuery } from '../api/registry.ts';
import { ServingNow } from '../deployments/served-at.tsx';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { usePaletteActions } from '../palette/palette-state.ts';
import { useRecent } from '../palette/recent.ts';
import { isPrompt } from '../prompts/prompt.ts';
import { useKeys } from '../runs/use-keys.ts';
import { copyAndTell } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { runLatestAction } from '../ui/toasts.tsx';
import { compareVersionsUrl, promptUrl, registryUrl, versionUrl } from '../urls.ts';
import { AliasHistory } from './alias-history.tsx';
import { Description } from './description.tsx';
import { LoadSnippet } from './load-snippet.tsx';
import { UriButton } from './marks.tsx';
import { ModelMenu } from './model-menu.tsx';
import { RegistryHead } from './registry-head.tsx';
import { RegistryTags } from './registry-tags.tsx';
import { type Naming, useNaming } from './use-naming.ts';
import { useRegistryLive } from './use-registry-live.ts';
import { useVersionSources } from './use-version-sources.ts';
import { VersionTable } from './version-table.tsx';

const route = getRouteApi('/registry/model');
/** Versions read at first, and more each time they are asked for. */
const pageSize = 30;

export function RegisteredPage() {
  const { name, on } = route.useSearch();
  const { project, site } = useProject();
  const model = useQuery(registeredQuery(project, name));
  const connection = useRegistryLive(project);
  const naming = useNaming(project, name);
  const navigate = route.useNavigate();

  useEffect(() => {
    document.title = `${name} · Cairn`;
  }, [name]);
  const isShown = model.data !== undefined && !isPrompt(model.data);
  useRecent(project, isShown ? { kind: 'model', id: name, name } : undefined);

  if (model.data === undefined)
    return (
      <Absent query={model} none="There is no such model here">
        <Link {...registryUrl(site)} className="button primary">
          All models
        </Link>
      </Absent>
    );
  if (isPrompt(model.data)) return <Navigate {...promptUrl(name, site)} replace />;
  const { aliases, description, tags, created, updated, versions } = model.data;
  const loaded = preferred(model.data);
  return (
    <>
      <RegistryHead title={name} connection={connection} tools={<ModelMenu model={model.data} />}>
        <dl className="run-facts">
          <Fact name="versions">{countText(versions)}</Fact>
          <Fact name="made">
            <Ago time={created} />
          </Fact>
          <Fact name="changed">
            <Ago time={updated} />
          </Fact>
          {loaded !== undefined && (
            <Fact name="URI" unseen>
              <UriButton uri={loaded} />
            </Fact>
          )}
        </dl>
        <TaintNotes uid={model.data.uid} />
      </RegistryHead>
      <div className="run-page" key={name}>
        <div className="run-main">
          {aliases.length > 0 && <Aliases model={model.data} naming={naming} />}
          <ServingNow model={name} />
          <Versions model={model.data} naming={naming} />
          <AliasHistory
            model={name}
            on={on}
            onDay={(day) =>
              void navigate({
                replace: true,
                search: ({ on: _, ...rest }) => (day === undefined ? rest : { ...rest, on: day }),
              })
            }
          />
        </div>
        <aside className="run-side" aria-label="About the model">
          <Description text={description} onSave={(text) => registeredDescribe(project, name, text)} />
          {loaded !== undefined && <LoadSnippet uri={loaded} />}
          <RegistryTags model={name} tags={tags} />
        </aside>
      </div>
    </>
  );
}

/** What most want to load: the champion, any alias, the version made last. */
function preferred({ name, aliases, latest }: RegisteredModel): string | undefined {
  const alias = aliases.find((each) => each.alias === 'champion') ?? aliases[0];
  if (alias !== undefined) return `models:/${name}@${alias.alias}`;
  const last = Math.max(0, ...latest.map(({ version }) => version));
  return last === 0 ? undefined : `models:/${name}/${last}`;
}

function Aliases({ model, naming }: { model: RegisteredModel; naming: Naming }) {
  const { site } = useProject();
  return (
    <section aria-labelledby="aliases-title">
      <div className="panel-head">
        <h2 id="aliases-title">Aliases</h2>
      </div>
      <ul className="alias-cards">
        {model.aliases.map(({ alias, version }) => (
          <li key={alias} className="alias-card" aria-label={`${alias}: version ${version}`}>
            <span className="alias-chip">{alias}</span>
            <Link {...versionUrl(model.name, version, site)} className="alias-version">
              v{version}
            </Link>
            <button
              type="button"
              className="button small"
              aria-label={`Roll back ${alias}`}
              title={`Puts ${alias} back to what it was before its last change, if it is still version ${version}`}
              onClick={() => void naming.rollBack(alias, version)}
            >
              <Icon name="restore" size={13} />
              Roll back
            </button>
            <button
              type="button"
              className="icon-button small"
              aria-label={`Copy models:/${model.name}@${alias}`}
              title={`Copy models:/${model.name}@${alias}`}
              onClick={() => void copyAndTell(`models:/${model.name}@${alias}`)}
            >
              <Icon name="copy" size={13} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Versions({ model, naming }: { model: RegisteredModel; naming: Naming }) {
  const { project, site } = useProject();
  const navigate = useNavigate();
  const [limit, setLimit] = useState(pageSize);
  const list = useQuery(versionsQuery(project, model.name, limit));
  const versions = list.data?.items ?? [];
  const sources = useVersionSources(project, versions);
  const [selected, setSelected] = useState<readonly number[]>([]);
  const [cursor, setCursor] = useState<number>();

  // Two are compared: a third takes the place of the one chosen first.
  const select = (version: number) =>
    setSelected((before) =>
      before.includes(version) ? before.filter((each) => each !== version) : [...before.slice(-1), version],
    );
  const [older, newer] = [...selected].sort((a, b) => a - b);
  const compare = () => {
    if (older === undefined || newer === undefined) return false;
    void navigate(compareVersionsUrl(model.name, [older, newer], site));
    return true;
  };
  const step = (by: number) => () => {
    const at = versions.findIndex(({ version }) => version === cursor);
    const next = versions[at === -1 ? 0 : Math.min(versions.length - 1, Math.max(0, at + by))];
    if (next !== undefined) setCursor(next.version);
    return next !== undefined;
  };
  const atCursor = (act: (version: number) => void) => () => {
    if (cursor !== undefined) act(cursor);
    return cursor !== undefined;
  };
  useKeys({
    u: runLatestAction,
    c: compare,
    j: step(1),
    k: step(-1),
    x: atCursor(select),
    p: atCursor((version) => document.querySelector<HTMLElement>(`[data-promote="${version}"]`)?.click()),
    Enter: atCursor((version) => void navigate(versionUrl(model.name, version, site))),
  });
  usePaletteActions(
    model.aliases.map(({ alias, version }) => ({
      text: `Roll back ${alias} of ${model.name}`,
      icon: 'restore' as const,
      hint: `is v${version}`,
      also: 'undo promote alias',
      run: () => void naming.rollBack(alias, version),
    })),
  );

  return (
    <div>
      <div className="panel-head">
        <h2 id="versions-title">
          Versions {model.versions > 0 && <span className="faint">{countText(model.versions)}</span>}
        </h2>
        {versions.length > 1 && (
          <button
            type="button"
            className="button small panel-tool"
            disabled={newer === undefined}
            title="Select two versions (c)"
            onClick={compare}
          >
            {newer === undefined ? 'Compare two' : `Compare v${older} and v${newer}`}
          </button>
        )}
      </div>
      {list.isError && list.data === undefined && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isSuccess && versions.length === 0 ? (
        <p className="quiet">
          It has no version yet. The page of a logged model has a button that makes one, and so does{' '}
          <code>cairn models register {model.name} runs:/RUN/model</code>.
        </p>
      ) : (
        <VersionTable
          model={model}
          versions={versions}
          sources={sources}
          naming={naming}
          selected={selected}
          onSelect={select}
          cursor={cursor}
        />
      )}
      {list.data?.cursor !== undefined && (
        <p className="more">
          The latest {countText(versions.length)} of {countText(model.versions)}.{' '}
          <button
            type="button"
            className="link-button"
            onClick={() => setLimit((before) => Math.min(1000, before + 2 * pageSize))}
          >
            Show more
          </button>
        </p>
      )}
    </div>
  );
}
