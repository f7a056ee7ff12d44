/**
 * `cairn demo`: MLflow's own client, untouched, logs through a proxy that keeps what it sends; then the client reads all of
 * it back. On PostgreSQL the part of it in which stores could differ.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { runCairn, temporaryFolder } from '../start/cairn-command.ts';
import { createPostgresPlace, postgresMissing } from '../stores/postgres-server.ts';
import { missingPython } from './python-env.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { runScenario } from './scenario.ts';
import { startCairn } from './servers.ts';

const skip = (await missingPython()) ?? false;
const onlyLong = process.env.CAIRN_LONG === '1' ? undefined : 'only in the long run (CAIRN_LONG=1)';

interface Told {
  readonly runs: number;
  readonly children: number;
  readonly states: Readonly<Record<string, number>>;
  readonly points: number;
  readonly longest: number;
  readonly files: number;
  readonly models: number;
  readonly predictions: number;
  readonly sources: Readonly<Record<string, number>>;
}

describe('the demo', { skip }, () => {
  const folder = temporaryFolder();

  it('on SQLite all of it reads back, byte for byte and bit for bit', async () => {
    const { told, graph, lineage } = await demo('sqlite', []);
    assert.deepEqual(told.states, { FINISHED: 53, FAILED: 1, KILLED: 1 });
    assert.equal(told.children, 22);
    assert.equal(told.models, 8);
    assert.ok(told.points > 5000, `${told.points} points`);
    assert.ok(told.files > 120, `${told.files} files`);
    assert.equal(told.sources['diabetes/readings.csv'], 2, 'versions of one file');
    assert.deepEqual(graph, expectedGraph);
    assert.deepEqual(lineage, expectedLineage);
  });

  it('on PostgreSQL too', { skip: onlyLong ?? postgresMissing() ?? false }, async () => {
    const place = await createPostgresPlace();
    try {
      const parts = ['grid_search', 'boosting', 'images', 'model', 'files', 'failures', 'new_data', 'churn'];
      const { told, graph, lineage } = await demo('postgres', parts, { CAIRN_DB: place.url });
      assert.deepEqual(told.states, { FINISHED: 27, FAILED: 1, KILLED: 1 });
      assert.deepEqual([told.children, told.models], [12, 5]);
      assert.deepEqual(graph, expectedGraph);
      assert.deepEqual(lineage, expectedLineage);
    } finally {
      await place.drop();
    }
  });

  /** Runs scripts of the demo against a new server and reads everything back. */
  async function demo(store: string, names: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const cairn = await startCairn(env);
    const proxy = await startRecordingProxy(cairn.url);
    try {
      const work = path.join(folder, store);
      const { code, stdout, stderr } = await runCairn(
        ['demo', ...names, '--server', proxy.url, '--folder', work],
        { cwd: folder },
      );
      assert.equal(code, 0, `${stdout}${stderr}`);
      const addresses = stdout.match(/http:\S+/g)!.slice(1);
      for (const address of addresses) assert.equal((await fetch(address)).status, 200, address);
      const ledger = path.join(folder, `${store}.jsonl`);
      // The bytes of files are known by their digest; what the command itself asks of the native API is no client's.
      const lines = proxy.exchanges
        .filter(({ path: place }) => place.startsWith('/api/2.0/'))
        .map((one) =>
          JSON.stringify(one.path.includes('/mlflow-artifacts/') ? { ...one, body: '', answer: '' } : one),
        );
      writeFileSync(ledger, lines.join('\n'));
      const told = (await runScenario('demo', cairn.url, { LEDGER: ledger })) as Told;
      return {
        told,
        graph: await graphOfModel(cairn.url, work),
        lineage: await lineageOfChurn(cairn.url, work),
      };
    } finally {
      await proxy.stop();
      await cairn.stop();
    }
  }
});

/** What the graph must say of the run svm-degree-3: its neighbours, and what the data sets are versions of. */
const expectedGraph = {
  edges: [
    'in used training artifact/dataset-version digits-train',
    'in used validation artifact/dataset-version digits-validation',
    'in used test artifact/dataset-version digits-test',
    'out generated output artifact/logged-model digits-svm',
    'out generated source artifact/logged-model digits-svm',
    'out member-of null context/experiment digits-network',
  ].sort(),
  assets: ['digits-test', 'digits-train', 'digits-validation'].map(
    (name) => `${name}: asset/dataset at data/digits/${name.slice('digits-'.length)}.parquet`,
  ),
};

