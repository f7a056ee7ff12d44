/**
 * Keeps the explorer alive. What is recorded is held against what is shown: what moves nothing is put in place, the rest is told of and
 * taken in when people ask for it, so that no node moves under the hand. As it was known on a past day nothing changes.
 */
import { QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Connection, openEventStream } from '../api/event-stream.ts';
import {
  type Ancestry,
  ancestryQuery,
  type GraphNode,
  type Impact,
  impactQuery,
  lineageKey,
  neighboursQuery,
  nodesQuery,
  type Question,
  type When,
} from '../api/lineage.ts';
import { paced } from '../api/paced.ts';
import type { LineageQuestion } from '../lineage-urls.ts';
import type { LineageGraph } from './graph.ts';
import { answerSign, askedFor, newsOf, newsText } from './news.ts';
import type { Direction } from './openings.ts';
import type { OpenedGraph } from './use-explorer.ts';

const pace = { gather: 500, pace: 3_000, rest: 5 };
/** Nodes that are looked at again, a hundred by a request. */
const [mostNodes, nodesAtOnce] = [300, 100] as const;
/** Counting at a node stops here: beyond it the side is counted. */
const counted = 100;
/** Sides that are counted so. */
const mostLarge = 20;

/** Links, what lies at their ends, and what people declare. Points and parameters change none of it. */
const concerns =
  /^(lineage|deployment|endpoint|model|model-version|registered-model|dataset|source|taint)\.|^run\.(inputs|outputs|update|delete|restore)$/;

interface Shown {
  readonly project: string;
  readonly when: When;
  readonly explorer: OpenedGraph;
  readonly ask: LineageQuestion;
  readonly question: Question;
}

export interface ShownNews {
  readonly connection: Connection;
  /** Empty: none. */
  readonly text: string;
  readonly take: () => void;
}

export function useNews(shown: Shown): ShownNews {
  const { project, when } = shown;
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [text, setText] = useState('');
  const now = useRef(shown);
  now.current = shown;
  const isFixed = when.knownAt !== undefined;

  useEffect(() => {
    if (isFixed) return;
    const { schedule, close } = paced(pace, async () => {
      const asked = now.current;
      // What is being read is as new as it gets.
      if (asked.explorer.state.busy) return schedule();
      const told = await look(queries, asked).catch(() => undefined);
      if (told !== undefined && asked.explorer.state.graph === now.current.explorer.state.graph)
        setText(told);
    });
    let wasLost = false;
    const stream = openEventStream(
      project,
      {},
      {
        event({ action }) {
          if (concerns.test(action)) schedule();
        },
        connection(state) {
          setConnection(state);
          if (state === 'live' && wasLost) schedule();
          wasLost ||= state === 'lost' || state === 'paused';
        },
      },
    );
    return () => {
      stream.close();
      close();
    };
  }, [project, queries, isFixed]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, another graph: what was told is of the last one
  useEffect(() => setText(''), [shown.explorer.state.graph, shown.ask, when]);
  const take = useCallback(() => {
    setText('');
    void queries.invalidateQueries({ queryKey: lineageKey(project) });
    now.current.explorer.readAgain();
  }, [project, queries]);
  return { connection, text: isFixed ? '' : text, take };
}

/** Resolves to what is to be told. */
async function look(
  queries: QueryClient,
  { project, when, explorer, ask, question }: Shown,
): Promise<string> {
  const { graph } = explorer.state;
  // What is shown stays as it was read: what is new is kept apart from it, and not for long.
  const apart = new QueryClient({ defaultOptions: { queries: { gcTime: 0, retry: false } } });
  const fresh: GraphNode[] = [];
  const uids = askedFor(graph, mostNodes);
  for (let from = 0; from < uids.length; from += nodesAtOnce) {
    const part = uids.slice(from, from + nodesAtOnce);
    fresh.push(...(await apart.fetchQuery(nodesQuery(project, part, when))));
  }
  const { links, nodes } = newsOf(graph, fresh);
  if (nodes.length > 0) explorer.update(nodes);
  const more = await moreOf(apart, project, when, graph);
  for (const part of ['marks', 'touched'])
    void queries.invalidateQueries({ queryKey: [...lineageKey(project), part] });
  const [impact, ancestry] = [impactQuery(project, question), ancestryQuery(project, question)];
  const before = queries.getQueryData<Impact | Ancestry>(
    ask === 'impact' ? impact.queryKey : ancestry.queryKey,
  );
  if (before === undefined) return newsText(links + more, false);
  const answer = ask === 'impact' ? await apart.fetchQuery(impact) : await apart.fetchQuery(ancestry);
  return newsText(links + more, answerSign(answer) !== answerSign(before));
}

/** How many more or less there are at sides with more nodes than are counted at a node. */
async function moreOf(apart: QueryClient, project: string, when: When, graph: LineageGraph): Promise<number> {
  const large = [...graph.sides].filter(([, side]) => side.count >= counted).slice(0, mostLarge);
  const changes = large.map(async ([name, side]) => {
    const at = name.lastIndexOf('.');
    const direction: Direction = name.slice(at + 1) === 'u' ? 'up' : 'down';
    const near = { of: name.slice(0, at), direction };
    const { count = side.count } = await apart.fetchQuery(neighboursQuery(project, near, when, { limit: 1 }));
    return Math.abs(count - side.count);
  });
  return (await Promise.all(changes)).reduce((sum, one) => sum + one, 0);
}
