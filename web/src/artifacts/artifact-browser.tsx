/** The files of a run or a model: the tree at the left, what the chosen one holds at the right. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import type { ArtifactOwner } from '../api/types.ts';
import { ArtifactTree } from './artifact-tree.tsx';
import { ArtifactView } from './artifact-view.tsx';
import { foldersAbove, inOrder, type Listing, treeRows } from './tree.ts';
import { folderQuery, useFolders } from './use-folders.ts';

export interface ArtifactRoot {
  /** False where this server, or where the owner keeps its files, cannot list them. */
  readonly there: boolean;
  readonly listing: Listing | undefined;
}

export function useArtifactRoot(project: string, owner: ArtifactOwner): ArtifactRoot {
  // Files that clients put elsewhere by themselves leave no event here.
  const root = useQuery({ ...folderQuery(project, owner, ''), refetchInterval: 15_000 });
  const refused = root.error instanceof ApiProblem && root.error.status > 0;
  return { there: root.data !== undefined && !refused, listing: root.data };
}

export function ArtifactBrowser(props: {
  project: string;
  owner: ArtifactOwner;
  root: ArtifactRoot;
  /** Path of what is shown, as the page's URL has it. */
  chosen: string | undefined;
  onChoose: (path: string) => void;
  /** What is shown before anything is chosen; the first file when absent. */
  initial?: 'folder';
  /** What stands here when there is no file. */
  empty: ReactNode;
}) {
  const { project, owner, chosen } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(foldersAbove(chosen ?? '')));
  const folders = useMemo(
    () => [...open].filter((folder) => foldersAbove(folder).every((one) => open.has(one))),
    [open],
  );
  const { states, readMore } = useFolders(project, owner, folders);
  const rows = treeRows(
    (folder) => states.get(folder),
    (folder) => open.has(folder),
  );

  // Another page may link to a file that lies deep in here.
  useEffect(() => {
    if (chosen === undefined) return;
    setOpen((before) => {
      const above = foldersAbove(chosen).filter((folder) => !before.has(folder));
      return above.length === 0 ? before : new Set([...before, ...above]);
    });
  }, [chosen]);

  const root = props.root.listing;
  if (root === undefined) return null;
  if (root.entries.length === 0) return props.empty;
  const first = inOrder(root).find(({ directory }) => !directory);
  const shown = chosen ?? (props.initial === 'folder' ? '' : (first?.path ?? ''));
  const row = rows.find((one) => one.kind === 'entry' && one.entry.path === shown);
  return (
    <div className="artifacts">
      <ArtifactTree
        rows={rows}
        chosen={shown}
        onChoose={({ path }) => props.onChoose(path)}
        onToggle={(folder, opened) =>
          setOpen((before) => {
            const after = new Set(before);
            if (opened) after.add(folder);
            else after.delete(folder);
            return after;
          })
        }
        onMore={readMore}
      />
      <ArtifactView
        key={shown}
        project={project}
        owner={owner}
        path={shown}
        directory={shown === '' ? true : row?.kind === 'entry' ? row.entry.directory : undefined}
        onChoose={props.onChoose}
      />
    </div>
  );
}
