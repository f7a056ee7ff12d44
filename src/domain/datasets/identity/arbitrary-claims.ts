/** Claims as no face would make them, for tests. */
import fc from 'fast-check';
import { type Claim, places } from './identity-world.ts';

const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

/** Of `runs` executions on the assets of a world. */
export function anyClaim(runs: number): fc.Arbitrary<Claim> {
  const asset = fc.nat(places.length - 1);
  const run = fc.nat(runs - 1);
  const at = fc.nat(12);
  const explicit = fc.constantFrom('v1', 'v2');
  const digest = fc.constantFrom('d1', 'd2');
  return fc.oneof(
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
        ...{ kind: fc.constant('read' as const), run, asset, at },
        record: optional(fc.constantFrom('a', 'b')),
        explicit: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, explicit),
        binds: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.constant(false)),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        ...{ kind: fc.constant('symlinks' as const), asset },
        others: fc.uniqueArray(asset, { maxLength: 2 }),
      }),
    },
  );
}

/** Claims of one transaction after another. */
export function history(runs: number): fc.Arbitrary<Claim[][]> {
  const claims = fc.array(anyClaim(runs), { minLength: 1, maxLength: 5 });
  return fc.array(claims, { minLength: 1, maxLength: 14 });
}
