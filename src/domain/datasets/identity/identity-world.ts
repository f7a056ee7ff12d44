/** A world of claims for tests: what a store makes of them, in the words of the model (identity-model.ts). */
import type { Db, Queries } from '../../../db/db.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import { systemRandom } from '../../../kernel/ids.ts';
import { newRequestContext, type RequestContext } from '../../../kernel/request-context.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { principals } from '../../access/index.ts';
import { Journal } from '../../events/index.ts';
import { edgeKinds, Graph, insertNodes, knownHows, nodeKinds } from '../../graph/index.ts';
import type { ChangedBinding } from './claims.ts';
import { auditAssets, auditClasses, strayEdges } from './identity-audit.ts';
import { IdentityChange } from './identity-change.ts';
import {
  assetUid,
  type Claim,
  classesOf,
  type Followed,
  homes,
  places,
  runUid,
  told,
  uidOf,
  versionUid,
  writtenName,
} from './identity-model.ts';
import { rebuildProjects } from './identity-upkeep.ts';

const nameOf = (codes: Readonly<Record<string, number>>, code: number): string =>
  Object.entries(codes).find(([, found]) => found === code)![0];

/** The same as the store has it; with `knownAt`, as it was known then. */
export async function storedOf(
  queries: Queries,
  projects: readonly ProjectId[],
  knownAt?: number,
): Promise<Followed> {
  const name = (uid: string, project: ProjectId) => told(uid, projects.indexOf(project));
  const until =
    knownAt === undefined
      ? sql`e.known_to IS NULL`
      : sql`e.known_from <= ${knownAt} AND (e.known_to IS NULL OR e.known_to > ${knownAt})`;
  const edges = await queries.many<
    Record<'kind' | 'known' | 'valid_from', number> &
      Record<'a' | 'b' | 'source_slot' | 'rule', string> &
      Record<'project' | 'of_a' | 'of_b', ProjectId>
  >(
    sql`SELECT e.kind, e.project, s.uid AS a, s.project AS of_a, t.uid AS b, t.project AS of_b, e.source_slot, e.rule, e.known,
        e.valid_from FROM edge e JOIN node s ON s.id = e.source JOIN node t ON t.id = e.target
      WHERE e.project ${anyOf(projects)} AND e.kind IN (${edgeKinds.same}, ${edgeKinds.binds}) AND ${until}`,
  );
  const texts = edges.map(({ kind, known, project, ...edge }) => {
    const [a, b] = [name(edge.a, edge.of_a), name(edge.b, edge.of_b)];
    const say = `${edge.rule}, ${nameOf(knownHows, known)}`;
    if (kind === edgeKinds.same) return { kind, text: `${a} ${b} ${say}` };
    return { kind, text: `${a} ${b} ${name(edge.source_slot, project)} at ${edge.valid_from} ${say}` };
  });
  const nodes = await queries.many<{
    uid: string;
    project: ProjectId;
    class: NodeId;
  }>(sql`SELECT n.uid, n.project, n.class
    FROM node n WHERE n.project ${anyOf(projects)} AND n.kind IN (${nodeKinds.asset}, ${nodeKinds.artifact})`);
  const of = (kind: number) =>
    texts
      .filter((edge) => edge.kind === kind)
      .map(({ text }) => text)
      .sort();
  return {
    ...{ same: of(edgeKinds.same), binds: of(edgeKinds.binds) },
    classes: classesOf(new Map(nodes.map((node) => [name(node.uid, node.project), node.class]))),
  };
}

/** Makes claims in a store, each list in one transaction, at the time that `now` says. */
export class IdentityWorld {
  readonly db: Db;
  readonly graph: Graph;
  /** In the order of `homes`. */
  readonly projects: readonly ProjectId[];
  /** Of each project. */
  readonly runs: readonly (readonly NodeId[])[];
  /** Where its places lie: no other world shares them. */
  readonly #bucket: string;
  now = 1_000;
  readonly #journal: Journal;
  readonly #context: RequestContext;

