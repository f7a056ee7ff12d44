/** Listings of the folders that are open, each read in parts of a thousand, as far as somebody has looked. */
import { queryOptions, useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { artifactList } from '../api/operations.ts';
import type { ArtifactEntry, ArtifactOwner } from '../api/types.ts';
import { artifactsKey } from './file.ts';
import type { FolderState, Listing } from './tree.ts';

const part = 1000;
/** What one answer may hold at most. */
const answerLimit = 10_000;

export function folderQuery(project: string, owner: ArtifactOwner, folder: string, wanted = () => part) {
  return queryOptions({
    queryKey: [...artifactsKey(project, owner), 'folder', folder],
    queryFn: async ({ signal }): Promise<Listing> => {
      const entries: ArtifactEntry[] = [];
      let cursor: string | undefined;
      do {
        const limit = Math.min(answerLimit, wanted() - entries.length);
        const path = folder === '' ? undefined : folder;
        const page = await artifactList(project, owner, { path, limit, cursor }, signal);
        entries.push(...page.items);
        cursor = page.cursor;
      } while (cursor !== undefined && entries.length < wanted());
      return { entries, complete: cursor === undefined };
    },
  });
}

export function useFolders(project: string, owner: ArtifactOwner, open: readonly string[]) {
  const queries = useQueryClient();
  const wanted = useRef(new Map<string, number>());
  const folders = useMemo(() => ['', ...open], [open]);
  const results = useQueries({
    queries: folders.map((folder) =>
      folderQuery(project, owner, folder, () => wanted.current.get(folder) ?? part),
    ),
  });
  const states = new Map<string, FolderState>(folders.map((folder, index) => [folder, results[index]!]));

  const { kind, id } = owner;
  const readMore = useCallback(
    (folder: string) => {
      const { queryKey } = folderQuery(project, { kind, id }, folder);
      const read = queries.getQueryData<Listing>(queryKey)?.entries.length ?? 0;
      // What was read is read again with the next part: the folder may have changed in between.
      if (queries.isFetching({ queryKey }) > 0 && (wanted.current.get(folder) ?? part) > read) return;
      wanted.current.set(folder, read + part);
      void queries.invalidateQueries({ queryKey });
    },
    [queries, project, kind, id],
  );
  return { states, readMore };
}
