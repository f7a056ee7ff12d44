/**
 * `npm test`: everything that must hold, from a fresh clone, on any Node ≥ 20. Installs what the tests need, builds the
 * UI, then runs test/suite.ts on Node 24, called by its path.
 *
 *   npm test                 all of it
 *   npm test -- mlflow       only test files with `mlflow` in their path
 *   npm run test:long        the long variants too (more kills, more generated sequences, both npm versions)
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findNode24, noNode24Message } from '../bin/node24.mjs';
import { prepareToTest } from '../bin/prepare.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
try {
  prepareToTest(root);
} catch (error) {
  console.error(error?.name === 'PrepareError' ? error.message : error);
  process.exit(1);
}
const node = findNode24(root);
if (node === undefined) {
  console.error(noNode24Message());
  process.exit(1);
}
const { status } = spawnSync(node, [path.join(root, 'test', 'suite.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
