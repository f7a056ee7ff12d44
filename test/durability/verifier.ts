/**
 * What must hold after a death: every acknowledged write reads back equal, no write is there in part, sending an unanswered
 * write again changes nothing when it had been applied, and the log has its event, once, without a hole.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { compareExperiment, compareRun } from './compare.ts';
import { compareModel } from './compare-models.ts';
import { compareRegistered } from './compare-registered.ts';
import { EventAccount } from './event-account.ts';
import { send } from './load/client.ts';
import { type Effect, isCreation } from './load/effect.ts';
import type { Answer, LedgerEntry, Write } from './load/ledger.ts';
import { Model, touches } from './model.ts';
import { partsThere } from './parts.ts';
import { forAll, type ReadEvent, Reader } from './reader.ts';

/** Positions of a store with a sequencer come a moment after the commit. */
const placingMs = 10_000;

export interface Figures {
  /** Writes that got an answer. */
  acknowledged: number;
  /** Writes that did not, and had been applied; and those that had not. */
  lostAndApplied: number;
  lostAndNotApplied: number;
  retries: number;
  events: number;
}

export class Verifier {
  readonly model = new Model();
  readonly figures: Figures = {
    acknowledged: 0,
    lostAndApplied: 0,
    lostAndNotApplied: 0,
    retries: 0,
    events: 0,
  };
  /** Requests with an idempotency key that were applied. */
  keyed = 0;
  readonly #account = new EventAccount();
  /** Of the last event that was checked. */
  #position = 0;

  /** A new store holds what every store has, last the experiment `Default`: nothing of that is looked at. */
  async begin(server: string): Promise<void> {
    const reader = new Reader(server);
    const deadline = performance.now() + placingMs;
    let events = await reader.events(0);
    while (events.length === 0 && performance.now() < deadline) {
      await delay(20);
      events = await reader.events(0);
    }
    this.#position = events.at(-1)?.position ?? 0;
  }

  /** A write of the test itself. */
  async write(server: string, write: Write): Promise<string> {
    const answer = await send(server, write);
    await this.#accept({ write, doubtful: 0, answer });
    return idOf(write.effect, answer!);
  }

  async round(server: string, entries: readonly LedgerEntry[]): Promise<void> {
    const reader = new Reader(server);
    const lost = entries.filter((entry) => entry.answer === undefined);
    for (const entry of entries) if (entry.answer !== undefined) await this.#accept(entry, reader);
    const applied = await this.#checkWhole(reader, lost);
    for (const { write, doubtful } of applied) {
      assert.ok(doubtful > 0, `${write.path} ${write.body} was answered "nothing was changed", but it was`);
    }
    await forAll(lost, (entry) => this.#finish(server, reader, entry, applied.has(entry)));
    await this.#retryAnswered(server, entries);
    const made = await this.#checkEvents(reader);
    await this.#compare(reader, entries, made);
  }

  /** Everything that was ever written. */
  async everything(server: string): Promise<void> {
    const reader = new Reader(server);
    await this.#checkEvents(reader);
    const { model } = this;
    await forAll(model.runs.values(), (run) =>
      compareRun(reader, model, run, {
        keys: run.series.keys(),
        paths: run.files.keys(),
        looksForStrays: true,
      }),
    );
    await forAll(model.models.values(), (one) => compareModel(reader, one, one.files.keys()));
    await forAll(model.registered.values(), (one) => compareRegistered(reader, one));
    await forAll(model.experiments.values(), (experiment) => compareExperiment(reader, experiment));
  }

  /** An answer that came: a success, or what tells a client that an earlier try of its own was applied. */
  async #accept({ write, doubtful, answer }: LedgerEntry, reader?: Reader): Promise<void> {
    const { effect } = write;
    this.figures.acknowledged += 1;
    if (write.idempotencyKey !== undefined) this.keyed += 1;
    if (answer!.status >= 300) {
      const known = doubtful > 0 && saysAlreadyDone(write, answer!);
      assert.ok(known, `${write.path} ${write.body.slice(0, 500)}: ${answer!.status} ${answer!.text}`);
    }
    this.#expectEvents(write, doubtful);
    const isFound = effect.type === 'experiment' && answer!.status >= 300;
    const id = isFound ? await reader!.experimentNamed(effect.name) : idOf(effect, answer!);
    this.model.apply(effect, id ?? '');
    if (effect.type === 'purge') this.#account.forget(effect.run, this.model.run(effect.run).name);
  }

