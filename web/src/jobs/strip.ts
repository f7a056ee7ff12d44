/** The last runs of a job as bars: how long each took against the longest of them, and how it ended. Pure. */
import type { RunGlance } from '../api/jobs.ts';
import { durationText, exactTime } from '../format/times.ts';

export interface Bar {
  readonly uid: string;
  readonly state: RunGlance['state'];
  /** 0–1; of one whose duration nobody knows, a floor that is seen. */
  readonly height: number;
  readonly title: string;
}

const floor = 0.14;

/** ms; undefined while it runs, or where its end was never told. */
export function tookOf({ started, ended }: Pick<RunGlance, 'started' | 'ended'>): number | undefined {
  return started === null || ended === null || ended < started ? undefined : ended - started;
}

export const stateWord = (state: RunGlance['state']): string => state ?? 'no state told';

/** The oldest first. `runs`: the latest first. */
export function barsOf(runs: readonly RunGlance[]): Bar[] {
  const longest = Math.max(1, ...runs.map((run) => tookOf(run) ?? 0));
  return runs.toReversed().map((run) => {
    const took = tookOf(run);
    const lines = [
      `${stateWord(run.state)}${took === undefined ? '' : ` after ${durationText(took)}`}`,
      ...(run.started === null ? [] : [`started ${exactTime(run.started)}`]),
    ];
    return {
      uid: run.uid,
      state: run.state,
      height: took === undefined ? floor : Math.max(floor, took / longest),
      title: lines.join('\n'),
    };
  });
}

/** `The last 12 runs: 10 finished, 2 failed; the latest failed`. */
export function stripText(runs: readonly RunGlance[]): string {
  if (runs.length === 0) return 'No run yet';
  const words = runs.map(({ state }) => stateWord(state));
  const counts = [...new Set(words)].map((word) => `${words.filter((each) => each === word).length} ${word}`);
  const latest = stateWord(runs[0]!.state);
  return runs.length === 1
    ? `One run: ${latest}`
    : `The last ${runs.length} runs: ${counts.join(', ')}; the latest ${latest}`;
}
