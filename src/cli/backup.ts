/** `cairn backup`: a checked copy of the store and of the artifacts, beside a running server. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { configOf, UsageError } from '../config.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command } from './command.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'Copy store and artifacts into a new folder.',
  about:
    'May run beside a serving Cairn: the copy is the store as of one moment. Everything is read back and checked before ' +
    'the command says that it is done. With PostgreSQL, copy the database with its own tools.',
  examples: [['cairn backup --to /backups/cairn-1', 'the store in ./cairn-data and its artifacts']],
  settings: ['data', 'db', 'artifacts'],
  options: [{ flag: 'to', kind: 'text', value: 'DIR', doc: 'Folder to make; it must be new or empty.' }],
  async run({ values, options }, terminal) {
    if (typeof options.to !== 'string') throw new UsageError('--to DIR is missing: where to put the copy');
    const config = configOf(values, terminal.version, terminal.cwd);
    const folder = path.resolve(terminal.cwd, options.to);
    const { backupStore } = await import('../db/backup.ts');
    const { workFolder } = await import('../engines/blobs/index.ts');
    const { backupArtifactsName, backupStoreName, copyTree, isEmptyFolder, writeManifest } = await import(
      './backup-folder.ts'
    );
    if (!isEmptyFolder(folder)) throw new UsageError(`${folder} is not empty; a backup never overwrites`);
    mkdirSync(folder, { recursive: true });
    // The store first: artifact bytes are on disk before the row that names them, so none it names can be missing.
    const store = await backupStore(
      config.databaseUrl ?? config.storeFile,
      path.join(folder, backupStoreName),
    );
    const artifacts = await copyTree(config.artifactsDir, path.join(folder, backupArtifactsName), workFolder);
    const created = systemClock.now();
    await writeManifest(folder, { cairn: terminal.version, created, migration: store.migration });
    terminal.out(
      `Backup in ${folder}: store of ${store.bytes} bytes, ${artifacts} artifact files, all checked`,
    );
    return 0;
  },
};
