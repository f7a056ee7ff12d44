/** `cairn export openlineage`: runs of MLflow as events that keep to the specification, and that another Cairn reads the same lineage from. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openLineageSpec, standardRequirements } from '../fixtures/openlineage-spec.ts';
import { type Served, serveDomain, servedFor } from '../fixtures/served-domain.ts';
import { temporaryFolder } from '../start/cairn-command.ts';
import { typed } from '../start/typed-command.ts';
import { forEachStore } from '../stores/stores.ts';
import { deployed, hashed } from './deployed-answers.ts';
import { train } from './weekly-training.ts';

const schemas = new URL('../../docs/formats/openlineage-facets/', import.meta.url);

interface Facet {
  readonly _schemaURL: string;
  // biome-ignore lint/suspicious/noExplicitAny: facets of many shapes
  readonly [key: string]: any;
}
type Facets = Readonly<Record<string, Facet>>;
interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Facets;
  readonly inputFacets?: Facets;
}
interface Event {
  readonly eventType: string;
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

describe('cairn export openlineage', () => {
  forEachStore((open) => {
    const served = servedFor(open);

    /** What is printed of the runs of the experiment. */
    async function exported(...more: string[]): Promise<string[]> {
      const line = `export openlineage --experiment weekly --server ${served().url} ${more.join(' ')}`;
      const { code, out, err } = await typed(line, {});
      assert.equal(code, 0, err);
      return out.split('\n');
    }

    it('tells of a run by events that keep to the specification and to their facets, the same bytes each time', async () => {
      const { parent, child, model } = await train(served());
      const lines = await exported('--namespace', 'ml-prod');
      assert.deepEqual(await exported('--namespace', 'ml-prod'), lines);
      const events = lines.map((line) => JSON.parse(line) as Event);
      checkEvents(events);
      assert.deepEqual(
        events.map(({ eventType, job }) => [eventType, job.name]),
        [
          ['START', 'weekly'],
          ['COMPLETE', 'weekly'],
          ['START', 'weekly/train.py'],
          ['COMPLETE', 'weekly/train.py'],
          ['START', 'models/churn/register'],
          ['COMPLETE', 'models/churn/register'],
          ['START', 'endpoints/prod/churn'],
          ['COMPLETE', 'endpoints/prod/churn'],
        ],
      );
      const [, , start, complete, , registered] = events;
      assert.equal(start!.run.runId.replaceAll('-', ''), child);
      assert.equal(start!.eventTime, '2026-11-02T12:00:00.000Z');
      assert.equal(start!.run.facets.parent!.run.runId.replaceAll('-', ''), parent);
      const { version, repoUrl } = start!.job.facets.sourceCodeLocation!;
      assert.deepEqual([version, repoUrl], ['abc123', 'https://git.example.org/churn.git']);
      assert.doesNotMatch(lines.join('\n'), /token|secret/);
      const { cairn_hyperParameters: parameters, cairn_metrics: metrics, tags } = complete!.run.facets;
      assert.deepEqual(parameters!.parameters, [
        { key: 'depth', value: '6' },
        { key: 'eta', value: '0.1' },
      ]);
      assert.deepEqual(
        metrics!.metrics.map(({ key, value, step }: Record<string, unknown>) => [key, value, step]),
        [
          ['auc', 0.9, 2],
          ['fit', 0.99, 2],
          ['loss', 0.25, 2],
          ['ratio', 'NaN', 0],
        ],
      );
      assert.deepEqual(tags!.tags, [{ key: 'team', value: 'retention' }]);
      const inputs = complete!.inputs.map(({ namespace, name, inputFacets, facets }) => [
        `${namespace} ${name}`,
        inputFacets?.cairn_datasetRole?.role,
        facets.version?.datasetVersion,
      ]);
      assert.deepEqual(inputs, [
        ['s3://bucket churn/train', 'training', undefined],
        ['s3://bucket churn/test', 'test', undefined],
        ['ml-prod datasets/weekly/in memory', 'validation', 'd3'],
        ['s3://bucket churn/weights', undefined, undefined],
      ]);
      // Nobody said what it was for: what it was measured on, too, it may have learnt from.
      assert.equal(complete!.inputs[3]!.inputFacets!.cairn_evaluation!.role, 'unspecified');
      assert.deepEqual(complete!.inputs[0]!.facets.schema!.fields, [{ name: 'id', type: 'long' }]);
      assert.equal(complete!.inputs[0]!.inputFacets!.inputStatistics!.rowCount, 10);
      const { metrics: judged } = complete!.inputs[1]!.inputFacets!.cairn_evaluation!;
      assert.deepEqual([judged[0].key, judged[0].value, judged[0].model], ['auc', 0.9, `models:/${model}`]);
      assert.deepEqual(
        [complete!.outputs[0]!.name, complete!.outputs[0]!.facets.cairn_model!.uri],
        [`models/${model}`, `models:/${model}`],
      );
      assert.equal(registered!.outputs[0]!.facets.cairn_model!.uri, 'models:/churn/1');
    });

    it('is read by another Cairn: dataset, run, model; what was judged on conducts nothing; again changes nothing', async () => {
      const other = await serveDomain(await open());
      try {
        // Jobs had written both tables, there.
        const wrote = ['train', 'test'].map((name) => ({
          eventTime: '2026-11-02T11:00:00Z',
          eventType: 'COMPLETE',
          producer: 'https://example.com/split',
          run: { runId: `split ${name}` },
          job: { namespace: 'prod', name: `split ${name}` },
          outputs: [{ namespace: 's3://bucket', name: `churn/${name}` }],
        }));
        await sent(other, wrote);
        const told = await exported('--to', other.url);
        assert.match(told.join('\n'), /^2 runs, 8 events at http:.*\/api\/v1\/lineage$/);
        const [train, test] = await Promise.all(wrote.map(({ job }) => outputOf(other, job.name)));
        // Which version was read is inferred from the times: nobody named one. All else was said.
        const models = await impact(other, train!);
        assert.ok(
          models.some((name) => name === 'models/churn inferred'),
          models.join(),
        );
        assert.deepEqual(await impact(other, test!), []);
        const before = await countEvents(other);
        await exported('--to', other.url);
        assert.equal(await countEvents(other), before);
        // Runs of jobs show what the facets say.
        const run = await runOf(other, 'weekly/train.py');
        assert.deepEqual(
          [run.state, run.parameters, run.metrics.map((metric: { key: string }) => metric.key)],
          [
            'finished',
            [
              { key: 'depth', value: '6' },
              { key: 'eta', value: '0.1' },
            ],
            ['auc', 'fit', 'loss', 'ratio'],
          ],
        );
        const judged = run.inputs.find(
          (use: { dataset: { name: string } }) => use.dataset.name === 'churn/test',
        );
        assert.deepEqual([judged.role, judged.metrics[0].key, judged.metrics[0].value], ['test', 'auc', 0.9]);
      } finally {
        await other.close();
      }
    });

    it('tells another Cairn what is deployed, in whatever order and however often it is told', async () => {
      const { call } = served();
      const deploy = async (body: object) => {
        const { status, body: answer } = await call('POST', '/api/v1/deployments', {
          ...{ endpoint: 'prod/live', model: 'models:/churn/1', ...body },
        });
        assert.equal(status, 200, JSON.stringify(answer));
      };
      const { items } = (await call('GET', '/api/v1/deployments?endpoint=prod/churn')).body;
      const { started, model } = items[0];
      const loggedModel = model.loggedModel as string;
      await deploy({ at: started + 1, ended: started + 2 });
      await deploy({
        traffic: 30,
        slot: 'shadow',
        platform: { kind: 'kserve', namespace: 'ml', service: 'churn' },
      });
      await deploy({ endpoint: 'prod/logged', model: `models:/${loggedModel}` });
      // And what a job of somebody else says that it serves.
      const facets = { cairn_deployment: { endpoint: 'edge/phone', model: 'models:/churn/1', traffic: 40 } };
      const phone = {
        ...{
          eventTime: new Date(started + 3).toISOString(),
          eventType: 'START',
          producer: 'https://example.com/edge',
        },
        ...{ run: { runId: 'phone 1', facets }, job: { namespace: 'edge', name: 'roll out' } },
      };
      await sent(served(), [phone]);
      const instants = [undefined, started, started + 1, started + 3];
      const answers = (from: Served) =>
        Promise.all(instants.map((at) => deployed(from, 's3://bucket/churn/train', at)));
      const expected = await answers(served());
      assert.deepEqual(
        expected.map((found) => found.length),
        [3, 1, 2, 2],
      );
      const events = (await exported()).map((line) => JSON.parse(line) as object);
      for (const [round, order] of [
        events.toReversed(),
        events.toSorted((a, b) => hashed(a).localeCompare(hashed(b))).flatMap((event) => [event, event]),
      ].entries()) {
        // A store for each: places that projects have in common are one.
        const other = await serveDomain(await open());
        try {
          for (const event of order) await sent(other, [event]);
          assert.deepEqual(await answers(other), expected, `round ${round}`);
        } finally {
          await other.close();
        }
      }
      // Who has the records takes them for what they tell of.
      const before = (await call('GET', '/api/v1/deployments?limit=1000')).body.items;
      await exported('--to', served().url);
      assert.deepEqual((await call('GET', '/api/v1/deployments?limit=1000')).body.items, before);
    });

    it('told to the Cairn that it comes from, its models are those of the registry', async () => {
      await exported('--to', served().url);
      const model = (await served().call('GET', '/api/v1/models/registered/churn/versions/1')).body;
      const { edges } = (await served().call('GET', `/api/v1/graph/nodes/${model.uid}`)).body;
      const same = edges.filter((edge: { kind: string }) => edge.kind === 'same');
      assert.deepEqual(
        same.map((edge: { known: string; face: string }) => [edge.known, edge.face]),
        [['declared', 'openlineage']],
      );
    });

    it('goes into a file whole, and one by one to a server that takes no batches, with its key', async () => {
      const lines = await exported();
      const folder = temporaryFolder();
      const file = path.join(folder, 'out.ndjson');
      await exported('--to', file);
      assert.equal(readFileSync(file, 'utf8'), `${lines.join('\n')}\n`);
      assert.deepEqual(readdirSync(folder), ['out.ndjson']);
      const taken: string[] = [];
      const keys = new Set<string | undefined>();
      let refuses = false;
      const server = createServer(async (request, response) => {
        const body = await text(request);
        if (request.url === '/api/v1/lineage' && !refuses) taken.push(body);
        keys.add(request.headers.authorization);
        response.writeHead(request.url?.endsWith('/batch') ? 404 : refuses ? 400 : 201).end('no');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const line = `export openlineage --experiment weekly --server ${served().url} --to ${to}`;
        const env = { OPENLINEAGE_API_KEY: 'key' };
        assert.equal((await typed(line, { env })).code, 0);
        // The server stands for the namespace: the same from any client.
        assert.deepEqual(taken, lines);
        assert.deepEqual([...keys], ['Bearer key']);
        refuses = true;
        const { code, err } = await typed(line, { env });
        assert.deepEqual([code, /answered 400: no/.test(err)], [1, true], err);
      } finally {
        server.close();
      }
    });

    it('says what is wrong with the line', async () => {
      const refused = async (line: string) => {
        const { code, err } = await typed(`export openlineage ${line} --server ${served().url}`, {});
        assert.notEqual(code, 0, line);
        return err;
      };
      assert.match(await refused(''), /--run ID or --experiment NAME/);
      assert.match(await refused('--run a --experiment b'), /Either/);
      assert.match(await refused('--run a --no-artifacts'), /does not take --no-artifacts/);
      assert.match(await refused(`--run ${'0'.repeat(32)}`), /not found|no run/i);
      assert.match(await refused('--experiment nobody'), /nobody/);
      assert.match(await refused('--experiment weekly --to http://127.0.0.1:1'), /nobody takes events/);
      assert.match(await refused('--experiment weekly --to ftp://x/y'), /--to/);
    });
  });
});

