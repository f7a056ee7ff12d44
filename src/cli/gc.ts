/** `cairn gc`: removes for good what was deleted long enough ago, on a running server. */
import type { Cairn } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import type { Command } from './command.ts';
import type { Invocation } from './invocation.ts';
import { jsonOption, serverOptions, textOf, withServer } from './server-access.ts';
import { textTable } from './text-table.ts';

const usualAge = '30d';
const units = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
/** As `mlflow gc` takes it, and weeks: 1d2h3m4s, 1.5d. */
const span = new RegExp(
  `^(?=.)${Object.keys(units)
    .map((unit) => `(?:(\\d{1,6}(?:\\.\\d{1,6})?)${unit})?`)
    .join('')}$`,
);

export const gc: Command = {
  name: 'gc',
  summary: 'Remove for good what was deleted long enough ago, from a running server.',
  about:
    'Deleted runs, experiments, logged models, registered models and versions go with their parameters, tags, points and files, when they ' +
    `were deleted longer ago than --older-than (${usualAge} unless set); they cannot be restored then, and their ids are unknown to ` +
    'clients. What a version that is not deleted was made of or reads stays, and is counted as held. Of each a tombstone is left with ' +
    'its edges, so that lineage is still answered. Works beside everything else; one that was cut off goes on when it is called again. ' +
    'Bytes of artifacts leave the disk a day after the last file that named them.',
  examples: [
    ['cairn gc --dry-run', 'what would go, by kind; nothing is changed'],
    ['cairn gc', `what was deleted more than ${usualAge} ago`],
    ['cairn gc --older-than 12h --json', 'what was deleted more than twelve hours ago; the counts as JSON'],
    ['cairn gc --experiment-ids 3,17', 'two deleted experiments with all that is deleted in them, now'],
  ],
  settings: ['token'],
  options: [
    {
      flag: 'older-than',
      kind: 'text',
      value: 'SPAN',
      doc: `How long ago it was deleted at least: 90m, 12h, 1d12h, 8w; 0d for all. Unless set: ${usualAge}, and 0d for what is named by its id.`,
    },
    { flag: 'run-ids', kind: 'text', value: 'IDS', doc: 'Only these runs; ids with commas between.' },
    {
      flag: 'experiment-ids',
      kind: 'text',
      value: 'IDS',
      doc: 'Only these experiments, with all that is deleted in them.',
    },
    { flag: 'logged-model-ids', kind: 'text', value: 'IDS', doc: 'Only these logged models.' },
    { flag: 'dry-run', kind: 'switch', doc: 'Count what would go, and change nothing.' },
    jsonOption,
    ...serverOptions,
  ],
  async run(invocation, terminal) {
    const { options } = invocation;
    const named = {
      ...idsOf('runs', 'run-ids', options),
      ...idsOf('experiments', 'experiment-ids', options),
      ...idsOf('loggedModels', 'logged-model-ids', options),
    };
    const isNamed = Object.keys(named).length > 0;
    const olderThan = spanOf(textOf(options['older-than']) ?? (isNamed ? '0d' : usualAge));
    const dryRun = options['dry-run'] === true;
    return withServer(invocation, terminal, async (cairn) => {
      const result = await purge(cairn, { ...named, olderThan, dryRun });
      if (options.json) {
        terminal.out(JSON.stringify({ dryRun, olderThan, ...result }));
        return 0;
      }
      const numbers = ['records', 'held', 'points', 'pointBytes', 'files', 'fileBytes'] as const;
      const heads = [dryRun ? 'would go' : 'gone', 'held', 'points', 'their bytes', 'files', 'their bytes'];
      const columns = [{ head: 'kind' }, ...heads.map((head) => ({ head, right: true }))];
      const rows = result.kinds.map((kind) => [kind.kind, ...numbers.map((name) => String(kind[name]))]);
      for (const line of textTable(columns, rows)) terminal.out(line);
      const { blobs, bytes } = result.freed;
      const word = dryRun ? 'would leave' : 'left';
      terminal.out(
        `${bytes} bytes of ${blobs} artifacts, which nothing has named for a day, ${word} the disk.`,
      );
      if (dryRun) terminal.out('Nothing was changed.');
      return 0;
    });
  },
};

type Answer = Awaited<ReturnType<typeof onePart>>;

interface Wanted {
  readonly runs?: string[];
  readonly experiments?: string[];
  readonly loggedModels?: string[];
  readonly olderThan: number;
  readonly dryRun: boolean;
}

function onePart(cairn: Cairn, wanted: Wanted, cursor: string | undefined) {
  return cairn.call('retention.purge', { body: { ...wanted, ...(cursor !== undefined && { cursor }) } });
}

/** Part by part until there is no more, added up. */
async function purge(cairn: Cairn, wanted: Wanted): Promise<Pick<Answer, 'kinds' | 'freed'>> {
  let sum: Pick<Answer, 'kinds' | 'freed'> | undefined;
  let cursor: string | undefined;
  do {
    const part: Answer = await onePart(cairn, wanted, cursor);
    sum = sum === undefined ? { kinds: part.kinds, freed: part.freed } : added(sum, part);
    cursor = part.cursor;
  } while (cursor !== undefined);
  return sum;
}

function added(a: Pick<Answer, 'kinds' | 'freed'>, b: Answer): Pick<Answer, 'kinds' | 'freed'> {
  const kinds = a.kinds.map((one, index) => {
    const other = b.kinds[index]!;
    return {
      kind: one.kind,
      records: one.records + other.records,
      held: one.held + other.held,
      points: one.points + other.points,
      pointBytes: one.pointBytes + other.pointBytes,
      files: one.files + other.files,
      fileBytes: one.fileBytes + other.fileBytes,
    };
  });
  return {
    kinds,
    freed: { blobs: a.freed.blobs + b.freed.blobs, bytes: a.freed.bytes + b.freed.bytes },
  };
}

/** Nothing for a flag that is not set; one that names nothing is a mistake, and must not stand for everything. */
function idsOf(name: string, flag: string, options: Invocation['options']): Record<string, string[]> {
  const text = textOf(options[flag]);
  if (text === undefined) return {};
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length === 0) throw new UsageError(`--${flag} names nothing`);
  return { [name]: ids };
}

function spanOf(text: string): number {
  const parts = span.exec(text);
  if (parts === null)
    throw new UsageError(`--older-than must be a span like ${usualAge} or 1d12h, not ${text}`);
  return Math.round(
    Object.values(units).reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit, 0),
  );
}
