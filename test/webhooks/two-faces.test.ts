/** Webhooks that tell of what MLflow has no word for: its clients never see them, and take nothing of theirs away. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

/** Of the public internet by its number: nothing is asked and nothing is sent. */
const url = 'https://93.184.216.34/hook';

forEachStore((open) => {
  const served = servedFor(open);

  it('keeps from MLflow what it has no word for', async () => {
    const make = async (name: string, events: readonly string[]): Promise<string> => {
      const { status, body } = await served().call('POST', '/api/v1/webhooks', { name, url, events });
      assert.equal(status, 201, JSON.stringify(body));
      return body.id;
    };
    const mlflow = (method: string, path: string, body?: unknown) =>
      served().call(method, `/api/2.0/mlflow/webhooks${path}`, body);
    const own = await make('own', ['deployment.created', 'endpoint.deleted']);
    const both = await make('both', ['deployment.ended', 'model_version.created']);
    const listed = (await mlflow('GET', '')).body.webhooks;
    assert.deepEqual(
      listed.map(({ name, events }: { name: string; events: unknown }) => [name, events]),
      [['both', [{ entity: 'MODEL_VERSION', action: 'CREATED' }]]],
    );
    assert.equal((await mlflow('GET', `/${own}`)).status, 404);
    const events = [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }];
    const changed = await mlflow('PATCH', `/${both}`, { events });
    assert.deepEqual(changed.body.webhook.events, events);
    assert.deepEqual((await served().call('GET', `/api/v1/webhooks/${both}`)).body.events, [
      'registered_model.created',
      'deployment.ended',
    ]);
    const refused = await mlflow('POST', '', {
      ...{ name: 'x', url, events: [{ entity: 'DEPLOYMENT', action: 'CREATED' }] },
    });
    assert.equal(refused.status, 400);
  });
});
