/** The table of registered models. */
import { Link } from '@tanstack/react-router';
import type { RegisteredModel, RegisteredOrder } from '../api/registry.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { type ListColumn, type ListRows, ListTable, NameCell, TagsCell } from '../list/list-table.tsx';
import { registeredUrl, versionUrl } from '../urls.ts';
import { StageMark } from './marks.tsx';

const columns: readonly ListColumn<'name' | 'updated'>[] = [
  { name: 'Name', kind: 'name', sort: 'name' },
  { name: 'Aliases', kind: 'aliases' },
  { name: 'Versions', kind: 'num' },
  { name: 'Latest', kind: 'latest' },
  { name: 'By', kind: 'user' },
  { name: 'Changed', kind: 'time', sort: 'updated' },
  { name: 'Tags', kind: 'tags' },
];

export function RegistryTable(props: {
  rows: ListRows<RegisteredModel>;
  order: RegisteredOrder;
  onOrder: (order: RegisteredOrder) => void;
}) {
  return (
    <ListTable
      label="Registered models"
      className="registry-table"
      columns={columns}
      rows={props.rows}
      keyOf={({ uid }) => uid}
      cells={(model) => <Cells model={model} />}
      order={props.order}
      onOrder={props.onOrder}
    />
  );
}

const aliasesShown = 3;

function Cells({ model }: { model: RegisteredModel }) {
  const { site } = useProject();
  const { name, description, aliases, versions, updated, tags } = model;
  const latest = [...model.latest].sort((a, b) => b.version - a.version)[0];
  return (
    <>
      <NameCell note={description}>
        <Link {...registeredUrl(name, site)} title={name}>
          {name}
        </Link>
      </NameCell>
      <td className="aliases">
        <div className="list-chips">
          {aliases.slice(0, aliasesShown).map(({ alias, version }) => (
            <Link
              key={alias}
              {...versionUrl(name, version, site)}
              className="alias-chip"
              title={`models:/${name}@${alias} is version ${version}`}
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
      <td className="latest">
        {latest === undefined ? (
          <span className="faint">none yet</span>
        ) : (
          <>
            <Link {...versionUrl(name, latest.version, site)} className="text-link plain">
              v{latest.version}
            </Link>{' '}
            <StageMark stage={latest.stage} />
          </>
        )}
      </td>
      <td className="user" title={latest?.creator}>
        {latest?.creator}
      </td>
      <td className="time">
        <Ago time={updated} />
      </td>
      <TagsCell tags={tags} />
    </>
  );
}
