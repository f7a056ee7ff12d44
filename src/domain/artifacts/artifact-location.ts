/**
 * Where an artifact URI leads. `mlflow-artifacts:` is the tree of the project, kept here. Everything else is a place that
 * clients use by themselves; the server looks into it only below a root its operator allowed, and only into folders.
 */
import path from 'node:path';
import { FolderView } from '../../engines/blobs/index.ts';
import { CairnError } from '../../kernel/errors.ts';
import { percentDecoded } from '../../kernel/percent-encoding.ts';
import { type ArtifactPath, folderPath } from './artifact-path.ts';

/** The root of what is kept here. */
export const proxiedRoot = 'mlflow-artifacts:/';

export type Place =
  | { readonly kind: 'tree'; readonly path: ArtifactPath | '' }
  | { readonly kind: 'folder'; readonly view: FolderView; readonly segments: readonly string[] };

interface AllowedFolder {
  readonly folder: string;
  readonly view: FolderView;
}

export class Locations {
  readonly #serverFolder: string;
  readonly #folders: readonly AllowedFolder[];
  readonly #otherRoots: readonly string[];

  /** `allowedRoots` as the operator wrote them; relative ones are below `serverFolder`. */
  constructor(allowedRoots: readonly string[], serverFolder: string) {
    this.#serverFolder = serverFolder;
    const folders = allowedRoots.map((root) => localPath(root, serverFolder));
    this.#folders = folders
      .filter((folder) => folder !== undefined)
      .map((folder) => ({ folder, view: new FolderView(folder) }));
    this.#otherRoots = allowedRoots.filter((_root, index) => folders[index] === undefined);
  }

  /** `failed_precondition` for a place the server does not open, `not_implemented` for one that it may but cannot. */
  placeOf(location: string): Place {
    const tree = treePath(location);
    if (tree !== undefined) return { kind: 'tree', path: tree };
    const local = localPath(location, this.#serverFolder);
    for (const { folder, view } of this.#folders) {
      if (local === undefined) break;
      const way = path.relative(folder, local);
      if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) continue;
      return { kind: 'folder', view, segments: way === '' ? [] : way.split(path.sep) };
    }
    const shown = location.slice(0, 300);
    if (this.#otherRoots.some((root) => isBelow(root, location))) {
      throw new CairnError(
        'not_implemented',
        `This server cannot open artifacts at ${shown}: only folders so far.`,
      );
    }
    throw new CairnError(
      'failed_precondition',
      `The server does not open artifacts at ${shown}: clients read and write there themselves. An operator can let it ` +
        'look there with --allow-artifact-root.',
      { field: 'artifact_location' },
    );
  }
}

/** The path in the tree that a `mlflow-artifacts:` URI names, whoever its host; undefined for any other URI. */
export function treePath(location: string): ArtifactPath | '' | undefined {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?(.*)$/is.exec(location);
  if (match === null) return undefined;
  // As clients do: runs of slashes are one. What they send is decoded once when it arrives.
  const written = match[1]!.replaceAll(/\/+/g, '/').replaceAll(/^\/|\/$/g, '');
  let decoded = written;
  try {
    decoded = decodeURIComponent(written);
  } catch {
    // not an escape: as it stands
  }
  return folderPath('artifact_location', decoded);
}

/** The absolute path of `file:…` or of a plain path, both decoded once as clients do; undefined for other schemes and other hosts. */
function localPath(location: string, serverFolder: string): string | undefined {
  const file = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/is.exec(location);
  if (file === null && /^[a-z][a-z0-9+.-]+:/i.test(location)) return undefined;
  const written = file === null ? location : file[1]!;
  if (file !== null && written.startsWith('//')) return undefined;
  const decoded = percentDecoded(written);
  return decoded.includes('\0') ? undefined : path.resolve(serverFolder, decoded);
}

function isBelow(root: string, location: string): boolean {
  const bare = root.replace(/\/+$/, '');
  return location === bare || location.startsWith(`${bare}/`);
}
