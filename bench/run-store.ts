/**
 * Fills a store with runs as the domain would have written them, in bulk: the same rows, a thousand runs to a transaction.
 * 100,000 runs take some 20 s on SQLite, through the domain some minutes. run-store.test.ts holds the rows against those of
 * the domain.
 */
import type { Db, Tx } from '../src/db/db.ts';
import type { Experiments, Projects } from '../src/domain/contexts/index.ts';
import { bodyDigest, faceCodes } from '../src/domain/events/event.ts';
import { insertEdges } from '../src/domain/graph/edge-store.ts';
import {
  type ExecutionState,
  executionStates,
  type Graph,
  insertNodes,
  type PropertyValue,
  putPropertiesOfMany,
} from '../src/domain/graph/index.ts';
import type { LogBatch } from '../src/domain/metrics/index.ts';
import { insertHead } from '../src/domain/metrics/point-store.ts';
import { putSummaries } from '../src/domain/metrics/series-store.ts';
import { PointGroups, summarise } from '../src/engines/metrics/index.ts';
import type { EdgeId, EventId, KeyId, NodeId, ProjectId, SeriesId, Uid } from '../src/kernel/ids.ts';
import type { RequestContext } from '../src/kernel/request-context.ts';
import { type SqlValue, sql, valueRows } from '../src/kernel/sql.ts';
import { generator } from './random.ts';

/** One run, as it is created and logged to once. */
export interface PlannedRun {
  readonly experiment: number;
  readonly name: string;
  readonly user: string;
  readonly started: number;
  readonly state: ExecutionState;
  readonly batch: Required<Omit<LogBatch, 'series'>>;
}

const begin = 1_700_000_000_000;
const rates = ['0.1', '0.05', '0.01', '0.005', '0.001', '5e-4', '0.0001', '0.2', '0.3', '0.02'];
const optimizers = ['adam', 'sgd', 'lion'];
const teams = ['vision', 'speech', 'text', 'search', 'ads'];
const states: readonly ExecutionState[] = ['finished', 'finished', 'finished', 'failed', 'killed'];

/** The `n`-th run of a store with so many experiments. */
export function plannedRun(n: number, experiments: number): PlannedRun {
  // Each run is decided by its number.
  const next = generator((n + 1) * 2_654_435_761);
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)]!;
  const started = begin + n * 1_000 + Math.floor(next() * 500);
  const point = (key: string, value: number) => ({ key, value, step: 100, time: started + 60_000 });
  return {
    experiment: n % experiments,
    name: `run-${n % 977}-${n}`,
    user: pick(['ann', 'bob', 'eve']),
    started,
    state: pick(states),
    batch: {
      params: [
        { key: 'lr', value: pick(rates) },
        { key: 'optimizer', value: pick(optimizers) },
        // One in 5,000 runs: 0.02 %.
        { key: 'seed', value: String(Math.floor(next() * 5_000)) },
        { key: 'note', value: `${pick(teams)} ${Math.floor(next() * 1e9).toString(36)}` },
      ],
      tags: [
        { key: 'team', value: pick(teams) },
        { key: 'host', value: `node-${Math.floor(next() * 100)}.cluster` },
      ],
      points: [
        point('loss', 2 * next()),
        point('acc', Math.round(next() * 1_000) / 1_000),
        point('val_loss', next() < 0.001 ? Number.NaN : 3 * next()),
        point('time_s', 3_600 * next()),
      ],
    },
  };
}

/** What the writing needs of a domain. */
export interface Filled {
  readonly db: Db;
  readonly graph: Graph;
  readonly projects: Projects;
  readonly experiments: Experiments;
}

const runsPerTransaction = 500;

/** Makes `experiments` experiments and `runs` runs among them; resolves to the ids of the experiments. */
export async function fillStore(
  { db, graph, projects, experiments }: Filled,
  context: RequestContext,
  runs: number,
  experimentCount = 1,
): Promise<string[]> {
  const project = await projects.ensureDefault(context);
  const made: { id: string; node: NodeId }[] = [];
  for (let n = 0; n < experimentCount; n++) {
    const { id, node } = await experiments.create(context, project, { name: `filled ${n}` });
    made.push({ id, node });
  }
  for (let start = 0; start < runs; start += runsPerTransaction) {
    const numbers = Array.from({ length: Math.min(runsPerTransaction, runs - start) }, (_, i) => start + i);
    const planned = numbers.map((n) => plannedRun(n, experimentCount));
    await writeRuns(db, graph, context, project, made, planned);
  }
  return made.map(({ id }) => id);
}

