import type { Finding, Queries } from '../../db/db.ts';
import type { EventId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { bodyDigest } from './event.ts';

/** Events whose digests a shallow check compares, from the latest back. */
const shallowEvents = 1_000;
const batch = 1_000;

/** Positions are dense, and each body that is still there is the one its digest was made of. */
export async function checkLog(queries: Queries, deep: boolean): Promise<Finding[]> {
  const log = await queries.one<{ events: number; placed: number; last: number | null }>(
    sql`SELECT count(*) AS events, count(position) AS placed, max(position) AS last FROM event`,
  );
  const { events = 0, placed = 0, last = 0 } = log ?? {};
  const dense = placed === (last ?? 0);
  const waiting = events - placed;
  return [
    {
      level: dense ? 'ok' : 'error',
      check: 'event_positions',
      detail: dense
        ? `1 to ${last ?? 0} without a gap${waiting > 0 ? `, ${waiting} waiting for theirs` : ''}`
        : `${placed} events hold positions up to ${last}: ${(last ?? 0) - placed} are missing`,
    },
    await checkDigests(queries, deep),
  ];
}

async function checkDigests(queries: Queries, deep: boolean): Promise<Finding> {
  let before = Number.MAX_SAFE_INTEGER;
  let checked = 0;
  const wrong: EventId[] = [];
  for (;;) {
    const rows = await queries.many<{ id: EventId; salt: Uint8Array; digest: Uint8Array; body: string }>(sql`
      SELECT e.id, e.salt, e.digest, b.body FROM event e JOIN event_body b ON b.event = e.id
      WHERE e.id < ${before} ORDER BY e.id DESC LIMIT ${batch}`);
    for (const { id, salt, digest, body } of rows) {
      if (!bodyDigest(salt, body).equals(digest)) wrong.push(id);
    }
    checked += rows.length;
    before = rows.at(-1)?.id ?? 0;
    if (rows.length < batch || (!deep && checked >= shallowEvents)) break;
  }
  if (wrong.length === 0)
    return { level: 'ok', check: 'event_digests', detail: `${checked} bodies match their digests` };
  return {
    level: 'error',
    check: 'event_digests',
    detail: `${wrong.length} of ${checked} bodies do not match: events ${wrong.slice(0, 10).join(', ')}`,
  };
}
