/**
 * The style of the house, as tests. Every rule runs over the tree as it is, which must keep it, and over a small tree
 * that breaks it, which the rule must notice: a rule that cannot fail is worse than none.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  brokenArrows,
  brokenIsolation,
  brokenSlices,
  deadFiles,
  entangledClient,
  entangledUi,
  strayVendors,
} from './import-law.ts';
import { readTree, type Tree } from './source.ts';
import {
  emptyNames,
  hiddenClocks,
  lockedHosts,
  longFiles,
  machineTraces,
  sleepingTests,
  strayExports,
  switchedOffTests,
} from './text-rules.ts';

type Rule = (tree: Tree) => string[];
/** File → text, as little of it as breaks the rule. */
type Breaking = Readonly<Record<string, string>>;

const lines = (count: number) => 'x;\n'.repeat(count);
const rules: readonly (readonly [name: string, rule: Rule, ...breaking: Breaking[]])[] = [
  [
    'layers point left only',
    brokenArrows,
    { 'src/kernel/ids.ts': "import type { Db } from '../db/db.ts';" },
    { 'src/engines/search/a.ts': "import { sql } from '../../db/db.ts';" },
    { 'src/faces/http/a.ts': "import type { Db } from '../../db/db.ts';" },
    { 'src/faces/mlflow/a.ts': "import { parse } from '../../engines/search/parse.ts';" },
    { 'src/domain/runs/a.ts': "import { x } from '../../faces/http/a.ts';" },
    { 'src/app.ts': "const x = await import('./cli/main.ts');" },
    { 'src/db/sqlite/a.ts': "new Worker(new URL('../../domain/runs/run.ts', import.meta.url));" },
    { 'src/domain/runs/a.ts': "import { x } from '../../../test/stores/x.ts';" },
    { 'src/plugins/a.ts': "import { x } from '../kernel/ids.ts';" },
  ],
  [
    'a slice is entered by its index, from later ones only',
    brokenSlices,
    { 'src/domain/runs/a.ts': "import { x } from '../graph/node-store.ts';" },
    { 'src/domain/graph/a.ts': "import { x } from '../runs/index.ts';" },
    { 'src/faces/http/a.ts': "import { x } from '../../domain/runs/run-store.ts';" },
    { 'src/app.ts': "import { x } from './domain/runs/run-store.ts';" },
    { 'src/domain/secrets/a.ts': "import { x } from '../graph/index.ts';" },
  ],
  [
    'engines and faces stand alone',
    brokenIsolation,
    { 'src/engines/search/a.ts': "import { x } from '../metrics/points.ts';" },
    { 'src/faces/mlflow/a.ts': "import { x } from '../http/problem.ts';" },
  ],
  [
    'the client stands alone',
    entangledClient,
    { 'sdk/src/a.ts': "import { x } from '../../src/kernel/ids.ts';" },
    { 'sdk/src/a.ts': "import x from 'undici';" },
    { 'sdk/src/a.ts': "import { readFileSync } from 'node:fs';" },
  ],
  [
    'the UI is a client like any other',
    entangledUi,
    { 'web/src/a.ts': "import { x } from '../../src/kernel/ids.ts';" },
    { 'web/src/a.ts': "import { Cairn } from '../../sdk/src/index.ts';" },
  ],
  [
    'one home per vendor library',
    strayVendors,
    { 'src/domain/runs/a.ts': "import pg from 'pg';" },
    { 'src/app.ts': "import { DatabaseSync } from 'node:sqlite';" },
    { 'src/faces/http/a.ts': "import _ from 'lodash';" },
    { 'src/faces/http/a.ts': "import { Compile } from 'typebox/compile';" },
  ],
  [
    'no dead files',
    deadFiles,
    { 'src/cli/main.ts': '', 'src/kernel/a.ts': '' },
    { 'src/kernel/a.ts': "// import './b.ts'", 'src/kernel/b.ts': "import './a.ts'" },
  ],
  ['no file beyond 400 lines', longFiles, { 'src/a.ts': lines(401) }, { 'web/src/a.css': lines(401) }],
  [
    'no name that says nothing',
    emptyNames,
    { 'src/kernel/utils.ts': '' },
    { 'src/shared/a.ts': '' },
    { 'test/test-helpers.ts': '' },
  ],
  [
    'no clock, chance or timer outside of their homes',
    hiddenClocks,
    { 'src/domain/runs/a.ts': 'const now = Date.now();' },
    { 'src/app.ts': 'setTimeout(stop, 10);' },
    { 'src/domain/runs/a.ts': "import { randomUUID } from 'node:crypto';" },
  ],
  [
    'no trace of a machine',
    machineTraces,
    { 'README.md': `cd /${'work'}/main` },
    { '.npmrc': `registry=https://${'registry'}.example.org/` },
    { 'requirements.txt': `--${'index-url'} x` },
  ],
  [
    'lock files name no host',
    lockedHosts,
    { 'web/package-lock.json': '  "resolved": "https://example.org/x.tgz"' },
  ],
  [
    'no export without a taker',
    strayExports,
    { 'src/kernel/a.ts': 'export function lonely() {}', 'src/kernel/b.ts': '// lonely' },
  ],
  ['no test leaves the others out', switchedOffTests, { 'src/a.test.ts': `it.${'only'}('x', () => {});` }],
  [
    'no test sleeps',
    sleepingTests,
    { 'src/a.test.ts': `await new Promise((r) => ${'setTimeout'}(r, 100));` },
  ],
];

describe('tidy', () => {
  const tree = readTree();
  for (const [name, rule, ...breaking] of rules) {
    it(name, () => assert.deepEqual(rule(tree), []));
    it(`${name}: a breach is seen`, () => {
      for (const files of breaking) {
        const found = rule(new Map(Object.entries(files)));
        assert.ok(found.length > 0, `not seen: ${JSON.stringify(files).slice(0, 200)}`);
      }
    });
  }
});
