/**
 * Artifacts: trees of files over bytes that are kept once. Every place is an artifact URI (a run's, a model's, or the root
 * of all, `mlflow-artifacts:/`) and a path below it.
 *
 * A file changes in one transaction, after its bytes are durable: a reader sees the whole old or the whole new one, and a
 * kill in between leaves bytes that nothing names, which the next sweep takes away. Deleting a file, a run or an experiment
 * removes names, never bytes: those go when nothing has named them for a while (`removeUnreferenced`).
 */
import { type Blobs, type ByteSource, digestOf } from '../../engines/blobs/index.ts';
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { Download } from '../../kernel/operation.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import { Locations, type Place } from './artifact-location.ts';
import { ArtifactNaming } from './artifact-naming.ts';
import { ownerOf, requireActiveOwner, withinOwner } from './artifact-owner.ts';
import { type ArtifactPath, artifactPath, folderPath, joinPath, lastSegment } from './artifact-path.ts';
import {
  type ArtifactRow,
  countAt,
  filesAfter,
  findFile,
  isFolder,
  listFolder,
  pathAfter,
  removeAt,
} from './artifact-store.ts';
import { countUnreferenced, type RemovedBytes, removeUnreferenced, sweepLeftovers } from './blob-upkeep.ts';
import type { TicketSubject, Tickets } from './tickets.ts';
import { Uploads } from './uploads.ts';

/** One file or folder, as somebody sees it who lists. */
export interface ArtifactEntry {
  /** Below the URI that was asked. */
  readonly path: string;
  /** Last segment of the path. */
  readonly name: string;
  readonly directory: boolean;
  /** Bytes of a file. */
  readonly size: number | undefined;
  /** Hex; of a file that is kept here. */
  readonly sha256: string | undefined;
  /** ms; of a file */
  readonly updated: number | undefined;
}

/** A file that was moved in, or can be moved out. */
export interface MovedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** The bytes that a path of the tree named at some time. */
export interface FileVersion {
  readonly path: string;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** ms for which an address that was handed out is good. */
export const handedOutTime = 60 * 60 * 1000;

export interface ArtifactOptions {
  /** Roots outside of the tree that the server may look into. */
  readonly allowedRoots: readonly string[];
  /** What relative locations are relative to. */
  readonly serverFolder: string;
}

export class Artifacts {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #blobs: Blobs;
  readonly #tickets: Tickets;
  readonly #naming: ArtifactNaming;
  /** Of files in parts. */
  readonly uploads: Uploads;
  readonly #locations: Locations;

  constructor(graph: Graph, journal: Journal, blobs: Blobs, tickets: Tickets, options: ArtifactOptions) {
    this.#graph = graph;
    this.#journal = journal;
    this.#blobs = blobs;
    this.#tickets = tickets;
    this.#naming = new ArtifactNaming(graph, journal, blobs);
    this.uploads = new Uploads({ db: graph.db, blobs, tickets, naming: this.#naming });
    this.#locations = new Locations(options.allowedRoots, options.serverFolder);
  }

  /** Stores the bytes as the file at `path`, over what was there. Equal bytes again change nothing. */
  async put(
    context: RequestContext,
    project: ProjectId,
    uri: string,
    path: string,
    bytes: ByteSource,
  ): Promise<ArtifactEntry> {
    const below = artifactPath('path', path);
    const full = this.#treePath(uri, below) as ArtifactPath;
    // Told before the bytes have travelled, and held again when they have.
    await this.#naming.check(project, full);
    const held = await this.#blobs.put(bytes);
    const row = await this.#naming.name(context, project, full, held);
    return { path: below, name: lastSegment(below), directory: false, ...factsOf(row) };
  }

  /** The same where what it belongs to may be deleted, as when a whole store moves in. */
  async putMoved(
    context: RequestContext,
    project: ProjectId,
    uri: string,
    path: string,
    bytes: ByteSource,
  ): Promise<MovedFile> {
    const below = artifactPath('path', path);
    const full = this.#treePath(uri, below) as ArtifactPath;
    await this.#naming.check(project, full, 'any');
    const before = await this.#graph.db.read((queries) => findFile(queries, project, full));
    const held = await this.#blobs.put(bytes);
    if (before !== undefined && before.digest !== held.digest) {
      await held.release();
      throw new CairnError('conflict', `'${below}' stands here with other bytes.`, { field: 'path' });
    }
    const { size, digest } = await this.#naming.name(context, project, full, held, undefined, 'any');
    return { path: below, size, sha256: digest };
  }

  /** All files below a URI of the tree, by their paths below it, after a path. */
  async filesBelow(
    project: ProjectId,
    uri: string,
    after: string,
    limit: number,
  ): Promise<readonly MovedFile[]> {
    const place = this.#locations.placeOf(uri);
    if (place.kind !== 'tree') return [];
    const prefix = place.path === '' ? '' : `${place.path}/`;
    const rows = await this.#graph.db.scan((queries) =>
      filesAfter(queries, project, place.path, `${prefix}${after}`, limit),
    );
    return rows.map(({ path, size, digest }) => ({ path: path.slice(prefix.length), size, sha256: digest }));
  }

  /** The file at `path`, ready to be read. */
  async open(
    _context: RequestContext,
    project: ProjectId,
    uri: string,
    path: string,
    { inline = false }: { readonly inline?: boolean } = {},
  ): Promise<Download> {
    const below = artifactPath('path', path);
    const place = this.#placeOf(uri, below);
    if (place.kind === 'folder') return openInFolder(place, below, inline);
    const full = place.path as ArtifactPath;
    const { row, folder } = await this.#graph.db.read(async (queries) => {
      const found = await findFile(queries, project, full);
      return { row: found, folder: found === undefined && (await isFolder(queries, project, full)) };
    });
    if (row !== undefined) return this.#download(row, inline);
    throw folder ? isDirectory(below) : noSuchArtifact(below);
  }

