/** The answer to a question as lists of rows, whichever way it was asked; and as a table for other programs. Pure. */
import type {
  Ancestry,
  DataItem,
  FoundItem,
  GraphNode,
  Impact,
  OpenEnd,
  OpenReason,
  PathStep,
  Serving,
  Strength,
  UnknownItem,
} from '../api/lineage.ts';
import type { LineageList, LineageQuestion } from '../lineage-urls.ts';
import { edgeWord, reasonWords, typeWord, wholeName } from './lineage-words.ts';
import type { Direction } from './openings.ts';

export interface AnswerRow {
  readonly uid: string;
  readonly node: FoundItem['node'];
  readonly strength: Strength | undefined;
  readonly steps: number;
  readonly path: readonly PathStep[];
  readonly serving: readonly Serving[];
  /** Why nobody can say, and where. */
  readonly doubt: { readonly reason: OpenReason; readonly at: UnknownItem['at'] } | undefined;
  readonly role: string | undefined;
  /** Of data what is told of it. */
  readonly data: DataItem | undefined;
}

export interface AnswerList {
  readonly name: LineageList;
  readonly title: string;
  /** What it means that something stands here. */
  readonly meaning: string;
  readonly count: number;
  readonly rows: readonly AnswerRow[];
}

export interface Answer {
  readonly ask: LineageQuestion;
  readonly direction: Direction;
  readonly complete: boolean;
  readonly nodes: number;
  readonly lists: readonly AnswerList[];
  readonly openEnds: readonly OpenEnd[];
  readonly openEndCounts: Impact['openEndCounts'];
  readonly leftOut: Impact['leftOut'];
}

function foundRow({ node, strength, hops, path, serving }: FoundItem): AnswerRow {
  return {
    uid: node.uid,
    node,
    strength,
    steps: hops,
    path,
    serving,
    doubt: undefined,
    role: undefined,
    data: undefined,
  };
}

export function answerOfImpact(impact: Impact, deployed: boolean): Answer {
  const { counts } = impact;
  const lists: AnswerList[] = [
    {
      ...{ name: 'derives', title: 'Derives', count: counts.derives },
      meaning: 'Sure: somebody saw or said every step of the way.',
      rows: impact.derives.map(foundRow),
    },
    {
      ...{ name: 'may', title: 'May derive', count: counts.mayDerive },
      meaning: 'Perhaps: a step of the way is inferred or assumed.',
      rows: impact.mayDerive.map(foundRow),
    },
  ];
  if (deployed)
    lists.push({
      ...{ name: 'unknown', title: 'Cannot say', count: counts.cannotSay },
      meaning: 'Neither yes nor no: what it comes from is not told to the end.',
      rows: impact.cannotSay.map(({ node, serving, reason, at, steps }) => ({
        ...{
          uid: node.uid,
          node,
          strength: undefined,
          steps,
          path: [],
          serving,
          role: undefined,
          data: undefined,
        },
        doubt: { reason, at },
      })),
    });
  return { ...parts(impact), ask: 'impact', direction: 'down', lists };
}

export function answerOfAncestry(ancestry: Ancestry): Answer {
  const judged = ancestry.judgedBy.map((item): AnswerRow => {
    const { node, role } = item;
    return {
      ...{ uid: node.uid, node, strength: undefined, steps: 1, path: [], serving: [], data: item },
      doubt: undefined,
      role: role ?? '',
    };
  });
  const ways = new Map(ancestry.items.map((item) => [item.node.uid, item]));
  const data = ancestry.data.map((item): AnswerRow => {
    const way = ways.get(item.node.uid);
    const { uid } = item.node;
    const none = { node: item.node, strength: undefined, steps: 0, path: [], serving: [], doubt: undefined };
    return { ...none, ...(way === undefined ? {} : foundRow(way)), uid, role: undefined, data: item };
  });
  const isSure = ({ strength }: FoundItem) => strength === 'observed' || strength === 'declared';
  const [sure, unsure] = [ancestry.items.filter(isSure), ancestry.items.filter((item) => !isSure(item))];
  const isWhole = ancestry.items.length === ancestry.count;
  const lists: AnswerList[] = [
    {
      ...{
        name: 'derives',
        title: 'Comes from',
        count: isWhole ? sure.length : ancestry.count - unsure.length,
      },
      meaning: 'Sure: somebody saw or said every step of the way.',
      rows: sure.map(foundRow),
    },
    {
      ...{ name: 'may', title: 'May come from', count: unsure.length },
      meaning: 'Perhaps: a step of the way is inferred or assumed.',
      rows: unsure.map(foundRow),
    },
    {
      ...{ name: 'data', title: 'Data', count: data.length },
      meaning: 'The data among all this, each version once, whoever speaks of it.',
      rows: data,
    },
    {
      ...{ name: 'judged', title: 'Only judged by', count: judged.length },
      meaning: 'It was read to judge what came out: nothing was learned from it.',
      rows: judged,
    },
  ];
  return { ...parts(ancestry), ask: 'ancestry', direction: 'up', lists };
}

function parts({ complete, nodes, openEnds, openEndCounts, leftOut }: Impact | Ancestry) {
  return { complete, nodes, openEnds, openEndCounts, leftOut };
}

/** The row of a node, in the list that shows or in any. */
export function rowOf(answer: Answer, uid: string, list: AnswerList | undefined): AnswerRow | undefined {
  const find = (one: AnswerList | undefined) => one?.rows.find((row) => row.uid === uid);
  return find(list) ?? answer.lists.map(find).find((row) => row !== undefined);
}

/** The way in words: `was read by run calm-otter, which made …` would be long; this is its kinds. */
export function wayText(path: readonly PathStep[]): string {
  return path.map(({ to }) => to.name ?? typeWord(to.type)).join(' → ');
}

/** All lists as one table, RFC 4180. */
export function answerCsv(answer: Answer, names: ReadonlyMap<string, GraphNode>): string {
  const head = [
    'list',
    'type',
    'name',
    'uid',
    'strength',
    'steps',
    'serves at',
    'why not',
    'open end',
    'way',
  ];
  const rows = answer.lists.flatMap(({ title, rows: found }) =>
    found.map((row) => {
      const known = names.get(row.uid);
      return [
        ...[title, row.node.type, known === undefined ? (row.node.name ?? '') : wholeName(known), row.uid],
        ...[
          row.strength ?? '',
          String(row.steps),
          row.serving.map(({ endpoint }) => endpoint ?? '').join('; '),
        ],
        ...[row.doubt === undefined ? '' : reasonWords[row.doubt.reason][0], row.doubt?.at?.uid ?? ''],
        row.path.map((step) => `${step.from.uid} ${edgeWord(step)} ${step.to.uid}`).join('; '),
      ];
    }),
  );
  return [head, ...rows].map((cells) => cells.map(cellText).join(',')).join('\r\n');
}

/** A text that a spreadsheet would take for a formula begins with a quote mark. */
function cellText(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
