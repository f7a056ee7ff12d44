/** The table of registered models: draws the rows in sight, asks for more when its end comes near. */
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { RegisteredModel, RegisteredOrder } from '../api/registry.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { Icon } from '../ui/icons.tsx';
import { registeredUrl, versionUrl } from '../urls.ts';
import { StageMark } from './marks.tsx';

const rowHeight = 34;
const skeletonRows = 14;

const columns: readonly {
  readonly name: string;
  readonly kind: string;
  readonly sort?: 'name' | 'updated';
}[] = [
  { name: 'Name', kind: 'name', sort: 'name' },
  { name: 'Aliases', kind: 'aliases' },
  { name: 'Versions', kind: 'num' },
  { name: 'Latest', kind: 'latest' },
  { name: 'By', kind: 'user' },
  { name: 'Changed', kind: 'time', sort: 'updated' },
  { name: 'Tags', kind: 'tags' },
];

export function RegistryTable(props: {
  items: readonly RegisteredModel[];
  loading: boolean;
  more: boolean;
  onMore: () => void;
  order: RegisteredOrder;
  onOrder: (order: RegisteredOrder) => void;
}) {
  const { items, order, more, onMore } = props;
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: reaching the end is the trigger
  useEffect(() => {
    if (more && last >= items.length - 20) onMore();
  }, [more, last, items.length]);
  const [by, descending] = [order.replace('-', ''), order.startsWith('-')];
  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className="experiments-scroll" tabIndex={0} aria-label="Registered models">
      <table className="experiments-table registry-table" aria-rowcount={more ? -1 : items.length + 1}>
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
              </tr>
            ))}
          {before > 0 && <Space height={before} />}
          {shown.map(({ index }) => {
            const model = items[index];
            return model !== undefined && <Row key={model.uid} model={model} index={index} />;
          })}
          {after > 0 && <Space height={after} />}
        </tbody>
      </table>
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

const aliasesShown = 3;

function Row({ model, index }: { model: RegisteredModel; index: number }) {
  const { site } = useProject();
  const { name, description, aliases, versions, updated, tags } = model;
  const latest = [...model.latest].sort((a, b) => b.version - a.version)[0];
  const own = tags.filter(({ key }) => !key.startsWith('mlflow.'));
  return (
    <tr aria-rowindex={index + 2}>
      <th scope="row" className="name">
        <div className="experiment-name">
          <Link {...registeredUrl(name, site)} title={name}>
            {name}
          </Link>
          {description !== null && description !== '' && (
            <span className="experiment-note" title={description}>
              {description}
            </span>
          )}
        </div>
      </th>
      <td className="aliases">
        <div className="experiment-tags">
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
    </tr>
  );
}

/** Times begin with the latest, names with A; a second click turns it around. */
function nextOrder(order: RegisteredOrder, sort: 'name' | 'updated'): RegisteredOrder {
  const first = sort === 'name' ? sort : (`-${sort}` as const);
  const second = sort === 'name' ? (`-${sort}` as const) : sort;
  return order === first ? second : first;
}
