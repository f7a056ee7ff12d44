/** Two times: when something served, and when that was known. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { march, openDeployments, refusal } from '../../../test/fixtures/deployed-domain.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import { CairnError } from '../../kernel/errors.ts';

const day = 24 * 60 * 60 * 1000;

forEachStore((open) => {
  const opened = async () => openDeployments(await open());

  it('takes a record that comes late: today it was so, and then nobody knew', async () => {
    const { at, record, serving, history } = await opened();
    at(march(5));
    await record(1);
    at(march(20));
    await record(2, { at: march(10) });
    assert.deepEqual(await serving({ asOf: march(12) }), ['v2 100 %']);
    assert.deepEqual(await serving({ asOf: march(12), knownAt: march(19) }), ['v1 100 %']);
    // Between the two something served that is told last.
    at(march(21));
    await record(3, { at: march(8) });
    assert.deepEqual(await history(), [
      { version: 2, shares: [[march(10), null, 100, null]] },
      { version: 3, shares: [[march(8), march(10), 100, 'replaced']] },
      { version: 1, shares: [[march(5), march(8), 100, 'replaced']] },
    ]);
    assert.deepEqual(await serving({ asOf: march(9), knownAt: march(20) }), ['v1 100 %']);
    // Before all of it, and for a time that is over.
    await record(4, { at: march(2), ended: march(3) });
    assert.deepEqual(await serving({ asOf: march(2) }), ['v4 100 %']);
    assert.deepEqual(await serving({ asOf: march(3) }), []);
  });

  it('refuses a late record that does not say enough', async () => {
    const { at, record } = await opened();
    at(march(5));
    await record(1);
    at(march(10));
    await record(2, { traffic: 20 });
    at(march(20));
    await assert.rejects(record(3, { at: march(7) }), refusal('failed_precondition', 'at'));
    await assert.rejects(record(3, { at: march(7), traffic: 10 }), refusal('failed_precondition', 'at'));
    await assert.rejects(record(3, { at: march(5) }), refusal('failed_precondition', 'at'));
    await assert.rejects(
      record(2, { at: march(12), ended: march(13) }),
      refusal('failed_precondition', 'model'),
    );
    await record(3, { at: march(7), ended: march(8) });
  });

  it('corrects an end that was told wrongly, and retracts what never was', async () => {
    const { deployments, context, project, endpoint, at, record, serving } = await opened();
    at(march(5));
    const uid = await record(1);
    at(march(10));
    await deployments.end(context, project, { endpoint });
    at(march(11));
    await deployments.end(context, project, { deployment: uid }); // the same again
    await assert.rejects(
      deployments.end(context, project, { deployment: uid, at: march(9) }),
      refusal('failed_precondition', 'at'),
    );
    at(march(12));
    await deployments.correct(context, project, uid, {
      ended: march(8),
      started: march(6),
      outcome: 'failed',
    });
    assert.deepEqual(await serving({ asOf: march(9) }), []);
    assert.deepEqual(await serving({ asOf: march(9), knownAt: march(11) }), ['v1 100 %']);
    // Before its end was told it went on, as far as anybody knew.
    assert.deepEqual(await serving({ asOf: march(11), knownAt: march(9) }), ['v1 100 %']);
    assert.deepEqual(await serving({ asOf: march(11), knownAt: march(10) }), []);
    at(march(13));
    await deployments.correct(context, project, uid, { ended: null });
    assert.deepEqual(await serving(), ['v1 100 %']);
    for (const [change, field] of [
      [{ ended: march(6) }, 'ended'],
      [{ started: march(14) }, 'started'],
      [{ ended: null, outcome: 'failed' }, 'outcome'],
      [{ started: 1_772_000_000 }, 'started'],
    ] as const) {
      await assert.rejects(
        deployments.correct(context, project, uid, change),
        refusal('invalid_argument', field),
      );
    }
    at(march(14));
    await deployments.retract(context, project, uid);
    assert.deepEqual(await serving(), []);
    assert.deepEqual(await serving({ asOf: march(7) }), []);
    assert.deepEqual(await serving({ asOf: march(7), knownAt: march(13) }), ['v1 100 %']);
    const { deployment, assertions } = await deployments.get(context, project, uid);
    assert.equal(deployment.retracted, true);
    assert.deepEqual(
      assertions.map(({ from, to, ending, knownFrom, knownTo, retractedBy }) => [
        ...[from, to, ending, knownFrom, knownTo, retractedBy],
      ]),
      [
        [march(5), null, null, march(5), march(10), 'local'],
        [march(5), march(10), 'retired', march(10), march(12), 'local'],
        [march(6), march(8), 'failed', march(12), march(13), 'local'],
        [march(6), null, null, march(13), march(14), 'local'],
      ],
    );
    await assert.rejects(deployments.retract(context, project, uid), refusal('failed_precondition'));
  });

  it('leaves what was known at any time as it was, whatever is told later', async () => {
    const step = fc.record({
      version: fc.integer({ min: 1, max: 4 }),
      kind: fc.constantFrom('record', 'record', 'share', 'late', 'past', 'end', 'back', 'correct', 'retract'),
      back: fc.integer({ min: 1, max: 20 }),
      traffic: fc.integer({ min: 1, max: 99 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const made = await shared();
        const { deployments, context, project, uri, at } = made;
        const endpoint = `random/${++walks}`;
        let now = march(1) + walks * 400 * day;
        const first = now;
        const known: { at: number; seen: string }[] = [];
        const uids: string[] = [];
        const seen = async (knownAt?: number) => {
          const days: string[][] = [];
          for (let asOf = first; asOf <= now + day; asOf += 3 * day) {
            const when = { asOf, knownAt };
            const { serving } = await deployments.endpoint(context, project, { name: endpoint }, when);
            days.push(serving.map(({ uid, percent }) => `${uid} ${percent}`));
          }
          return days;
        };
        for (const { kind, version, back, traffic } of steps) {
          now += 5 * day;
          at(now);
          const then = Math.max(first, now - back * day);
          const model = uri(version);
          try {
            if (kind === 'end') await deployments.end(context, project, { endpoint, at: then });
            else if (kind === 'back') await deployments.rollBack(context, project, { endpoint });
            else if (kind === 'correct') {
              const change = back % 3 === 0 ? { ended: null } : { ended: then };
              await deployments.correct(context, project, uids.at(-1) ?? '', change);
            } else if (kind === 'retract') await deployments.retract(context, project, uids.at(-1) ?? '');
            else {
              const more = {
                record: {},
                share: { traffic },
                late: { at: then },
                past: { at: then, ended: now - day },
              }[kind];
              uids.push(await deployments.record(context, project, { endpoint, model, ...more }));
            }
          } catch (error) {
            // Refused, and then nothing may have changed; but never a fault of ours.
            assert.ok(error instanceof CairnError, String(error));
          }
          if (uids.length === 0) continue;
          for (const before of known) {
            // What lies after it was not asked then.
            const again = JSON.stringify((await seen(before.at)).slice(0, JSON.parse(before.seen).length));
            assert.equal(again, before.seen);
          }
          known.push({ at: now, seen: JSON.stringify(await seen(now)) });
          assert.deepEqual(await seen(now), await seen());
        }
      }),
      { numRuns: open.dialect === 'sqlite' ? 12 : 3 },
    );
  });

  let walks = 0;
  let one: ReturnType<typeof opened> | undefined;
  const shared = () => (one ??= opened());
});
