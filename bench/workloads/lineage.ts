/** Events of OpenLineage as producers send them (test/fixtures/openlineage), each time of new runs at later times. */
import { readFileSync } from 'node:fs';
import { type Wire, wireOf } from '../load/connection.ts';
import type { Workload } from '../load/workload.ts';

/** Whole sequences, one after the other: START, RUNNING, COMPLETE of some forty runs with parents. */
const producers = ['airflow', 'spark', 'dbt', 'flink', 'great-expectations', 'table-formats'];

interface SentEvent {
  readonly eventTime: string;
}

/** Sequences of one lane: its runs are its own, its jobs and datasets everybody's. */
class Producer {
  readonly #events: readonly string[];
  readonly #lane: number;
  #next = 0;

  constructor(lane: number) {
    this.#lane = lane;
    this.#events = producers.flatMap((name) => {
      const file = new URL(`../../test/fixtures/openlineage/${name}.json`, import.meta.url);
      return (JSON.parse(readFileSync(file, 'utf8')) as SentEvent[]).map((event) => JSON.stringify(event));
    });
  }

  next(): string {
    const round = Math.floor(this.#next / this.#events.length);
    const text = this.#events[this.#next++ % this.#events.length]!;
    // A UUID of version 7 begins with its time: other first digits are other runs.
    const runs = (this.#lane * 1_000_000 + round).toString(16).padStart(12, '0');
    return text
      .replaceAll(
        /01935[0-9a-f]{3}-([0-9a-f]{4})-7000-8000-0000/g,
        `${runs.slice(0, 8)}-$1-7000-8000-${runs.slice(8)}`,
      )
      .replaceAll('2026-11-02T', `${dayOf(round)}T`);
  }
}

/** Every round is a day. */
function dayOf(round: number): string {
  return new Date(Date.UTC(2026, 10, 2) + round * 86_400_000).toISOString().slice(0, 10);
}

/** Events of one request of a batch. */
const together = 50;
/** Inputs, and outputs, of a wide event. */
const wide = 1_000;

/** Of a new run each time, of datasets that the one before named, too. */
function wideEvent(lane: number, number: number): string {
  const run = (lane * 1_000_000 + number).toString(16).padStart(12, '0');
  const fields = [
    { name: 'id', type: 'BIGINT' },
    { name: 'amount', type: 'DOUBLE' },
  ];
  const datasets = (side: string) =>
    Array.from({ length: wide }, (_, index) => ({
      namespace: 's3://wide',
      name: `${side}/${index}`,
      facets: {
        schema: { _producer: 'https://example.com/wide', _schemaURL: 'https://example.com/s', fields },
      },
    }));
  return JSON.stringify({
    eventTime: new Date(Date.UTC(2026, 10, 2) + number * 1000).toISOString(),
    eventType: 'COMPLETE',
    producer: 'https://example.com/wide',
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: `0193f000-0000-7000-8000-${run}` },
    job: { namespace: 'wide', name: `job ${lane}` },
    inputs: datasets('in'),
    outputs: datasets('out'),
  });
}

export const lineageWorkloads: readonly Workload[] = [
  {
    name: 'event of OpenLineage',
    group: 'tracking',
    connections: 16,
    unit: 'requests',
    units: 1,
    needs: 'native',
    async open() {
      const lanes = new Map<number, Producer>();
      return {
        async requests(connection: number, count: number): Promise<Wire[]> {
          const producer = laneOf(lanes, connection);
          return Array.from({ length: count }, () => wireOf('POST', '/api/v1/lineage', producer.next()));
        },
      };
    },
  },
  {
    name: `batch of ${together} events of OpenLineage`,
    group: 'tracking',
    connections: 4,
    unit: 'events',
    units: together,
    needs: 'native',
    async open() {
      const lanes = new Map<number, Producer>();
      return {
        async requests(connection: number, count: number): Promise<Wire[]> {
          const producer = laneOf(lanes, 100 + connection);
          return Array.from({ length: count }, () => {
            const events = Array.from({ length: together }, () => producer.next());
            return wireOf('POST', '/api/v1/lineage/batch', `[${events}]`);
          });
        },
      };
    },
  },
  {
    name: `event of ${wide.toLocaleString('en')} × ${wide.toLocaleString('en')} datasets`,
    group: 'tracking',
    connections: 1,
    unit: 'requests',
    units: 1,
    needs: 'native',
    async open() {
      let number = 0;
      return {
        async requests(_connection: number, count: number): Promise<Wire[]> {
          return Array.from({ length: count }, () =>
            wireOf('POST', '/api/v1/lineage', wideEvent(0, number++)),
          );
        },
      };
    },
  },
  {
    // The last of the connections sends wide ones without a pause.
    name: 'event of OpenLineage, beside wide ones',
    group: 'tracking',
    connections: 17,
    unit: 'requests',
    units: 1,
    needs: 'native',
    async open() {
      const lanes = new Map<number, Producer>();
      let number = 0;
      return {
        async requests(connection: number, count: number): Promise<Wire[]> {
          const isWide = connection === 16;
          const producer = laneOf(lanes, 200 + connection);
          return Array.from({ length: isWide ? Math.min(count, 60) : count }, () =>
            wireOf('POST', '/api/v1/lineage', isWide ? wideEvent(1, number++) : producer.next()),
          );
        },
      };
    },
  },
];

function laneOf(lanes: Map<number, Producer>, lane: number): Producer {
  const producer = lanes.get(lane) ?? new Producer(lane);
  lanes.set(lane, producer);
  return producer;
}