/** The specification, the schemas of Cairn's facets, and what the standard ones must have. */
function checkEvents(events: readonly Event[]): void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(openLineageSpec);
  for (const file of readdirSync(schemas))
    ajv.addSchema(JSON.parse(readFileSync(new URL(file, schemas), 'utf8')));
  const isValid = ajv.compile({ $ref: `${openLineageSpec.$id}#/$defs/RunEvent` });
  const seen = new Set<string>();
  for (const event of events) {
    assert.ok(isValid(event), JSON.stringify(isValid.errors));
    const datasets = [...event.inputs, ...event.outputs];
    const all = [
      event.run.facets,
      event.job.facets,
      ...datasets.flatMap(({ facets, inputFacets = {} }) => [facets, inputFacets]),
    ];
    for (const [key, facet] of all.flatMap((facets) => Object.entries(facets))) {
      const schema = facet._schemaURL.split('/').at(-1)!;
      if (key.startsWith('cairn_')) {
        seen.add(key);
        const isFacet = ajv.getSchema(facet._schemaURL);
        assert.ok(isFacet?.(facet), `${key}: ${JSON.stringify(isFacet?.errors)}`);
        // By the rule of the specification: cairn_model is Cairn…Model…Facet.
        assert.match(schema, new RegExp(`^Cairn${key.slice(6, 7).toUpperCase()}${key.slice(7)}.*Facet$`));
        continue;
      }
      for (const member of standardRequirements[schema] ?? assert.fail(`${schema} of ${key}`))
        assert.ok(facet[member] !== undefined, `${key}.${member}`);
    }
  }
  assert.deepEqual([...seen].sort(), [
    'cairn_datasetRole',
    'cairn_deployment',
    'cairn_evaluation',
    'cairn_hyperParameters',
    'cairn_metrics',
    'cairn_model',
    'cairn_training',
  ]);
}

