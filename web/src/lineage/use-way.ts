/** The way that the link asks for: to a node of the answer, or from one of which nobody can say to the open end behind it. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ancestryQuery, type Question, type When } from '../api/lineage.ts';
import { type Answer, type AnswerList, rowOf } from './answer.ts';
import type { Way } from './explorer.ts';

export function useWay(
  project: string,
  answer: Answer | undefined,
  list: AnswerList | undefined,
  to: string | undefined,
  when: When,
  question: Question,
): Way | undefined {
  const row = answer === undefined || to === undefined ? undefined : rowOf(answer, to, list);
  const end = row?.doubt?.at?.uid;
  const behind = useQuery({
    ...ancestryQuery(project, { ...question, of: row?.uid ?? '', when, deployed: false, limit: 1_000 }),
    enabled: row !== undefined && end !== undefined,
  });
  return useMemo((): Way | undefined => {
    if (row === undefined || answer === undefined) return undefined;
    const serves = row.serving.length > 0;
    if (row.path.length > 0) {
      return { steps: row.path, direction: answer.direction, from: row.path[0]!.from.uid, serves };
    }
    const path = behind.data?.items.find(({ node }) => node.uid === end)?.path;
    return path === undefined ? undefined : { steps: path, direction: 'up', from: row.uid, serves: false };
  }, [row, answer, behind.data, end]);
}
