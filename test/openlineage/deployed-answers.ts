/** What servers answer of what is deployed. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Served } from '../fixtures/served-domain.ts';

/** What is deployed at an instant and derives from a node: where, and what. */
export async function deployed({ call }: Served, of: string, at: number | undefined): Promise<string[]> {
  const when = at === undefined ? '' : `&as_of=${at}`;
  const { body } = await call(
    'GET',
    `/api/v1/lineage/impact?of=${encodeURIComponent(of)}&deployed=true${when}`,
  );
  const uids: string[] = [...body.derives, ...body.mayDerive].flatMap(({ serving }) =>
    serving.map(({ deployment }: { deployment: string }) => deployment),
  );
  const told = await Promise.all(
    uids.map(async (uid) => {
      const answer = await call('GET', `/api/v1/deployments/${uid}${when.replace('&', '?')}`);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    }),
  );
  return told
    .map(({ endpoint, slot, model, traffic, started, ended, ending, platform }) =>
      JSON.stringify([endpoint.name, slot, model.uri, traffic, started, ended, ending, platform]),
    )
    .sort();
}

export const hashed = (event: object): string =>
  createHash('sha256').update(JSON.stringify(event)).digest('hex');