  private constructor(
    db: Db,
    graph: Graph,
    projects: readonly ProjectId[],
    runs: readonly (readonly NodeId[])[],
    bucket: string,
  ) {
    this.db = db;
    this.graph = graph;
    this.projects = projects;
    this.runs = runs;
    this.#bucket = bucket;
    this.#journal = new Journal(db, () => {});
    this.#context = newRequestContext({
      ...{ actor: principals.local, scope: { projects: 'all' }, face: 'openlineage', requestId: 'test' },
      signal: new AbortController().signal,
      clock: { now: () => this.now, after: () => () => {} },
      random: systemRandom,
    });
  }

  static async open(db: Db, runs: number, name: string): Promise<IdentityWorld> {
    const graph = await Graph.open(db);
    const count = Math.max(...homes) + 1;
    const first = await db.nextIds(count * (runs + 1));
    const base = { name: null, state: null, created: 0, started: 0, ended: null, mark: 0 };
    const projects = Array.from({ length: count }, (_, home) => (first + home * (runs + 1)) as ProjectId);
    const runsOf = (project: ProjectId) =>
      Array.from({ length: runs }, (_, run) => (project + 1 + run) as NodeId);
    await db.write((tx) =>
      insertNodes(
        tx,
        projects.flatMap((project, home) => [
          {
            ...{
              ...base,
              project,
              id: project as number as NodeId,
              uid: uidOf(name, home),
              context: 0 as const,
            },
            ...{ kind: 'context' as const, type: graph.types.project },
          },
          ...runsOf(project).map((id, run) => ({
            ...{ ...base, project, id, uid: runUid(run), context: project as number as NodeId },
            ...{ kind: 'execution' as const, type: graph.types.run },
          })),
        ]),
      ),
    );
    return new IdentityWorld(db, graph, projects, projects.map(runsOf), name.replaceAll(' ', '-'));
  }

  /** What a check finds. */
  async faults(): Promise<string[]> {
    return this.db.read(async (queries) => {
      const { repairs, classes } = await auditAssets(queries, this.graph, this.projects);
      const rest = await auditClasses(queries, [...classes]);
      const strays = await strayEdges(queries, this.projects);
      return [...repairs.faults, ...rest.repairs.faults, ...strays.map((edge) => `stray edge ${edge}`)];
    });
  }

  rebuild(): Promise<number> {
    return rebuildProjects(this.graph, this.#journal, this.#context, this.projects);
  }

  /** Spoils what was derived, in one of some ways. */
  async harm(how: number): Promise<void> {
    const own = sql`project ${anyOf(this.projects)}`;
    const ways = [
      [
        sql`UPDATE edge SET known_to = ${this.now} WHERE ${own} AND known_to IS NULL
          AND (kind = ${edgeKinds.binds} OR kind = ${edgeKinds.same} AND rule <> 'symlink')`,
      ],
      [
        sql`UPDATE identity_mark SET hub = NULL, edge = NULL WHERE ${own}`,
        sql`UPDATE dataset_use SET bound = NULL, edge = NULL WHERE ${own}`,
      ],
      [
        sql`UPDATE node SET class = id WHERE ${own}`,
        sql`UPDATE dataset_use SET class = asset WHERE ${own}`,
        sql`UPDATE identity_mark SET scope = asset WHERE ${own} AND scope <> 0`,
      ],
      [sql`UPDATE edge SET target = source WHERE ${own} AND kind = ${edgeKinds.binds} AND known_to IS NULL`],
    ];
    await this.db.write(async (tx) => {
      for (const statement of ways[how]!) await tx.run(statement);
    });
  }

  /** All of one project. */
  async claim(claims: readonly Claim[]): Promise<ChangedBinding[]> {
    const { graph } = this;
    const home = homes[claims[0]!.asset]!;
    const [project, runs] = [this.projects[home]!, this.runs[home]!];
    const placeAt = (asset: number) => places[asset] && `s3://${this.#bucket}/${places[asset]}`;
    return this.#journal.write(this.#context, project, 'test.claim', async (tx) => {
      tx.record({ node: project as number as NodeId, body: claims });
      const identity = new IdentityChange(tx, graph, this.#context, project);
      const named = claims.flatMap((claim) =>
        claim.kind === 'symlinks' ? [claim.asset, ...claim.others] : [claim.asset],
      );
      const assets = await identity.ensureAssets(
        named.map((asset) => ({
          ...{
            key: `asset ${asset}`,
            uid: assetUid(asset),
            name: String(asset),
            uri: placeAt(asset) ?? null,
          },
          ...{ canonicalUri: placeAt(asset) ?? null, context: project as number as NodeId },
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
            { asset: asset(claim.asset), direction: 'write', at, run: runs[run]!, record, binds },
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
              run: runs[run]!,
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
