/** Datasets, their versions and what differs between two, as lines for people. */
import type { Output } from '../../sdk/src/index.ts';
import { numberText, printable, textTable, timeText } from './text-table.ts';

type Dataset = Output<'dataset.get'>;
type Version = Output<'dataset-version.list'>['items'][number];
type Difference = Output<'dataset-version.difference'>;

const count = (value: number | null): string => (value === null ? '' : String(value));
const time = (at: number | null): string => (at === null ? '' : timeText(at));

export function datasetListLines(datasets: readonly Dataset[]): string[] {
  const columns = [
    { head: 'dataset', place: true },
    { head: 'versions', right: true },
    { head: 'writers', right: true },
    { head: 'readers', right: true },
    { head: 'latest (UTC)' },
    { head: 'place', place: true },
    { head: 'uid' },
  ];
  return textTable(
    columns,
    datasets.map((one) => [
      ...[one.name, count(one.versions), count(one.writers), count(one.readers), time(one.latest)],
      ...[one.uri ?? '', one.uid],
    ]),
  );
}

export function datasetLines(dataset: Dataset, server: string): string[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['place', dataset.uri ?? undefined],
    ['owner', dataset.owner?.value],
    ['licence', dataset.licence?.value],
    ['versions', count(dataset.versions)],
    ['writers', count(dataset.writers)],
    ['readers', count(dataset.readers)],
    ['latest', time(dataset.latest)],
    ...dataset.facts.map(({ name, value }) => [name.toLowerCase(), value] as const),
    ...dataset.tags.map(({ key, value }) => [key, value] as const),
    ['page', `${server}/datasets/${dataset.uid}`],
  ];
  const told = facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const width = Math.max(...told.map(([name]) => name.length));
  const records = dataset.records.map((record) => [
    ...[record.face ?? '', record.name, record.uri ?? '', record.same?.rule ?? '', record.uid],
  ]);
  const columns = ['record of', 'name', 'place', 'same by', 'uid'].map((head) => ({
    head,
    place: head === 'name' || head === 'place',
  }));
  return [
    printable(dataset.name),
    ...(dataset.description === null ? [] : [`  ${printable(dataset.description.value)}`]),
    ...told.map(([name, value]) => `  ${printable(name).padEnd(width)}  ${printable(value)}`),
    '',
    ...textTable(columns, records),
  ];
}

/** As its source names it, or by its best digest. */
export function versionName({ version, digests, uid }: Pick<Version, 'version' | 'digests' | 'uid'>): string {
  const digest = digests.find(({ weak }) => !weak) ?? digests[0];
  return version ?? digest?.value.slice(0, 12) ?? uid.slice(-8);
}

export function versionLines(versions: readonly Version[]): string[] {
  const columns = [
    { head: 'version' },
    { head: 'at (UTC)' },
    { head: 'rows', right: true },
    { head: 'bytes', right: true },
    { head: 'columns', right: true },
    { head: 'made by' },
    { head: 'readers', right: true },
    { head: 'uid' },
  ];
  return textTable(
    columns,
    versions.map((one) => [
      ...[versionName(one), timeText(one.at), count(one.rows), count(one.bytes), count(one.fields)],
      ...[one.makers[0]?.job?.name ?? one.makers[0]?.name ?? '', count(one.readers), one.uid],
    ]),
  );
}

export function differenceLines({ left, right, schema, statistics, more }: Difference): string[] {
  const typed = ({ path, type }: { readonly path: string; readonly type: string | null }) =>
    printable(type === null ? path : `${path} ${type}`);
  const fields =
    schema === null
      ? ['One of the two tells no columns.']
      : [
          ...schema.added.map((field) => `+ ${typed(field)}`),
          ...schema.removed.map((field) => `- ${typed(field)}`),
          ...schema.changed.map(
            (field) => `~ ${printable(`${field.path} ${fieldText(field.left)} → ${fieldText(field.right)}`)}`,
          ),
          ...schema.moved.map(
            (field) => `  ${printable(field.path)} moved from ${field.left + 1} to ${field.right + 1}`,
          ),
        ];
  const rows = statistics.map((each) => [
    each.column ?? '',
    each.figure,
    valueText(each.left),
    valueText(each.right),
  ]);
  const columns = [
    { head: 'column' },
    { head: 'figure' },
    { head: versionName(left), right: true },
    { head: versionName(right), right: true },
  ];
  return [
    printable(`${versionName(left)} → ${versionName(right)}`),
    '',
    ...(fields.length === 0 ? ['The columns are the same.'] : fields),
    ...(rows.length === 0 ? [] : ['', ...textTable(columns, rows)]),
    ...(more > 0 ? [`and ${more} figures more`] : []),
  ];
}

const fieldText = ({
  type,
  nullable,
}: {
  readonly type: string | null;
  readonly nullable: boolean | null;
}): string => `${type ?? '?'}${nullable === false ? ' required' : ''}`;

function valueText(value: number | string | null): string {
  if (value === null) return '';
  return typeof value === 'number' ? numberText(value) : value;
}
