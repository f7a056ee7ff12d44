/**
 * The process of the writers: all of them at once against one server, round after round, each with a ledger of its own.
 * A round ends for a writer when the server does not answer any more, or when it is told to stop.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../../conformance/generated/random.ts';
import { send } from './client.ts';
import type { Effect } from './effect.ts';
import { type Answer, LedgerWriter, type Write } from './ledger.ts';
import type { Stage, Writer } from './sequence.ts';
import { writerKinds } from './writers.ts';

export type ToLoad =
  | { readonly type: 'round'; readonly round: number; readonly server: string; readonly stage: Stage }
  | { readonly type: 'stop' };
export type FromLoad =
  | { readonly type: 'under-way' }
  | { readonly type: 'ended'; readonly answered: number }
  | { readonly type: 'failed'; readonly why: string };

const [folder, seed] = process.argv.slice(2) as [string, string];
const stage: { experiment: string; run: string } = { experiment: '', run: '' };
const writers: Writer[] = writerKinds.map(
  ([name, Kind], index) => new Kind(name, new Random(Number(seed) + index * 7919), stage),
);
let stopping = false;

process.on('message', (message: ToLoad) => {
  if (message.type === 'stop') stopping = true;
  else {
    stopping = false;
    Object.assign(stage, message.stage);
    round(message.round, message.server).then(tell, (error: Error) =>
      tell({ type: 'failed', why: String(error.stack) }),
    );
  }
});
// Whoever started this process is gone: so is the need for it.
process.on('disconnect', () => process.exit());

async function round(number: number, server: string): Promise<FromLoad> {
  let under = 0;
  const answered = await Promise.all(
    writers.map((writer) =>
      writeUntilTheEnd(writer, number, server, () => {
        under += 1;
        if (under === writers.length) tell({ type: 'under-way' });
      }),
    ),
  );
  return { type: 'ended', answered: answered.reduce((sum, count) => sum + count, 0) };
}

/** Resolves to how many answers it got. */
async function writeUntilTheEnd(
  writer: Writer,
  number: number,
  server: string,
  onFirst: () => void,
): Promise<number> {
  const ledger = new LedgerWriter(folder, number, writer.name);
  try {
    for (let count = 0; ; count++) {
      if (stopping) return count;
      const write = writer.next();
      const { answer, doubtful } = await persist(server, write);
      await ledger.keep({ write, doubtful, answer });
      if (answer === undefined) return count;
      if (answer.status < 300) writer.learn(write, answer);
      if (count === 0) onFirst();
    }
  } finally {
    ledger.close();
  }
}

/** Sends until it is told something else than "not now", as MLflow's clients do; stops where the server itself is gone. */
async function persist(server: string, write: Write) {
  let doubtful = 0;
  for (;;) {
    const answer = await send(server, write);
    if (answer === undefined) return { answer, doubtful: doubtful + 1 };
    if (answer.status !== 503) return { answer, doubtful };
    if (!claimsNothing(write, answer)) doubtful += 1;
    if (stopping) return { answer: undefined, doubtful };
    await delay(10);
  }
}

/** The change may have been applied, unless the server says that it was not; what reads its answer after the commit cannot know. */
function claimsNothing({ effect }: Write, { text }: Answer): boolean {
  return text.includes('nothing was changed') && !readsBack.has(effect.type);
}

const readsBack = new Set<Effect['type']>(['update', 'experiment-name', 'model', 'model-status']);

function tell(message: FromLoad): void {
  process.send?.(message);
}
