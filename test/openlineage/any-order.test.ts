/** Any order and any repetition of the same events gives the same live graph, by uid. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Domain } from '../../src/app.ts';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import { followServing } from '../../src/domain/deployments/index.ts';
import { Journal } from '../../src/domain/events/index.ts';
import { EventRecorder } from '../../src/domain/pipelines/event-recorder.ts';
import { readEvent } from '../../src/faces/openlineage/event-reading.ts';
import type { ProjectId } from '../../src/kernel/ids.ts';
import { claimingAs } from '../../src/kernel/request-context.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { openLinkedDomain, testContext } from '../fixtures/linked-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { liveGraph } from './live-graph.ts';
import { allSequences, type SentEvent, sequence, sequenceNames } from './sequences.ts';

const context = claimingAs(testContext, 'openlineage');

class Told {
  readonly #domain: Domain;
  #projects = 0;

  constructor(domain: Domain) {
    this.#domain = domain;
  }

  /** The graph of a new project that is told these events, several at a time. */
  async graph(events: readonly SentEvent[], together = 1): Promise<string[]> {
    const { id: project } = await this.#domain.projects.create(testContext, {
      name: `p${this.#projects++}`,
    });
    await this.record(project, events, together);
    const graph = await this.read(project);
    await this.forget(project);
    return graph;
  }

  /** What lies in one place is one for all projects: that of the next one is to stand alone. */
  async forget(project: ProjectId): Promise<void> {
    await this.#domain.db.write(async (tx) => {
      await tx.run(sql`DELETE FROM identity_mark WHERE project = ${project}`);
      await tx.run(sql`DELETE FROM dataset_use WHERE project = ${project}`);
    });
  }

  async record(project: ProjectId, events: readonly SentEvent[], together = 1): Promise<void> {
    for (let start = 0; start < events.length; start += together) {
      await Promise.all(
        events.slice(start, start + together).map((event) => {
          const text = JSON.stringify(event);
          return this.#domain.lineageEvents.record(
            context,
            project,
            readEvent(JSON.parse(text), text, 'event'),
          );
        }),
      );
    }
  }

  read(project: ProjectId): Promise<string[]> {
    return this.#domain.db.read((queries) => liveGraph(queries, project));
  }
}

