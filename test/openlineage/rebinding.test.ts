/**
 * What an OpenLineage run made is derived from the version that it read. Whoever tells, by whatever protocol, that this was
 * another record of it tells so of the derived edge, too, at once.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDerivedData } from '../../src/derived-data.ts';
import { edgeKinds } from '../../src/domain/graph/index.ts';
import { sql } from '../../src/kernel/sql.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const table = { namespace: 's3://rebinding', name: 'table' };
const reading = {
  eventTime: '2026-11-02T00:00:00Z',
  eventType: 'COMPLETE',
  producer: 'https://example.com/test',
  run: { runId: 'reading' },
  job: { namespace: 'test', name: 'copy' },
  inputs: [{ ...table, facets: { version: { datasetVersion: '7' } } }],
  outputs: [
    {
      namespace: 's3://rebinding',
      name: 'copy',
      facets: { columnLineage: { fields: { id: { inputFields: [{ ...table, field: 'id' }] } } } },
    },
  ],
};

describe('a read of OpenLineage that another protocol tells more of', () => {
  forEachStore((open) => {
    const served = servedFor(open);
    const post = async (path: string, body: unknown) => {
      const answer = await served().call('POST', path, body);
      assert.ok(answer.status < 300, JSON.stringify(answer.body));
      return answer.body;
    };
    /** Uids of the live sources of edges of a kind. */
    const sources = async (kind: 'binds' | 'derived') =>
      (
        await served().domain.db.read((queries) =>
          queries.many<{ uid: string }>(sql`SELECT s.uid FROM edge e JOIN node s ON s.id = e.source
            WHERE e.kind = ${edgeKinds[kind]} AND e.known_to IS NULL`),
        )
      ).map(({ uid }) => uid);

    it('is derived from what it is bound to then', async () => {
      await post('/api/v1/lineage', reading);
      const before = await sources('binds');
      assert.equal(before.length, 1);
      assert.deepEqual(await sources('derived'), before);
      // An MLflow run that reads the same version of the same table: both are one thing, whose record of least uid stands for it.
      const { run } = await post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 });
      await post('/api/2.0/mlflow/runs/log-inputs', {
        run_id: run.info.run_id,
        datasets: [
          {
            dataset: {
              name: 'table',
              digest: 'd',
              source_type: 'delta_table',
              source: JSON.stringify({ path: 's3://rebinding/table', delta_table_version: 7 }),
            },
          },
        ],
      });
      const after = await sources('binds');
      assert.notDeepEqual(after, before, 'it is bound to the record of MLflow');
      assert.deepEqual(await sources('derived'), after);
      const { db } = served().domain;
      const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
      assert.deepEqual(
        findings.filter(({ level }) => level === 'error'),
        [],
      );
    });
  });
});
