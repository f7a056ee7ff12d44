/** A naive reading of what follows from claims, as DESIGN 3.2 says it, for tests. */
import { createHash } from 'node:crypto';
import type { Uid } from '../../../kernel/ids.ts';

export type Claim =
  | { readonly kind: 'asset'; readonly asset: number }
  | {
      readonly kind: 'version';
      readonly asset: number;
      readonly name: string;
      readonly explicit?: string | undefined;
      readonly strong?: string | undefined;
      readonly weak?: string | undefined;
    }
  | {
      readonly kind: 'write';
      readonly run: number;
      readonly asset: number;
      readonly at: number;
      readonly binds: boolean;
    }
  | {
      readonly kind: 'read';
      readonly run: number;
      readonly asset: number;
      /** Name of a version of the asset; the asset itself when absent. */
      readonly record?: string | undefined;
      readonly at: number;
      readonly explicit?: string | undefined;
      readonly binds: boolean;
    }
  | { readonly kind: 'symlinks'; readonly asset: number; readonly others: readonly number[] };

/** Where each asset is said to lie; several in one place, which is one for all projects. */
export const places = ['one', 'one', null, 'two', 'two', null, 'two'] as const;
/** The project that each is of, by its number. */
export const homes = [0, 1, 0, 0, 2, 1, 0] as const;
/** Two that one key names, each in its project: their uids are equal, and those of their versions. */
const twins = new Map([[1, 0]]);

export const uidOf = (...parts: readonly (string | number)[]): Uid =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32) as Uid;
export const assetUid = (asset: number): Uid => uidOf('asset', twins.get(asset) ?? asset);
export const runUid = (run: number): Uid => uidOf('run', run);
export const versionUid = (asset: number, name: string): Uid =>
  uidOf('version', twins.get(asset) ?? asset, name);
/** By which the model tells nodes apart, and in whose order they come: the uid, and the project. */
export const told = (uid: string, home: number): Uid => `${uid}/${home}` as Uid;
const assetName = (asset: number): Uid => told(assetUid(asset), homes[asset]!);
const versionName = (asset: number, name: string): Uid => told(versionUid(asset, name), homes[asset]!);
/** Each project has runs of its own. */
const runName = (run: number, asset: number): Uid => told(runUid(run), homes[asset]!);
export const writtenName = (run: number): string => `written by ${run}`;

/** What follows: edges as texts, and which nodes are one thing. */
export interface Followed {
  readonly same: readonly string[];
  readonly binds: readonly string[];
  /** Uids of each class of more than one, sorted. */
  readonly classes: readonly string[];
}

interface ModelVersion {
  readonly uid: Uid;
  readonly asset: number;
  readonly claim: readonly [kind: string, value: string] | undefined;
}

