/** Small answers of a foreign database, whole. */
import type { ForeignDb, ForeignRow } from '../../db/foreign-db.ts';

export async function all(
  db: ForeignDb,
  statement: string,
  values: readonly (string | number)[] = [],
): Promise<ForeignRow[]> {
  const found: ForeignRow[] = [];
  for await (const rows of db.rows(statement, values)) for (const row of rows) found.push(row);
  return found;
}

/** A place for each value of a list. */
export const marks = (list: readonly unknown[]): string => list.map(() => '?').join(', ');
