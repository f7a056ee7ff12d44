/**
 * What was acknowledged survives SIGKILL. Writers of every kind keep a ledger of the answers they got, outside the server;
 * the server dies at random moments, is started again on what it left, and everything in the ledger must be there,
 * equal, whole, and once. CAIRN_SEED repeats a run, CAIRN_KILLS sets how many deaths.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { postgresMissing } from '../stores/postgres-server.ts';
import { CrashingPostgres } from './crashing-postgres.ts';
import { send } from './load/client.ts';
import { writerKinds } from './load/writers.ts';
import { Trial } from './trial.ts';

const isLong = process.env.CAIRN_LONG === '1';
const kills = Number(process.env.CAIRN_KILLS ?? (isLong ? 200 : 5));
const seed = Number(process.env.CAIRN_SEED ?? Date.now() % 1_000_000_000);
const results = fileURLToPath(new URL('../../bench/results/kill.txt', import.meta.url));

describe(`a server that is killed ${kills} times under load (CAIRN_SEED=${seed})`, () => {
  it('has writers of every kind', () => assert.ok(writerKinds.length >= 16));

  it('loses nothing on SQLite', async () => {
    await survive('SQLite', new Trial(seed), async () => {});
  });

  const missing = postgresMissing();
  it('loses nothing on PostgreSQL, which is killed too', { skip: missing ?? false }, async () => {
    const postgres = await CrashingPostgres.start();
    try {
      await survive('PostgreSQL', new Trial(seed, postgres.url), (trial) => crash(trial, postgres));
    } finally {
      await postgres.stop();
    }
  });
});

async function survive(store: string, trial: Trial, disturb: (trial: Trial) => Promise<void>): Promise<void> {
  const began = performance.now();
  try {
    await trial.begin();
    for (let count = 0; count < kills; count++) {
      await trial.round();
      if (count % 10 === 4) await disturb(trial);
    }
    await trial.end();
    record(store, trial, performance.now() - began);
  } catch (error) {
    // At once: in the long run the other store takes another while.
    process.stderr.write(
      `${store} after ${trial.kills} deaths, seed ${seed}: ${error}\n${trial.serverOutput}\n`,
    );
    throw error;
  } finally {
    await trial.close();
  }
}

/** The database dies under a server that lives: it says so, and goes on when the database is back. */
async function crash(trial: Trial, postgres: CrashingPostgres): Promise<void> {
  await trial.disturbance(async () => {
    await postgres.killBackend();
    await until(() => isReady(trial.url), 'the server takes writes again after a backend died');
    postgres.killAll();
    await until(async () => !(await isReady(trial.url)), 'the server says that it is not ready');
    const begun = performance.now();
    assert.equal((await send(trial.url, { method: 'GET', path: '/healthz' }))?.status, 200);
    assert.ok(performance.now() - begun < 1000, 'a probe is answered at once while the database is away');
    const write = { method: 'POST', path: '/api/v1/projects', body: '{"name":"refused"}' };
    assert.equal((await send(trial.url, write))?.status, 503, 'a write while the database is away');
    await postgres.restart();
    await until(() => isReady(trial.url), 'the server takes writes again after the database came back');
  });
}

async function isReady(server: string): Promise<boolean> {
  return (await send(server, { method: 'GET', path: '/readyz' }))?.status === 200;
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) assert.ok(performance.now() < deadline, `within 30 s: ${what}`);
}

function record(store: string, trial: Trial, milliseconds: number): void {
  const { figures, model } = trial.verifier;
  const files = [...model.runs.values(), ...model.models.values()].reduce(
    (sum, one) => sum + one.files.size,
    0,
  );
  const lines = [
    `${store}: ${trial.kills} deaths under load, ${trial.killsAtStart} while starting, seed ${seed}, ${(milliseconds / 1000).toFixed(0)} s`,
    `  ${writerKinds.length} writers; ${figures.acknowledged} acknowledged writes, none lost, none changed`,
    `  ${figures.lostAndApplied + figures.lostAndNotApplied} writes in flight at a death: ${figures.lostAndApplied} applied whole, ${figures.lostAndNotApplied} not at all`,
    `  ${figures.retries} retries, none applied twice; ${figures.events} events without a hole`,
    `  read back at the end: ${model.runs.size} runs, ${model.experiments.size} experiments, ${model.models.size} models, ${model.registered.size} registered models, ${files} files; doctor --deep clean`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (isLong) keepResult(store, lines);
}

/** The last long run of each store stands in bench/results. */
function keepResult(store: string, lines: readonly string[]): void {
  const before = existsSync(results) ? readFileSync(results, 'utf8').trimEnd().split('\n\n') : [];
  const others = before.filter((paragraph) => !paragraph.startsWith(`${store}:`));
  const paragraphs = [...others, lines.join('\n')]
    .filter((paragraph) => paragraph !== '')
    .sort()
    .reverse();
  writeFileSync(results, `${paragraphs.join('\n\n')}\n`);
}
