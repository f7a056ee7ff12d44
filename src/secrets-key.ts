/** The key that secrets in the store are sealed with, where the operator gives none: beside the store, not in it. */
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemRandom } from './kernel/ids.ts';

/** Made when it is not there, readable by the server's user only; of two servers that make it, both get the same. */
export function secretsKeyIn(folder: string): string {
  const file = path.join(folder, 'secrets.key');
  if (!existsSync(file)) {
    const made = `${file}.${Buffer.from(systemRandom(6)).toString('hex')}`;
    writeFileSync(made, Buffer.from(systemRandom(32)).toString('hex'), { mode: 0o600, flush: true });
    try {
      linkSync(made, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(made);
    }
  }
  return readFileSync(file, 'utf8').trim();
}
