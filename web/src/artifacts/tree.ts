/** The tree of artifacts as rows, top to bottom, as it is open now. Pure. */
import type { ArtifactEntry } from '../api/types.ts';

export interface Listing {
  readonly entries: readonly ArtifactEntry[];
  /** False when the folder holds more than was read. */
  readonly complete: boolean;
}

export type TreeRow =
  | {
      readonly kind: 'entry';
      readonly key: string;
      readonly entry: ArtifactEntry;
      readonly depth: number;
      readonly open: boolean;
      /** Place among its siblings, from 1, and how many they are; -1 where more may follow. */
      readonly place: number;
      readonly siblings: number;
    }
  | {
      readonly kind: 'more' | 'waiting' | 'empty' | 'failed';
      readonly key: string;
      readonly folder: string;
      readonly depth: number;
    };

/** What a folder's query says at this moment. */
export type FolderState = { readonly data?: Listing | undefined; readonly isError: boolean };

export function treeRows(
  stateOf: (folder: string) => FolderState | undefined,
  isOpen: (folder: string) => boolean,
): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (folder: string, depth: number) => {
    const state = stateOf(folder);
    const listing = state?.data;
    if (listing === undefined) {
      const kind = state?.isError === true ? 'failed' : 'waiting';
      rows.push({ kind, key: `${kind} ${folder}`, folder, depth });
      return;
    }
    const entries = inOrder(listing);
    if (entries.length === 0) rows.push({ kind: 'empty', key: `empty ${folder}`, folder, depth });
    entries.forEach((entry, index) => {
      const open = entry.directory && isOpen(entry.path);
      const siblings = listing.complete ? entries.length : -1;
      rows.push({ kind: 'entry', key: entry.path, entry, depth, open, place: index + 1, siblings });
      if (open) add(entry.path, depth + 1);
    });
    if (!listing.complete) rows.push({ kind: 'more', key: `more ${folder}`, folder, depth });
  };
  add('', 0);
  return rows;
}

const byName = new Intl.Collator('en', { numeric: true });

/** Folders first, names as people count. A folder that is read in parts keeps the server's order, or rows would jump. */
export function inOrder({ entries, complete }: Listing): readonly ArtifactEntry[] {
  if (!complete || entries.length > 1000) return entries;
  return [...entries].sort(
    (a, b) => Number(b.directory) - Number(a.directory) || byName.compare(a.name, b.name),
  );
}

/** `a/b/c` → `a`, `a/b`: what must be open for it to be seen. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
