/** Event sequences as producers send them (test/fixtures/openlineage). */
import { readdirSync, readFileSync } from 'node:fs';

export type SentEvent = Readonly<Record<string, unknown>>;

const folder = new URL('../fixtures/openlineage/', import.meta.url);

export const sequenceNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort();

export const sequence = (name: string): SentEvent[] => JSON.parse(sequenceText(name));

/** As it stands in its file. */
export const sequenceText = (name: string): string => readFileSync(new URL(`${name}.json`, folder), 'utf8');

/** Of all producers, one after the other. */
export const allSequences = (): SentEvent[] => sequenceNames.flatMap(sequence);
