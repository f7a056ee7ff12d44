/** A table of the conformance tests of db.ts: one column of each type, and a key that is checked at the commit only. */
import type { Db } from '../../src/db/db.ts';
import { statementsOf } from '../../src/db/migrate.ts';
import { CairnError } from '../../src/kernel/errors.ts';
import { rawSql, type Sql, sql } from '../../src/kernel/sql.ts';

const table = `
  CREATE TABLE thing (id {int} PRIMARY KEY, parent {int} REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED,
    whole {int}, real {double}, name {text}, data {bytes}) {strict};
  CREATE UNIQUE INDEX thing_name ON thing ({head:name}, id);
`;

export async function withThings(db: Db): Promise<Db> {
  await db.write(async (tx) => {
    for (const statement of statementsOf(table, tx.dialect.name)) await tx.run(rawSql(statement));
  });
  return db;
}

export function insertThing(id: number, name: string | null = null): Sql {
  return sql`INSERT INTO thing (id, name) VALUES (${id}, ${name})`;
}

export async function thingIds(db: Db): Promise<number[]> {
  const rows = await db.read((queries) =>
    queries.many<{ id: number }>(sql`SELECT id FROM thing ORDER BY id`),
  );
  return rows.map((row) => row.id);
}

/** For assert.rejects. */
export function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof CairnError && error.code === code;
}
