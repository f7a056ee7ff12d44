import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RequestFigures } from './request-figures.ts';

it('the metrics page counts requests by operation and status, and their durations up to each bound', async () => {
  let queue = 3;
  const figures = new RequestFigures(() => ({ queue }));
  figures.observe('run.create', 201, 0.4);
  figures.observe('run.create', 201, 1);
  figures.observe('run.create', 400, 20_000);
  const page = await figures.page();
  assert.match(page.contentType, /^text\/plain; version=0\.0\.4/);
  const expected = [
    'cairn_requests_total{operation="run.create",status="201"} 2',
    'cairn_requests_total{operation="run.create",status="400"} 1',
    '# TYPE cairn_request_seconds histogram',
    'cairn_request_seconds_bucket{le="0.0005",operation="run.create"} 1',
    'cairn_request_seconds_bucket{le="0.001",operation="run.create"} 2',
    'cairn_request_seconds_bucket{le="10",operation="run.create"} 2',
    'cairn_request_seconds_bucket{le="+Inf",operation="run.create"} 3',
    'cairn_request_seconds_sum{operation="run.create"} 20.0014',
    'cairn_request_seconds_count{operation="run.create"} 3',
    'cairn_store{figure="queue"} 3',
  ];
  const lines = (await page.render()).split('\n');
  for (const line of expected) assert.ok(lines.includes(line), line);
  assert.ok(
    lines.some((line) => line.startsWith('process_cpu_seconds_total ')),
    'the process itself',
  );

  figures.observe('run.create', 201, 1);
  queue = 4;
  const later = (await (await figures.page()).render()).split('\n');
  assert.ok(
    later.includes('cairn_requests_total{operation="run.create",status="201"} 3'),
    'nothing is counted twice',
  );
  assert.ok(later.includes('cairn_store{figure="queue"} 4'));
});
