/** A domain whose webhooks reach this machine, with a clock that a test moves and no sending but by `pass`. */
import { type Domain, openDomain } from '../../src/app.ts';
import type { Db } from '../../src/db/db.ts';
import { SecretSeal } from '../../src/domain/triggers/index.ts';
import { AddressRules, Outbound } from '../../src/engines/outbound/index.ts';
import type { ProjectId } from '../../src/kernel/ids.ts';
import { newRequestContext, type RequestContext } from '../../src/kernel/request-context.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';

export interface HookedDomain {
  readonly domain: Domain;
  readonly project: ProjectId;
  readonly context: RequestContext;
  /** ms that the clock is ahead. */
  ahead: number;
  close(): Promise<void>;
}

export const testSeal = new SecretSeal('a key of tests');
export const loopbackOutbound = (time?: number) =>
  new Outbound({
    rules: new AddressRules(['127.0.0.1']),
    clock: systemClock,
    ...(time !== undefined && { time }),
  });

export async function openHookedDomain(db: Db): Promise<HookedDomain> {
  const { blobs, remove } = temporaryBlobs();
  const clock = { ...systemClock, now: () => Date.now() + hooked.ahead };
  const context = newRequestContext({ ...testContext, clock });
  const domain = await openDomain(db, {
    defaultArtifactRoot: 'mlflow-artifacts:/',
    blobs,
    webhooks: { outbound: loopbackOutbound(), seal: testSeal, context: () => context },
  });
  const hooked: HookedDomain = {
    ...{ domain, project: domain.defaultProject, context, ahead: 0 },
    close: () => domain.close().finally(remove),
  };
  return hooked;
}
