/**
 * The import law (ARCHITECTURE.md, "The house"): kernel ← db, engines ← domain ← faces ← app ← cli. Each rule returns
 * the places that break it.
 */
import { type Import, importsOf, isTest, packageOf, type Tree } from './source.ts';

/** A slice imports another one only if it stands earlier here. */
const sliceOrder = (
  'access events graph contexts runs metrics search artifacts datasets models registry pipelines ' +
  'deployments lineage analysis triggers documents traces transfer retention'
).split(' ');

/** Layer → layers it may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  db: ['kernel'],
  engines: ['kernel'],
  domain: ['kernel', 'db', 'engines'],
  faces: ['kernel', 'domain'],
  config: ['kernel'],
  app: ['kernel', 'db', 'engines', 'domain', 'faces', 'config'],
  cli: ['kernel', 'db', 'engines', 'domain', 'faces', 'config', 'app'],
};

/** Vendor package, or built-in of weight → the only place that may import it. */
const vendorHomes: Readonly<Record<string, string>> = {
  fastify: 'src/faces/http/',
  pino: 'src/server-log.ts',
  'prom-client': 'src/faces/http/',
  typebox: 'src/kernel/schema',
  pg: 'src/db/postgres/',
  mysql2: 'src/db/mysql/',
  yaml: 'src/cli/mlflow/',
  'node:sqlite': 'src/db/sqlite/',
};

/** Packages that only tests, and what they alone reach, may import. */
const testVendors = ['fast-check'];

/** A file right below src is part of the composition root, save the table of settings. */
function layerOf(file: string): string {
  const [, name = ''] = file.split('/');
  if (name === 'config.ts') return 'config';
  return name.endsWith('.ts') ? 'app' : name;
}
const partOf = (file: string): string => file.split('/')[2]!;

const ownFiles = (tree: Tree): string[] => [...tree.keys()].filter((file) => /^src\/.*\.ts$/.test(file));

function violations(
  tree: Tree,
  files: readonly string[],
  rule: (file: string, found: Import) => string | undefined,
) {
  return files.flatMap((file) =>
    importsOf(tree, file).flatMap((found) => {
      const why = rule(file, found);
      return why === undefined ? [] : [`${file}:${found.line} imports ${found.specifier}: ${why}`];
    }),
  );
}

/** Arrows between layers point left only. Tests may reach what a test needs: the store they run on, test/. */
export function brokenArrows(tree: Tree): string[] {
  return violations(tree, ownFiles(tree), (file, { target }) => {
    if (target === undefined) return undefined;
    const from = layerOf(file);
    if (mayImport[from] === undefined) return `src/${from} is no layer of the house`;
    if (from === 'cli' && target === clientIndex) return undefined;
    if (!target.startsWith('src/')) return isTest(file) || isAsset(target) ? undefined : 'outside of src';
    const to = layerOf(target);
    if (to === from || mayImport[from].includes(to)) return undefined;
    return isTest(file) && to !== 'cli' && to !== 'app' ? undefined : `${from} may not import ${to}`;
  });
}

/** The command line talks to servers as any other program does. */
const clientIndex = 'sdk/src/index.ts';

/** The client (sdk/) is published alone and runs in browsers: it imports itself, and files of this machine only where it reads one. */
export function entangledClient(tree: Tree): string[] {
  const files = [...tree.keys()].filter((file) => file.startsWith('sdk/src/'));
  return violations(tree, files, (file, { specifier, target }) => {
    if (target?.startsWith('sdk/src/')) return undefined;
    if (specifier === 'node:fs' && file === 'sdk/src/upload.ts') return undefined;
    return 'the client imports nothing but itself';
  });
}

/** The UI (web/) is a client like any other: of the rest it imports nothing but the types of what the API sends and takes. */
export function entangledUi(tree: Tree): string[] {
  const files = [...tree.keys()].filter((file) => file.startsWith('web/src/') && !isTest(file));
  return violations(tree, files, (_, { target }) =>
    target === undefined || target.startsWith('web/') || target === 'sdk/src/wire.ts'
      ? undefined
      : 'the UI imports itself, and the types of the API',
  );
}

/** Files outside of src that are read, not imported: the manifest, the built UI. */
const isAsset = (target: string): boolean => target === 'package.json' || target.startsWith('web/dist');

/** A slice is entered by its index.ts only, and only from a later slice, a face, app or cli. */
export function brokenSlices(tree: Tree): string[] {
  return violations(tree, ownFiles(tree), (file, { target }) => {
    if (!target?.startsWith('src/domain/')) return undefined;
    const isInside = layerOf(file) === 'domain' && partOf(file) === partOf(target);
    if (isInside) return undefined;
    if (!target.endsWith('/index.ts')) return 'another slice is entered by its index.ts';
    if (layerOf(file) !== 'domain' || isTest(file)) return undefined;
    const [from, to] = [sliceOrder.indexOf(partOf(file)), sliceOrder.indexOf(partOf(target))];
    if (from === -1 || to === -1) return 'not a slice in the order (test/tidy/import-law.ts)';
    return to < from ? undefined : `${partOf(target)} stands later than ${partOf(file)}`;
  });
}

/** Engines know no other engine; faces know no other face, save the host they are mounted on by app. */
export function brokenIsolation(tree: Tree): string[] {
  const isolated = ownFiles(tree).filter((file) => ['engines', 'faces'].includes(layerOf(file)));
  return violations(tree, isolated, (file, { target }) => {
    if (target === undefined || layerOf(file) !== layerOf(target)) return undefined;
    if (partOf(file) === partOf(target)) return undefined;
    return `${layerOf(file)} do not import each other`;
  });
}

/** Each vendor library has one home, and every one of them stands in the table. */
export function strayVendors(tree: Tree): string[] {
  const inProduction = reachedFrom(tree, ['src/cli/main.ts']);
  const files = ownFiles(tree).filter((file) => !isTest(file));
  return violations(tree, files, (file, { specifier, target }) => {
    if (target !== undefined) return undefined;
    const isBuiltIn = specifier.startsWith('node:');
    const vendor = isBuiltIn ? specifier : packageOf(specifier);
    const home = vendorHomes[vendor];
    if (home !== undefined) return file.startsWith(home) ? undefined : `its home is ${home}`;
    if (isBuiltIn || (testVendors.includes(vendor) && !inProduction.has(file))) return undefined;
    return 'has no home in vendorHomes (test/tidy/import-law.ts)';
  });
}

/** Files of src that nothing reaches from the command, a test, a bench or the docs generator. */
export function deadFiles(tree: Tree): string[] {
  const entries = [...tree.keys()].filter(
    (file) =>
      file === 'src/cli/main.ts' || isTest(file) || /^(test|bench|docs|bin)\/.*\.(ts|mjs)$/.test(file),
  );
  const reached = reachedFrom(tree, entries);
  return ownFiles(tree).filter((file) => !reached.has(file));
}

function reachedFrom(tree: Tree, entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (reached.has(file) || !tree.has(file)) continue;
    reached.add(file);
    for (const { target } of importsOf(tree, file)) if (target !== undefined) queue.push(target);
  }
  return reached;
}
