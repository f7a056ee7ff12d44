/** One prompt: its versions at the left, what the chosen one says, or what it says otherwise than another. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import {
  type ModelVersion,
  type RegisteredModel,
  registeredDescribe,
  registeredQuery,
  versionsQuery,
} from '../api/registry.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { useRecent } from '../palette/recent.ts';
import { AliasHistory } from '../registry/alias-history.tsx';
import { Description } from '../registry/description.tsx';
import { AliasMarks, UriButton } from '../registry/marks.tsx';
import { ModelMenu } from '../registry/model-menu.tsx';
import { PromoteButton } from '../registry/promote-button.tsx';
import { RegistryHead } from '../registry/registry-head.tsx';
import { RegistryTags } from '../registry/registry-tags.tsx';
import { type Naming, useNaming } from '../registry/use-naming.ts';
import { useRegistryLive } from '../registry/use-registry-live.ts';
import { VersionMenu } from '../registry/version-menu.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { Icon } from '../ui/icons.tsx';
import { runLatestAction } from '../ui/toasts.tsx';
import { promptsUrl, promptUrl } from '../urls.ts';
import { DiffView } from './diff-view.tsx';
import { NewVersionDialog } from './new-version-dialog.tsx';
import { ownTags, promptContent } from './prompt.ts';
import { PromptText } from './prompt-text.tsx';

const route = getRouteApi('/prompts/prompt');
/** Versions one page reads; the API has no more in one answer. */
const most = 1000;

export function PromptPage() {
  const { name } = route.useSearch();
  const { project, site } = useProject();
  const prompt = useQuery(registeredQuery(project, name));
  const versions = useQuery(versionsQuery(project, name, most));
  const connection = useRegistryLive(project);

  useRecent(project, prompt.data === undefined ? undefined : { kind: 'prompt', id: name, name });
  useEffect(() => {
    document.title = `${name} · Cairn`;
  }, [name]);

  if (prompt.data === undefined || versions.data === undefined)
    return (
      <Absent query={prompt.data === undefined ? prompt : versions} none="There is no such prompt here">
        <Link {...promptsUrl(site)} className="button primary">
          All prompts
        </Link>
      </Absent>
    );
  const { created, updated, aliases } = prompt.data;
  const alias = aliases.find((each) => each.alias === 'production') ?? aliases[0];
  const latest = versions.data.items[0];
  return (
    <>
      <RegistryHead
        of="prompt"
        title={name}
        connection={connection}
        tools={<ModelMenu model={prompt.data} of="prompt" />}
      >
        <dl className="run-facts">
          <Fact name="versions">{countText(prompt.data.versions)}</Fact>
          <Fact name="made">
            <Ago time={created} />
          </Fact>
          <Fact name="changed">
            <Ago time={updated} />
          </Fact>
          {latest !== undefined && (
            <Fact name="URI" unseen>
              <UriButton
                uri={`prompts:/${name}${alias === undefined ? `/${latest.version}` : `@${alias.alias}`}`}
              />
            </Fact>
          )}
        </dl>
      </RegistryHead>
      <Content key={name} prompt={prompt.data} versions={versions.data.items} />
    </>
  );
}

