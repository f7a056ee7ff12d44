/**
 * Reading of a folder that somebody else filled, hostile or broken: no name and no link leads out of it, no file is larger than what
 * it may hold, text that is no UTF-8 and YAML that is none are problems and no ends.
 */
import { isMap, isScalar, parseDocument } from 'yaml';
import { type FolderEntry, FolderView } from '../../engines/blobs/index.ts';
import { Unreadable } from './fields.ts';
import type { Problems } from './problems.ts';

/** What MLflow keeps in one small file, at most: a data set's profile has up to 16 MiB. */
const fileLimit = 64 * 1024 * 1024;
/** A line of a file of points is some 60 bytes. */
const lineLimit = 64 * 1024;

/** A mapping of YAML: texts as they are written, null, and mappings of texts. */
export type YamlMap = ReadonlyMap<string, string | null | ReadonlyMap<string, string>>;

export class FilesReader {
  readonly #view: FolderView;
  readonly #problems: Problems;

  constructor(root: string, problems: Problems) {
    this.#view = new FolderView(root);
    this.#problems = problems;
  }

  /** What is in a folder; nothing if it is not there. Names that are no UTF-8 are problems. */
  async list(...segments: readonly string[]): Promise<FolderEntry[]> {
    const entries = await this.#view.list(segments);
    return entries.filter(({ name }) => {
      if (!name.includes('\ufffd')) return true;
      this.#problems.add('a file whose name is not UTF-8', [...segments, name].join('/'));
      return false;
    });
  }

  /** Every file below a folder, whose path below it is what MLflow calls the key. */
  async *keys(...segments: readonly string[]): AsyncGenerator<string> {
    for (const { name, directory } of await this.list(...segments)) {
      if (!directory) yield name;
      else for await (const key of this.keys(...segments, name)) yield `${name}/${key}`;
    }
  }

  /** All small files below a folder as key and text. */
  async pairs(...segments: readonly string[]): Promise<[string, string][]> {
    const pairs: [string, string][] = [];
    for await (const key of this.keys(...segments)) {
      const text = await this.text(...segments, ...key.split('/'));
      if (text !== undefined) pairs.push([key, text]);
    }
    return pairs;
  }

  /** The text of a small file; undefined if there is none. */
  async text(...segments: readonly string[]): Promise<string | undefined> {
    const where = segments.join('/');
    const file = await this.#view.find(segments);
    if (file === undefined || file === 'directory') return undefined;
    if (file.size > fileLimit) {
      this.#problems.add(`a file of more than ${fileLimit / 1024 / 1024} MiB where a text should be`, where);
      return undefined;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of await file.read(0, file.size)) chunks.push(Uint8Array.from(chunk));
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString('utf8');
    if (text.includes('\ufffd') && !Buffer.from(text).equals(bytes))
      this.#problems.add('text that is not UTF-8, kept with replacement characters', where);
    return text;
  }

  /** A file of YAML that is one mapping. Scalars stay as they are written: `1e3` is a name like any other. */
  async yaml(...segments: readonly string[]): Promise<YamlMap> {
    const text = await this.text(...segments);
    if (text === undefined) throw new Unreadable(`no ${segments.at(-1)}`);
    const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent', uniqueKeys: true });
    if (document.errors.length > 0 || !isMap(document.contents))
      throw new Unreadable(`a ${segments.at(-1)} that is no YAML mapping`);
    const found = new Map<string, string | null | ReadonlyMap<string, string>>();
    for (const { key, value } of document.contents.items) {
      if (!isScalar(key)) continue;
      if (isScalar(value)) found.set(String(key.value), scalar(value));
      else if (isMap(value)) {
        const inner = value.items.flatMap((item): [string, string][] =>
          isScalar(item.key) && isScalar(item.value)
            ? [[String(item.key.value), scalar(item.value) ?? '']]
            : [],
        );
        found.set(String(key.value), new Map(inner));
      }
    }
    return found;
  }

  /** Lines of a file of any size. */
  async *lines(...segments: readonly string[]): AsyncGenerator<string> {
    const file = await this.#view.find(segments);
    if (file === undefined || file === 'directory') return;
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of await file.read(0, file.size)) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
      if (rest.length <= lineLimit) continue;
      this.#problems.add('a file of points with a line without end', segments.join('/'));
      return;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  }
}

function scalar(node: { readonly value: unknown; readonly type?: string | undefined }): string | null {
  const text = node.value === null || node.value === undefined ? '' : String(node.value);
  const isPlain = node.type === undefined || node.type === 'PLAIN';
  return isPlain && /^(null|Null|NULL|~|)$/.test(text) ? null : text.toWellFormed();
}

/** A text of it; null for one that is not there, or null. */
export function told(map: YamlMap, key: string): string | null {
  const value = map.get(key);
  return typeof value === 'string' ? value : null;
}

export function required(map: YamlMap, key: string): string {
  const value = told(map, key);
  if (value === null || value === '') throw new Unreadable(`a meta.yaml without ${key}`);
  return value;
}
