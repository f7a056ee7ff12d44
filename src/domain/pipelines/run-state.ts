/**
 * The state of a run as its events tell it, in any order: an end outranks that it began or goes on, of two ends the later
 * one holds, and OTHER says nothing of it.
 */
import { type ExecutionState, executionStates } from '../graph/index.ts';
import type { RunEventType } from './lineage-event.ts';
import { isLater, type Stamp } from './stamp.ts';

const states: Readonly<Partial<Record<RunEventType, ExecutionState>>> = {
  START: 'running',
  RUNNING: 'running',
  COMPLETE: 'finished',
  ABORT: 'killed',
  FAIL: 'failed',
};
const isEnd = (type: RunEventType): boolean => type === 'COMPLETE' || type === 'ABORT' || type === 'FAIL';

/** Columns of job_run. */
export interface RunPicture {
  /** ms of the earliest event; null before any of its own. */
  readonly first: number | null;
  /** ms of the earliest START */
  readonly started: number | null;
  /** ms of the end that holds */
  readonly ended: number | null;
  readonly state: number | null;
  /** 0: nothing said, 1: under way, 2: ended. */
  readonly rank: number;
  /** Of the claim that the state is by. */
  readonly stamp: Stamp | null;
}

export const unseenRun: RunPicture = {
  first: null,
  started: null,
  ended: null,
  state: null,
  rank: 0,
  stamp: null,
};

export function pictureAfter(
  before: RunPicture,
  type: RunEventType | undefined,
  at: number,
  stamp: Stamp,
): RunPicture {
  const first = before.first === null ? at : Math.min(before.first, at);
  const seen = { ...before, first };
  const state = type && states[type];
  if (type === undefined || state === undefined) return seen;
  const started =
    type !== 'START' ? before.started : before.started === null ? at : Math.min(before.started, at);
  const rank = isEnd(type) ? 2 : 1;
  const wins =
    rank > before.rank || (rank === before.rank && (before.stamp === null || isLater(stamp, before.stamp)));
  if (!wins) return { ...seen, started };
  return { first, started, ended: rank === 2 ? at : null, state: executionStates[state], rank, stamp };
}

export function isSamePicture(a: RunPicture, b: RunPicture): boolean {
  return (
    a.first === b.first &&
    a.started === b.started &&
    a.ended === b.ended &&
    a.state === b.state &&
    a.rank === b.rank &&
    (a.stamp === b.stamp || (a.stamp !== null && b.stamp !== null && Buffer.compare(a.stamp, b.stamp) === 0))
  );
}

/** When the run began, as far as anybody knows; ms. */
export const beginningOf = ({ started, first }: RunPicture): number | null => started ?? first;

/** When what it wrote was there, ms: at its end, if that was a good one. */
export function writtenAt({ state, ended }: RunPicture, firstMention: number): number {
  return state === executionStates.finished && ended !== null ? ended : firstMention;
}

/** What a run wrote that failed or was stopped is read by nobody. */
export const countsAsWritten = ({ state }: RunPicture): boolean =>
  state !== executionStates.failed && state !== executionStates.killed;