  /** What stands directly in the folder `path` ('' for the root of the URI); nothing, if there is none. */
  async list(
    _context: RequestContext,
    project: ProjectId,
    uri: string,
    path: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<ArtifactEntry>> {
    const below = folderPath('path', path);
    const place = this.#placeOf(uri, below);
    const fingerprint = queryFingerprint(['artifacts', project, uri, below]);
    const from = page.cursor && String(decodeCursor(page.cursor, fingerprint, 1, 'cursor')[0]);
    const found =
      place.kind === 'tree'
        ? await this.#listTree(project, place.path, from, page.limit + 1)
        : await listInFolder(place, from, page.limit + 1);
    const items = found
      .slice(0, page.limit)
      .map(({ entry }) => ({ ...entry, path: join(below, entry.name) }));
    const last = found[page.limit - 1];
    if (found.length <= page.limit || last === undefined) return { items };
    return { items, cursor: encodeCursor(fingerprint, [last.after]) };
  }

  /** Removes the file at `path`, or the folder with all below it; `not_found` when nothing is there. */
  async delete(
    context: RequestContext,
    project: ProjectId,
    uri: string,
    path: string,
  ): Promise<{ readonly files: number; readonly size: number }> {
    const below = folderPath('path', path);
    if (below === '') throw invalid('path', 'Invalid path: it is empty; name what is to be deleted.');
    const full = this.#treePath(uri, below) as ArtifactPath;
    const now = context.clock.now();
    return this.#journal.write(context, project, 'artifact.delete', async (tx) => {
      const owner = await ownerOf(tx, this.#graph, project, full, true);
      const { files, size, foreign } = await countAt(tx, project, full, owner.node);
      if (files === 0) throw noSuchArtifact(below);
      requireActiveOwner(owner);
      if (foreign) {
        throw new CairnError(
          'failed_precondition',
          `'${below}' holds artifacts of several runs or models; delete them one by one.`,
          { field: 'path' },
        );
      }
      await removeAt(tx, project, full, now);
      const body = { path: withinOwner(owner, full), files, size };
      tx.record({ node: owner.node, touched: owner.context === undefined ? [] : [owner.context], body });
      return { files, size };
    });
  }

