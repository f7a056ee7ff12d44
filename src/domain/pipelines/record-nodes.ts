/** Nodes of what events name: jobs and runs are made here, datasets and their versions by the slice that has them. */
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { rowBatches, sql, valueRows } from '../../kernel/sql.ts';
import type { IdentityChange, NewVersion } from '../datasets/index.ts';
import type { EventTx } from '../events/index.ts';
import { claimKeys, type Graph, insertNodes, type KeySpace, type NewNode } from '../graph/index.ts';
import { placeOfDataset } from './dataset-places.ts';
import { KnownIds } from './known-ids.ts';
import type { PlaceName } from './lineage-event.ts';
import { runIdOf, uidOfRecord } from './names.ts';
import { beginningOf, type RunPicture, unseenRun } from './run-state.ts';

/** Records that are looked for together. */
const together = 500;

export interface RunName {
  readonly id: string;
  /** Which tells it apart where its id does not. */
  readonly job: PlaceName;
}

export class RecordNodes {
  readonly #graph: Graph;
  // A key and an id are some 200 bytes.
  readonly #jobs = new KnownIds<NodeId>(20_000);
  readonly #runs = new KnownIds<NodeId>(20_000);
  readonly #assets = new KnownIds<NodeId>(50_000);
  readonly #versions = new KnownIds<NodeId>(50_000);

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  jobs(
    tx: EventTx,
    context: RequestContext,
    project: ProjectId,
    wanted: ReadonlyMap<string, PlaceName>,
  ): Promise<ReadonlyMap<string, NodeId>> {
    return this.#found(tx, project, this.#jobs, wanted, (missing) =>
      this.#claimed(tx, project, 'job', missing, async (fresh) => {
        await insertNodes(
          tx,
          fresh.map(([key, { name }, id]) => ({
            ...this.#base(context, project, id),
            uid: uidOfRecord('job', key),
            kind: 'context',
            type: this.#graph.types.job,
            name,
          })),
        );
        const rows = fresh.map(([, { namespace, name }, id]) => [id, project, namespace, name]);
        for (const batch of rowBatches(tx.dialect, rows))
          await tx.run(sql`INSERT INTO job (node, project, namespace, name) VALUES ${valueRows(batch)}`);
      }),
    );
  }

  /** Those that did not exist are made as `pictures` has them, by their keys, and added to `made`. */
  runs(
    tx: EventTx,
    context: RequestContext,
    project: ProjectId,
    wanted: ReadonlyMap<string, RunName>,
    pictures: ReadonlyMap<string, RunPicture>,
    made: Set<NodeId>,
  ): Promise<ReadonlyMap<string, NodeId>> {
    return this.#found(tx, project, this.#runs, wanted, (missing) =>
      this.#claimed(tx, project, 'job-run', missing, async (fresh) => {
        await insertNodes(
          tx,
          fresh.map(([key, { id: runId }, id]) => {
            const picture = pictures.get(key) ?? unseenRun;
            return {
              ...this.#base(context, project, id),
              uid: uidOfRecord('job-run', key),
              kind: 'execution',
              type: this.#graph.types['job-run'],
              name: runIdOf(runId),
              state: picture.state,
              started: beginningOf(picture),
              ended: picture.ended,
            };
          }),
        );
        for (const [, , id] of fresh) made.add(id);
        const rows = fresh.map(([key, { id: runId }, id]) => {
          const { first, started, ended, state, rank, stamp } = pictures.get(key) ?? unseenRun;
          return [id, project, runIdOf(runId), first, started, ended, state, rank, stamp];
        });
        for (const batch of rowBatches(tx.dialect, rows)) {
          await tx.run(sql`INSERT INTO job_run (node, project, run_id, first, started, ended, state, rank, stamp)
            VALUES ${valueRows(batch)}`);
        }
      }),
    );
  }

  assets(
    tx: EventTx,
    identity: IdentityChange,
    project: ProjectId,
    wanted: ReadonlyMap<string, PlaceName>,
  ): Promise<ReadonlyMap<string, NodeId>> {
    return this.#found(tx, project, this.#assets, wanted, (missing) =>
      identity.ensureAssets(
        [...missing].map(([key, { namespace, name }]) => ({
          key,
          uid: uidOfRecord('dataset', key),
          name,
          ...placeOfDataset({ namespace, name }),
          context: project as number as NodeId,
        })),
      ),
    );
  }

  versions(
    tx: EventTx,
    identity: IdentityChange,
    project: ProjectId,
    versions: readonly NewVersion[],
  ): Promise<ReadonlyMap<string, NodeId>> {
    const wanted = new Map(versions.map((version) => [version.key, version]));
    return this.#found(tx, project, this.#versions, wanted, (missing) =>
      identity.ensureVersions([...missing.values()]),
    );
  }

  async #found<Wanted>(
    tx: EventTx,
    project: ProjectId,
    known: KnownIds<NodeId>,
    wanted: ReadonlyMap<string, Wanted>,
    make: (missing: ReadonlyMap<string, Wanted>) => Promise<ReadonlyMap<string, NodeId>>,
  ): Promise<ReadonlyMap<string, NodeId>> {
    const found = new Map<string, NodeId>();
    const missing: [string, Wanted][] = [];
    for (const [key, value] of wanted) {
      const id = known.get(`${project} ${key}`);
      if (id === undefined) missing.push([key, value]);
      else found.set(key, id);
    }
    const learnt = new Map<string, NodeId>();
    for (let start = 0; start < missing.length; start += together) {
      for (const [key, id] of await make(new Map(missing.slice(start, start + together)))) {
        found.set(key, id);
        learnt.set(`${project} ${key}`, id);
      }
    }
    known.learn(tx, learnt);
    return found;
  }

  async #claimed<Wanted>(
    tx: EventTx,
    project: ProjectId,
    space: KeySpace,
    wanted: ReadonlyMap<string, Wanted>,
    insert: (fresh: readonly (readonly [string, Wanted, NodeId])[]) => Promise<void>,
  ): Promise<ReadonlyMap<string, NodeId>> {
    const first = await this.#graph.db.nextIds(wanted.size);
    const proposed = new Map([...wanted.keys()].map((key, index) => [key, (first + index) as NodeId]));
    const held = await claimKeys(tx, project, space, proposed);
    const fresh = [...wanted].flatMap(([key, value]) =>
      held.get(key) === proposed.get(key) ? [[key, value, proposed.get(key)!] as const] : [],
    );
    if (fresh.length > 0) await insert(fresh);
    return held;
  }

  #base(context: RequestContext, project: ProjectId, id: NodeId) {
    return {
      id,
      project,
      context: project as number as NodeId,
      state: null,
      created: context.clock.now(),
      started: null,
      ended: null,
      mark: 0,
    } satisfies Partial<NewNode>;
  }
}
