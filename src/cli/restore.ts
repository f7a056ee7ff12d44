/** `cairn restore`: puts a backup where a server can serve it. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { configOf, UsageError } from '../config.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command } from './command.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'Put a backup into a data folder.',
  about:
    'Checks every file of the backup first, then copies it into the data folder, and checks the store there. Refuses a ' +
    'folder that holds anything unless told --force; then the store that was there is kept under another name beside it. ' +
    'No server may have the folder open.',
  examples: [
    ['cairn restore --from /backups/cairn-1 --data ./cairn-data', 'then: cairn serve'],
    ['cairn restore --from /backups/cairn-1 --data ./cairn-data --force', 'over a store that is there'],
  ],
  settings: ['data', 'artifacts'],
  options: [
    { flag: 'from', kind: 'text', value: 'DIR', doc: 'Folder that `cairn backup` made.' },
    { flag: 'force', kind: 'switch', doc: 'Restore into a folder that is not empty.' },
  ],
  async run({ values, options }, terminal) {
    if (typeof options.from !== 'string') throw new UsageError('--from DIR is missing: where the backup is');
    const config = configOf(values, terminal.version, terminal.cwd);
    const from = path.resolve(terminal.cwd, options.from);
    const { backupArtifactsName, backupStoreName, copyTree, isEmptyFolder, verifiedManifest } = await import(
      './backup-folder.ts'
    );
    const taken = [config.dataDir, config.artifactsDir].find((folder) => !isEmptyFolder(folder));
    if (taken !== undefined && options.force !== true) {
      throw new UsageError(`${taken} is not empty; add --force to restore over what is there`);
    }
    await verifiedManifest(from);
    mkdirSync(config.dataDir, { recursive: true });
    const { restoreStore } = await import('../db/backup.ts');
    // Artifacts first, for the reason that a backup takes them last.
    const artifacts = await copyTree(path.join(from, backupArtifactsName), config.artifactsDir);
    const { replaced } = await restoreStore(path.join(from, backupStoreName), config.storeFile, systemClock);
    const { inspectSqliteFile } = await import('../db/sqlite/sqlite-inspect.ts');
    const problems = inspectSqliteFile(config.storeFile, true).filter(({ level }) => level === 'error');
    for (const { check, detail } of problems) terminal.err(`cairn: ${check}: ${detail}`);
    if (replaced !== undefined) terminal.out(`The store that was there is now ${replaced}`);
    terminal.out(`Restored ${config.storeFile} and ${artifacts} artifact files`);
    return problems.length === 0 ? 0 : 1;
  },
};
