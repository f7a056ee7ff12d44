/** The table of experiments: draws the rows in sight, asks for more when its end comes near. */

import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { ExperimentOrder, ListedExperiment } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { Icon } from '../ui/icons.tsx';
import { experimentUrl } from '../urls.ts';
import { ExperimentMenu } from './experiment-menu.tsx';
import { Spark } from './spark.tsx';

const rowHeight = 34;
const skeletonRows = 14;

const columns: readonly {
  readonly name: string;
  readonly kind: string;
  readonly sort?: 'name' | 'created' | 'latest';
}[] = [
  { name: 'Name', kind: 'name', sort: 'name' },
  { name: 'Runs', kind: 'num' },
  { name: 'Running', kind: 'num' },
  { name: 'Failed', kind: 'num' },
  { name: '30 days', kind: 'spark' },
  { name: 'Latest run', kind: 'time', sort: 'latest' },
  { name: 'By', kind: 'user' },
  { name: 'Tags', kind: 'tags' },
  { name: 'Created', kind: 'time made', sort: 'created' },
];

export function ExperimentTable(props: {
  project: string;
  items: readonly ListedExperiment[];
  loading: boolean;
  more: boolean;
  onMore: () => void;
  order: ExperimentOrder;
  onOrder: (order: ExperimentOrder) => void;
  deleted: boolean;
}) {
  const { items, order } = props;
  const scroller = useRef<HTMLElement>(null);
  const [opened, setOpened] = useState<{
    experiment: ListedExperiment;
    anchor: Element;
    renaming?: boolean;
  }>();
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { more, onMore } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: reaching the end is the trigger
  useEffect(() => {
    if (more && last >= items.length - 20) onMore();
  }, [more, last, items.length]);

  const [by, descending] = [order.replace('-', ''), order.startsWith('-')];
  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className="experiments-scroll" tabIndex={0} aria-label="Experiments">
      <table className="experiments-table" aria-rowcount={props.more ? -1 : items.length + 1}>
        <thead>
          <tr>
            {columns.map(({ name, kind, sort }) => (
              <th
                key={name}
                scope="col"
                className={kind}
                {...(sort === by ? { 'aria-sort': descending ? 'descending' : 'ascending' } : {})}
              >
                {sort === undefined ? (
                  name
                ) : (
                  <button type="button" onClick={() => props.onOrder(nextOrder(order, sort))}>
                    {name}
                    {sort === by && <Icon name={descending ? 'down' : 'up'} size={12} />}
                  </button>
                )}
              </th>
            ))}
            <th scope="col" className="more">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.loading &&
            Array.from({ length: skeletonRows }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
              <tr key={index}>
                {columns.map(({ name, kind }) => (
                  <td key={name} className={kind}>
                    <span
                      className="bone"
                      style={{ width: kind === 'name' ? 90 + ((index * 53) % 90) : 36 }}
                    />
                  </td>
                ))}
                <td />
              </tr>
            ))}
          {before > 0 && <Space height={before} />}
          {shown.map(({ index }) => {
            const experiment = items[index];
            return (
              experiment !== undefined && (
                <Row
                  key={experiment.id}
                  index={index}
                  experiment={experiment}
                  onMenu={(anchor) => setOpened({ experiment, anchor })}
                />
              )
            );
          })}
          {after > 0 && <Space height={after} />}
        </tbody>
      </table>
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
    </section>
  );
}

/** In the place of the rows that are not drawn. */
function Space({ height }: { height: number }) {
  return (
    <tr className="space">
      <td style={{ height }} />
    </tr>
  );
}

function Row(props: { experiment: ListedExperiment; index: number; onMenu: (anchor: Element) => void }) {
  const { experiment } = props;
  const { site } = useProject();
  const { id, name, runs, running, failed, latest, user, days, tags, created, lastActivity } = experiment;
  const note = tags.find(({ key }) => key === 'mlflow.note.content')?.value;
  const own = tags.filter(({ key }) => !key.startsWith('mlflow.'));
  return (
    <tr aria-rowindex={props.index + 2}>
      <th scope="row" className="name">
        <div className="experiment-name">
          <Link {...experimentUrl(id, site)} title={`${name}\nid ${id}`}>
            {name}
          </Link>
          {note !== undefined && (
            <span className="experiment-note" title={note}>
              {note}
            </span>
          )}
        </div>
      </th>
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
      <td className="tags">
        <div className="experiment-tags">
          {own.slice(0, 3).map(({ key, value }) => (
            <span key={key} className="tag-chip" title={`${key}: ${value}`}>
              {key} <b>{value}</b>
            </span>
          ))}
          {own.length > 3 && <span className="faint">+{countText(own.length - 3)}</span>}
        </div>
      </td>
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
    </tr>
  );
}

/** Times begin with the latest, names with A; a second click turns it around. */
function nextOrder(order: ExperimentOrder, sort: 'name' | 'created' | 'latest'): ExperimentOrder {
  const first = sort === 'name' ? sort : (`-${sort}` as const);
  const second = sort === 'name' ? (`-${sort}` as const) : sort;
  return order === first ? second : first;
}
