/** What a file of requirements names, as far as two of them can be compared: nothing is resolved, nothing fetched. */

/** Package, by its name as PyPI spells it, → what is asked of its version; '' for any. */
export function packagesOf(requirements: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const written of requirements.split(/\r?\n/)) {
    const line = written.replace(/(^|\s)#.*$/, '').trim();
    // Options (`-r other.txt`, `--no-deps`) name no package.
    const [, name, extras = '', rest = ''] =
      /^([a-z0-9][a-z0-9._-]*)\s*(\[[^\]]*\])?\s*([<>=!~;@(].*)?$/i.exec(line) ?? [];
    if (name === undefined) continue;
    const spelt = name.toLowerCase().replaceAll(/[-_.]+/g, '-');
    found.set(`${spelt}${extras.replaceAll(/\s+/g, '')}`, rest.replaceAll(/\s+/g, ' '));
  }
  return found;
}

/** The version of Python in a `python_env.yaml`. */
export function pythonOf(environment: string): string | undefined {
  return /^python:\s*["']?([^\s"'#]+)/m.exec(environment)?.[1];
}
