/** Asks the server whether it lives, again and again, from a thread of its own: a stall of the server shows, one of the test does not. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** Slots of the shared memory, in ms: the slowest answer so far, and since when the question that is open has been. */
const slowest = 0;
const openSince = 1;

export class Heartbeat {
  readonly #worker: Worker;
  readonly #slots: Float64Array;

  constructor(server: string) {
    const memory = new SharedArrayBuffer(16);
    this.#slots = new Float64Array(memory);
    this.#worker = new Worker(fileURLToPath(import.meta.url), { workerData: { server, memory } });
    this.#worker.unref();
  }

  reset(): void {
    this.#slots[slowest] = 0;
  }

  /** The longest time in ms that an answer took, or takes now, since the last reset. */
  get slowest(): number {
    const open = this.#slots[openSince]!;
    return Math.max(this.#slots[slowest]!, open === 0 ? 0 : Date.now() - open);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** How long the main thread of a process has computed so far, in ms; where the system does not say it, the time. */
export function mainThreadMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    // Of the user and of the system, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return performance.now();
  }
}

if (!isMainThread && workerData?.memory !== undefined) {
  const { server, memory } = workerData as { server: string; memory: SharedArrayBuffer };
  const slots = new Float64Array(memory);
  for (;;) {
    const began = Date.now();
    slots[openSince] = began;
    await fetch(`${server}/healthz`).then(
      (answer) => answer.text(),
      () => {},
    );
    slots[openSince] = 0;
    slots[slowest] = Math.max(slots[slowest]!, Date.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
