/**
 * The tree as the tidy tests see it: the files that git knows or would take, and what each imports. Rules are pure
 * functions over such a tree, so that every rule is also shown a tree that breaks it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..', '..');

/** Path from the root, with slashes → text. */
export type Tree = ReadonlyMap<string, string>;

const binary = /\.(png|jpg|ico|woff2?|gz|zst|db|parquet)$/;

export function readTree(): Tree {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const files = [...new Set(listed.split('\0'))].filter((file) => file !== '' && !binary.test(file)).sort();
  const present = files.filter((file) => existsSync(path.join(root, file)));
  return new Map(present.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

export interface Import {
  /** As written: `./run.ts`, `pg`, `node:path`. */
  readonly specifier: string;
  /** The file of ours it names, if it is one. */
  readonly target: string | undefined;
  readonly line: number;
}

const importPatterns = [
  /^(?:import|export)\b[^'"`;]*?\bfrom\s+(['"])([^'"\n]+)\1/gm,
  /^import\s+(['"])([^'"\n]+)\1/gm,
  /\bimport\(\s*(['"])([^'"\n]+)\1/g,
  // Threads and child processes are started by the address of their file.
  /\bnew URL\(\s*(['"])(\.[^'"\n]+)\1\s*,\s*import\.meta\.url/g,
];

/** What a file imports, statically, dynamically, as a type or as the file of a thread. */
export function importsOf(tree: Tree, file: string): Import[] {
  const text = withoutComments(tree.get(file) ?? '');
  const found: Import[] = [];
  for (const pattern of importPatterns) {
    for (const match of text.matchAll(pattern)) {
      const specifier = match[2]!;
      const target = specifier.startsWith('.')
        ? path.posix.join(path.posix.dirname(file), specifier)
        : undefined;
      found.push({ specifier, target, line: text.slice(0, match.index).split('\n').length });
    }
  }
  return found;
}

/** The text with comments blanked, lines kept. Good enough for our style: no `//` or `/*` inside of patterns. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;{(,])\/\/[^\n]*/g, (comment, before: string) => before.padEnd(comment.length));
}

export const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file);

/** The package of a bare specifier: `@fastify/static/x` → `@fastify/static`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

/** Matches of a pattern in some files, as `file:line: text`. */
export function occurrences(tree: Tree, files: readonly string[], pattern: RegExp, code = false): string[] {
  return files.flatMap((file) => {
    const text = tree.get(file) ?? '';
    return (code ? withoutComments(text) : text)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      );
  });
}
