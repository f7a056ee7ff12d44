import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type LinkedDomain, openLinkedDomain, testContext } from '../../../test/fixtures/linked-domain.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import type { Db } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import { newRequestContext, type RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';

/** A context whose clock a test moves. */
function clocked(): RequestContext & { at(ms: number): void } {
  let now = 1_000;
  const clock = { ...testContext.clock, now: () => now };
  return Object.assign(newRequestContext({ ...testContext, clock }), {
    at: (ms: number) => {
      now = ms;
    },
  });
}

const refusal = (code: CairnError['code'], field?: string) => (error: unknown) =>
  error instanceof CairnError && error.code === code && (field === undefined || error.field === field);

forEachStore((open) => {
  async function opened(): Promise<LinkedDomain & { db: Db }> {
    const db = await open();
    return { ...(await openLinkedDomain(db)), db };
  }
  const source = 's3://bucket/model';

  it('numbers versions without a gap and never gives a number twice', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    await registry.models.create(testContext, project, { name: 'm' });
    const make = async () => (await registry.versions.create(testContext, project, 'm', { source })).version;
    assert.deepEqual([await make(), await make(), await make()], [1, 2, 3]);
    await registry.versions.delete(testContext, project, 'm', 3);
    await registry.versions.delete(testContext, project, 'm', 1);
    assert.equal(await make(), 4);
    const model = await registry.models.get(testContext, project, 'm');
    assert.equal(model.versions, 2);
    assert.deepEqual(
      model.latest.map(({ version }) => version),
      [4],
    );
    await assert.rejects(
      registry.versions.get(testContext, project, { name: 'm', version: 3 }),
      refusal('not_found'),
    );
  });

  it('gives sixteen who ask at once sixteen numbers', async () => {
    const { domain, project, db } = await opened();
    const { registry } = domain;
    await registry.models.create(testContext, project, { name: 'm' });
    const made = await Promise.all(
      Array.from({ length: 48 }, (_, index) =>
        registry.versions.create(testContext, project, 'm', { source: `${source}/${index}` }),
      ),
    );
    const numbers = made.map(({ version }) => version).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 48 }, (_, index) => index + 1),
    );
    const events = await db.read((queries) =>
      queries.many(sql`SELECT id FROM event WHERE action = 'model-version.create'`),
    );
    assert.equal(events.length, 48);
  });

  it('knows what an alias named on any day, and who is named now', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    const context = clocked();
    await registry.models.create(context, project, { name: 'm' });
    for (const _ of [1, 2, 3]) await registry.versions.create(context, project, 'm', { source });
    const promote = (at: number, version: number) => {
      context.at(at);
      return registry.names.setAlias(context, project, 'm', 'champion', version);
    };
    await promote(2_000, 1);
    await promote(3_000, 2);
    await promote(3_500, 2); // changes nothing
    context.at(4_000);
    assert.equal(await registry.names.removeAlias(context, project, 'm', 'champion'), true);
    assert.equal(await registry.names.removeAlias(context, project, 'm', 'champion'), false);
    await promote(5_000, 3);
    const named = (at?: number) =>
      registry.versions
        .get(context, project, { name: 'm', alias: 'champion' }, at)
        .then(({ version }) => version);
    assert.deepEqual(
      await Promise.all([named(2_000), named(2_999), named(3_000), named(3_999), named(9_000), named()]),
      [1, 1, 2, 2, 3, 3],
    );
    for (const at of [1_999, 4_000, 4_999]) await assert.rejects(named(at), refusal('invalid_argument'));
    // A version that is deleted is named no more, but was.
    context.at(6_000);
    await registry.versions.delete(context, project, 'm', 3);
    await assert.rejects(named(), refusal('invalid_argument'));
    const { items } = await registry.names.history(context, project, 'm', { alias: 'champion', limit: 10 });
    assert.deepEqual(
      items.map(({ version, from, to, by, endedBy }) => [version, from, to, by, endedBy]),
      [
        [3, 5_000, 6_000, 'local', 'local'],
        [2, 3_000, 4_000, 'local', 'local'],
        [1, 2_000, 3_000, 'local', 'local'],
      ],
    );
    const first = await registry.names.history(context, project, 'm', { limit: 2 });
    const rest = await registry.names.history(context, project, 'm', { limit: 2, cursor: first.cursor });
    assert.deepEqual([first.items.length, rest.items.length, rest.cursor], [2, 1, undefined]);
  });

  it('lets one of two promotions win when both expect the same', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    await registry.models.create(testContext, project, { name: 'm' });
    for (const _ of [1, 2, 3]) await registry.versions.create(testContext, project, 'm', { source });
    await registry.names.setAlias(testContext, project, 'm', 'champion', 1, null);
    const ended = await Promise.allSettled(
      [2, 3].map((version) => registry.names.setAlias(testContext, project, 'm', 'champion', version, 1)),
    );
    const lost = ended.filter((one) => one.status === 'rejected');
    assert.equal(lost.length, 1);
    assert.ok(refusal('conflict', 'expected')(lost[0]!.reason));
    // Without an expectation both succeed, one after the other, and each interval ends where the next begins.
    await Promise.all(
      [1, 2, 3, 1, 2, 3].map((version) =>
        registry.names.setAlias(testContext, project, 'm', 'champion', version),
      ),
    );
    const { items } = await registry.names.history(testContext, project, 'm', { limit: 100 });
    assert.equal(items.filter(({ to }) => to === undefined).length, 1);
    for (const [index, { from }] of items.slice(0, -1).entries()) assert.equal(items[index + 1]!.to, from);
  });

  it('puts an alias back to what it named before', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    const context = clocked();
    await registry.models.create(context, project, { name: 'm' });
    for (const _ of [1, 2]) await registry.versions.create(context, project, 'm', { source });
    let at = 2_000;
    const step = () => {
      at += 1_000;
      context.at(at);
    };
    const undo = (expected?: number | null) => {
      step();
      return registry.names.undoAlias(context, project, 'm', 'champion', expected);
    };
    await assert.rejects(undo(), refusal('not_found'));
    await registry.names.setAlias(context, project, 'm', 'champion', 1);
    step();
    await registry.names.setAlias(context, project, 'm', 'champion', 2);
    await assert.rejects(undo(1), refusal('conflict', 'expected'));
    assert.equal(await undo(2), 1);
    assert.equal(await undo(), 2); // undone again
    step();
    await registry.names.removeAlias(context, project, 'm', 'champion');
    assert.equal(await undo(null), 2);
    step();
    await registry.names.setAlias(context, project, 'm', 'champion', 1);
    step();
    await registry.versions.delete(context, project, 'm', 2);
    await assert.rejects(undo(), refusal('failed_precondition'));
    // The first naming of all is undone to nothing.
    await registry.names.setAlias(context, project, 'm', 'fresh', 1);
    step();
    assert.equal(await registry.names.undoAlias(context, project, 'm', 'fresh'), null);
  });

  it('moves versions through stages and archives those they replace', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    const context = clocked();
    await registry.models.create(context, project, { name: 'm' });
    for (const _ of [1, 2, 3]) await registry.versions.create(context, project, 'm', { source });
    const stage = async (number: number) =>
      (await registry.versions.get(context, project, { name: 'm', version: number })).stage;
    context.at(2_000);
    await registry.names.setStage(context, project, 'm', 1, 'Production');
    context.at(3_000);
    await registry.names.setStage(context, project, 'm', 2, 'Production', { archive: true });
    assert.deepEqual([await stage(1), await stage(2), await stage(3)], ['Archived', 'Production', 'None']);
    await assert.rejects(
      registry.names.setStage(context, project, 'm', 3, 'Production', { expected: 'Staging' }),
      refusal('conflict', 'expected'),
    );
    await assert.rejects(
      registry.names.setStage(context, project, 'm', 3, 'None', { archive: true }),
      refusal('invalid_argument'),
    );
    const { latest } = await registry.models.get(context, project, 'm');
    assert.deepEqual(
      latest.map(({ version, stage: at }) => [version, at]),
      [
        [1, 'Archived'],
        [2, 'Production'],
        [3, 'None'],
      ],
    );
    const production = { name: 'm', stage: 'production' };
    assert.equal((await registry.versions.get(context, project, production)).version, 2);
    context.at(4_000);
    await registry.names.setStage(context, project, 'm', 2, 'None');
    const { items } = await registry.names.history(context, project, 'm', { limit: 10 });
    assert.deepEqual(items.map(({ name, version, from, to }) => [name, version, from, to]).sort(), [
      ['Archived', 1, 3_000, undefined],
      ['Production', 1, 2_000, 3_000],
      ['Production', 2, 3_000, 4_000],
    ]);
  });

  it('keeps a version whole when the run it came from is deleted', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    const { run } = await domain.runs.create(testContext, project, { experiment: '0' });
    const files = `${run.artifactUri}/model`;
    const bytes = Buffer.from('weights');
    const pour = async function* () {
      yield bytes;
    };
    await domain.artifacts.put(testContext, project, files, 'model.bin', pour());
    await registry.models.create(testContext, project, { name: 'm' });
    const made = await registry.versions.create(testContext, project, 'm', {
      source: `runs:/${run.id}/model`,
      run: run.id,
    });
    await domain.runs.delete(testContext, project, run.id);
    const version = await registry.versions.get(testContext, project, { name: 'm', version: 1 });
    assert.deepEqual(version, made);
    const place = await registry.filesOf(testContext, project, version);
    const download = await domain.artifacts.open(testContext, project, place, 'model.bin');
    assert.equal(download.size, bytes.length);
  });

  it('derives a version from its logged model, a copy from its version, and tells the logged model', async () => {
    const { domain, project, db } = await opened();
    const { registry } = domain;
    const { run } = await domain.runs.create(testContext, project, { experiment: '0' });
    const logged = await domain.models.create(testContext, project, { experiment: '0', sourceRun: run.id });
    await registry.models.create(testContext, project, { name: 'm' });
    await registry.models.create(testContext, project, { name: 'prod' });
    const made = await registry.versions.create(testContext, project, 'm', {
      source: `models:/${logged.id}`,
      loggedModel: logged.id,
    });
    assert.deepEqual([made.run, made.location], [run.id, logged.artifactUri]);
    await registry.names.setAlias(testContext, project, 'm', 'champion', 1);
    const copy = await registry.versions.create(testContext, project, 'prod', {
      source: 'models:/m@champion',
    });
    assert.deepEqual(
      [copy.source, copy.location, copy.run, copy.loggedModel],
      ['models:/m/1', logged.artifactUri, run.id, logged.id],
    );
    const edges = await db.read((queries) =>
      queries.many<{ kind: number; source: number; target: number }>(sql`SELECT e.kind, e.source, e.target
        FROM edge e WHERE e.kind IN (2, 3) AND e.target IN (${made.node}, ${copy.node}) ORDER BY e.id`),
    );
    assert.deepEqual(edges, [
      { kind: 3, source: logged.node, target: made.node },
      { kind: 3, source: made.node, target: copy.node },
    ]);
    const { tags } = await domain.models.get(testContext, project, logged.id);
    assert.deepEqual(tags, [
      {
        key: 'mlflow.modelVersions',
        value: '[{"name": "m", "version": 1}, {"name": "prod", "version": 1}]',
      },
    ]);
    await assert.rejects(
      registry.versions.create(testContext, project, 'prod', { source: 'models:/m/1', run: 'another' }),
      refusal('invalid_argument', 'source'),
    );
  });

  it('frees the name of what was deleted, and keeps its record', async () => {
    const { domain, project, db } = await opened();
    const { registry } = domain;
    const first = await registry.models.create(testContext, project, { name: 'm' });
    await registry.versions.create(testContext, project, 'm', { source });
    await registry.names.setAlias(testContext, project, 'm', 'champion', 1);
    await registry.models.delete(testContext, project, 'm');
    await assert.rejects(registry.models.get(testContext, project, 'm'), refusal('not_found'));
    const all = { kind: 'all', limit: 10 } as const;
    assert.deepEqual((await registry.searchVersions(testContext, project, all)).items, []);
    const second = await registry.models.create(testContext, project, { name: 'm' });
    assert.notEqual(second.uid, first.uid);
    assert.deepEqual([second.versions, second.aliases], [0, []]);
    const kept = await db.read((queries) =>
      queries.many(
        sql`SELECT e.id FROM edge e WHERE e.source = ${first.node} AND e.kind = 6 AND e.valid_to IS NOT NULL`,
      ),
    );
    assert.equal(kept.length, 1);
  });

  it('renames a model with its versions, their names and their history', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    await registry.models.create(testContext, project, { name: 'old' });
    await registry.models.create(testContext, project, { name: 'taken' });
    await registry.versions.create(testContext, project, 'old', { source });
    await registry.names.setAlias(testContext, project, 'old', 'champion', 1);
    await assert.rejects(
      registry.models.update(testContext, project, 'old', { name: 'taken' }),
      refusal('already_exists', 'name'),
    );
    const renamed = await registry.models.update(testContext, project, 'old', { name: 'new' });
    assert.deepEqual([renamed.name, renamed.latest[0]?.model], ['new', 'new']);
    assert.equal(
      (await registry.versions.get(testContext, project, { name: 'new', alias: 'champion' })).version,
      1,
    );
    await assert.rejects(registry.models.get(testContext, project, 'old'), refusal('not_found'));
    await registry.models.create(testContext, project, { name: 'old' });
  });

  it('makes no model whose name reads like that of another', async () => {
    const { domain, project } = await opened();
    const { registry } = domain;
    for (const name of ['fraud', 'a b', 'Maße']) await registry.models.create(testContext, project, { name });
    const likes = ['fraud ', ' fraud', 'frаud', 'fr%61ud', 'fr%2561ud', 'fra\u200bud', 'ｆraud', 'a\u00a0b'];
    for (const name of likes) {
      await assert.rejects(
        registry.models.create(testContext, project, { name }),
        refusal('already_exists', 'name'),
        JSON.stringify(name),
      );
      await assert.rejects(registry.models.get(testContext, project, name), refusal('not_found'));
    }
    for (const name of ['Fraud', 'fraud-2', 'a%2Fb', 'модель'])
      await registry.models.create(testContext, project, { name });
    for (const name of ['a/b', 'a:b', '', ' ', '.', '..', 'a\0b', 'a\nb', 'x'.repeat(257)]) {
      await assert.rejects(
        registry.models.create(testContext, project, { name }),
        refusal('invalid_argument', 'name'),
        JSON.stringify(name),
      );
    }
  });
});