  /** `doubtful` tries may have been applied before the one that was. */
  #expectEvents({ effect, idempotencyKey }: Write, doubtful: number): void {
    const isRepeated =
      idempotencyKey === undefined &&
      ['run', 'model', 'tag', 'model-tag', 'experiment-tag', 'update', 'stage'].includes(effect.type);
    this.#account.expect(effect, 1, isRepeated ? 1 + doubtful : 1);
    if (doubtful > 0 && idempotencyKey === undefined) this.#account.expectTagsAgain(effect, doubtful);
  }

  /** The lost writes that were applied; none may be there in part. */
  async #checkWhole(reader: Reader, lost: readonly LedgerEntry[]): Promise<ReadonlySet<LedgerEntry>> {
    const applied = new Set<LedgerEntry>();
    const logged = await reader.events(this.#position);
    const made = new Set(logged.filter(isMaking).map(({ body }) => body?.name));
    await forAll(lost, async (entry) => {
      const { effect, path, body } = entry.write;
      const parts = isCreation(effect)
        ? [made.has(effect.name)]
        : await partsThere(reader, this.model, effect);
      const there = parts.filter(Boolean).length;
      assert.ok(
        there === 0 || there === parts.length,
        `${there} of ${parts.length} parts of ${path} ${body.slice(0, 500)}`,
      );
      if (there > 0) applied.add(entry);
    });
    this.figures.lostAndApplied += applied.size;
    this.figures.lostAndNotApplied += lost.length - applied.size;
    return applied;
  }

  /** Sends a lost write again, as its client would, and once more. */
  async #finish(server: string, reader: Reader, entry: LedgerEntry, applied: boolean): Promise<void> {
    const { write } = entry;
    const { effect, idempotencyKey } = write;
    if (isCreation(effect) && idempotencyKey === undefined) {
      // Nothing tells the server that this is a retry: it is left alone, and looked for in the log.
      this.#account.expect(effect, 0, entry.doubtful);
      return;
    }
    // A client that gives up: what it had sent of its file must not stay behind.
    if (!applied && isGivenUp(write)) return;
    this.figures.retries += 1;
    const answer = await send(server, write);
    await this.#accept({ write, doubtful: applied ? entry.doubtful : 0, answer }, reader);
    this.figures.acknowledged -= 1;
    if (idempotencyKey === undefined) return;
    assert.deepEqual(
      await send(server, write),
      answer,
      `the second retry of ${write.path} ${idempotencyKey}`,
    );
    const { body, batch } = write;
    const other = await send(server, {
      ...write,
      body: `${body} `,
      batch: batch && [...batch, batch[0]!],
    });
    assert.equal(other?.status, 422, `another body under ${idempotencyKey}: ${other?.text}`);
  }

  /** A client that did not hear the answer it got: the server says the same again, and does nothing. */
  async #retryAnswered(server: string, entries: readonly LedgerEntry[]): Promise<void> {
    const last = new Map<string, LedgerEntry>();
    for (const entry of entries) {
      if (entry.answer !== undefined && entry.write.idempotencyKey !== undefined)
        last.set(entry.write.kind, entry);
    }
    await forAll(last.values(), async ({ write, answer }) => {
      this.figures.retries += 1;
      const again = await send(server, write);
      // An update answers with the run as it is now; all others with their first answer.
      if (write.effect.type === 'update') assert.equal(again?.status, answer!.status);
      else assert.deepEqual(again, answer, `the retry of ${write.path} ${write.idempotencyKey}`);
    });
  }

  /** Resolves to the runs and models that the log says were made. */
  async #checkEvents(reader: Reader): Promise<ReadEvent[]> {
    const deadline = performance.now() + placingMs;
    let events = await reader.events(this.#position);
    while (!this.#account.isComplete(this.#tellingOf(events)) && performance.now() < deadline) {
      await delay(20);
      events = await reader.events(this.#position);
    }
    for (const [index, event] of events.entries()) {
      assert.equal(
        event.position,
        this.#position + index + 1,
        `a hole in the log before ${event.action} of ${event.node}`,
      );
    }
    const told = this.#tellingOf(events);
    this.#account.close(told);
    this.#position += events.length;
    this.figures.events += events.length;
    return told.filter(isMaking);
  }

  /** Of a run that was purged only that. */
  #tellingOf(events: readonly ReadEvent[]): ReadEvent[] {
    return events.filter(
      ({ run = '', action }) => action === 'run.purge' || this.model.runs.get(run)?.purged !== true,
    );
  }

  async #compare(reader: Reader, entries: readonly LedgerEntry[], made: readonly ReadEvent[]): Promise<void> {
    const effects = new Map(
      entries.map(({ write: { effect } }) => [isCreation(effect) ? effect.name : '', effect]),
    );
    const runs = new Map<string, { keys: Set<string>; paths: Set<string>; looksForStrays: boolean }>();
    const models = new Map<string, Set<string>>();
    const experiments = new Set<string>();
    const names = new Set<string>();
    for (const event of made) {
      const isRun = event.run !== undefined;
      const id = isRun ? event.run : `m-${event.node}`;
      if (isRun) runs.set(id, { keys: new Set(), paths: new Set(), looksForStrays: false });
      else models.set(id, new Set());
      const effect = effects.get(String(event.body.name));
      const known = isRun ? this.model.runs : this.model.models;
      if (effect !== undefined && !known.has(id)) this.model.apply(effect, id);
    }
    for (const { write } of entries) {
      const { run, model, experiment, registered, keys = [], paths = [] } = touches(write.effect);
      if (registered !== undefined) names.add(registered);
      if (experiment !== undefined) experiments.add(experiment);
      if (model !== undefined) models.set(model, new Set([...(models.get(model) ?? []), ...paths]));
      if (run === undefined) continue;
      const before = runs.get(run);
      runs.set(run, {
        keys: new Set([...(before?.keys ?? []), ...keys]),
        paths: new Set([...(before?.paths ?? []), ...(model === undefined ? paths : [])]),
        // The last files and links of it may have been taken away; a run that all write to is looked at anyway.
        looksForStrays: write.effect.type === 'unfile' || before?.looksForStrays === true,
      });
    }
    const { model } = this;
    await forAll(runs, ([run, closely]) => compareRun(reader, model, model.run(run), closely));
    await forAll(models, ([id, paths]) => compareModel(reader, model.model(id), paths));
    await forAll(names, (name) => compareRegistered(reader, model.registeredModel(name)));
    await forAll(experiments, (id) => compareExperiment(reader, model.experiment(id)));
  }
}

const isMaking = ({ action }: ReadEvent): boolean => action === 'run.create' || action === 'model.create';

/** Every other file of a writer that puts each somewhere else, so that nothing later says what was to be there. */
function isGivenUp({ kind, id }: Write): boolean {
  return kind.startsWith('upload-artifact') && Number(id.split('.').at(-1)) % 2 === 0;
}

/** The protocol's own way to say that a change is there already. */
function saysAlreadyDone({ effect }: Write, { status, text }: Answer): boolean {
  if (['experiment', 'registered'].includes(effect.type)) return text.includes('RESOURCE_ALREADY_EXISTS');
  const taken = [
    'untag',
    'experiment-lifecycle',
    'unfile',
    'model-untag',
    'version-delete',
    'registered-delete',
    'purge',
  ];
  return status === 404 && taken.includes(effect.type);
}

/** Of what a write made; empty for one that makes nothing. */
function idOf(effect: Effect, { text }: Answer): string {
  if (!isCreation(effect) && effect.type !== 'experiment') return '';
  const answer = JSON.parse(text);
  return answer.id ?? answer.experiment_id ?? answer.model?.info.model_id ?? answer.run.info.run_id;
}
