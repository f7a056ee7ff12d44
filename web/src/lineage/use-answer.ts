/** The answer to the question of the link, and what the nodes that it names are called. */
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  ancestryQuery,
  type GraphNode,
  impactQuery,
  neighboursQuery,
  nodesQuery,
  type When,
} from '../api/lineage.ts';
import type { LineageQuestion, LineageSearch } from '../lineage-urls.ts';
import { type Answer, answerOfAncestry, answerOfImpact } from './answer.ts';

/** Rows of each list at first, and at most. */
const [usualRows, mostRows] = [200, 1_000] as const;
const namesAtOnce = 100;

export function useAnswer(project: string, search: LineageSearch, when: When, all: boolean) {
  const { deployed, judged } = search;
  const ask: LineageQuestion = search.ask ?? 'impact';
  const of = useVersionBehind(project, search.of, when);
  const question = {
    ...{ of: of ?? '', when, deployed: deployed === 'yes', judged: judged === 'yes' },
    limit: all ? mostRows : usualRows,
  };
  const isAsked = of !== undefined;
  const impact = useQuery({
    ...impactQuery(project, question),
    enabled: isAsked && ask === 'impact',
    placeholderData: keepPreviousData,
  });
  const ancestry = useQuery({
    ...ancestryQuery(project, question),
    enabled: isAsked && ask === 'ancestry',
    placeholderData: keepPreviousData,
  });
  const query = ask === 'impact' ? impact : ancestry;
  const answer = useMemo((): Answer | undefined => {
    if (ask === 'impact') return impact.data && answerOfImpact(impact.data, question.deployed);
    return ancestry.data && answerOfAncestry(ancestry.data);
  }, [ask, impact.data, ancestry.data, question.deployed]);
  const names = useNames(project, answer, when);
  return { question, ask, answer, names, query };
}

/** What is deployed is asked about as the version that it serves. Undefined until that is known. */
function useVersionBehind(project: string, of: string, when: When): string | undefined {
  const start = useQuery({ ...nodesQuery(project, [of], when), enabled: of !== '' });
  const node = start.data?.[0];
  const isDeployment = node?.type === 'deployment';
  const behind = useQuery({
    ...neighboursQuery(project, { of, direction: 'up' }, when, { limit: 100 }),
    enabled: isDeployment,
  });
  if (node === undefined) return undefined;
  if (!isDeployment) return of;
  const serves = behind.data?.edges.find(({ kind }) => kind === 'serves');
  return behind.data === undefined ? undefined : (serves?.from ?? of);
}

function useNames(project: string, answer: Answer | undefined, when: When): ReadonlyMap<string, GraphNode> {
  const uids = useMemo(() => {
    const rows = answer?.lists.flatMap(({ rows: found }) => found) ?? [];
    const named = [
      ...rows.flatMap(({ uid, doubt }) => [uid, doubt?.at?.uid]),
      ...(answer?.openEnds.map(({ node }) => node?.uid) ?? []),
    ];
    return [...new Set(named.filter((uid) => uid !== undefined && uid !== ''))] as string[];
  }, [answer]);
  const parts: string[][] = [];
  for (let from = 0; from < uids.length; from += namesAtOnce)
    parts.push(uids.slice(from, from + namesAtOnce));
  return useQueries({
    queries: parts.map((part) => nodesQuery(project, part, when)),
    combine: byUid,
  });
}

function byUid(
  results: readonly { readonly data: GraphNode[] | undefined }[],
): ReadonlyMap<string, GraphNode> {
  return new Map(results.flatMap(({ data }) => data ?? []).map((node) => [node.uid, node]));
}
