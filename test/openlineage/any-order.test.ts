/** Any order and any repetition of the same events gives the same live graph, by uid. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Domain } from '../../src/app.ts';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
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
    return this.read(project);
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
        const expected = await told.graph(events);
        const [lineage] = (await rebuildDerivedData(domain.db, systemClock)).slice(-1);
        assert.match(lineage ?? '', /mended: 0$/, 'what was kept is what is made again');
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
