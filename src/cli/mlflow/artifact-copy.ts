/**
 * Artifacts of a source: which of them can be read here, and copying them. A place that the source names is opened only below folders
 * that belong to the source or were named by whoever started the move: a hostile store leads nowhere else.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { RegisteredRecord } from '../../domain/transfer/index.ts';
import { type FolderFile, FolderView } from '../../engines/blobs/index.ts';
import type { CairnServer } from './cairn-server.ts';
import type { Problems } from './problems.ts';
import type { ArtifactPlace, Source, SourceExperiment } from './source.ts';
import type { Tally } from './tally.ts';

export interface ArtifactOptions {
  /** Folders below which places of the source are opened; the first is also what `mlflow-artifacts:/` stands for, unless it is named. */
  readonly roots: readonly string[];
  /** What `mlflow-artifacts:/` stands for. */
  readonly proxied: string | undefined;
  /** Leave them where they are. */
  readonly isReference: boolean;
}

/** Files sent at a time. */
const sendsAtOnce = 4;
const proxiedScheme = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*/i;

export class ArtifactCopy {
  readonly #options: ArtifactOptions;
  /** Folders of experiments that are copied → where to. */
  readonly #moved = new Map<string, string>();

  constructor(options: ArtifactOptions) {
    this.#options = options;
  }

  /** The experiment with the place that its artifacts have here: a folder that is copied becomes one of Cairn's. */
  placed(experiment: SourceExperiment): SourceExperiment {
    const { id, location } = experiment.record;
    if (this.#options.isReference || proxiedScheme.test(location) || localPath(location) === undefined)
      return experiment;
    this.#moved.set(location.replace(/\/+$/, ''), `mlflow-artifacts:/${id}`);
    return { ...experiment, record: { ...experiment.record, location: `mlflow-artifacts:/${id}` } };
  }

  /** The registered model with the places of its versions where they were copied to. */
  placedVersions(record: RegisteredRecord): RegisteredRecord {
    if (this.#moved.size === 0) return record;
    const versions = record.versions.map((version) => ({
      ...version,
      location: this.#placeOf(version.location),
    }));
    return { ...record, versions };
  }

  #placeOf(location: string): string {
    for (const [from, to] of this.#moved)
      if (location.startsWith(`${from}/`)) return `${to}${location.slice(from.length)}`;
    return location;
  }

  /** Copies what is missing; a file that stands here is never replaced. */
  async copy(
    source: Source,
    target: CairnServer,
    { record }: SourceExperiment,
    refused: Problems,
  ): Promise<number> {
    let copied = 0;
    if (this.#options.isReference || !proxiedScheme.test(record.location)) return 0;
    for await (const places of source.places(record.id)) {
      for (const place of places) {
        const there = await this.#filesOf(place, source.problems);
        if (there.length === 0) continue;
        const uri = uriOf(record.location, place);
        const here = new Map((await target.files(uri)).map((file) => [file.path, file.size]));
        const missing = there.filter(([name, file]) => here.get(name) !== file.size);
        for (let start = 0; start < missing.length; start += sendsAtOnce) {
          const sends = missing.slice(start, start + sendsAtOnce).map(async ([name, file]) => {
            const why = await target.putFile(uri, name, await file.read(0, file.size));
            if (why === undefined) copied++;
            else refused.add(`file not moved: ${why}`, `${name} of ${place.owner} ${place.id}`);
          });
          await Promise.all(sends);
        }
      }
    }
    return copied;
  }

  /** Both sides, file by file, with the digests of their bytes. */
  async tally(
    source: Source,
    target: CairnServer,
    { record }: SourceExperiment,
    there: Tally,
    here: Tally,
  ): Promise<void> {
    if (this.#options.isReference || !proxiedScheme.test(record.location)) return;
    for await (const places of source.places(record.id)) {
      for (const place of places) {
        const owner = `${place.owner} ${place.id}`;
        if (!there.owners.has(owner)) continue;
        for (const [name, file] of await this.#filesOf(place, source.problems))
          there.file(owner, { path: name, size: file.size, sha256: await digestOf(file) });
        const files = await target.files(uriOf(record.location, place));
        for (const file of files) here.file(owner, file);
      }
    }
  }

  /** All files of a place by their paths; a place that cannot be opened is a problem. */
  async #filesOf(place: ArtifactPlace, problems: Problems): Promise<(readonly [string, FolderFile])[]> {
    const found = this.#folderOf(place.uri);
    if (found === undefined) {
      if (place.uri !== '')
        problems.add('artifacts that lie where this command may not look (--artifact-root)', place.uri);
      return [];
    }
    return this.#walk(found.view, found.segments, [], problems);
  }

  async #walk(
    view: FolderView,
    base: readonly string[],
    below: readonly string[],
    problems: Problems,
  ): Promise<(readonly [string, FolderFile])[]> {
    const files: (readonly [string, FolderFile])[] = [];
    for (const { name, directory } of await view.list([...base, ...below])) {
      const inner = [...below, name];
      if (directory) {
        // A loop of links is as deep as its path is long.
        if (inner.length > 100) problems.add('folders of artifacts without end', inner.slice(0, 5).join('/'));
        else files.push(...(await this.#walk(view, base, inner, problems)));
        continue;
      }
      const file = await view.find([...base, ...inner]);
      if (file === undefined || file === 'directory')
        problems.add('a file that cannot be opened', inner.join('/'));
      else files.push([inner.join('/'), file]);
    }
    return files;
  }

  #folderOf(uri: string): { view: FolderView; segments: readonly string[] } | undefined {
    const { roots, proxied } = this.#options;
    if (proxiedScheme.test(uri)) {
      if (proxied === undefined) return undefined;
      const segments = uri.replace(proxiedScheme, '').split('/').filter(Boolean);
      return segments.includes('..') ? undefined : { view: new FolderView(proxied), segments };
    }
    const local = localPath(uri);
    if (local === undefined) return undefined;
    for (const root of roots) {
      const way = path.relative(root, path.resolve(root, local));
      if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) continue;
      return { view: new FolderView(root), segments: way === '' ? [] : way.split(path.sep) };
    }
    return undefined;
  }
}

/** Where the artifacts of a run or a model lie here. */
function uriOf(location: string, { owner, id }: ArtifactPlace): string {
  const base = location.replace(/\/+$/, '');
  return owner === 'run' ? `${base}/${id}/artifacts` : `${base}/models/${id}/artifacts`;
}

/** The path of `file:…` or of a plain path; undefined for any other address. */
function localPath(uri: string): string | undefined {
  const file = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/is.exec(uri);
  if (file === null) return /^[a-z][a-z0-9+.-]*:/i.test(uri) || uri === '' ? undefined : uri;
  try {
    return decodeURIComponent(file[1]!);
  } catch {
    return undefined;
  }
}

async function digestOf(file: FolderFile): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of await file.read(0, file.size)) digest.update(chunk);
  return digest.digest('hex');
}
