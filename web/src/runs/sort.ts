/** The order of the run table: one column, or the server's own (newest first). In the URL: `[-]<field>`. */
import { type Column, columnField, columnId, columnOfToken, columnToken } from './columns.ts';

export interface Sort {
  /** `name`, or the column whose values decide. */
  readonly by: Column | 'name';
  readonly descending: boolean;
}

export function sortToken(sort: Sort): string {
  // A goal does not change the order, so it has no place here.
  const by = sort.by === 'name' ? 'run.name' : columnToken(sort.by).replace(/:(low|high|none)$/, '');
  return sort.descending ? `-${by}` : by;
}

export function sortOfToken(token: string): Sort | undefined {
  const descending = token.startsWith('-');
  const text = descending ? token.slice(1) : token;
  if (text === 'run.name') return { by: 'name', descending };
  const by = columnOfToken(text);
  return by === undefined || columnField(by) === undefined ? undefined : { by, descending };
}

/** The words of the API's `order`. */
export function orderText(sort: Sort | undefined): string[] {
  if (sort === undefined) return ['attributes.start_time desc'];
  const field = sort.by === 'name' ? 'attributes.run_name' : columnField(sort.by)!;
  return [`${field} ${sort.descending ? 'desc' : 'asc'}`];
}

export function isSortedBy(sort: Sort | undefined, column: Column | 'name'): boolean {
  if (sort === undefined) return column !== 'name' && columnId(column) === 'run.started';
  if (sort.by === 'name' || column === 'name') return sort.by === column;
  return columnId(sort.by) === columnId(column);
}

/** What a click on a header does: best first, then the other way, then the default order again. */
export function nextSort(sort: Sort | undefined, column: Column | 'name'): Sort | undefined {
  const first = startsDescending(column);
  if (sort === undefined || !isSortedBy(sort, column)) {
    // Newest first is the default order itself, so its first click turns it around.
    if (column !== 'name' && columnId(column) === 'run.started') return { by: column, descending: false };
    return { by: column, descending: first };
  }
  return sort.descending === first ? { by: column, descending: !first } : undefined;
}

function startsDescending(column: Column | 'name'): boolean {
  if (column === 'name') return false;
  if (column.scope === 'metric') return column.goal !== 'low' || column.aggregate === 'count';
  return column.scope === 'attribute' && (column.key === 'started' || column.key === 'ended');
}
