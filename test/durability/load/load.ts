/** The handle by which a test runs the process of the writers. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromLoad, ToLoad } from './load-process.ts';
import type { Stage } from './sequence.ts';

export class Load {
  readonly #child: ChildProcess;
  #underWay = Promise.withResolvers<void>();
  #ended = Promise.withResolvers<number>();

  /** Ledgers go into `folder`. */
  constructor(folder: string, seed: number) {
    this.#child = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), [folder, String(seed)]);
    this.#child.on('message', (message: FromLoad) => this.#hear(message));
    this.#child.on('exit', (code) => this.#fail(new Error(`the process of the writers ended (${code})`)));
  }

  /** Starts a round; resolves when every writer has an answer. */
  async begin(round: number, server: string, stage: Stage): Promise<void> {
    this.#underWay = Promise.withResolvers();
    this.#ended = Promise.withResolvers();
    this.#underWay.promise.catch(() => {});
    this.#ended.promise.catch(() => {});
    this.#tell({ type: 'round', round, server, stage });
    await Promise.race([this.#underWay.promise, this.#ended.promise]);
  }

  /** Resolves to the number of answers of the round, once every writer has noticed the end. */
  ended(): Promise<number> {
    return this.#ended.promise;
  }

  /** Ends the round with the server alive. */
  async stop(): Promise<number> {
    this.#tell({ type: 'stop' });
    return this.#ended.promise;
  }

  async close(): Promise<void> {
    this.#child.removeAllListeners('exit');
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }

  #tell(message: ToLoad): void {
    this.#child.send(message);
  }

  #hear(message: FromLoad): void {
    if (message.type === 'under-way') this.#underWay.resolve();
    else if (message.type === 'ended') this.#ended.resolve(message.answered);
    else this.#fail(new Error(message.why));
  }

  #fail(error: Error): void {
    this.#underWay.reject(error);
    this.#ended.reject(error);
  }
}
