/**
 * What a change makes of the stretches of one slot. Pure: it is given what is believed from an instant on, and says which
 * rows are believed no more and which take their place.
 */
import type { NodeId } from '../../kernel/ids.ts';
import { covers, type Ending, precondition, rounded, type Share } from './deployment.ts';
import type { NewShare, Plan } from './deployment-store.ts';

export class SlotPlan implements Plan {
  readonly closed: Share[] = [];
  readonly opened: NewShare[] = [];
  /** When the change is, ms. */
  readonly at: number;
  readonly #rows: readonly Share[];

  /** `rows`: the stretches of the slot that end after `at`, or do not end. */
  constructor(rows: readonly Share[], at: number) {
    this.#rows = rows;
    this.at = at;
  }

  /** What serves at the instant, one stretch for each deployment. */
  get serving(): readonly Share[] {
    return this.#rows.filter((row) => covers(row, this.at));
  }

  /** Stretches that begin later. */
  get later(): readonly Share[] {
    return this.#rows.filter(({ from }) => from > this.at);
  }

  /** The deployment, with whatever was believed of it later, is over at the instant. */
  end(deployment: NodeId, ending: Ending): void {
    const now = this.#held(deployment);
    this.closed.push(...this.#rows.filter((row) => row.deployment === deployment && row.from >= now.from));
    this.opened.push({ ...now, to: this.at, ending });
  }

  /** From the instant on the deployment has another share. */
  share(deployment: NodeId, percent: number): void {
    const row = this.#rows.find((each) => each.deployment === deployment && covers(each, this.at))!;
    if (row.percent === percent) return;
    // What begins at this very instant was told a moment ago, and is told better now.
    if (row.from !== this.at) this.opened.push({ ...row, to: this.at, ending: 'shared' });
    this.closed.push(row);
    this.opened.push({ ...row, from: this.at, percent });
  }

  /** The deployments, in the proportion they had, have `total` between them. */
  scale(among: readonly Share[], total: number): void {
    const sum = among.reduce((all, { percent }) => all + percent, 0);
    for (const { deployment, percent } of among) {
      this.share(deployment, rounded(sum === 0 ? total / among.length : (percent * total) / sum));
    }
  }

  begin(share: Omit<NewShare, 'from' | 'ending'> & { readonly ending?: Ending | null }): void {
    this.opened.push({ ...share, from: this.at, ending: share.ending ?? null });
  }

  /**
   * Until when a take-over of the whole slot that is told late has lasted: to the next one that is known. Undefined: it
   * lasts. Refused where what came next was no take-over.
   */
  untilNext(): number | undefined {
    const next = this.later[0];
    if (next === undefined) return undefined;
    const goesOn = this.serving.some(({ deployment }) => deployment === next.deployment);
    if (goesOn || next.percent < 100) {
      throw precondition(
        'at',
        `The slot has changed since, at ${new Date(next.from).toISOString()}, without being taken over whole: say with \`ended\` until when this served.`,
      );
    }
    return next.from;
  }

  #held(deployment: NodeId): Share {
    const row = this.serving.find((each) => each.deployment === deployment)!;
    if (row.from < this.at) return row;
    throw precondition(
      'at',
      `What serves there began, or changed, at that very instant, ${new Date(row.from).toISOString()}: it cannot have ended then. Correct or retract it instead.`,
    );
  }
}