interface GraphNode {
  readonly uri: string | null;
  readonly edges: readonly {
    readonly direction: string;
    readonly kind: string;
    readonly subtype: string | null;
    readonly other: {
      readonly uid: string;
      readonly kind: string;
      readonly type: string;
      readonly name: string;
    };
  }[];
}

async function askAt<T>(url: string, place: string, body?: unknown): Promise<T> {
  const sent = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(`${url}/api/v1/${place}`, body === undefined ? {} : sent);
  assert.equal(response.status, 200, place);
  return (await response.json()) as T;
}

/** What must be found from the raw data of the nightly job to what serves, over both protocols; not from what was held out. */
const expectedLineage = {
  'raw/customers.csv': [['churn at prod/churn, declared'], 'something left out'],
  'raw/visits.csv': [['churn at prod/churn, declared'], 'something left out'],
  // The training itself says that it read this one.
  'train.parquet': [['churn at prod/churn, declared'], 'nothing left out'],
  'test.parquet': [[], 'something left out'],
  'with sources': 'complete',
};

interface FoundModel {
  readonly node: { readonly uid: string; readonly name: string };
  readonly strength: string;
  readonly path: readonly { readonly kind: string }[];
  readonly serving: readonly { readonly endpoint: string }[];
}

/** Which deployed models derive from each file of the nightly job. */
async function lineageOfChurn(url: string, work: string): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const file of Object.keys(expectedLineage).filter((name) => name !== 'with sources')) {
    const place = path.join(work, 'data', 'churn', file);
    const found = await askAt<{ items: { uid: string; name: string }[] }>(
      url,
      `datasets?search=${encodeURIComponent(path.basename(file))}`,
    );
    const dataset = found.items.find(({ name }) => name === place);
    assert.ok(dataset !== undefined, `${place} is no dataset: ${JSON.stringify(found.items)}`);
    const impact = await askAt<{
      derives: FoundModel[];
      mayDerive: FoundModel[];
      leftOut: { evaluation: number };
    }>(url, `lineage/impact?of=${dataset.uid}&deployed=true`);
    const models = [...impact.derives, ...impact.mayDerive].map(
      ({ node, strength, serving }) => `${node.name} at ${serving[0]?.endpoint}, ${strength}`,
    );
    answers[file] = [models, `${impact.leftOut.evaluation > 0 ? 'something' : 'nothing'} left out`];
  }
  for (const file of ['raw/customers.csv', 'raw/visits.csv']) {
    const of = path.join(work, 'data', 'churn', file);
    await askAt(url, 'lineage/sources', { of, note: 'as the shop exports it' });
  }
  const of = encodeURIComponent(path.join(work, 'data', 'churn', 'raw', 'visits.csv'));
  const { complete } = await askAt<{ complete: boolean }>(url, `lineage/impact?of=${of}&deployed=true`);
  answers['with sources'] = complete ? 'complete' : 'not complete';
  return answers;
}

/** The same through the native API. */
async function graphOfModel(url: string, work: string): Promise<typeof expectedGraph> {
  const ask = <T>(place: string, body?: unknown) => askAt<T>(url, place, body);
  const { items } = await ask<{ items: { id: string; name: string }[] }>('experiments');
  const experiments = items.map(({ id }) => id);
  const found = await ask<{ items: { id: string }[] }>('runs/search', {
    experiments,
    filter: "name = 'svm-degree-3'",
  });
  const run = await ask<GraphNode>(`graph/nodes/${found.items[0]!.id}`);
  const assets: string[] = [];
  for (const { other } of run.edges.filter((edge) => edge.kind === 'used')) {
    const version = await ask<GraphNode>(`graph/nodes/${other.uid}`);
    const asset = version.edges.find((edge) => edge.kind === 'version-of')?.other;
    assert.ok(asset !== undefined, `${other.name} is a version of nothing`);
    const { uri } = await ask<GraphNode>(`graph/nodes/${asset.uid}`);
    assets.push(`${asset.name}: ${asset.kind}/${asset.type} at ${path.relative(work, uri ?? '')}`);
  }
  const edges = run.edges.map(
    ({ direction, kind, subtype, other }) =>
      `${direction} ${kind} ${subtype} ${other.kind}/${other.type} ${other.name}`,
  );
  return { edges: edges.sort(), assets: assets.sort() };
}
