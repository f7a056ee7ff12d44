/** Requests by operation and status with their durations, for the metrics page. Homes the Prometheus client library. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Bucket bounds in seconds: from a tenth of a millisecond, where a read from memory lies, to the time budget of a scan. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class RequestFigures {
  readonly #registry = new Registry();
  readonly #requests: Counter;
  readonly #durations: Histogram;

  /** `gauges` is read at each scrape: sizes and queue lengths of the store by name. */
  constructor(gauges: () => Readonly<Record<string, number>>) {
    collectDefaultMetrics({ register: this.#registry });
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: 'cairn_requests_total',
      help: 'Requests answered, by operation and status.',
      labelNames: ['operation', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'cairn_request_seconds',
      help: 'Time from the whole request head to the answer, by operation.',
      labelNames: ['operation'],
      buckets,
      registers,
    });
    new Gauge({
      name: 'cairn_store',
      help: 'Figures of the store, by name.',
      labelNames: ['figure'],
      registers,
      collect() {
        for (const [figure, value] of Object.entries(gauges())) this.set({ figure }, value);
      },
    });
  }

  observe(operation: string, status: number, milliseconds: number): void {
    this.#requests.inc({ operation, status: String(status) });
    this.#durations.observe({ operation }, milliseconds / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  render(): Promise<string> {
    return this.#registry.metrics();
  }
}
