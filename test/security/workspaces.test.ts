/**
 * Workspaces are apart: the good request of every operation that clients of MLflow have, on each of its paths, is sent with
 * another workspace than the one its subject is in. None may find the subject or change anything outside of the workspace it
 * names; none may pass over a name that nobody has.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { ServerProcess } from '../durability/server-process.ts';
import type { Example, Subject } from './example.ts';
import { examples, newSubject } from './examples.ts';
import { goodRequest } from './hostile-cases.ts';
import { isGap, type Route, registeredOperations } from './registered.ts';
import { postTo } from './transfers.ts';
import { Wire } from './wire.ts';

const { routes, close } = await registeredOperations();
after(close);
const mlflow = routes.filter(
  ({ face, operation }) => face.face === 'mlflow' && operation.permission !== 'public',
);
const built = mlflow.filter(({ operation }) => !isGap(operation));

/** Asks for things of one place and is answered with that place's own, or with what is the same for everybody. */
const ofTheWorkspace =
  /^mlflow\.(workspaces\.|experiments\.(create|get-by-name|search)|registered-models\.(create|search)|model-versions\.search|webhooks\.(create|list)|(runs|logged-models|experiments)\.search|artifacts\.(list-tree|upload|multipart-create|delete)$)/;

function requestOf(route: Route, subject: Subject, workspace: string) {
  const example: Example = examples[route.operation.id]!(subject);
  const headers = { ...example.headers, 'x-mlflow-workspace': workspace };
  return goodRequest(route, { params: {}, query: {}, ...example, headers });
}

describe('workspaces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-workspaces-'));
  let server: ServerProcess;
  let wire: Wire;
  let store: DatabaseSync;
  /** Last event, and the projects in which there were some since another. */
  let projectsSince: (event: number) => { last: number; projects: string[] };

  before(async () => {
    const dataDir = join(folder, 'data');
    server = new ServerProcess({ dataDir, env: { CAIRN_ALLOW_WEBHOOK_TARGET: '127.0.0.1' } });
    wire = new Wire(await server.ready());
    await postTo(wire, '/api/3.0/mlflow/workspaces', { name: 'elsewhere' });
    store = new DatabaseSync(join(dataDir, 'cairn.db'), { readOnly: true });
    const events = store.prepare(
      `SELECT e.id, coalesce(n.name, '') AS name FROM event e LEFT JOIN node n ON n.id = e.project WHERE e.id > ? ORDER BY e.id`,
    );
    projectsSince = (event) => {
      const found = events.all(event);
      return {
        last: Number(found.at(-1)?.id ?? event),
        projects: [...new Set(found.map(({ name }) => String(name)))],
      };
    };
  });
  after(async () => {
    store.close();
    wire.close();
    assert.equal(await server.stop(), 0, server.output);
    rmSync(folder, { recursive: true, force: true });
  });

  for (const route of built) {
    const { operation, path } = route;
    it(`${operation.method} ${path} keeps to the one that is named`, async () => {
      const subject = await newSubject(wire, operation.id);
      const { last } = projectsSince(0);
      const answer = await wire.send(requestOf(route, subject, 'elsewhere'));
      const told = `${answer.status} ${answer.text.slice(0, 300)}`;
      if (!ofTheWorkspace.test(operation.id)) {
        const refused = operation.permission === 'ticket' ? [403] : [400, 404];
        // A search of metrics in runs that are not there finds nothing.
        const empty = answer.status === 200 && /^\s*\{\s*("metrics": *\[\])?\s*\}\s*$/.test(answer.text);
        assert.ok(refused.includes(answer.status) || empty, told);
      }
      if (answer.status < 300) {
        for (const secret of secretsOf(subject))
          assert.ok(!answer.text.includes(secret), `tells ${secret}: ${told}`);
      }
      const { projects } = projectsSince(last);
      const allowed = operation.id.startsWith('mlflow.workspaces.')
        ? ['', 'default', 'elsewhere']
        : ['elsewhere'];
      assert.deepEqual(
        projects.filter((name) => !allowed.includes(name)),
        [],
        told,
      );
    });
  }

  it('that nobody has are told on every route, and change nothing', async () => {
    const plain = await newSubject(wire, 'mlflow.webhooks.get');
    const holding = await newSubject(wire, 'mlflow.artifacts.multipart-part');
    const { last } = projectsSince(0);
    for (const route of mlflow) {
      const { operation, path } = route;
      const { status, text } = await wire.send(
        isGap(operation)
          ? {
              method: operation.method,
              path: path.replaceAll(/\{\w+\}|\*/g, 'x'),
              headers: { 'x-mlflow-workspace': 'nowhere' },
            }
          : requestOf(route, operation.permission === 'ticket' ? holding : plain, 'nowhere'),
      );
      const told = `${operation.method} ${path}: ${status} ${text}`;
      if (operation.permission === 'ticket') assert.equal(status, 403, told);
      else assert.deepEqual([status, JSON.parse(text).message], [404, "Workspace 'nowhere' not found"], told);
    }
    assert.deepEqual(projectsSince(last).projects, []);
  });

  it('are named by their rules or refused', async () => {
    const names = [
      'a',
      'A-b',
      '../default',
      'default/',
      'default, default',
      'ä',
      "' OR 1=1 --",
      '__proto__',
      'constructor',
      'x'.repeat(64),
      'x'.repeat(8000),
      '%00',
      'api',
    ];
    const { last } = projectsSince(0);
    for (const name of names) {
      const headers = { 'x-mlflow-workspace': Buffer.from(name).toString('latin1') };
      for (const path of [
        '/api/2.0/mlflow/experiments/get?experiment_id=0',
        '/get-artifact?run_id=x&path=y',
      ]) {
        const { status, text } = await wire.send({ method: 'GET', path, headers });
        const known = name === 'constructor' ? 404 : 400;
        assert.equal(status, known, `${name}: ${text}`);
      }
    }
    assert.deepEqual(projectsSince(last).projects, []);
  });
});

/** What is told of a subject only to those who may see it. */
function secretsOf({ run, model, version, webhook, delivery, registered }: Subject): string[] {
  return [run, model, version, webhook, delivery, registered].filter((secret) => secret !== '');
}
