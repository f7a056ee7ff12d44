/** A good request for every operation of the OpenLineage face. */
import type { Examples, Subject, Value } from './example.ts';

type Sent = { readonly [name: string]: Value };

const runEvent = ({ fresh }: Subject): Sent => ({
  eventTime: '2026-11-02T00:00:00.123Z',
  eventType: 'COMPLETE',
  producer: 'https://example.com/producer',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  run: {
    runId: fresh(),
    facets: {
      parent: { run: { runId: 'parent' }, job: { namespace: 'scheduler', name: 'dag' } },
      nominalTime: { nominalStartTime: '2026-11-02T00:00:00Z' },
    },
  },
  job: { namespace: 'scheduler', name: 'dag.task', facets: { sql: { query: 'SELECT 1' } } },
  inputs: [
    {
      namespace: 's3://bucket',
      name: 'in',
      facets: {
        version: { datasetVersion: '7' },
        symlinks: { identifiers: [{ namespace: 'hive', name: 'in' }] },
      },
      inputFacets: {
        inputStatistics: { rowCount: 3 },
        cairn_datasetRole: { role: 'test' },
        cairn_evaluation: { metrics: [{ key: 'auc', value: 0.9 }] },
      },
    },
  ],
  outputs: [
    {
      namespace: 's3://bucket',
      name: 'out',
      facets: {
        cairn_model: { uri: 'models:/churn/1' },
        columnLineage: {
          fields: { a: { inputFields: [{ namespace: 's3://bucket', name: 'in', field: 'b' }] } },
        },
      },
      outputFacets: { outputStatistics: { rowCount: 3 } },
    },
  ],
});

/** Facets are the producer's own; the standard's mean something only where they have its shape. */
const keeps = /[fF]acets\./;

export const openLineageExamples: Examples = {
  'openlineage.lineage': (subject) => ({ body: runEvent(subject), keeps }),
  'openlineage.lineage.one': (subject) => ({ body: runEvent(subject), keeps }),
  'openlineage.lineage.batch': (subject) => ({
    body: { events: [runEvent(subject), runEvent(subject)] },
    keeps: /^events\[/,
  }),
};
