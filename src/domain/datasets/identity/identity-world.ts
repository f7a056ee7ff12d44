/** A world of claims for tests: a naive reading of what follows from them, and the same as a store has it. */
import { createHash } from 'node:crypto';
import type { Db, Queries } from '../../../db/db.ts';
import type { NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import { systemRandom } from '../../../kernel/ids.ts';
import { newRequestContext, type RequestContext } from '../../../kernel/request-context.ts';
import { sql } from '../../../kernel/sql.ts';
import { principals } from '../../access/index.ts';
import { Journal } from '../../events/index.ts';
import { edgeKinds, Graph, insertNodes, knownHows, nodeKinds } from '../../graph/index.ts';
import type { ChangedBinding } from './claims.ts';
import { auditAssets, auditClasses, strayEdges } from './identity-audit.ts';
import { IdentityChange } from './identity-change.ts';
import { rebuildProject } from './identity-upkeep.ts';

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

/** Where each asset is said to lie; several in one place. */
export const places = ['s3://b/one', 's3://b/one', null, 's3://b/two', 's3://b/two', null] as const;

const uidOf = (...parts: readonly (string | number)[]): Uid =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32) as Uid;
const assetUid = (asset: number): Uid => uidOf('asset', asset);
const runUid = (run: number): Uid => uidOf('run', run);
export const versionUid = (asset: number, name: string): Uid => uidOf('version', asset, name);
const writtenName = (run: number): string => `written by ${run}`;

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
    versions.set(versionUid(asset, name), { uid: versionUid(asset, name), asset, claim });
  };
  for (const claim of claims) {
    assets.add(claim.asset);
    if (claim.kind === 'version') {
      const { explicit, strong, weak } = claim;
      const best = Object.entries({ explicit, strong, weak }).find(([, value]) => value !== undefined);
      addVersion(claim.asset, claim.name, best as ModelVersion['claim']);
    } else if (claim.kind === 'write') {
      const name = writtenName(claim.run);
      if (!versions.has(versionUid(claim.asset, name))) addVersion(claim.asset, name, undefined);
      uses.set(`write ${claim.run} ${claim.asset}`, claim);
    } else if (claim.kind === 'read') {
      if (claim.record !== undefined && !versions.has(versionUid(claim.asset, claim.record)))
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
    [...assets].map((asset) => [assetUid(asset), places[asset] ?? undefined]),
    'equal uri, inferred',
  );
  for (const [asset, others] of symlinks) {
    for (const other of others) {
      if (other !== asset) same.push(`${assetUid(asset)} ${assetUid(other)} symlink, declared`);
    }
  }
  const classOf = components([...assets].map(assetUid), same);
  for (const [kind, say] of [
    ['explicit', 'equal version, declared'],
    ['strong', 'equal digest, declared'],
    ['weak', 'equal weak digest, inferred'],
  ] as const) {
    groups(
      [...versions.values()].map(({ uid, asset, claim }) => [
        uid,
        claim?.[0] === kind ? `${classOf.get(assetUid(asset))} ${claim[1]}` : undefined,
      ]),
      say,
    );
  }
  const all = components([...[...assets].map(assetUid), ...versions.keys()], same);

  const binds: string[] = [];
  for (const use of uses.values()) {
    if (use.kind !== 'read' || !use.binds) continue;
    const inClass = (asset: number) => classOf.get(assetUid(asset)) === classOf.get(assetUid(use.asset));
    const slot = use.record === undefined ? assetUid(use.asset) : versionUid(use.asset, use.record);
    const to = `${runUid(use.run)} ${slot} at ${use.at}`;
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
        write.run !== use.run,
    );
    const candidates = written.map((write) => ({
      at: write.at,
      uid: versionUid(write.asset, writtenName(write.run)),
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

function classesOf(classOf: ReadonlyMap<string, unknown>): string[] {
  const byClass = Map.groupBy([...classOf], ([, found]) => found);
  const groups = [...byClass.values()].map((members) => members.map(([uid]) => uid).sort());
  return groups
    .filter(({ length }) => length > 1)
    .map((members) => members.join(' '))
    .sort();
}

const nameOf = (codes: Readonly<Record<string, number>>, code: number): string =>
  Object.entries(codes).find(([, found]) => found === code)![0];

/** The same as the store has it; with `knownAt`, as it was known then. */
export async function storedOf(queries: Queries, project: ProjectId, knownAt?: number): Promise<Followed> {
  const until =
    knownAt === undefined
      ? sql`e.known_to IS NULL`
      : sql`e.known_from <= ${knownAt} AND (e.known_to IS NULL OR e.known_to > ${knownAt})`;
  const edges = await queries.many<
    Record<'kind' | 'known' | 'valid_from', number> & Record<'a' | 'b' | 'source_slot' | 'rule', string>
  >(
    sql`SELECT e.kind, s.uid AS a, t.uid AS b, e.source_slot, e.rule, e.known, e.valid_from FROM edge e
      JOIN node s ON s.id = e.source JOIN node t ON t.id = e.target
      WHERE e.project = ${project} AND e.kind IN (${edgeKinds.same}, ${edgeKinds.binds}) AND ${until}`,
  );
  const told = edges.map(({ kind, known, ...edge }) => {
    const say = `${edge.rule}, ${nameOf(knownHows, known)}`;
    if (kind === edgeKinds.same) return { kind, text: `${edge.a} ${edge.b} ${say}` };
    return { kind, text: `${edge.a} ${edge.b} ${edge.source_slot} at ${edge.valid_from} ${say}` };
  });
  const nodes = await queries.many<{ uid: string; class: NodeId }>(sql`SELECT n.uid, n.class FROM node n
    WHERE n.project = ${project} AND n.kind IN (${nodeKinds.asset}, ${nodeKinds.artifact})`);
  const of = (kind: number) =>
    told
      .filter((edge) => edge.kind === kind)
      .map(({ text }) => text)
      .sort();
  return {
    ...{ same: of(edgeKinds.same), binds: of(edgeKinds.binds) },
    classes: classesOf(new Map(nodes.map((node) => [node.uid, node.class]))),
  };
}

/** Makes claims in a store, each list in one transaction, at the time that `now` says. */
export class IdentityWorld {
  readonly db: Db;
  readonly graph: Graph;
  readonly project: ProjectId;
  readonly runs: readonly NodeId[];
  now = 1_000;
  readonly #journal: Journal;
  readonly #context: RequestContext;

  private constructor(db: Db, graph: Graph, project: ProjectId, runs: readonly NodeId[]) {
    this.db = db;
    this.graph = graph;
    this.project = project;
    this.runs = runs;
    this.#journal = new Journal(db, () => {});
    this.#context = newRequestContext({
      ...{ actor: principals.local, scope: { projects: 'all' }, face: 'openlineage', requestId: 'test' },
      signal: new AbortController().signal,
      clock: { now: () => this.now, after: () => () => {} },
      random: systemRandom,
    });
  }

  static async open(db: Db, runs = 5, projectName = 'identity'): Promise<IdentityWorld> {
    const graph = await Graph.open(db);
    const first = await db.nextIds(runs + 1);
    const project = first as ProjectId;
    const ids = Array.from({ length: runs }, (_, index) => (first + 1 + index) as NodeId);
    const base = { project, name: null, state: null, created: 0, started: 0, ended: null, mark: 0 };
    await db.write((tx) =>
      insertNodes(tx, [
        {
          ...base,
          id: first as NodeId,
          uid: uidOf(projectName),
          context: 0,
          kind: 'context',
          type: graph.types.project,
        },
        ...ids.map((id, index) => ({
          ...base,
          ...({
            id,
            uid: runUid(index),
            context: first as NodeId,
            kind: 'execution',
            type: graph.types.run,
          } as const),
        })),
      ]),
    );
    return new IdentityWorld(db, graph, project, ids);
  }

  /** What a check finds. */
  async faults(): Promise<string[]> {
    return this.db.read(async (queries) => {
      const { repairs, classes } = await auditAssets(queries, this.graph, this.project);
      const rest = await auditClasses(queries, this.project, [...classes]);
      const strays = await strayEdges(queries, this.project);
      return [...repairs.faults, ...rest.repairs.faults, ...strays.map((edge) => `stray edge ${edge}`)];
    });
  }

  rebuild(): Promise<number> {
    return rebuildProject(this.graph, this.#journal, this.#context, this.project);
  }

  /** Spoils what was derived, in one of some ways. */
  async harm(how: number): Promise<void> {
    const { project } = this;
    const ways = [
      [
        sql`UPDATE edge SET known_to = ${this.now} WHERE project = ${project} AND known_to IS NULL
          AND (kind = ${edgeKinds.binds} OR kind = ${edgeKinds.same} AND rule <> 'symlink')`,
      ],
      [
        sql`UPDATE identity_mark SET hub = NULL, edge = NULL WHERE project = ${project}`,
        sql`UPDATE dataset_use SET bound = NULL, edge = NULL WHERE project = ${project}`,
      ],
      [
        sql`UPDATE node SET class = id WHERE project = ${project}`,
        sql`UPDATE dataset_use SET class = asset WHERE project = ${project}`,
        sql`UPDATE identity_mark SET scope = asset WHERE project = ${project} AND scope <> 0`,
      ],
      [
        sql`UPDATE edge SET target = source WHERE project = ${project} AND kind = ${edgeKinds.binds} AND known_to IS NULL`,
      ],
    ];
    await this.db.write(async (tx) => {
      for (const statement of ways[how]!) await tx.run(statement);
    });
  }

  async claim(claims: readonly Claim[]): Promise<ChangedBinding[]> {
    const { graph, project } = this;
    return this.#journal.write(this.#context, project, 'test.claim', async (tx) => {
      tx.record({ node: project as number as NodeId, body: claims });
      const identity = new IdentityChange(tx, graph, this.#context, project);
      const named = claims.flatMap((claim) =>
        claim.kind === 'symlinks' ? [claim.asset, ...claim.others] : [claim.asset],
      );
      const assets = await identity.ensureAssets(
        named.map((asset) => ({
          ...{ key: `asset ${asset}`, uid: assetUid(asset), name: String(asset), uri: places[asset] ?? null },
          ...{ canonicalUri: places[asset] ?? null, context: project as number as NodeId },
        })),
      );
      const asset = (number: number) => assets.get(`asset ${number}`)!;
      const versionNames = claims.flatMap((claim) => {
        if (claim.kind === 'version') return { asset: claim.asset, name: claim.name };
        if (claim.kind === 'write') return { asset: claim.asset, name: writtenName(claim.run) };
        return claim.kind === 'read' && claim.record !== undefined
          ? { asset: claim.asset, name: claim.record }
          : [];
      });
      const key = (of: number, name: string) => `version ${of} ${name}`;
      const versions = await identity.ensureVersions(
        versionNames.map(({ asset: of, name }) => ({
          ...{
            key: key(of, name),
            uid: versionUid(of, name),
            asset: asset(of),
            name,
            uri: null,
            canonicalUri: null,
          },
          created: this.now,
        })),
      );
      for (const claim of claims) {
        if (claim.kind === 'version') {
          const { explicit, strong, weak, asset: of, name } = claim;
          const version = versions.get(key(of, name))!;
          identity.setVersionIdentity([
            { version, asset: asset(of), uid: versionUid(of, name), explicit, strong, weak },
          ]);
        } else if (claim.kind === 'write') {
          const { run, at, binds } = claim;
          const record = versions.get(key(claim.asset, writtenName(run)))!;
          identity.putUses([
            { asset: asset(claim.asset), direction: 'write', at, run: this.runs[run]!, record, binds },
          ]);
        } else if (claim.kind === 'read') {
          const { run, at, binds, explicit } = claim;
          const record =
            claim.record === undefined ? asset(claim.asset) : versions.get(key(claim.asset, claim.record))!;
          identity.putUses([
            {
              asset: asset(claim.asset),
              direction: 'read',
              at,
              run: this.runs[run]!,
              record,
              explicit,
              binds,
            },
          ]);
        } else if (claim.kind === 'symlinks') {
          identity.setSymlinks([{ asset: asset(claim.asset), others: claim.others.map(asset) }]);
        }
      }
      return identity.settle();
    });
  }
}
