/** What people declared and did not take back: what is wrong, and before what nothing comes. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type LineageSource, sourcesQuery, type Taint, taintsQuery } from '../api/lineage.ts';
import { Ago } from '../format/ago.tsx';
import { useProject } from '../layout/use-project.ts';
import { lineageUrl } from '../urls.ts';
import { typeWord } from './lineage-words.ts';
import { StartList } from './start-list.tsx';

/** Of each kind the latest are listed. */
const listed = 50;

export function Declared() {
  const { project, site } = useProject();
  const taints = useQuery(taintsQuery(project, listed)).data;
  const sources = useQuery(sourcesQuery(project, listed)).data;
  return (
    <>
      <List
        title="Declared wrong"
        items={taints?.items ?? []}
        isMore={taints?.cursor !== undefined}
        all="cairn taint"
      >
        {(taint) => lineageUrl(taint.node.uid, site, { deployed: 'yes' })}
      </List>
      <List
        title="Declared sources"
        items={sources?.items ?? []}
        isMore={sources?.cursor !== undefined}
        all="cairn source"
      >
        {(source) => lineageUrl(source.node.uid, site)}
      </List>
    </>
  );
}

function List<Item extends Taint | LineageSource>(props: {
  title: string;
  items: readonly Item[];
  isMore: boolean;
  /** The command that lists all. */
  all: string;
  children: (item: Item) => ReturnType<typeof lineageUrl>;
}): ReactNode {
  const { title, items } = props;
  if (items.length === 0) return null;
  return (
    <StartList
      title={title}
      foot={
        props.isMore && (
          <p className="quiet">
            The latest {listed}; <code>{props.all}</code> lists all.
          </p>
        )
      }
    >
      {items.map((item) => (
        <li key={item.node.uid}>
          <Link {...props.children(item)} className="text-link">
            {item.node.label}
          </Link>{' '}
          <span className="faint">
            {typeWord(item.node.type)}, by {item.by} <Ago time={item.declared} />
          </span>
          {item.note !== null && item.note !== '' && <span className="dim">{item.note}</span>}
        </li>
      ))}
    </StartList>
  );
}