describe('events in any order', () => {
  forEachStore((open) => {
    it('give the same graph, however often each is said', async () => {
      const { domain, close } = await openLinkedDomain(await open());
      try {
        const told = new Told(domain);
        for (const name of sequenceNames) {
          const events = sequence(name);
          const expected = await told.graph(events);
          await fc.assert(
            fc.asyncProperty(shuffledAndRepeated(events), fc.constantFrom(1, 4), async (order, together) => {
              const found = await told.graph(
                order.map((index) => events[index]!),
                together,
              );
              assertSame(found, expected);
            }),
            { numRuns: 5, verbose: 1 },
          );
        }
      } finally {
        await close();
      }
    });

    it('give the same graph when one is so wide that it is recorded part by part', async () => {
      const { domain, close } = await openLinkedDomain(await open());
      try {
        const told = new Told(domain);
        const event = wideEvent();
        const parts = await told.graph([event, event]);
        const { id: project } = await domain.projects.create(testContext, { name: 'whole' });
        const journal = new Journal(domain.db, () => {});
        const text = JSON.stringify(event);
        const whole = new EventRecorder(
          domain.graph,
          journal,
          await followServing(domain.graph),
          Number.POSITIVE_INFINITY,
        );
        await whole.record(context, project, [readEvent(event, text, 'event')]);
        assertSame(parts, await told.read(project));
        const rows = await domain.db.read((queries) =>
          queries.many<{ touched: number }>(sql`SELECT e.project, count(*) AS touched FROM event e
            JOIN event_touch t ON t.event = e.id WHERE e.action = 'lineage.event' GROUP BY e.id, e.project`),
        );
        assert.deepEqual(
          rows.map(({ touched }) => touched),
          [rows[0]?.touched, rows[0]?.touched],
          'one event each, which touched the same',
        );
      } finally {
        await close();
      }
    });

    it('are whole once they are told again, where a part of one failed', async () => {
      const { domain, close } = await openLinkedDomain(await open());
      try {
        const told = new Told(domain);
        const event = wideEvent();
        const expected = await told.graph([event]);
        const { id: project } = await domain.projects.create(testContext, { name: 'again' });
        const recorder = new EventRecorder(
          domain.graph,
          new Journal(domain.db, () => {}),
          await followServing(domain.graph),
          200,
        );
        const text = JSON.stringify(event);
        // The log asks for chance first when it records the event, with the last part.
        let asked = 0;
        const random = (bytes: number) => {
          asked += 1;
          if (asked === 1) throw new Error('no chance');
          return context.random(bytes);
        };
        const failing = { ...context, random };
        await assert.rejects(
          recorder.record(failing, project, [readEvent(event, text, 'event')]),
          /no chance/,
        );
        const actions = () =>
          domain.db.read((queries) =>
            queries.many<{ action: string }>(
              sql`SELECT action FROM event WHERE project = ${project} AND action <> 'project.create' ORDER BY id`,
            ),
          );
        assert.deepEqual(
          (await actions()).map(({ action }) => action),
          ['lineage.part'],
        );
        await told.record(project, [event]);
        assertSame(await told.read(project), expected);
        assert.deepEqual(
          (await actions()).map(({ action }) => action),
          ['lineage.part', 'lineage.event'],
        );
      } finally {
        await close();
      }
    });

    it('are told by what was claimed alone: what follows can be made again', async () => {
      const { domain, close } = await openLinkedDomain(await open());
      try {
        const told = new Told(domain);
        const { id: project } = await domain.projects.create(testContext, { name: 'rebuilt' });
        await told.record(project, allSequences());
        const expected = await told.read(project);
        const deep = () => domain.db.read((queries) => checkDerivedData(queries, true, domain.db.dialect));
        assert.deepEqual(
          (await deep()).filter(({ level }) => level !== 'ok'),
          [],
        );
        await domain.db.write(async (tx) => {
          await tx.run(sql`DELETE FROM edge WHERE kind IN (3, 9) AND id % 2 = 0`);
          await tx.run(sql`UPDATE edge SET rule = 'hearsay' WHERE kind = 3`);
          await tx.run(sql`UPDATE edge SET subtype = NULL WHERE kind = 1 AND known = 1 AND subtype = 'test'`);
          await tx.run(sql`UPDATE edge SET known_to = 1 WHERE kind = 7 AND known_to IS NULL AND id % 2 = 0`);
          await tx.run(sql`UPDATE job_run SET state = 1, rank = 0 WHERE node % 3 = 0`);
          await tx.run(
            sql`UPDATE node SET state = 1, ended = NULL WHERE id IN (SELECT node FROM job_run WHERE node % 3 = 0)`,
          );
        });
        const faults = (await deep()).filter(({ level }) => level === 'error');
        assert.ok(faults.some(({ check }) => check === 'lineage'));
        await rebuildDerivedData(domain.db, systemClock);
        assertSame(await told.read(project), expected);
        assert.deepEqual(
          (await deep()).filter(({ level }) => level === 'error'),
          [],
        );
      } finally {
        await close();
      }
    });

    it('give the same graph where producers speak of the same things', async () => {
      const { domain, close } = await openLinkedDomain(await open());
      try {
        const told = new Told(domain);
        const events = allSequences();
        const { id: first } = await domain.projects.create(testContext, { name: 'first' });
        await told.record(first, events);
        const expected = await told.read(first);
        const [lineage] = (await rebuildDerivedData(domain.db, systemClock)).slice(-1);
        assert.match(lineage ?? '', /mended: 0$/, 'what was kept is what is made again');
        await told.forget(first);
        await fc.assert(
          fc.asyncProperty(shuffledAndRepeated(events), fc.constantFrom(1, 8), async (order, together) => {
            const found = await told.graph(
              order.map((index) => events[index]!),
              together,
            );
            assertSame(found, expected);
          }),
          { numRuns: 3, verbose: 1 },
        );
      } finally {
        await close();
      }
    });
  });
});

/** Of 250 datasets each way, one of which is both, made from two others. */
function wideEvent(): SentEvent {
  const dataset = (name: string) => ({ namespace: 's3://wide', name, facets: { schema: { fields: [] } } });
  const datasets = (side: string) =>
    Array.from({ length: 249 }, (_, index) => dataset(`${side}/${index}`)).concat(dataset('both'));
  const [first, ...outputs] = datasets('out');
  const inputFields = ['in/0', 'in/240'].map((name) => ({ namespace: 's3://wide', name, field: 'x' }));
  return {
    eventTime: '2026-11-02T00:00:00Z',
    eventType: 'COMPLETE',
    producer: 'https://example.com/wide',
    run: {
      runId: 'wide',
      facets: { parent: { run: { runId: 'above' }, job: { namespace: 'w', name: 'p' } } },
    },
    job: { namespace: 'w', name: 'wide', facets: { documentation: { description: 'wide' } } },
    inputs: datasets('in'),
    outputs: [{ ...first, facets: { columnLineage: { fields: { x: { inputFields } } } } }, ...outputs],
  };
}

/** Says only what differs. */
function assertSame(found: readonly string[], expected: readonly string[]): void {
  const [has, wants] = [new Set(found), new Set(expected)];
  const differences = [
    ...expected.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !wants.has(line)).map((line) => `+ ${line}`),
  ];
  assert.equal(differences.slice(0, 10).join('\n'), '');
  assert.equal(found.length, expected.length);
}

/** Their indexes: all of them at least once, some again. */
function shuffledAndRepeated(events: readonly SentEvent[]): fc.Arbitrary<number[]> {
  const all = events.map((_, index) => index);
  return fc
    .tuple(
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(fc.constantFrom(...all), { maxLength: 5 }),
      fc.nat(),
    )
    .map(([order, again, at]) => {
      const mixed = [...order];
      for (const [index, one] of again.entries()) mixed.splice((at + index * 7) % (mixed.length + 1), 0, one);
      return mixed;
    });
}