function Content({ prompt, versions }: { prompt: RegisteredModel; versions: readonly ModelVersion[] }) {
  const search = route.useSearch();
  const { name } = prompt;
  const { project, site } = useProject();
  const navigate = useNavigate();
  const naming = useNaming(project, name);
  const [writing, setWriting] = useState(false);
  /** Of the history. */
  const [day, setDay] = useState<string>();
  const byNumber = (text: string | undefined) => versions.find(({ version }) => String(version) === text);
  const shown = byNumber(search.version) ?? versions[0];
  const other = byNumber(search.against);
  const before = shown === undefined ? undefined : versions[versions.indexOf(shown) + 1];

  const open = (version: number, against?: number) =>
    void navigate({ ...promptUrl(name, site, version, against), replace: true });
  const step = (by: number) => () => {
    const next = shown && versions[versions.indexOf(shown) + by];
    if (next !== undefined) open(next.version, search.against === undefined ? undefined : other?.version);
    return next !== undefined;
  };
  const compare = () => {
    if (shown === undefined) return false;
    open(shown.version, other === undefined ? before?.version : undefined);
    return true;
  };
  useKeys({ u: runLatestAction, j: step(1), k: step(-1), d: compare });

  if (shown === undefined) {
    return (
      <div className="notice">
        <h2>It says nothing yet</h2>
        <p>
          Write its first version here, or by <code>mlflow.genai.register_prompt("{name}", …)</code>.
        </p>
        <div className="notice-actions">
          <button type="button" className="button primary" onClick={() => setWriting(true)}>
            Write it
          </button>
        </div>
        {writing && <NewVersionDialog name={name} from={undefined} onClose={() => setWriting(false)} />}
      </div>
    );
  }
  return (
    <div className="run-page prompt-page">
      <div className="run-main">
        <div className="prompt-columns">
          <VersionRail
            versions={versions}
            shown={shown}
            other={other}
            onOpen={(version) => open(version, other?.version === version ? undefined : other?.version)}
          />
          <section className="prompt-version" aria-labelledby="prompt-version-title">
            <VersionHead prompt={prompt} shown={shown} naming={naming}>
              <label className="prompt-against">
                <span>Against</span>
                <select
                  value={other?.version ?? ''}
                  onChange={({ target }) =>
                    open(shown.version, target.value === '' ? undefined : Number(target.value))
                  }
                >
                  <option value="">nothing</option>
                  {versions
                    .filter(({ version }) => version !== shown.version)
                    .map(({ version, aliases }) => (
                      <option key={version} value={version}>
                        {`v${version}${aliases.length === 0 ? '' : ` ${aliases.join(', ')}`}`}
                      </option>
                    ))}
                </select>
              </label>
              <button type="button" className="button small" onClick={() => setWriting(true)}>
                <Icon name="edit" size={13} />
                New version
              </button>
            </VersionHead>
            {other === undefined ? (
              <PromptText content={promptContent(shown)} />
            ) : (
              <DiffView {...inOrder(shown, other)} />
            )}
          </section>
        </div>
        <AliasHistory model={name} of="prompt" on={day} onDay={setDay} />
      </div>
      <aside className="run-side" aria-label="About the prompt">
        <Description text={prompt.description} onSave={(text) => registeredDescribe(project, name, text)} />
        <LoadPrompt prompt={prompt} version={shown.version} />
        <RegistryTags model={name} tags={ownTags(prompt.tags)} />
      </aside>
      {writing && <NewVersionDialog name={name} from={shown} onClose={() => setWriting(false)} />}
    </div>
  );
}

/** The older one is what was before, whichever was chosen first. */
function inOrder(one: ModelVersion, other: ModelVersion) {
  return one.version < other.version ? { before: one, after: other } : { before: other, after: one };
}

function VersionHead(props: {
  prompt: RegisteredModel;
  shown: ModelVersion;
  naming: Naming;
  children: ReactNode;
}) {
  const { prompt, shown } = props;
  return (
    <div className="panel-head prompt-head">
      <h2 id="prompt-version-title">Version {shown.version}</h2>
      <AliasMarks aliases={shown.aliases} />
      <div className="panel-tool prompt-tools">
        {props.children}
        <PromoteButton version={shown} aliases={prompt.aliases} naming={props.naming} of="prompt" />
        <VersionMenu version={shown} of="prompt" />
      </div>
    </div>
  );
}

function VersionRail(props: {
  versions: readonly ModelVersion[];
  shown: ModelVersion;
  other: ModelVersion | undefined;
  onOpen: (version: number) => void;
}) {
  return (
    <nav className="prompt-rail" aria-label="Versions">
      <ul>
        {props.versions.map((row) => {
          const { version, aliases, description, creator, created } = row;
          const mark = row === props.shown ? 'shown' : row === props.other ? 'other' : undefined;
          return (
            <li key={version}>
              <button
                type="button"
                className={mark}
                aria-current={row === props.shown}
                onClick={() => props.onOpen(version)}
              >
                <span className="prompt-row">
                  <b>v{version}</b>
                  <AliasMarks aliases={aliases} />
                  <span className="prompt-when">
                    <Ago time={created} />
                  </span>
                </span>
                <span className="prompt-note">
                  {description !== null && description !== '' ? description : `by ${creator}`}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function LoadPrompt({ prompt: { name, aliases }, version }: { prompt: RegisteredModel; version: number }) {
  const alias = aliases.find((each) => each.version === version)?.alias;
  const code = [
    'import mlflow',
    `mlflow.set_tracking_uri("${location.origin}")`,
    'prompt = mlflow.genai.load_prompt(',
    `    "prompts:/${name}${alias === undefined ? `/${version}` : `@${alias}`}")`,
  ].join('\n');
  return (
    <section className="side-section" aria-labelledby="load-title">
      <div className="panel-head">
        <h2 id="load-title">Load it</h2>
      </div>
      <CodeToCopy code={code} small />
    </section>
  );
}
