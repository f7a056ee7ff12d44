/** What of a run's files is its evaluation, in the order it is shown: drawn data, pictures, galleries, tables. */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ArtifactEntry, ArtifactOwner, Run } from '../api/types.ts';
import { type ArtifactFile, fileQuery } from '../artifacts/file.ts';
import { decode, encodingOf } from '../artifacts/text.ts';
import { isCandidate, isPlot, type Recognised, recognise } from './recognise.ts';
import { type Gallery, galleriesOf } from './step-images.ts';

export interface EvaluationItem extends Recognised {
  readonly path: string;
}

export interface Evaluation {
  readonly items: readonly EvaluationItem[];
  readonly galleries: readonly Gallery[];
  /** Data files whose beginning is not read yet. */
  readonly waiting: number;
  /** Data files that were not looked into, since they are so many. */
  readonly unread: number;
}

/** Data files whose beginning is read; those with a telling name first. */
const readLimit = 40;
/** Pictures shown of a run that logs thousands. */
export const pictureLimit = 60;

const forms: readonly Recognised['form'][] = ['data', 'picture', 'rows', 'page'];
const kinds: readonly Recognised['kind'][] = [
  'confusion',
  'roc',
  'precision-recall',
  'calibration',
  'lift',
  'per-class',
  'importance',
  'picture',
  'table',
  'report',
];

export function useEvaluation(
  project: string,
  owner: ArtifactOwner,
  run: Run,
  files: readonly ArtifactEntry[],
): Evaluation {
  const tables = useMemo(() => loggedTables(run.tags['mlflow.loggedArtifacts']), [run.tags]);
  const { galleries, taken } = useMemo(() => galleriesOf(files.map(({ path }) => path)), [files]);
  const candidates = useMemo(() => {
    const all = files.filter(({ path, size }) => isCandidate(path, size ?? 0));
    const worth = ({ path }: ArtifactEntry) => Number(tables.has(path) || recognise(path) !== undefined);
    return all.sort((a, b) => worth(b) - worth(a));
  }, [files, tables]);
  const read = candidates.slice(0, readLimit);
  const heads = useQueries({ queries: read.map(({ path }) => fileQuery(project, owner, path)) });

  const items: EvaluationItem[] = [];
  const add = (path: string, found: Recognised | undefined) => {
    if (found !== undefined) items.push({ ...found, path });
  };
  for (const { path, size } of files)
    if (!taken.has(path) && !isCandidate(path, size ?? 0)) add(path, recognise(path));
  for (const [index, { path }] of read.entries())
    add(path, recognise(path, headText(heads[index]!.data), tables.has(path)));
  items.sort(
    (a, b) =>
      forms.indexOf(a.form) - forms.indexOf(b.form) ||
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      Number(isPlot(b.path)) - Number(isPlot(a.path)) ||
      (a.path < b.path ? -1 : 1),
  );
  return {
    items,
    galleries,
    waiting: heads.filter((head) => head.isPending).length,
    unread: candidates.length - read.length,
  };
}

function headText(file: ArtifactFile | undefined): string | undefined {
  if (file === undefined || encodingOf(file.head) === undefined) return undefined;
  return decode(file.head);
}

/** Paths that mlflow.log_table wrote: the tag is a JSON list of them. */
function loggedTables(tag: string | undefined): ReadonlySet<string> {
  try {
    const list = JSON.parse(tag ?? '[]') as unknown;
    if (!Array.isArray(list)) return new Set();
    return new Set(
      list.flatMap((entry: { path?: unknown } | null) =>
        typeof entry?.path === 'string' ? [entry.path] : [],
      ),
    );
  } catch {
    return new Set();
  }
}
