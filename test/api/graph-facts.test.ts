/** What an MLflow client logs is the graph: the same facts as node, edge, properties, series and events, in order. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const mlflow = '/api/2.0/mlflow';

forEachStore((open) => {
  const served = servedFor(open);

  it('shows a run logged through MLflow as facts of the graph', async () => {
    const { call } = served();
    const { experiment_id } = (await call('POST', `${mlflow}/experiments/create`, { name: 'iris' })).body;
    const created = await call('POST', `${mlflow}/runs/create`, {
      experiment_id,
      run_name: 'first',
      start_time: 1000,
      tags: [{ key: 'team', value: 'vision' }],
    });
    const run = created.body.run.info.run_id as string;
    const child = await call('POST', `${mlflow}/runs/create`, {
      experiment_id,
      tags: [{ key: 'mlflow.parentRunId', value: run }],
    });
    await call('POST', `${mlflow}/runs/log-batch`, {
      run_id: run,
      metrics: [
        { key: 'loss', value: 0.5, timestamp: 1001, step: 1 },
        { key: 'loss', value: 'NaN', timestamp: 1002, step: 2 },
        { key: 'loss', value: 0.25, timestamp: 1003, step: 3 },
      ],
      params: [{ key: 'lr', value: '1e-3' }],
    });
    await call('POST', `${mlflow}/runs/update`, { run_id: run, status: 'FINISHED', end_time: 2000 });

    const node = (await call('GET', `/api/v1/graph/nodes/${run}`)).body;
    assert.equal(node.kind, 'execution');
    assert.equal(node.type, 'run');
    assert.equal(node.state, 'finished');
    assert.equal(node.ended, 2000);
    assert.deepEqual(
      node.properties.map((p: { scope: string; key: string; value: string; face: string }) => [
        p.scope,
        p.key,
        p.value,
        p.face,
      ]),
      [
        ['param', 'lr', '1e-3', 'mlflow'],
        ['tag', 'mlflow.runName', 'first', 'mlflow'],
        ['tag', 'team', 'vision', 'mlflow'],
      ],
    );
    const [series] = node.series;
    assert.deepEqual(
      {
        key: series.key,
        points: series.points,
        min: series.min,
        last: series.last,
        nonFinite: series.nonFinite,
      },
      { key: 'loss', points: 3, min: 0.25, last: 0.25, nonFinite: 1 },
    );
    assert.deepEqual(
      node.edges.map((e: { kind: string; direction: string; other: { name: string; uid: string } }) => [
        e.direction,
        e.kind,
        e.other.uid,
      ]),
      [
        ['out', 'member-of', node.context],
        ['out', 'parent-of', child.body.run.info.run_id],
      ],
    );
    const experiment = (await call('GET', `/api/v1/graph/nodes/${node.context}`)).body;
    assert.equal(experiment.type, 'experiment');
    assert.equal(experiment.name, 'iris');
    assert.ok(
      experiment.edges.some(
        (e: { kind: string; other: { type: string } }) =>
          e.kind === 'member-of' && e.other.type === 'project',
      ),
    );

    const events = await placedEvents(call, run, 4);
    assert.deepEqual(
      events.map((event) => [event.action, event.face]),
      [
        ['run.create', 'mlflow'],
        ['run.create', 'mlflow'],
        ['run.log', 'mlflow'],
        ['run.update', 'mlflow'],
      ],
    );
    assert.deepEqual(events[2]?.body.params, [{ key: 'lr', value: '1e-3' }]);
    assert.equal(events[2]?.body.metrics.points, 3);
    const positions = events.map((event) => event.position);
    assert.deepEqual(
      positions,
      [...positions].sort((a, b) => a - b),
    );
  });

  it('streams events from a position on, live', async () => {
    const { url, call } = served();
    const stop = new AbortController();
    const response = await fetch(`${url}/api/v1/events?experiment=0&after=0`, {
      headers: { accept: 'text/event-stream' },
      signal: stop.signal,
    });
    const frames = framesOf(response);
    const begin = await frames.next();
    assert.match(begin.value ?? '', /^id: 0\nevent: begin/);
    assert.match((await frames.next()).value ?? '', /event: experiment.create/);
    const created = await call('POST', '/api/v1/runs', { experiment: '0', name: 'seen live' });
    const frame = (await frames.next()).value ?? '';
    assert.match(frame, /event: run.create/);
    const data = JSON.parse(/^data: (.*)$/m.exec(frame)![1]!);
    assert.equal(data.run, created.body.id);
    assert.equal(data.experiment, '0');

    const resumed = await fetch(`${url}/api/v1/events?experiment=0`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(data.position - 1) },
      signal: stop.signal,
    });
    const again = framesOf(resumed);
    await again.next();
    assert.match((await again.next()).value ?? '', new RegExp(`^id: ${data.position}\n`));
    stop.abort();
  });
});

type Call = Served['call'];

/** Positions are given after the commit on a store with many writers: reads until as many events are placed. */
async function placedEvents(call: Call, run: string, count: number) {
  for (;;) {
    const { items } = (await call('GET', `/api/v1/events?run=${run}`)).body;
    if (items.length >= count)
      return items as {
        action: string;
        face: string;
        position: number;
        body: { params: unknown; metrics: { points: number } };
      }[];
  }
}

async function* framesOf(response: Response): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const frame = text.slice(0, end);
      text = text.slice(end + 2);
      if (!frame.startsWith(':')) yield frame;
    }
  }
}
