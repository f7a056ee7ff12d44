/** Rules about the text and the names of files. Each returns the places that break it. */
import { isTest, occurrences, type Tree, withoutComments } from './source.ts';

/** A longer file is split by idea. No exceptions so far. */
const maxLines = 400;
const generated =
  /^(docs\/reference\/|web\/src\/generated\/|sdk\/src\/wire\.ts)|package-lock\.json$|openapi\.json$/;

const sources = (tree: Tree, pattern: RegExp): string[] =>
  [...tree.keys()].filter((file) => pattern.test(file) && !generated.test(file));

export function longFiles(tree: Tree): string[] {
  return sources(tree, /\.(ts|tsx|mjs|css|py|sql)$/).flatMap((file) => {
    const lines = tree.get(file)!.split('\n').length - 1;
    return lines > maxLines ? [`${file} has ${lines} lines, more than ${maxLines}`] : [];
  });
}

/** Names that say nothing about what is inside. */
export function emptyNames(tree: Tree): string[] {
  const empty = /(^|[/.-])(utils?|common|helpers?|shared|managers?|misc)([/.-]|$)/i;
  return [...tree.keys()].filter((file) => empty.test(file));
}

/**
 * Where the outside world's time and chance come in; everything else is handed a Clock and a Random. The host gives each
 * request its id and measures how long it took, before there is a context.
 */
const clockHomes = [
  'src/kernel/time.ts',
  'src/kernel/ids.ts',
  'src/db/sqlite/',
  'src/db/postgres/',
  'src/faces/http/http-host.ts',
];
const clockOrChance =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\brandom(Bytes|UUID|Int)\b|\bset(Timeout|Interval)\(/;

export function hiddenClocks(tree: Tree): string[] {
  const files = sources(tree, /^src\/.*\.ts$/).filter((file) => !isTest(file));
  const others = files.filter((file) => !clockHomes.some((home) => file.startsWith(home)));
  return occurrences(tree, others, clockOrChance, true);
}

/** Folders of the machine somebody worked on. */
const machinePath = /(^|[^A-Za-z0-9_.])\/(work|farm|root|home\/[a-z]+|Users\/[A-Za-z]+)\/[A-Za-z.]/;
/** A registry or index other than the one a reader's own tools are set to. */
const registryHost =
  /https?:\/\/(registry|npm|pypi|mirror|proxy)[.-][^\s"']*|--?(extra-)?index-ur[l]|_authToke[n]/;

export function machineTraces(tree: Tree): string[] {
  const files = [...tree.keys()];
  return [...occurrences(tree, files, machinePath), ...occurrences(tree, files, registryHost)];
}

/** Lock files name packages and digests, not the host they once came from. */
export function lockedHosts(tree: Tree): string[] {
  const locks = [...tree.keys()].filter((file) => file.endsWith('package-lock.json'));
  return occurrences(tree, locks, /"resolved":/);
}

/** A test that is switched off in the source, or that leaves the others out. */
export function switchedOffTests(tree: Tree): string[] {
  return occurrences(
    tree,
    [...tree.keys()].filter(isTest),
    /\b(it|test|describe)\.only\(|\bonly: true\b/,
    true,
  );
}

/** Waiting for time instead of for what must happen. */
export function sleepingTests(tree: Tree): string[] {
  const files = [...tree.keys()].filter((file) => isTest(file) && file.startsWith('src/'));
  return occurrences(tree, files, /node:timers\/promises|\bsetTimeout\(/, true);
}

/** Values that a file offers and no other file takes. Types may be exported with what they describe. */
export function strayExports(tree: Tree): string[] {
  const wordsOf = (file: string) =>
    new Set(withoutComments(tree.get(file)!).match(/[A-Za-z_$][\w$]*/g) ?? []);
  const files = [...tree.keys()].filter((file) => /\.(ts|tsx|mjs)$/.test(file));
  const words = new Map(files.map((file) => [file, wordsOf(file)]));
  return sources(tree, /^(src|bin)\/.*\.(ts|mjs)$/).flatMap((file) => {
    const offered = tree
      .get(file)!
      .matchAll(/^export (?:async )?(?:const|let|function\*?|class)\s+([\w$]+)/gm);
    return [...offered]
      .map(([, name]) => name!)
      .filter((name) => !files.some((other) => other !== file && words.get(other)!.has(name)))
      .map((name) => `${file} exports ${name}, which nobody takes`);
  });
}
