/** One step through the graph by hand: what is next to a node, in groups and pages, as of a day, and what may not be seen. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Db } from '../../src/db/db.ts';
import { noFacets } from '../../src/domain/datasets/catalogue/facet-source.ts';
import { Graph } from '../../src/domain/graph/index.ts';
import { neighboursOf } from '../../src/domain/lineage/nodes/neighbours.ts';
import type { EventId, NodeId, ProjectId, Uid } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { newRequestContext } from '../../src/kernel/request-context.ts';
import { rawSql, sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const day = 24 * 60 * 60 * 1000;
/** Readers of one dataset. */
const many = process.env.CAIRN_LONG === '1' ? 100_000 : 5_000;

interface Node {
  readonly uid: string;
  readonly type: string;
  readonly version: string | null;
  readonly group: { readonly type: string; readonly name: string } | null;
  readonly causes: number;
  readonly effects: number;
}
interface Edge {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly conducts: boolean;
  readonly role: string | null;
  readonly event: number;
}

forEachStore((open) => {
  const served = servedFor(open);

  async function trained(name: string) {
    const { call } = served();
    const mlflow = async (path: string, body: object) => {
      const answer = await call('POST', `/api/2.0/mlflow/${path}`, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    const { run } = await mlflow('runs/create', { experiment_id: '0', start_time: Date.now() });
    const runId = run.info.run_id as string;
    const input = (digest: string, context: string) => ({
      tags: [{ key: 'mlflow.data.context', value: context }],
      dataset: { name, digest, source_type: 's3', source: `{"uri": "s3://bucket/${name}/${digest}"}` },
    });
    await mlflow('runs/log-inputs', {
      run_id: runId,
      datasets: [input('train', 'training'), input('test', 'test')],
    });
    const { model } = await mlflow('logged-models', { experiment_id: '0', name, source_run_id: runId });
    const id = model.info.model_id as string;
    await call('POST', '/api/v1/models/registered', { name });
    const source = { source: `models:/${id}`, loggedModel: id };
    const version = await call('POST', `/api/v1/models/registered/${name}/versions`, source);
    await call('POST', '/api/v1/deployments', { endpoint: `prod/${name}`, model: `models:/${name}/1` });
    const near = async (of: string, direction: 'up' | 'down', more = '') => {
      const answer = await call('GET', `/api/v1/lineage/neighbours?of=${of}&direction=${direction}${more}`);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body as {
        readonly of: Node;
        readonly nodes: readonly Node[];
        readonly edges: readonly Edge[];
        readonly groups: readonly { readonly type: string; readonly count: number }[];
        readonly count: number;
        readonly masked: number;
        readonly cursor?: string;
      };
    };
    return { call, near, run: runId, version: version.body.uid as string };
  }

  it('walks from a run to what it learned from and to what serves, each step with its evidence', async () => {
    const { near, run, version } = await trained('churn');
    const up = await near(run, 'up');
    assert.deepEqual([up.count, up.masked, up.of.causes, up.of.effects], [2, 0, 2, 1]);
    const roles = up.edges.map(({ kind, to, role, conducts }) => [kind, to, role, conducts]);
    assert.deepEqual(roles.sort(), [
      ['used', run, 'test', false],
      ['used', run, 'training', true],
    ]);
    assert.ok(up.edges.every(({ event }) => event > 0));
    assert.deepEqual(up.nodes.map(({ type, version: digest }) => [type, digest]).sort(), [
      ['dataset-version', 'test'],
      ['dataset-version', 'train'],
    ]);
    const path = [run];
    for (const type of ['logged-model', 'model-version', 'deployment']) {
      const down = await near(path.at(-1)!, 'down');
      assert.deepEqual(
        down.nodes.map((node) => node.type),
        [type],
      );
      path.push(down.nodes[0]!.uid);
    }
    assert.equal(path[2], version);
    const [deployed] = (await near(version, 'down')).nodes;
    assert.deepEqual([deployed!.group?.type, deployed!.group?.name], ['endpoint', 'prod/churn']);
    const back = await near(path[3]!, 'up');
    assert.deepEqual(
      back.nodes.map(({ uid, version: number, group }) => [uid, number, group?.name]),
      [[version, '1', 'churn']],
    );
    // As of a day before nothing served, and nothing was known.
    assert.deepEqual((await near(version, 'down', `&as_of=${Date.now() - day}`)).nodes, []);
    assert.deepEqual((await near(version, 'down', `&known_at=${Date.now() - day}`)).nodes, []);
    // An asset shows its versions.
    const { body } = await served().call('GET', `/api/v1/graph/nodes/${up.nodes[0]!.uid}`);
    const asset = body.edges.find((edge: { kind: string }) => edge.kind === 'version-of').other.uid;
    const versions = await near(asset, 'up');
    assert.ok(versions.nodes.some(({ uid }) => uid === up.nodes[0]!.uid));
    assert.equal(versions.edges[0]!.kind, 'version-of');
  });

  it('says what nodes are called, and refuses what it cannot answer', async () => {
    const { call, run, version } = await trained('named');
    const nodes = async (of: string) => (await call('GET', `/api/v1/lineage/nodes?of=${of}`)).body;
    const { items } = (await nodes(`${run},${version},nobody,%00`)) as { items: Node[] };
    assert.deepEqual(items.map(({ uid, version: number }) => [uid, number]).sort(), [
      ...[
        [run, null],
        [version, '1'],
      ].sort(),
    ]);
    const refused = async (query: string) => {
      const answer = await call('GET', `/api/v1/lineage/${query}`);
      return [answer.status, answer.body.field];
    };
    assert.deepEqual(await refused('neighbours?of=nobody&direction=up'), [404, 'of']);
    assert.deepEqual(await refused('neighbours?of=%00&direction=up'), [404, 'of']);
    assert.equal((await refused(`neighbours?of=${run}&direction=sideways`))[0], 400);
    assert.equal((await refused(`neighbours?of=${run}&direction=up&limit=1001`))[0], 400);
    assert.deepEqual(await refused(`neighbours?of=${run}&direction=up&cursor=x`), [400, 'cursor']);
    const all = Array.from({ length: 101 }, (_, index) => index).join();
    assert.deepEqual(await refused(`nodes?of=${all}`), [400, 'of']);
  });

  it('calls a version as the job did that wrote it', async () => {
    const { call } = served();
    const event = {
      ...{ eventType: 'COMPLETE', eventTime: '2026-01-01T00:00:00Z', producer: 'https://example.com' },
      ...{ run: { runId: 'writer of a snapshot' }, job: { namespace: 'etl', name: 'snapshots' } },
      outputs: [
        {
          ...{ namespace: 's3://called', name: 'snapshots' },
          facets: { version: { datasetVersion: 'snap-7' } },
        },
      ],
    };
    await call('POST', '/api/v1/lineage', event);
    const { body } = await call('GET', '/api/v1/lineage/resolve?ref=s3://called/snapshots@latest');
    const nodes = await call('GET', `/api/v1/lineage/nodes?of=${body.node.uid}`);
    assert.deepEqual(
      nodes.body.items.map(({ version }: Node) => version),
      ['snap-7'],
    );
  });

  it('pages through a hub of many readers, group by group, and tells how many may not be seen', async () => {
    const db = await open();
    const graph = await Graph.open(db);
    await fillHub(db, graph, many);
    const context = (projects: 'all' | ProjectId[]) =>
      newRequestContext({
        ...{ actor: { kind: 'local', name: 'local' }, scope: { projects }, face: 'native' as const },
        ...{ requestId: 'test', signal: new AbortController().signal },
        ...{ clock: systemClock, random: systemRandom },
      });
    const ask = (more: object, projects: 'all' | ProjectId[] = 'all') =>
      neighboursOf({ graph, facets: noFacets, scope: { projects } }, context(projects), 1 as ProjectId, {
        ...{ of: 'hub', direction: 'down' as const, limit: 1000, ...more },
      });
    const first = await ask({});
    assert.equal(first.count, many);
    assert.deepEqual(first.groups.map(({ group, count }) => [group?.name, count]).sort(), [
      ['even', many / 2],
      ['odd', many / 2],
    ]);
    assert.deepEqual([first.nodes.length, first.of.effects], [1000, 100]);
    const seen = new Set<string>();
    let cursor = (await ask({ group: 'odd uid', limit: 1000 })).cursor;
    for (const page of [
      await ask({ group: 'odd uid', limit: 1000 }),
      await ask({ group: 'odd uid', cursor }),
    ]) {
      for (const { uid } of page.nodes) seen.add(uid);
      cursor = page.cursor;
    }
    assert.equal(seen.size, 2000);
    assert.ok([...seen].every((uid) => Number(uid.slice(4)) % 2 === 1));
    const masked = await ask({}, [1 as ProjectId]);
    assert.deepEqual([masked.count, masked.masked], [many - 1_000, 1_000]);
    assert.ok(masked.nodes.every(({ uid }) => Number(uid.slice(4)) < many - 1_000));
  });
});

/** A dataset version that so many runs of two experiments read; the last 1,000 of them are of another project. */
async function fillHub(db: Db, graph: Graph, readers: number): Promise<void> {
  const { types } = graph;
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${readers - 1})`;
  const [mine, other, hub, even, odd] = [1, 2, 3, 4, 5] as NodeId[] as [
    NodeId,
    NodeId,
    NodeId,
    NodeId,
    NodeId,
  ];
  await db.write(async (tx) => {
    for (const table of ['edge', 'node']) await tx.run(sql`DELETE FROM ${rawSql(table)}`);
    const node = (id: NodeId, uid: string, kind: number, type: number, name: string, project = 1) =>
      tx.run(sql`INSERT INTO node (id, uid, project, context, kind, type, number, name, created, updated, mark, deleted, class)
        VALUES (${id}, ${uid as Uid}, ${project}, ${mine}, ${kind}, ${type}, 0, ${name}, 0, 0, 0, 0, ${id})`);
    await node(mine, 'mine', 4, types.project, 'mine');
    await node(other, 'other', 4, types.project, 'other', 2);
    await node(hub, 'hub', 2, types['dataset-version'], 'hub');
    await node(even, 'even uid', 4, types.experiment, 'even');
    await node(odd, 'odd uid', 4, types.experiment, 'odd');
    await tx.run(sql`${rawSql(numbers)} INSERT INTO node (id, uid, project, context, kind, type, number, name, created, updated, mark, deleted, class)
      SELECT i + 10, 'run ' || i, 1 + i / ${readers - 1000}, ${even} + i % 2,
        1, ${types.run}, 0, 'run', 0, 0, 0, 0, i + 10 FROM n`);
    await tx.run(sql`${rawSql(numbers)} INSERT INTO edge (id, project, source, target, kind, face, principal, known, valid_from, known_from, asserted_by)
      SELECT ${readers + 20} + i, 1, ${hub}, i + 10, 1, 1, 'local', 1, 0, 0, ${0 as EventId} FROM n`);
  });
}
