/**
 * What the files beside a model ask for, as far as two of them can be compared: nothing is resolved, nothing fetched.
 *
 * Of YAML only what conda and MLflow write is read: a mapping of texts and of lists of texts, one level of mappings in these. A library reads
 * the rest too, and a file that somebody made for that keeps it busy: `yaml` 2.9 with 64 KiB of `{` had not ended after nine minutes. This
 * costs one pass over the lines, whatever they hold; what it does not understand it leaves out.
 */

/** Package, by its name as PyPI spells it, → what is asked of its version; '' for any. */
export type Packages = Map<string, string>;

/** Characters of a line; a longer one names no package. */
const longestLine = 1_000;
/** Lines of one file. */
const mostLines = 20_000;
/** Packages of one file. */
const mostPackages = 5_000;

export function packagesOf(requirements: string): Packages {
  const found: Packages = new Map();
  for (const written of linesOf(requirements)) {
    if (found.size === mostPackages) break;
    const [name, asked] = packageOf(written.replace(/(^|\s)#.*$/, '')) ?? [];
    if (name !== undefined) found.set(name, asked!);
  }
  return found;
}

/** Options (`-r other.txt`, `--no-deps`) and places name no package. */
function packageOf(line: string): [name: string, asked: string] | undefined {
  const [, name, extras = '', rest = ''] =
    /^([a-z0-9][a-z0-9._-]*)[ \t]*(\[[^\]]*\])?(.*)$/i.exec(line.trim()) ?? [];
  if (name === undefined || !/^\s*([<>=!~;@(]|$)/.test(rest)) return undefined;
  return [`${speltName(name)}${extras.replaceAll(/\s+/g, '')}`, rest.trim().replaceAll(/\s+/g, ' ')];
}

const speltName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** What a `python_env.yaml` asks for: Python, and what builds packages. */
export function pythonEnvironmentOf(text: string): Packages {
  const read = yamlOf(text);
  const found: Packages = new Map();
  const python = read.get('python');
  if (typeof python === 'string') found.set('python', python);
  for (const item of listAt(read, 'build_dependencies')) addPackage(found, item, 'build: ');
  for (const item of listAt(read, 'dependencies')) addPackage(found, item, '');
  return found;
}

/** What a `conda.yaml` asks for: Python and the packages of pip by their names, those of conda marked, channels. */
export function condaEnvironmentOf(text: string): Packages {
  const read = yamlOf(text);
  const found: Packages = new Map();
  for (const item of listAt(read, 'dependencies')) {
    if (typeof item !== 'string') {
      for (const [tool, list] of item) {
        for (const each of list) addPackage(found, each, tool === 'pip' ? '' : `${tool}: `);
      }
      continue;
    }
    // `channel::name=version=build`
    const [, channel = '', name, asked = ''] = /^([^\s:]+::)?([a-z0-9][a-z0-9._-]*)(.*)$/i.exec(item) ?? [];
    if (name === undefined || found.size === mostPackages) continue;
    const spelt = speltName(name);
    // As `python_env.yaml` spells it.
    if (spelt === 'python') found.set(spelt, asked.trim().replace(/^={1,2}\s*/, ''));
    else found.set(`conda: ${channel}${spelt}`, asked.trim());
  }
  const channels = listAt(read, 'channels').filter((item) => typeof item === 'string');
  if (channels.length > 0) found.set('conda channels', channels.join(', '));
  return found;
}

function addPackage(found: Packages, item: Item, mark: string): void {
  const [name, asked] = (typeof item === 'string' && packageOf(item)) || [];
  if (name !== undefined && found.size < mostPackages) found.set(`${mark}${name}`, asked!);
}

/** An item of a list: a text, or a mapping of lists of texts. */
type Item = string | ReadonlyMap<string, readonly string[]>;
type Yaml = ReadonlyMap<string, string | readonly Item[]>;

const listAt = (yaml: Yaml, key: string): readonly Item[] => {
  const value = yaml.get(key);
  return Array.isArray(value) ? value : [];
};

function yamlOf(text: string): Yaml {
  const read = new Map<string, string | Item[]>();
  let list: Item[] | undefined;
  let outer = 0;
  let inner: string[] | undefined;
  for (const line of linesOf(text)) {
    const [, indent, dash, rest] = /^( *)(- +|-$)?(.*)$/.exec(line)!;
    const words = withoutComment(rest!);
    if (dash === undefined && indent === '') {
      const [, key, value] = /^([\w.-]+):(?: +(.*))?$/.exec(words) ?? [];
      [list, inner] = [undefined, undefined];
      if (key === undefined) continue;
      if (value !== undefined && value !== '') {
        read.set(key, scalarOf(value));
        continue;
      }
      list = [];
      read.set(key, list);
      outer = -1;
    } else if (dash !== undefined && list !== undefined) {
      const depth = indent!.length;
      if (outer < 0) outer = depth;
      if (depth > outer) {
        if (inner !== undefined && words !== '') inner.push(scalarOf(words));
        continue;
      }
      const [, key] = /^([\w.-]+):$/.exec(words) ?? [];
      inner = key === undefined ? undefined : [];
      if (key !== undefined) list.push(new Map([[key, inner!]]));
      else if (words !== '') list.push(scalarOf(words));
    }
  }
  return read;
}

const withoutComment = (text: string): string =>
  (text.startsWith('#') ? '' : text.replace(/\s#.*$/, '')).trim();

function scalarOf(text: string): string {
  const [, quote, quoted] = /^(["'])(.*)\1$/.exec(text) ?? [];
  return quote === undefined ? text : quoted!;
}

function* linesOf(text: string): Generator<string> {
  for (const line of text.split('\n', mostLines)) {
    if (line.length <= longestLine) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
