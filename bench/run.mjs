/** `npm run bench`: makes the checkout ready, then runs bench/bench.ts on Node 24, called by its path. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findNode24, noNode24Message } from '../bin/node24.mjs';
import { prepareToTest } from '../bin/prepare.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
prepareToTest(root);
const node = findNode24(root);
if (node === undefined) {
  console.error(noNode24Message());
  process.exit(1);
}
const { status } = spawnSync(node, [path.join(root, 'bench', 'bench.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