/** As DESIGN 3.2 says it, with no thought of cost. */
export function modelOf(claims: readonly Claim[]): Followed {
  const assets = new Set<number>();
  const versions = new Map<Uid, ModelVersion>();
  const uses = new Map<string, Extract<Claim, { kind: 'read' | 'write' }>>();
  const symlinks = new Map<number, readonly number[]>();
  const addVersion = (asset: number, name: string, claim: ModelVersion['claim']) => {
    assets.add(asset);
    versions.set(versionName(asset, name), { uid: versionName(asset, name), asset, claim });
  };
  for (const claim of claims) {
    assets.add(claim.asset);
    if (claim.kind === 'version') {
      const { explicit, strong, weak } = claim;
      const best = Object.entries({ explicit, strong, weak }).find(([, value]) => value !== undefined);
      addVersion(claim.asset, claim.name, best as ModelVersion['claim']);
    } else if (claim.kind === 'write') {
      const name = writtenName(claim.run);
      if (!versions.has(versionName(claim.asset, name))) addVersion(claim.asset, name, undefined);
      uses.set(`write ${claim.run} ${claim.asset}`, claim);
    } else if (claim.kind === 'read') {
      if (claim.record !== undefined && !versions.has(versionName(claim.asset, claim.record)))
        addVersion(claim.asset, claim.record, undefined);
      uses.set(`read ${claim.run} ${claim.asset} ${claim.record}`, claim);
    } else if (claim.kind === 'symlinks') {
      for (const other of claim.others) assets.add(other);
      symlinks.set(claim.asset, claim.others);
    }
  }

  const same: string[] = [];
  const groups = (items: readonly (readonly [uid: Uid, group: string | undefined])[], say: string) => {
    const byGroup = Map.groupBy(
      items.filter(([, group]) => group !== undefined),
      ([, group]) => group,
    );
    for (const members of byGroup.values()) {
      const [hub, ...others] = members.map(([uid]) => uid).sort();
      for (const other of others) same.push(`${other} ${hub} ${say}`);
    }
  };
  groups(
    [...assets].map((asset) => [assetName(asset), places[asset] ?? undefined]),
    'equal uri, inferred',
  );
  for (const [asset, others] of symlinks) {
    for (const other of others) {
      if (other !== asset) same.push(`${assetName(asset)} ${assetName(other)} symlink, declared`);
    }
  }
  const classOf = components([...assets].map(assetName), same);
  for (const [kind, say] of [
    ['explicit', 'equal version, declared'],
    ['strong', 'equal digest, declared'],
    ['weak', 'equal weak digest, inferred'],
  ] as const) {
    groups(
      [...versions.values()].map(({ uid, asset, claim }) => [
        uid,
        claim?.[0] === kind ? `${classOf.get(assetName(asset))} ${claim[1]}` : undefined,
      ]),
      say,
    );
  }
  const all = components([...[...assets].map(assetName), ...versions.keys()], same);

  const binds: string[] = [];
  for (const use of uses.values()) {
    if (use.kind !== 'read' || !use.binds) continue;
    const inClass = (asset: number) => classOf.get(assetName(asset)) === classOf.get(assetName(use.asset));
    const slot = use.record === undefined ? assetName(use.asset) : versionName(use.asset, use.record);
    const to = `${runName(use.run, use.asset)} ${slot} at ${use.at}`;
    if (use.explicit !== undefined) {
      const [named] = [...versions.values()]
        .filter(
          ({ asset, claim }) => inClass(asset) && claim?.[0] === 'explicit' && claim[1] === use.explicit,
        )
        .map(({ uid }) => uid)
        .sort();
      if (named !== undefined) binds.push(`${named} ${to} explicit version, declared`);
      continue;
    }
    const written = [...uses.values()].filter(
      (write) =>
        write.kind === 'write' &&
        write.binds &&
        inClass(write.asset) &&
        write.at <= use.at &&
        runName(write.run, write.asset) !== runName(use.run, use.asset),
    );
    const candidates = written.map((write) => ({
      at: write.at,
      uid: versionName(write.asset, writtenName(write.run)),
    }));
    const current = candidates.sort((a, b) => a.at - b.at || (a.uid < b.uid ? -1 : 1)).at(-1);
    if (current !== undefined) binds.push(`${current.uid} ${to} current at its time, inferred`);
  }
  return { same: same.sort(), binds: binds.sort(), classes: classesOf(all) };
}

function components(nodes: readonly Uid[], same: readonly string[]): Map<Uid, Uid> {
  const found = new Map(nodes.map((node) => [node, node]));
  for (const edge of same) {
    const [a, b] = edge.split(' ') as [Uid, Uid];
    const [from, to] = [found.get(a)!, found.get(b)!];
    for (const [node, at] of found) if (at === from) found.set(node, to);
  }
  return found;
}

export function classesOf(classOf: ReadonlyMap<string, unknown>): string[] {
  const byClass = Map.groupBy([...classOf], ([, found]) => found);
  const groups = [...byClass.values()].map((members) => members.map(([uid]) => uid).sort());
  return groups
    .filter(({ length }) => length > 1)
    .map((members) => members.join(' '))
    .sort();
}
