/** Words and figures of datasets as people read them. Pure. */
import type { ColumnStatistics, DatasetRecord, Execution, VersionSummary } from '../api/datasets.ts';
import { countText, realText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { durationText } from '../format/times.ts';

const faces: Readonly<Record<string, string>> = {
  native: 'Cairn',
  mlflow: 'MLflow',
  openlineage: 'OpenLineage',
  mlmd: 'ML Metadata',
  import: 'import',
};

export const faceName = (face: string | null): string => faces[face ?? ''] ?? face ?? 'unknown';

/** Why a record is the same as another one. */
export function reasonText({ same }: DatasetRecord): string | undefined {
  if (same === null) return undefined;
  const rules: Readonly<Record<string, string>> = {
    'equal uri': 'lies at the same place',
    symlink: 'is said to be the same',
    'equal version': 'names the same version',
    'equal digest': 'has the same digest',
    'equal weak digest': 'has the same weak digest',
  };
  const why = rules[same.rule] ?? same.rule;
  return why;
}

/** What a version is called in a list: as its source names it, or by its best digest, or by its uid, whose end tells it apart. */
export function versionName(version: Pick<VersionSummary, 'version' | 'digests' | 'uid'>): string {
  if (version.version !== null) return version.version;
  const digest = version.digests.find(({ weak }) => !weak) ?? version.digests[0];
  return digest === undefined ? version.uid.slice(-8) : digest.value.slice(0, 12);
}

/** How long it ran, where that is known. */
export function tookText({ started, ended }: Execution): string | undefined {
  return started === null || ended === null || ended <= started ? undefined : durationText(ended - started);
}

export const maybeCount = (count: number | null): string => (count === null ? '–' : countText(count));
export const maybeSize = (bytes: number | null): string => (bytes === null ? '–' : sizeText(bytes));

export function figureText(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? realText(value, Number.isInteger(value)) : value;
}

export const figureNames = ['count', 'nulls', 'distinct', 'min', 'max', 'mean', 'deviation', 'sum'] as const;

/** The figures that any column tells: the others need no column of the table. */
export function toldFigures(columns: readonly ColumnStatistics[]): (typeof figureNames)[number][] {
  return figureNames.filter((name) => columns.some((column) => column[name] !== null));
}
