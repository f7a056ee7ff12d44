/** The metrics page in the words of Prometheus. Homes its client library. */
import { Counter, collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client';
import { durationBounds, type FiguresPage, type Gauges, type OperationFigures } from './request-figures.ts';

/** The figures are read at each scrape; those of the process itself (memory, garbage, delay of its loop) start with this. */
export function figuresPage(
  operations: ReadonlyMap<string, OperationFigures>,
  store: Gauges,
  load: Gauges,
): FiguresPage {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'cairn_requests_total',
    help: 'Requests answered, by operation and status.',
    labelNames: ['operation', 'status'],
    registers,
    collect() {
      this.reset();
      for (const [operation, { answers }] of operations) {
        for (const [status, count] of answers) this.inc({ operation, status: String(status) }, count);
      }
    },
  });
  registry.registerMetric(durationMetric(operations));
  for (const [name, help, figures] of [
    ['cairn_store', 'Figures of the store, by name.', store],
    ['cairn_load', 'What the server has taken on and not finished, and what it refused, by name.', load],
  ] as const) {
    new Gauge({
      name,
      help,
      labelNames: ['figure'],
      registers,
      collect() {
        for (const [figure, value] of Object.entries(figures())) this.set({ figure }, value);
      },
    });
  }
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

/** A histogram that was counted already, which the library's own cannot be told. */
function durationMetric(operations: ReadonlyMap<string, OperationFigures>): Metric {
  const name = 'cairn_request_seconds';
  const valuesOf = ([operation, { durations, seconds }]: [string, OperationFigures]) => {
    let count = 0;
    const buckets = durations.map((more, index) => {
      count += more;
      const le = durationBounds[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le, operation }, value: count };
    });
    const sum = { metricName: `${name}_sum`, labels: { operation }, value: seconds };
    return [...buckets, sum, { metricName: `${name}_count`, labels: { operation }, value: count }];
  };
  const metric = {
    name,
    get: async () => ({
      name,
      help: 'Time from the whole request head to the answer, by operation.',
      type: 'histogram',
      aggregator: 'sum',
      values: [...operations].flatMap(valuesOf),
    }),
  };
  return metric as unknown as Metric;
}