async function writeRuns(
  db: Db,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  experiments: readonly { readonly node: NodeId }[],
  planned: readonly PlannedRun[],
): Promise<void> {
  const perRun = 16;
  const first = await db.nextIds(planned.length * perRun);
  const now = context.clock.now();
  const runs = planned.map((plan, index) => ({
    plan,
    id: (first + index * perRun) as NodeId,
    node: experiments[plan.experiment]!.node,
    uid: context.newUid(),
  }));
  await db.write(async (tx) => {
    const names = new Set(['mlflow.runName']);
    for (const { batch } of planned) {
      for (const { key } of [...batch.params, ...batch.tags, ...batch.points]) names.add(key);
    }
    const keys = await graph.keys.resolve(tx, [...names]);
    await insertNodes(
      tx,
      runs.map(({ plan, id, node, uid }) => ({
        id,
        uid: uid as Uid,
        project,
        context: node,
        kind: 'execution',
        type: graph.types.run,
        name: plan.name,
        state: executionStates[plan.state],
        created: now,
        started: plan.started,
        ended: null,
        mark: 0,
      })),
    );
    const text = (value: string): PropertyValue => ({ kind: 'text', value });
    const pairs = (list: readonly { key: string; value: string }[]) =>
      new Map<KeyId, PropertyValue>(list.map(({ key, value }) => [keys.get(key)!, text(value)]));
    await putPropertiesOfMany(
      tx,
      context.face,
      runs.flatMap(({ plan, id, node }) => {
        const owner = { id, project, context: node };
        const tags = [{ key: 'mlflow.runName', value: plan.name }, ...plan.batch.tags];
        return [
          { owner, scope: 'param' as const, values: pairs(plan.batch.params) },
          { owner, scope: 'tag' as const, values: pairs(tags) },
          { owner, scope: 'system' as const, values: new Map([[graph.systemKeys.user, text(plan.user)]]) },
        ];
      }),
    );
    await insertEdges(
      tx,
      context,
      runs.map(({ plan, id, node }) => ({
        id: (id + 1) as EdgeId,
        project,
        source: id,
        target: node,
        kind: 'member-of' as const,
        known: 'observed' as const,
        validFrom: plan.started,
        event: (id + 2) as EventId,
      })),
    );
    for (const { plan, id, node } of runs) {
      const groups = new PointGroups<string>(plan.batch.points.length);
      for (const point of plan.batch.points) groups.add(point.key, point.value, point.step, point.time);
      const series = groups.finish().map(([key, columns], index) => ({
        id: (id + 4 + index) as SeriesId,
        key: keys.get(key)!,
        by: '',
        summary: summarise(columns),
        columns,
      }));
      await putSummaries(tx, { id, project, context: node }, series);
      const entries = series.map(({ id: of, columns }) => ({ series: of, points: columns }));
      await insertHead(tx, { id: id + 15, node: id, project }, entries);
    }
    await writeEvents(tx, context, project, runs);
  });
}

/** One for the creation and one for the batch, as two requests leave them. */
async function writeEvents(
  tx: Tx,
  context: RequestContext,
  project: ProjectId,
  runs: readonly { readonly plan: PlannedRun; readonly id: NodeId; readonly node: NodeId }[],
): Promise<void> {
  const last = await tx.one<{ last: number | null }>(sql`SELECT max(position) AS last FROM event`);
  let position = last?.last ?? 0;
  const events: SqlValue[][] = [];
  const bodies: SqlValue[][] = [];
  const touches: SqlValue[][] = [];
  for (const { plan, id, node } of runs) {
    for (const [offset, action] of [
      [2, 'run.create'],
      [3, 'run.log'],
    ] as const) {
      const body = JSON.stringify(
        action === 'run.create'
          ? { experiment: String(plan.experiment), name: plan.name, user: plan.user, started: plan.started }
          : { params: plan.batch.params, tags: plan.batch.tags, metrics: { head: id + 15, points: 4 } },
      );
      const salt = context.random(16);
      position += 1;
      const digest = bodyDigest(salt, body);
      events.push([
        id + offset,
        position,
        project,
        context.clock.now(),
        context.actor.name,
        faceCodes[context.face],
        action,
        id,
        salt,
        digest,
      ]);
      bodies.push([id + offset, body]);
    }
    touches.push([node, id + 2]);
  }
  await tx.run(sql`INSERT INTO event (id, position, project, recorded, actor, face, action, node, salt, digest)
    VALUES ${valueRows(events)}`);
  await tx.run(sql`INSERT INTO event_body (event, body) VALUES ${valueRows(bodies)}`);
  await tx.run(sql`INSERT INTO event_touch (node, event) VALUES ${valueRows(touches)}`);
  // Where positions are given later, by whoever holds this row.
  await tx.run(sql`UPDATE event_sequence SET last = ${position} WHERE id = 1`);
}
