/** A page that is one list: a search in the names, the rows, how many there are; another one is made here. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useDeferredValue, useEffect, useRef, useState } from 'react';
import type { Connection } from '../api/event-stream.ts';
import type { Page } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { ConnectionMark } from '../runs/page-head.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { Icon } from '../ui/icons.tsx';
import { NameDialog } from '../ui/name-dialog.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import type { ListRows } from './list-table.tsx';

export interface ListSearch {
  /** As it stands in the field. */
  readonly typed: string;
  setTyped(text: string): void;
  /** What is searched for, a little after it was typed. */
  readonly wanted: string;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** `inLink` is what the link of the page says; `onSearch` writes it there, a moment after it was typed. */
export function useListSearch(inLink: string, onSearch: (text: string) => void): ListSearch {
  const [typed, setTyped] = useState(inLink);
  const wanted = useDeferredValue(typed.trim());
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the trigger
  useEffect(() => {
    if (wanted === inLink) return;
    const timer = setTimeout(() => onSearch(wanted), 300);
    return () => clearTimeout(timer);
  }, [wanted]);
  useKeys({
    '/': () => {
      field.current?.focus();
      return true;
    },
  });
  return { typed, setTyped, wanted, field };
}

export function ListPage<Item>(props: {
  title: string;
  /** Of one, and of any other number. */
  words: readonly [one: string, many: string];
  connection: Connection;
  /** Absent where there is nothing to search by. */
  search?: ListSearch;
  list: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  table: (rows: ListRows<Item>) => ReactNode;
  /** In the place of the table when there are none. */
  empty: ReactNode;
  /** Makes another one of this name; absent where none is made here. */
  make?: { readonly title: string; readonly save: (name: string) => Promise<void> };
  tools?: ReactNode;
  foot?: ReactNode;
}) {
  const { title, words, search, list, make } = props;
  const [making, setMaking] = useState(false);
  useEffect(() => {
    document.title = `${title} · Cairn`;
  }, [title]);

  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const { hasNextPage: more } = list;
  return (
    <>
      <header className="head">
        <NavOpener />
        <h1>{title}</h1>
        <div className="head-tools">
          <ConnectionMark connection={props.connection} />
          <ThemeButton />
        </div>
      </header>
      <div className="bar">
        {search !== undefined && (
          <div className="bar-search">
            <Icon name="search" size={14} />
            <input
              ref={search.field}
              type="search"
              aria-label={`Search ${title.toLowerCase()} by name`}
              placeholder="Part of a name"
              value={search.typed}
              onChange={(event) => search.setTyped(event.target.value)}
            />
          </div>
        )}
        <div className="actions">
          {props.tools}
          {make !== undefined && (
            <button type="button" className="button primary" onClick={() => setMaking(true)}>
              {make.title}
            </button>
          )}
        </div>
      </div>
      <div className="page-body list-body">
        {list.isError && items.length === 0 ? (
          <ProblemView error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isSuccess && items.length === 0 ? (
          props.empty
        ) : (
          props.table({
            items,
            loading: list.isPending,
            more,
            onMore() {
              if (!list.isFetchingNextPage) void list.fetchNextPage();
            },
          })
        )}
      </div>
      <footer className="foot">
        {list.isSuccess && (
          <span>
            {countText(items.length)}
            {more ? '+' : ''} {items.length === 1 && !more ? words[0] : words[1]}
            {(search?.wanted ?? '') === '' ? '' : ' found'}
          </span>
        )}
        {props.foot}
      </footer>
      {making && make !== undefined && (
        <NameDialog
          title={make.title}
          action="Make it"
          value=""
          onSave={make.save}
          onClose={() => setMaking(false)}
        />
      )}
    </>
  );
}

/** What a search has found none of. */
export function NoneCalledSo(props: { what: string; among?: string; search: ListSearch }) {
  const { what, among, search } = props;
  return (
    <div className="notice">
      <h2>No {what} is called so</h2>
      <p>
        None{among === undefined ? '' : ` of the ${among} ones`} has “{search.wanted}” in its name. Capitals
        do not matter.
      </p>
      <div className="notice-actions">
        <button type="button" className="button primary" onClick={() => search.setTyped('')}>
          Show all
        </button>
      </div>
    </div>
  );
}
