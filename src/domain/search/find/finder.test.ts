/** Experiments and runs by what somebody typed, on every store. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { localContext, openSlices } from '../../../../test/fixtures/opened-slices.ts';
import { forEachStore } from '../../../../test/stores/stores.ts';
import type { ProjectId } from '../../../kernel/ids.ts';
import { Runs } from '../../runs/index.ts';
import { Finder } from './finder.ts';

const context = localContext({ now: () => 1_000, after: () => () => {} });

forEachStore((open) => {
  describe('finder', () => {
    let project: ProjectId;
    let other: ProjectId;
    let finder: Finder;
    const ids = new Map<string, string>();

    before(async () => {
      const db = await open();
      const { graph, journal, projects, experiments } = await openSlices(db);
      const runs = new Runs(graph, journal);
      finder = new Finder(graph);
      project = await projects.ensureDefault(context);
      other = (await projects.create(context, { name: 'other' })).id;
      await experiments.create(context, other, { name: 'digits elsewhere' });
      for (const name of [
        'Digits classifier',
        'digits',
        'churn nightly',
        '100% of_it',
        'binned digits',
        '7',
      ]) {
        const { id } = await experiments.create(context, project, { name });
        ids.set(name, id);
      }
      const named = [
        'swift-heron-412',
        'Swift-heron',
        'heron',
        'a heron of digits',
        'naïve café',
        'x'.repeat(300),
      ];
      for (const [index, name] of named.entries()) {
        const run = { experiment: ids.get('digits')!, name, user: 'ada', started: 5_000 + index };
        ids.set(name, (await runs.create(context, project, run)).run.id);
      }
      const gone = await runs.create(context, project, {
        experiment: ids.get('digits')!,
        name: 'heron gone',
      });
      await runs.delete(context, project, gone.run.id);
      ids.set('heron gone', gone.run.id);
      const binned = { experiment: ids.get('binned digits')!, name: 'heron binned' };
      ids.set('heron binned', (await runs.create(context, project, binned)).run.id);
      await experiments.delete(context, project, ids.get('binned digits')!);
    });

    const find = async (text: string, limit = 10) => {
      const { experiments, runs } = await finder.find(context, project, text, limit);
      return { experiments: experiments.map(({ name }) => name), runs: runs.map(({ name }) => name) };
    };

    it('puts the whole name first, then beginnings, then words, then any place', async () => {
      assert.deepEqual(await find('digits'), {
        experiments: ['digits', 'Digits classifier'],
        runs: ['a heron of digits'],
      });
      assert.deepEqual((await find('heron')).runs, [
        'heron',
        'a heron of digits',
        'Swift-heron',
        'swift-heron-412',
      ]);
      assert.deepEqual((await find('SWIFT')).runs, ['Swift-heron', 'swift-heron-412']);
      assert.deepEqual((await find('eron 41')).runs, ['swift-heron-412']);
      assert.deepEqual((await find('classi')).experiments, ['Digits classifier']);
    });

    it('finds by a whole id, also what is deleted, and by the beginning of one', async () => {
      const id = ids.get('heron')!;
      assert.equal((await finder.find(context, project, id, 5)).runs[0]!.id, id);
      assert.equal((await finder.find(context, project, ` ${id.toUpperCase()} `, 5)).runs[0]!.id, id);
      assert.deepEqual((await find(ids.get('heron gone')!)).runs, ['heron gone']);
      assert.deepEqual((await find(ids.get('heron binned')!)).runs, ['heron binned']);
      const begun = (await finder.find(context, project, id.slice(0, 30), 5)).runs.map((run) => run.id);
      assert.ok(begun.includes(id));
      assert.deepEqual((await find(ids.get('churn nightly')!)).experiments[0], 'churn nightly');
      // A number may be an id and a name.
      assert.ok((await find('7')).experiments.includes('7'));
    });

    it('tells what it finds: experiment, state, who, when', async () => {
      const { runs } = await finder.find(context, project, 'swift-heron-412', 5);
      const { name, user, started, experiment, deleted } = runs[0]!;
      assert.deepEqual(
        { name, user, started, experiment, deleted },
        {
          name: 'swift-heron-412',
          user: 'ada',
          started: 5_000,
          experiment: { id: ids.get('digits')!, name: 'digits' },
          deleted: false,
        },
      );
    });

    it('takes every text as a text', async () => {
      assert.deepEqual((await find('100% of_')).experiments, ['100% of_it']);
      for (const text of [
        '%',
        '_',
        '*',
        '?',
        '[a]',
        "'",
        '\\',
        '\0',
        '\ud800',
        '\u{10ffff}',
        '"',
        '(',
        '-- x',
      ])
        assert.deepEqual((await find(text)).runs, [], JSON.stringify(text));
      assert.deepEqual((await find('naïve')).runs, ['naïve café']);
      assert.deepEqual((await find('x'.repeat(300))).runs.length, 1);
      assert.deepEqual((await find('x'.repeat(301))).runs, []);
      assert.deepEqual((await find('a '.repeat(200))).runs, ['a heron of digits', 'naïve café']);
    });

    it('answers an empty text by the latest runs, and shows a project only its own', async () => {
      assert.deepEqual((await find('', 2)).runs, ['x'.repeat(300), 'naïve café']);
      const elsewhere = await finder.find(context, other, 'digits', 5);
      assert.deepEqual(
        elsewhere.experiments.map(({ name }) => name),
        ['digits elsewhere'],
      );
      const hidden = { ...context, scope: { projects: [other] } };
      assert.deepEqual((await finder.find(hidden, project, 'digits', 5)).experiments, []);
    });
  });
});
