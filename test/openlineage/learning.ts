/** Jobs that make tables and models, as events tell of them, and what is asked of them afterwards. */
import assert from 'node:assert/strict';
import type { Served } from '../fixtures/served-domain.ts';

export function learning(served: () => Served) {
  async function send(event: object): Promise<void> {
    const { status, body } = await served().call('POST', '/api/v1/lineage', event);
    assert.equal(status, 201, JSON.stringify(body));
  }
  /** A run of a job; `at`: minutes. */
  const run = (job: string, at: number, more: object = {}, facets: object = {}) => ({
    eventTime: `2026-11-02T01:${String(at).padStart(2, '0')}:00Z`,
    eventType: 'COMPLETE',
    producer: 'https://example.com/trainer',
    run: { runId: `run of ${job}`, facets },
    job: { namespace: 'ml', name: job },
    ...more,
  });
  const table = (name: string, more: object = {}) => ({ namespace: 's3://features', name, ...more });
  const model = (name: string, cairn_model: object, more: object = {}) => ({
    namespace: 'models://ml',
    name,
    facets: { cairn_model, ...more },
  });
  async function details(job: string) {
    const jobs = (await served().call('GET', `/api/v1/jobs?search=${encodeURIComponent(job)}`)).body.items;
    const { uid } = jobs.find((one: { name: string }) => one.name === job);
    const [found] = (await served().call('GET', `/api/v1/job-runs?job=${uid}`)).body.items;
    return (await served().call('GET', `/api/v1/job-runs/${found.uid}`)).body;
  }
  const written = async (job: string): Promise<string> => (await details(job)).outputs[0].version.uid;
  async function register(name: string): Promise<string> {
    await served().call('POST', '/api/v1/models/registered', { name });
    const path = `/api/v1/models/registered/${name}/versions`;
    const { status, body } = await served().call('POST', path, { source: 's3://bucket/model' });
    assert.equal(status, 201, JSON.stringify(body));
    return body.uid;
  }
  const impact = async (of: string, more = '') =>
    (await served().call('GET', `/api/v1/lineage/impact?of=${of}${more}`)).body;
  return { send, run, table, model, details, written, register, impact };
}
