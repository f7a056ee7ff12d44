import { CairnError } from './errors.ts';

/** The word a small stored number stands for in a closed table of ours. */
export function wordOf<T extends string>(table: Readonly<Record<T, number>>, code: number): T {
  for (const word in table) if (table[word] === code) return word;
  throw new CairnError('internal', `no word for the stored code ${code}`);
}
