/**
 * An answer as rows, however many there are: for spreadsheets, and for programs that read line by line. The first of each list come with
 * their way and its evidence, as in the answer that is told whole; those beyond come with what the walk knows of them. The last row says
 * whether it is all: an answer without it was cut off.
 */
import type { ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import {
  type Found,
  type Impact,
  type ImpactQuestion,
  impactAsked,
  impactTold,
  type Serving,
  type StepView,
  servingOf,
  type Unknown,
} from '../questions.ts';
import type { Walks } from '../walks/walks.ts';
import type { World } from './labels.ts';

export interface AnswerRow {
  readonly list: 'derives' | 'may derive' | 'cannot say';
  readonly uid: string;
  readonly type: string;
  readonly label: string;
  /** null: nobody can say. */
  readonly strength: string | null;
  readonly steps: number;
  readonly serving: readonly Serving[];
  /** Why nobody can say, and where. */
  readonly reason: string | null;
  readonly endsAt: string | null;
  /** null: it is not told of so many. */
  readonly path: readonly StepView[] | null;
}

export type AnswerEnd = Pick<Impact, 'of' | 'complete' | 'counts' | 'openEndCounts' | 'leftOut'>;

/** Pages of rows, and at the end what is said of the whole. */
export type AnswerRows = AsyncIterable<readonly AnswerRow[] | AnswerEnd>;

export async function impactRows(
  walks: Walks,
  world: World,
  context: RequestContext,
  project: ProjectId,
  question: ImpactQuestion,
): Promise<AnswerRows> {
  const { before, told, pages } = await walks.pagesFor(context, impactAsked(world, project, question));
  const { db } = world.graph;
  const answer = await db.scan((queries) => impactTold(queries, world, told, before), context.signal);
  return (async function* () {
    try {
      yield [
        ...answer.derives.map((found) => rowOf('derives', found)),
        ...answer.mayDerive.map((found) => rowOf('may derive', found)),
      ];
      const { derives, mayDerive, counts } = answer;
      if (counts.derives > derives.length || counts.mayDerive > mayDerive.length) {
        const seen = new Set<number>([...told.sure, ...told.unsure].map(({ node }) => node));
        for await (const page of pages) {
          yield page.flatMap(({ id, uid, type, name, strength, hops }): AnswerRow | never[] => {
            if (seen.has(id)) return [];
            const isSure = strength === 'observed' || strength === 'declared';
            return {
              ...{
                list: isSure ? 'derives' : 'may derive',
                uid,
                type,
                label: name ?? '',
                strength,
                steps: hops,
              },
              ...{ serving: servingOf(before.byVersion.get(id)), reason: null, endsAt: null, path: null },
            };
          });
        }
      }
      yield answer.cannotSay.map(unknownRow);
      const { of, complete, openEndCounts, leftOut } = answer;
      yield { of, complete, counts, openEndCounts, leftOut };
    } finally {
      await pages.return?.();
    }
  })();
}

function rowOf(list: AnswerRow['list'], { node, strength, hops, serving, path }: Found): AnswerRow {
  const { uid, type, label } = node;
  return { list, uid, type, label, strength, steps: hops, serving, reason: null, endsAt: null, path };
}

function unknownRow({ node, serving, reason, at, steps }: Unknown): AnswerRow {
  const { uid, type, label } = node;
  return {
    ...{ list: 'cannot say', uid, type, label, strength: null, steps, serving, reason },
    ...{ endsAt: at?.label ?? null, path: null },
  };
}

export const rowFormats = {
  csv: { contentType: 'text/csv; charset=utf-8; header=present', write: csvOf },
  ndjson: { contentType: 'application/x-ndjson', write: ndjsonOf },
} as const;

async function* ndjsonOf(rows: AnswerRows): AsyncGenerator<string> {
  for await (const page of rows) {
    if ('complete' in page) yield `${JSON.stringify(page)}\n`;
    else if (page.length > 0) yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
}

const heads = [
  ...['list', 'uid', 'type', 'name', 'strength', 'steps', 'serves', 'reason', 'ends_at', 'path', 'edges'],
  'events',
];

async function* csvOf(rows: AnswerRows): AsyncGenerator<string> {
  yield line(heads);
  for await (const page of rows) {
    if ('complete' in page) {
      const why = page.openEndCounts.map(({ reason, count }) => `${reason} ${count}`).join('; ');
      const last = [page.complete ? 'complete' : 'not complete', page.of.uid, page.of.type, page.of.label];
      yield line([...last, '', '', '', why, '', '', '', '']);
    } else if (page.length > 0) yield page.map(csvRow).join('');
  }
}

function csvRow({
  list,
  uid,
  type,
  label,
  strength,
  steps,
  serving,
  reason,
  endsAt,
  path,
}: AnswerRow): string {
  const [first] = path ?? [];
  const way = first === undefined ? '' : [first.from, ...path!.map(({ to }) => to)].map(wordOf).join(' → ');
  const places = serving.map(({ endpoint, slot }) => [endpoint ?? '', slot ?? ''].join('/'));
  return line([
    ...[
      list,
      uid,
      type,
      label,
      strength ?? '',
      String(steps),
      places.join('; '),
      reason ?? '',
      endsAt ?? '',
      way,
    ],
    (path ?? []).map(({ edge }) => edge).join(' '),
    (path ?? []).flatMap(({ event }) => event ?? []).join(' '),
  ]);
}

const wordOf = ({ uid, label }: { readonly uid: string; readonly label: string }) =>
  uid === '' ? '…' : label;

const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

/** What begins like a formula is none to a spreadsheet that opens it: a client named it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
