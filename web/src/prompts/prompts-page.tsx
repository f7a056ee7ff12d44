/** The prompts of a project: what each says now, its versions, what its aliases name. Models have a list of their own. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import {
  type RegisteredModel,
  type RegisteredOrder,
  registeredCreate,
  registeredList,
  registryKey,
} from '../api/registry.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { ListPage, NoneCalledSo, useListSearch } from '../list/list-page.tsx';
import { type ListColumn, type ListRows, ListTable, TagsCell } from '../list/list-table.tsx';
import { FootKeys, useRowKeys } from '../list/row-keys.tsx';
import { useList } from '../list/use-list.ts';
import { useRegistryLive } from '../registry/use-registry-live.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { type ChangeOf, changedSearch, promptUrl, type RegistrySearch } from '../urls.ts';
import { ownTags, promptContent, promptMark, readableText } from './prompt.ts';

const route = getRouteApi('/prompts');

export function PromptsPage() {
  const { search: inLink = '', sort } = route.useSearch();
  const { project, site } = useProject();
  const navigate = useNavigate();
  const change = (part: ChangeOf<RegistrySearch>) =>
    void navigate({
      to: '/prompts',
      replace: 'search' in part,
      search: (before) => changedSearch<RegistrySearch>(before, part),
    });
  const search = useListSearch(inLink, (text) => change({ search: text }));
  const { wanted } = search;
  const order = sort ?? '-updated';
  const list = useList({
    list: [...registryKey(project), 'prompts'],
    asked: [wanted, order],
    read: (part, signal) =>
      registeredList(project, { kind: 'prompts', search: wanted || undefined, order, ...part }, signal),
  });
  const connection = useRegistryLive(project);
  useRowKeys();

  return (
    <ListPage
      title="Prompts"
      words={['prompt', 'prompts']}
      connection={connection}
      search={search}
      list={list}
      make={{
        title: 'New prompt',
        async save(name) {
          // MLflow's client reads no prompt of another name.
          if (!/^[\w.-]+$/.test(name))
            throw new Error('Only letters, digits, dots, hyphens and underscores.');
          await registeredCreate(project, name, [promptMark]);
          void navigate(promptUrl(name, site));
        },
      }}
      empty={wanted === '' ? <NoPrompts /> : <NoneCalledSo what="prompt" search={search} />}
      table={(rows) => (
        <PromptTable
          rows={rows}
          order={order}
          onOrder={(next) => change({ sort: next === '-updated' ? undefined : next })}
        />
      )}
      foot={<FootKeys />}
    />
  );
}

const columns: readonly ListColumn<'name' | 'updated'>[] = [
  { name: 'Name', kind: 'name', sort: 'name' },
  { name: 'Says now', kind: 'says' },
  { name: 'Aliases', kind: 'aliases' },
  { name: 'Versions', kind: 'num' },
  { name: 'By', kind: 'user' },
  { name: 'Changed', kind: 'time', sort: 'updated' },
  { name: 'Tags', kind: 'tags' },
];

function PromptTable(props: {
  rows: ListRows<RegisteredModel>;
  order: RegisteredOrder;
  onOrder: (order: RegisteredOrder) => void;
}) {
  return (
    <ListTable
      label="Prompts"
      className="prompts-table"
      columns={columns}
      rows={props.rows}
      keyOf={({ uid }) => uid}
      cells={(prompt) => <Cells prompt={prompt} />}
      order={props.order}
      onOrder={props.onOrder}
    />
  );
}

const aliasesShown = 2;
/** Letters of the text that a row may show; the cell cuts what it has no room for. */
const previewLimit = 300;

function Cells({ prompt }: { prompt: RegisteredModel }) {
  const { site } = useProject();
  const { name, description, aliases, versions, updated, tags } = prompt;
  const latest = [...prompt.latest].sort((a, b) => b.version - a.version)[0];
  const says = latest === undefined ? '' : readableText(promptContent(latest));
  return (
    <>
      <th scope="row" className="name">
        <div className="list-name">
          <Link {...promptUrl(name, site)} title={description === null ? name : `${name}\n${description}`}>
            {name}
          </Link>
        </div>
      </th>
      <td className="says" title={says.slice(0, 1000)}>
        {latest === undefined ? <span className="faint">nothing yet</span> : says.slice(0, previewLimit)}
      </td>
      <td className="aliases">
        <div className="list-chips">
          {aliases.slice(0, aliasesShown).map(({ alias, version }) => (
            <Link
              key={alias}
              {...promptUrl(name, site, version)}
              className="alias-chip"
              title={`prompts:/${name}@${alias} is version ${version}`}
            >
              {alias} <b>v{version}</b>
            </Link>
          ))}
          {aliases.length > aliasesShown && (
            <span className="faint">+{countText(aliases.length - aliasesShown)}</span>
          )}
        </div>
      </td>
      <td className="num">{countText(versions)}</td>
      <td className="user" title={latest?.creator}>
        {latest?.creator}
      </td>
      <td className="time">
        <Ago time={updated} />
      </td>
      <TagsCell tags={ownTags(tags)} />
    </>
  );
}

function NoPrompts() {
  const code = [
    'import mlflow',
    `mlflow.set_tracking_uri("${location.origin}")`,
    'mlflow.genai.register_prompt("summary", "Sum up in {{count}} sentences:\\n{{text}}")',
  ].join('\n');
  return (
    <div className="notice first-run">
      <h2>No prompt is registered yet</h2>
      <p>
        A prompt is a text with variables in double braces. Each change is a version of its own; an alias such
        as <code>production</code> says which one programs load.
      </p>
      <CodeToCopy code={code} />
    </div>
  );
}
