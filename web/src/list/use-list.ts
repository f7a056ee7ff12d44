/** The pages of a list that were scrolled to. While its search or order changes, what stood before stays until the answer comes. */
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '../api/types.ts';

/** Rows that are asked for at once. */
export const listPage = 100;

/** Part of a page's request. */
export interface ListPart {
  readonly limit: number;
  readonly cursor: string | undefined;
}

export function useList<Item>(options: {
  /** Which list: what it shows stays only while this is the same. */
  list: readonly string[];
  /** What is asked of it, such as a search and an order. */
  asked: readonly unknown[];
  read: (part: ListPart, signal: AbortSignal) => Promise<Page<Item>>;
}): UseInfiniteQueryResult<InfiniteData<Page<Item>>> {
  const { list, asked, read } = options;
  return useInfiniteQuery({
    queryKey: [...list, ...asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => read({ limit: listPage, cursor: pageParam }, signal),
    getNextPageParam: (last: Page<Item>) => last.cursor,
    placeholderData: (before, query) =>
      list.every((part, index) => query?.queryKey[index] === part) ? before : undefined,
  });
}
