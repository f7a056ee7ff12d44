import type { Tx } from '../../db/db.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';

export interface IdempotencyKey {
  readonly project: ProjectId;
  readonly principal: string;
  readonly operation: string;
  readonly key: string;
}

export async function findAnswer(
  tx: Tx,
  key: IdempotencyKey,
): Promise<{ digest: Uint8Array; answer: string } | undefined> {
  return tx.one(sql`SELECT digest, answer FROM idempotency WHERE project = ${key.project}
    AND principal = ${key.principal} AND operation = ${key.operation} AND key = ${key.key}`);
}

/** Resolves to false when another transaction has stored an answer for the key meanwhile. */
export async function storeAnswer(
  tx: Tx,
  key: IdempotencyKey,
  digest: Uint8Array,
  answer: string,
  recorded: number,
): Promise<boolean> {
  const inserted = await tx.run(sql`INSERT INTO idempotency
    (project, principal, operation, key, digest, answer, recorded) VALUES (${key.project}, ${key.principal},
    ${key.operation}, ${key.key}, ${digest}, ${answer}, ${recorded}) ON CONFLICT DO NOTHING`);
  return inserted === 1;
}

export async function forgetAnswersBefore(tx: Tx, instant: number): Promise<number> {
  return tx.run(sql`DELETE FROM idempotency WHERE recorded < ${instant}`);
}
