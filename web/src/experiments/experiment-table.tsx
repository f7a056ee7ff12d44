/** The table of experiments. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ExperimentOrder, ListedExperiment } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { type ListColumn, type ListRows, ListTable, NameCell, TagsCell } from '../list/list-table.tsx';
import { Icon } from '../ui/icons.tsx';
import { experimentUrl } from '../urls.ts';
import { ExperimentMenu } from './experiment-menu.tsx';
import { Spark } from './spark.tsx';

const columns: readonly ListColumn<'name' | 'created' | 'latest'>[] = [
  { name: 'Name', kind: 'name', sort: 'name' },
  { name: 'Runs', kind: 'num' },
  { name: 'Running', kind: 'num' },
  { name: 'Failed', kind: 'num' },
  { name: '30 days', kind: 'spark' },
  { name: 'Latest run', kind: 'time', sort: 'latest' },
  { name: 'By', kind: 'user' },
  { name: 'Tags', kind: 'tags' },
  { name: 'Created', kind: 'time made', sort: 'created' },
  { name: 'Actions', kind: 'more', unseen: true },
];

export function ExperimentTable(props: {
  project: string;
  rows: ListRows<ListedExperiment>;
  order: ExperimentOrder;
  onOrder: (order: ExperimentOrder) => void;
}) {
  const [opened, setOpened] = useState<{
    experiment: ListedExperiment;
    anchor: Element;
    renaming?: boolean;
  }>();
  return (
    <>
      <ListTable
        label="Experiments"
        columns={columns}
        rows={props.rows}
        keyOf={({ id }) => id}
        cells={(experiment) => (
          <Cells experiment={experiment} onMenu={(anchor) => setOpened({ experiment, anchor })} />
        )}
        order={props.order}
        onOrder={props.onOrder}
      />
      {opened !== undefined && (
        <ExperimentMenu
          project={props.project}
          experiment={opened.experiment}
          anchor={opened.anchor}
          renaming={opened.renaming === true}
          onRename={() => setOpened({ ...opened, renaming: true })}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

function Cells(props: { experiment: ListedExperiment; onMenu: (anchor: Element) => void }) {
  const { experiment } = props;
  const { site } = useProject();
  const { id, name, runs, running, failed, latest, user, days, tags, created, lastActivity } = experiment;
  const note = tags.find(({ key }) => key === 'mlflow.note.content')?.value;
  return (
    <>
      <NameCell note={note}>
        <Link {...experimentUrl(id, site)} title={`${name}\nid ${id}`}>
          {name}
        </Link>
      </NameCell>
      <td className="num">{countText(runs)}</td>
      <td className="num">
        {running > 0 ? (
          <span className="running-count">
            <span className="state-dot running" aria-hidden="true" />
            {countText(running)}
          </span>
        ) : (
          <span className="faint">0</span>
        )}
      </td>
      <td className="num">
        {failed > 0 ? <span className="failed">{countText(failed)}</span> : <span className="faint">0</span>}
      </td>
      <td className="spark">
        <Spark days={days} />
      </td>
      <td className="time">
        {latest === null ? (
          <span className="faint">no run yet</span>
        ) : (
          <span title={lastActivity === null ? undefined : 'Start of the latest run'}>
            <Ago time={latest} />
          </span>
        )}
      </td>
      <td className="user" title={user}>
        {user}
      </td>
      <TagsCell tags={tags} />
      <td className="time made">
        <Ago time={created} />
      </td>
      <td className="more">
        <button
          type="button"
          className="icon-button small"
          aria-label={`Options of ${name}`}
          aria-haspopup="menu"
          onClick={(event) => props.onMenu(event.currentTarget)}
        >
          <Icon name="dots" size={14} />
        </button>
      </td>
    </>
  );
}
