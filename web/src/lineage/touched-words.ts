/** How much something wrong touches, in words. Pure. */
import type { Touched } from '../api/lineage.ts';
import { countText } from '../format/numbers.ts';
import { typeWord } from './lineage-words.ts';

/** `2 deployed models, 1 more model version, 3 dataset versions; of 1 deployed model nobody can say`. */
export function touchedText({ deployed, counts }: Pick<Touched, 'deployed' | 'counts'>): string {
  const { derives, mayDerive, cannotSay } = deployed.counts;
  const serving = derives + mayDerive;
  // What serves is told first; it stands among the versions too, and is not told twice.
  const rest = [...counts]
    .sort((one, other) => rank(one.type) - rank(other.type))
    .flatMap(({ type, count }) => {
      const others = type === 'model-version' ? count - serving : count;
      if (others <= 0) return [];
      const more = type === 'model-version' && serving > 0 ? 'more ' : '';
      return [`${countText(others)} ${more}${typeWord(type, others)}`];
    });
  const first = serving > 0 ? [`${countText(serving)} deployed ${plural('model', serving)}`] : [];
  const none = rest.length === 0 ? 'nothing is known to derive from it' : 'nothing that is deployed';
  const parts = serving > 0 ? [...first, ...rest] : [none, ...rest];
  const doubt =
    cannotSay === 0
      ? ''
      : `; of ${countText(cannotSay)} deployed ${plural('model', cannotSay)} nobody can say`;
  return `${parts.join(', ')}${doubt}`;
}

/** Models first. */
const rank = (type: string) => ['model-version', 'logged-model', 'dataset-version', type].indexOf(type);

const plural = (word: string, count: number) => (count === 1 ? word : `${word}s`);