async function sent({ call }: Served, events: readonly object[]): Promise<void> {
  const { body } = await call('POST', '/api/v1/lineage/batch', events);
  assert.deepEqual(body.failed_events, [], JSON.stringify(body));
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
async function runOf({ call }: Served, job: string): Promise<any> {
  const jobs = (await call('GET', `/api/v1/jobs?search=${encodeURIComponent(job)}`)).body.items;
  const { uid } = jobs.find((one: { name: string }) => one.name === job);
  const [run] = (await call('GET', `/api/v1/job-runs?job=${uid}`)).body.items;
  return (await call('GET', `/api/v1/job-runs/${run.uid}`)).body;
}

const outputOf = async (served: Served, job: string): Promise<string> =>
  (await runOf(served, job)).outputs[0].version.uid;

/** Names and strengths of what derives from a node, surely or maybe. */
async function impact({ call }: Served, of: string): Promise<string[]> {
  const { body } = await call('GET', `/api/v1/lineage/impact?of=${of}`);
  return [...body.derives, ...body.mayDerive].map(
    ({ node, strength }: { node: { name: string }; strength: string }) => `${node.name} ${strength}`,
  );
}

async function countEvents({ call }: Served): Promise<number> {
  return (await call('GET', '/api/v1/job-runs?limit=1000')).body.items.length;
}
