/** What servers answer of what is deployed, and events told to one of their projects. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readEvent } from '../../src/faces/openlineage/event-reading.ts';
import { claimingAs } from '../../src/kernel/request-context.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import type { Served } from '../fixtures/served-domain.ts';

/** What is deployed at an instant and derives from a node: where, and what. */
export async function deployed(
  { call }: Served,
  of: string,
  at: number | undefined,
  project: string,
): Promise<string[]> {
  const when = at === undefined ? '' : `&as_of=${at}`;
  const { body } = await call(
    'GET',
    `/api/v1/lineage/impact?of=${encodeURIComponent(of)}&deployed=true&project=${project}${when}`,
  );
  const uids: string[] = [...body.derives, ...body.mayDerive].flatMap(({ serving }) =>
    serving.map(({ deployment }: { deployment: string }) => deployment),
  );
  const told = await Promise.all(
    uids.map(async (uid) => {
      const answer = await call('GET', `/api/v1/deployments/${uid}?project=${project}${when}`);
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

/** Events in a project of its own; a server without workspaces takes them for the one that it has. */
export async function record({ domain }: Served, name: string, events: readonly object[]): Promise<void> {
  const project = await domain.projects.resolve(testContext, name);
  for (const event of events) {
    const text = JSON.stringify(event);
    await domain.lineageEvents.record(
      claimingAs(testContext, 'openlineage'),
      project,
      readEvent(JSON.parse(text), text, 'event'),
    );
  }
}
