/** What the answer says of nodes, for their cards: what serves and derives, what is in doubt, where it ends. */
import { useMemo } from 'react';
import type { Answer } from './answer.ts';
import { reasonWords } from './lineage-words.ts';
import type { Mark } from './node-card.tsx';

export function useMarks(answer: Answer | undefined): ReadonlyMap<string, Mark> {
  return useMemo(() => {
    const marks = new Map<string, Mark>();
    for (const { name, rows } of answer?.lists ?? []) {
      for (const { uid, serving, doubt } of rows) {
        if (name === 'derives' && serving.length > 0)
          marks.set(uid, { kind: 'sure', text: 'serves, and derives from it' });
        else if (name === 'may' && answer?.ask === 'impact')
          marks.set(uid, { kind: 'maybe', text: 'may derive from it' });
        else if (name === 'unknown' && doubt !== undefined)
          marks.set(uid, { kind: 'unknown', text: 'nobody can say whether it derives from it' });
      }
    }
    for (const { node, reason } of answer?.openEnds ?? [])
      if (node !== null) marks.set(node.uid, { kind: 'open', text: `open end: ${reasonWords[reason][0]}` });
    return marks;
  }, [answer]);
}
