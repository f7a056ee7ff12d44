/** One store, one server after another on it, and the writers: rounds of load that each end in a death. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../conformance/generated/random.ts';
import { readLedger } from './load/ledger.ts';
import { Load } from './load/load.ts';
import type { Stage } from './load/sequence.ts';
import { ServerProcess } from './server-process.ts';
import { checkDoctor, checkStore, type StorePlace } from './store-check.ts';
import { Verifier } from './verifier.ts';

/** Rounds that write to one shared run. */
const roundsPerStage = 25;
/** Between the first answer of the slowest writer and the death. */
const loadMs = { least: 60, most: 400 };
/** A server is also killed while it starts, which takes about this long. */
const startMs = 500;

export class Trial {
  readonly random: Random;
  readonly #folder: string;
  readonly #place: StorePlace;
  readonly #load: Load;
  readonly verifier = new Verifier();
  /** Deaths under load, and while starting. */
  kills = 0;
  killsAtStart = 0;
  #server: ServerProcess | undefined;
  #url = '';
  #round = 0;
  #stage: Stage = { experiment: '', run: '' };

  constructor(seed: number, databaseUrl?: string) {
    this.random = new Random(seed);
    this.#folder = mkdtempSync(join(tmpdir(), 'cairn-kill-'));
    const ledger = join(this.#folder, 'ledger');
    mkdirSync(ledger);
    this.#place = { dataDir: join(this.#folder, 'data'), databaseUrl };
    this.#load = new Load(ledger, seed);
  }

  get url(): string {
    return this.#url;
  }

  get serverOutput(): string {
    return this.#server?.output ?? '';
  }

  /** The first server, on nothing. */
  async begin(): Promise<void> {
    await this.#start();
    await this.verifier.begin(this.#url);
  }

  /** Load, a death at a random moment of it, a new server on what was left, and everything the round wrote looked at. */
  async round(during: () => Promise<void> = () => this.#pause(loadMs.least, loadMs.most)): Promise<void> {
    await this.#underLoad(during);
    await this.#server!.kill();
    this.kills += 1;
    await this.#load.ended();
    if (this.random.chance(0.3)) await checkDoctor(this.#place, this.random.chance(0.3));
    if (this.random.chance(0.15)) await this.#dieWhileStarting();
    await this.#start();
    await this.#verify();
    if (this.random.chance(0.3)) await checkDoctor(this.#place, this.random.chance(0.3));
  }

  /** Load around something else than a death of the server; `during` runs beside it. */
  async disturbance(during: () => Promise<void>): Promise<void> {
    await this.#underLoad(during);
    await this.#load.stop();
    await this.#verify();
  }

  /** Reads back everything, ends the server in peace and looks at the store. */
  async end(): Promise<void> {
    await this.verifier.everything(this.#url);
    const code = await this.#server!.stop();
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${this.#server!.output}`);
    await checkDoctor(this.#place, true);
    await checkStore(this.#place, this.verifier.model, this.verifier.keyed);
  }

  async close(): Promise<void> {
    await this.#load.close();
    if (this.#server !== undefined) await this.#server.kill().catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #underLoad(during: () => Promise<void>): Promise<void> {
    if (this.#round % roundsPerStage === 0) await this.#newStage();
    this.#round += 1;
    await this.#load.begin(this.#round, this.#url, this.#stage);
    await during();
  }

  #verify(): Promise<void> {
    return this.verifier.round(this.#url, readLedger(join(this.#folder, 'ledger'), this.#round));
  }

  async #start(): Promise<void> {
    this.#server = new ServerProcess(this.#place);
    this.#url = await this.#server.ready();
  }

  async #dieWhileStarting(): Promise<void> {
    const server = new ServerProcess(this.#place);
    await this.#pause(0, startMs);
    await server.kill();
    this.killsAtStart += 1;
  }

  #pause(least: number, most: number): Promise<void> {
    return delay(least + this.random.below(most - least));
  }

  async #newStage(): Promise<void> {
    const id = `stage ${this.#round}`;
    const made = { method: 'POST', id, kind: 'stage' };
    const experiment = await this.verifier.write(this.#url, {
      ...made,
      path: '/api/v1/experiments',
      body: JSON.stringify({ name: id }),
      effect: { type: 'experiment', name: id, tags: [] },
      idempotencyKey: id,
    });
    const run = await this.verifier.write(this.#url, {
      ...made,
      path: '/api/v1/runs',
      body: JSON.stringify({ experiment, name: id, user: 'ada', started: 1 }),
      effect: { type: 'run', experiment, name: id, user: 'ada', started: 1, tags: [] },
      idempotencyKey: id,
    });
    this.#stage = { experiment, run };
  }
}
