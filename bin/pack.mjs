/**
 * `prepack`: makes what the published package holds. The UI is built, and the server's TypeScript becomes JavaScript by
 * taking out the types, no more: Node refuses to do that itself below node_modules. Lines stay where they are, so a stack
 * trace of the package fits the source. `--clean` (postpack) removes it again.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findNode24, isNewEnough, noNode24Message } from './node24.mjs';
import { prepareToRun } from './prepare.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'src');
const output = path.join(root, 'dist');
/** Seen from src. */
const clientSource = /^\.\.[/\\]sdk[/\\]src[/\\]/;
/** A file named by a relative path in the text of another: an import, or the file of a thread. */
const relativeFile = /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g;

if (process.argv.includes('--clean')) rmSync(output, { recursive: true, force: true });
else if (isNewEnough()) pack();
else {
  prepareToRun(root, ['serve']);
  const node = findNode24(root);
  if (node === undefined) throw new Error(noNode24Message());
  process.exitCode = spawnSync(node, [fileURLToPath(import.meta.url)], { stdio: 'inherit' }).status ?? 1;
}

function pack() {
  prepareToRun(root, ['serve']);
  rmSync(output, { recursive: true, force: true });
  for (const file of filesOfServer()) {
    write(placeOf(file), stripped(readFileSync(path.join(source, file), 'utf8')));
  }
  for (const file of readdirSync(source, { recursive: true }).filter((name) => name.endsWith('.sql'))) {
    write(file, readFileSync(path.join(source, file)));
  }
}

/** Every file that the command reaches; tests and what only they use stay out. */
function filesOfServer() {
  const found = new Set(['cli/main.ts']);
  for (const file of found) {
    for (const [, , name] of readFileSync(path.join(source, file), 'utf8').matchAll(relativeFile)) {
      found.add(path.join(path.dirname(file), `${name}.ts`));
    }
  }
  return found;
}

/** The client, which stands beside src, comes below it in the package. */
function placeOf(file) {
  return path.relative(source, path.join(source, file)).replace(clientSource, 'sdk/').replace(/\.ts$/, '.js');
}

function stripped(text) {
  const script = module.stripTypeScriptTypes(text).replace(relativeFile, '$1$2.js$1');
  return script.replaceAll('../../sdk/src/', '../sdk/');
}

function write(file, content) {
  const to = path.join(output, file);
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, content);
}
