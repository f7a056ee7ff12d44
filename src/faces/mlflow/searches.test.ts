import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { serveMlflowFace } from '../../../test/mlflow/mlflow-face.ts';
import { type Given, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';
import { forEachStore } from '../../../test/stores/stores.ts';

interface Found {
  readonly experiments?: readonly { readonly name: string }[];
  readonly runs?: readonly { readonly info: { readonly run_name: string; readonly run_id: string } }[];
  readonly next_page_token?: string;
}
const names = (json: Found) => json.runs?.map((found) => found.info.run_name);
const wrong =
  "Hint: Value was of type 'int'. See the API docs for more information about request parameters.";

testRows('searches', ({ experiment, name, run }: Given): Row[] => [
  {
    title: 'runs/search answers whole runs',
    request: ['POST', 'runs/search', { experiment_ids: [experiment] }],
    status: 200,
    answer: (json: { runs: readonly { info: object; data: object; inputs: object; outputs: object }[] }) => {
      assert.equal(json.runs.length, 1);
      assert.deepEqual(json.runs[0]?.data, {
        metrics: [{ key: 'loss', value: 0.5, timestamp: 10, step: 1 }],
        params: [{ key: 'depth', value: '3' }],
        tags: [{ key: 'mlflow.runName', value: 'swift' }],
      });
      assert.deepEqual([json.runs[0]?.inputs, json.runs[0]?.outputs], [{}, {}]);
      assert.deepEqual(Object.keys(json), ['runs']);
    },
  },
  {
    title: 'runs/search filters and orders',
    first: [
      ['POST', 'runs/create', { experiment_id: experiment, run_name: 'slow', start_time: 2000 }],
      ['POST', 'runs/create', { experiment_id: experiment, run_name: 'sly', start_time: 3000 }],
    ],
    request: [
      'POST',
      'runs/search',
      {
        experiment_ids: [experiment],
        filter: "attributes.run_name LIKE 's%' AND start_time >= 1000",
        order_by: ['attributes.start_time ASC'],
      },
    ],
    status: 200,
    answer: (json: Found) => assert.deepEqual(names(json), ['swift', 'slow', 'sly']),
  },
  {
    title: 'runs/search looks for deleted runs when told',
    first: [['POST', 'runs/delete', { run_id: run }]],
    request: ['POST', 'runs/search', { experiment_ids: [experiment], run_view_type: 'DELETED_ONLY' }],
    status: 200,
    answer: (json: Found) => assert.deepEqual(names(json), ['swift']),
  },
  {
    title: 'runs/search hides deleted runs',
    first: [['POST', 'runs/delete', { run_id: run }]],
    request: ['POST', 'runs/search', { experiment_ids: [experiment] }],
    status: 200,
    answer: {},
  },
  {
    title: 'runs/search in no experiment, or an unknown one',
    request: ['POST', 'runs/search', { experiment_ids: ['424242'] }],
    status: 200,
    answer: {},
  },
  ...(
    [
      [{ experiment_ids: ['abc'] }, "Invalid experiment ID 'abc'. Experiment ID must be a valid integer."],
      [{ max_results: 50_001 }, `Invalid value 50001 for parameter 'max_results' supplied:  ${wrong}`],
      [
        { max_results: 0 },
        "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer",
      ],
      [{ page_token: 'zz' }, /^Invalid page token/],
      [{ filter: 'params.depth = 3' }, /^Expected a quoted string value for/],
      [{ filter: 'a.b = 1' }, /^Invalid entity type 'a'/],
      [{ order_by: ['foo'] }, /^Invalid attribute key 'foo'/],
      [{ run_view_type: 'SOME' }, /^Invalid value "SOME" for parameter 'run_view_type' supplied/],
    ] as const
  ).map(
    ([change, answer]): Row => ({
      title: `runs/search refuses ${JSON.stringify(change)}`,
      request: ['POST', 'runs/search', { experiment_ids: [experiment], ...change }],
      status: 400,
      answer,
    }),
  ),
  {
    title: 'experiments/search finds by name',
    request: ['POST', 'experiments/search', { max_results: 5, filter: `name = '${name}'` }],
    status: 200,
    answer: (json: Found) =>
      assert.deepEqual(
        json.experiments?.map((found) => found.name),
        [name],
      ),
  },
  {
    title: 'experiments/search by GET',
    request: [
      'GET',
      `experiments/search?max_results=5&order_by=name%20DESC&view_type=ALL&filter=name%20%3D%20'${encodeURIComponent(name)}'`,
    ],
    status: 200,
    answer: (json: Found) =>
      assert.deepEqual(
        json.experiments?.map((found) => found.name),
        [name],
      ),
  },
  ...(
    [
      [{}, "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer"],
      [
        { max_results: -1 },
        "Invalid value -1 for parameter 'max_results' supplied. It must be a positive integer",
      ],
      [
        { max_results: 50_001 },
        "Invalid value 50001 for parameter 'max_results' supplied. It must be at most 50000",
      ],
      [{ max_results: 1, filter: 'x = 1' }, /Invalid attribute key 'x'/],
      [{ max_results: 1, page_token: 'abc' }, /^Invalid page token/],
    ] as const
  ).map(
    ([request, answer]): Row => ({
      title: `experiments/search refuses ${JSON.stringify(request)}`,
      request: ['POST', 'experiments/search', request],
      status: 400,
      answer,
    }),
  ),
]);

forEachStore((open) => {
  let face: Awaited<ReturnType<typeof serveMlflowFace>>;
  before(async () => {
    face = await serveMlflowFace(await open());
  });
  after(() => face.close());

  it('walks pages of runs to the end, each run once, and no token follows the last', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) {
      const { json } = await face.call('POST', 'runs/create', { experiment_id: '0', start_time: index });
      made.unshift(json.run.info.run_id);
    }
    const walked: string[] = [];
    let page_token: string | undefined;
    do {
      const request = { experiment_ids: ['0'], max_results: walked.length === 0 ? 1 : 2, page_token };
      const page: Found = (await face.call('POST', 'runs/search', request)).json;
      walked.push(...(page.runs ?? []).map((found) => found.info.run_id));
      page_token = page.next_page_token;
    } while (page_token !== undefined);
    assert.deepEqual(walked, made);
  });

  it('walks pages of a metric to the end', async () => {
    const { json } = await face.call('POST', 'runs/create', {});
    const run_id: string = json.run.info.run_id;
    const metrics = Array.from({ length: 7 }, (_, step) => ({ key: 'm', value: 'NaN', timestamp: 1, step }));
    await face.call('POST', 'runs/log-batch', { run_id, metrics });
    const walked: number[] = [];
    let token = '';
    do {
      const path = `metrics/get-history?run_id=${run_id}&metric_key=m&max_results=3&page_token=${token}`;
      const page = (await face.call('GET', path)).json;
      walked.push(...page.metrics.map((point: { step: number }) => point.step));
      token = page.next_page_token ?? '';
    } while (token !== '');
    assert.deepEqual(walked, [0, 1, 2, 3, 4, 5, 6]);
  });

  it('refuses a token of another search', async () => {
    const page: Found = (await face.call('POST', 'runs/search', { experiment_ids: ['0'], max_results: 1 }))
      .json;
    const request = { experiment_ids: ['0'], filter: "tags.x = 'y'", page_token: page.next_page_token };
    const other = await face.call('POST', 'runs/search', request);
    assert.equal(other.status, 400);
    assert.match(other.json.message, /^Invalid page token/);
  });
});
