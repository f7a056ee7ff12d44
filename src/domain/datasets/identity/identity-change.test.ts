/** What follows from claims, against a naive model, whatever the claims and the order they come in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { forEachStore } from '../../../../test/stores/stores.ts';
import { type Claim, homes, modelOf, places } from './identity-model.ts';
import { IdentityWorld, storedOf } from './identity-world.ts';

const runs = 5;
const asset = fc.nat(places.length - 1);
const run = fc.nat(runs - 1);
const at = fc.nat(12);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const explicit = fc.constantFrom('v1', 'v2');
const digest = fc.constantFrom('d1', 'd2');

const claim: fc.Arbitrary<Claim> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('asset' as const), asset }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ kind: fc.constant('version' as const), asset, name: fc.constantFrom('a', 'b', 'c') },
      ...{ explicit: optional(explicit), strong: optional(digest), weak: optional(digest) },
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ kind: fc.constant('write' as const), run, asset, at },
      binds: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ kind: fc.constant('read' as const), run, asset, record: optional(fc.constantFrom('a', 'b')), at },
      explicit: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, explicit),
      binds: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant('symlinks' as const), asset, others: fc.uniqueArray(asset, { maxLength: 2 }) },
    }),
  },
);
/** Nobody speaks of an asset of another project. */
const ofOneProject = (claim: Claim): Claim =>
  claim.kind === 'symlinks'
    ? { ...claim, others: claim.others.filter((other) => homes[other] === homes[claim.asset]) }
    : claim;
/** Claims of one transaction after another, each of one project. */
const history = fc
  .array(fc.array(claim.map(ofOneProject), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 14 })
  .map((steps) => steps.flatMap((claims) => [...Map.groupBy(claims, ({ asset }) => homes[asset]).values()]));

forEachStore((open) => {
  describe('identity', () => {
    const numRuns = open.dialect === 'sqlite' ? 150 : 36;

    it('follows from the claims as they stand, at every step, and every step stays known', async () => {
      const db = await open();
      let worlds = 0;
      await fc.assert(
        fc.asyncProperty(history, async (steps) => {
          const world = await IdentityWorld.open(db, runs, `world ${worlds++}`);
          const said: Claim[] = [];
          const known: { at: number; model: ReturnType<typeof modelOf> }[] = [];
          let before = modelOf([]);
          for (const claims of steps) {
            world.now += 10;
            const changed = await world.claim(claims);
            said.push(...claims);
            const model = modelOf(said);
            assert.deepEqual(await db.read((queries) => storedOf(queries, world.projects)), model);
            assert.equal(changed.length, changedReads(before.binds, model.binds), 'reads told of as rebound');
            known.push({ at: world.now, model });
            before = model;
          }
          assert.deepEqual(await world.faults(), [], 'kept as it would be made again');
          for (const { at: then, model } of known) {
            const { same, binds } = await db.read((queries) => storedOf(queries, world.projects, then));
            assert.deepEqual({ same, binds }, { same: model.same, binds: model.binds });
          }
        }),
        { numRuns },
      );
    });

    it('follows the same when all is claimed at once, each by another writer', async () => {
      const db = await open();
      let worlds = 0;
      const once = fc.uniqueArray(claim.map(ofOneProject), { minLength: 6, maxLength: 24, selector: keyOf });
      await fc.assert(
        fc.asyncProperty(once, async (claims) => {
          const world = await IdentityWorld.open(db, runs, `crowd ${worlds++}`);
          await Promise.all(claims.map((one) => world.claim([one])));
          assert.deepEqual(await db.read((queries) => storedOf(queries, world.projects)), modelOf(claims));
          assert.deepEqual(await world.faults(), []);
        }),
        { numRuns: open.dialect === 'sqlite' ? 50 : 40 },
      );
    });

    it('is made again from the claims, whatever became of it', async () => {
      const db = await open();
      let worlds = 0;
      await fc.assert(
        fc.asyncProperty(history, fc.nat(3), async (steps, harm) => {
          const world = await IdentityWorld.open(db, runs, `harmed ${worlds++}`);
          for (const claims of steps) {
            world.now += 10;
            await world.claim(claims);
          }
          world.now += 10;
          await world.harm(harm);
          await world.rebuild();
          assert.deepEqual(
            await db.read((queries) => storedOf(queries, world.projects)),
            modelOf(steps.flat()),
          );
          assert.deepEqual(await world.faults(), []);
          assert.equal(await world.rebuild(), 0, 'nothing is left to be mended');
        }),
        { numRuns: numRuns / 3 },
      );
    });
  });
});

/** What a later claim takes the place of. */
function keyOf(of: Claim): string {
  switch (of.kind) {
    case 'asset':
    case 'symlinks':
      return `${of.kind} ${of.asset}`;
    case 'version':
      return `version ${of.asset} ${of.name}`;
    case 'write':
      return `write ${of.run} ${of.asset}`;
    case 'read':
      return `read ${of.run} ${of.asset} ${of.record}`;
  }
}

/** Reads that are bound to another version: those of an edge by its run and what it explains. */
function changedReads(before: readonly string[], after: readonly string[]): number {
  const bound = (edges: readonly string[]) =>
    new Map(
      edges.map((edge) => edge.split(' ')).map(([version, ...read]) => [`${read[0]} ${read[1]}`, version]),
    );
  const [old, now] = [bound(before), bound(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((read) => old.get(read) !== now.get(read))
    .length;
}