  /**
   * An address for the file as it is now, for who cannot say who they are: parts of it that are read one by one are of the
   * same bytes, also when the file is replaced or deleted meanwhile.
   */
  async handOut(
    context: RequestContext,
    project: ProjectId,
    uri: string,
    path: string,
  ): Promise<{ readonly version: FileVersion; readonly size: number; readonly ticket: string }> {
    const { tag, size } = await this.open(context, project, uri, path);
    const place = this.#placeOf(uri, artifactPath('path', path));
    if (place.kind !== 'tree' || place.path === '') throw notHandedOut();
    const version = { path: place.path, digest: tag };
    const expires = context.clock.now() + handedOutTime;
    return { version, size, ticket: this.#tickets.issue(versionSubject(project, version), expires) };
  }

  /** What was handed out, while its ticket is good and the bytes are kept. */
  async openHandedOut(
    context: RequestContext,
    project: ProjectId,
    version: FileVersion,
    ticket: string | undefined,
  ): Promise<Download> {
    this.#tickets.check(ticket, versionSubject(project, version), context.clock.now());
    const path = artifactPath('path', version.path);
    const digest = digestOf(version.digest);
    const blob = digest && (await this.#blobs.find(digest));
    if (blob === undefined) throw noSuchArtifact(path);
    return this.#download({ path, digest: blob.digest, size: blob.size }, false);
  }

  /** Removes whatever is to be removed: what dead uploads left, uploads that expired, bytes that nothing names any more. */
  async tidy(context: RequestContext): Promise<void> {
    await this.sweep();
    await this.uploads.sweep(context.clock.now(), context.signal);
    await this.removeUnreferenced(context);
  }

  /** Removes what uploads left whose process is dead; resolves to how many blobs went. Beside running uploads too. */
  sweep(): Promise<number> {
    return sweepLeftovers(this.#graph.db, this.#blobs);
  }

  /** Removes bytes that no file has named for `grace` ms, and takes up no other after the instant `end`. */
  removeUnreferenced(context: RequestContext, grace?: number, end?: number): Promise<RemovedBytes> {
    return removeUnreferenced(context, this.#graph.db, this.#blobs, grace, end);
  }

  /** What that would remove. */
  countUnreferenced(context: RequestContext): Promise<RemovedBytes> {
    return countUnreferenced(context, this.#graph.db);
  }

  #download(
    { path, size, digest }: Pick<ArtifactRow, 'path' | 'size' | 'digest'>,
    inline: boolean,
  ): Download {
    return {
      name: lastSegment(path),
      size,
      tag: digest,
      inline,
      read: (start, end, signal) =>
        this.#blobs.read(digest, start, end, signal).catch((error: unknown) => {
          if (!(error instanceof CairnError) || error.code !== 'not_found') throw error;
          throw new CairnError('internal', `the bytes of ${path} (${digest}) are missing`, { cause: error });
        }),
    };
  }

  async #listTree(
    project: ProjectId,
    folder: ArtifactPath | '',
    from: string | undefined,
    limit: number,
  ): Promise<Listed[]> {
    const begin = from ?? (folder === '' ? '' : `${folder}/`);
    const rows = await this.#graph.db.scan((queries) =>
      listFolder(queries, this.#graph.db.dialect, project, folder, begin, limit),
    );
    return rows.map((row) => ({
      entry: { name: row.name, directory: row.directory, ...(row.directory ? nothingOfIt : factsOf(row)) },
      after: pathAfter(folder, row),
    }));
  }

  #placeOf(uri: string, below: ArtifactPath | ''): Place {
    const place = this.#locations.placeOf(uri);
    if (place.kind === 'tree') return { kind: 'tree', path: joinPath('path', place.path, below) };
    return { ...place, segments: [...place.segments, ...(below === '' ? [] : below.split('/'))] };
  }

  /** Where something is changed, which is in the tree only. */
  #treePath(uri: string, below: ArtifactPath): ArtifactPath | '' {
    const place = this.#placeOf(uri, below);
    if (place.kind === 'tree') return place.path;
    throw new CairnError(
      'failed_precondition',
      'The server changes nothing outside of its own artifact folder: clients write to this place themselves.',
      { field: 'artifact_location' },
    );
  }
}

const versionSubject = (project: ProjectId, { path, digest }: FileVersion): TicketSubject => [
  'version',
  project,
  path,
  digest,
];

interface Listed {
  readonly entry: Omit<ArtifactEntry, 'path'>;
  /** Where a listing goes on after it. */
  readonly after: string;
}

type FolderPlace = Extract<Place, { kind: 'folder' }>;

const nothingOfIt = { size: undefined, sha256: undefined, updated: undefined } as const;

function factsOf(row: ArtifactRow): Pick<ArtifactEntry, 'size' | 'sha256' | 'updated'> {
  return { size: row.size, sha256: row.digest, updated: row.updated };
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

async function openInFolder(place: FolderPlace, path: ArtifactPath, inline: boolean): Promise<Download> {
  const file = await place.view.find(place.segments);
  if (file === undefined) throw noSuchArtifact(path);
  if (file === 'directory') throw isDirectory(path);
  const { size, updated } = file;
  return {
    name: lastSegment(path),
    size,
    tag: `${updated.toString(36)}-${size.toString(36)}`,
    inline,
    read: (start, end, signal) => file.read(start, end, signal),
  };
}

async function listInFolder(place: FolderPlace, from: string | undefined, limit: number): Promise<Listed[]> {
  const entries = await place.view.list(place.segments);
  const after = from === undefined ? undefined : Buffer.from(from);
  const rest =
    after === undefined
      ? entries
      : entries.filter(({ name }) => Buffer.compare(Buffer.from(name), after) > 0);
  return rest.slice(0, limit).map(({ name, directory, size, updated }) => ({
    entry: { name, directory, size, sha256: undefined, updated: directory ? undefined : updated },
    after: name,
  }));
}

const notHandedOut = (): CairnError =>
  new CairnError('not_implemented', 'Addresses are handed out for files of the artifact tree only.');

const noSuchArtifact = (path: string): CairnError => notFound(`No such artifact: '${path}'`, 'path');

const isDirectory = (path: string): CairnError =>
  invalid('path', `Artifact path refers to a directory, not a file: '${path}'`);
