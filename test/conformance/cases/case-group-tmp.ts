/**
 * Hand-picked calls: borderline and invalid input route by route, so that every row of the table of allowed differences is
 * shown by a call that does not depend on a seed.
 */
import type { Call } from '../call.ts';
import { play, type Servers, storyOf, type Tally } from '../player-tmp.ts';

export interface CaseGroup {
  readonly name: string;
  /** Calls that make what the probes need; made again whenever the two stores have parted. */
  readonly setup: readonly Call[];
  readonly probes: readonly Call[];
  /** Reads that show what the probes left behind. */
  readonly readBack: readonly Call[];
}

/** Plays every probe of a group: one after another in one story, and after one that parts the stores in a new story. */
export async function playGroup(group: CaseGroup, servers: Servers, tally: Tally): Promise<void> {
  const { name, setup, probes, readBack } = group;
  for (let start = 0; start < Math.max(probes.length, 1); ) {
    const calls = [...setup, ...probes.slice(start), ...readBack];
    const made = await play(storyOf(`cases/${name}[${start}…]`, calls), servers, tally);
    if (made < setup.length) return; // the setup itself differs: said once is enough
    start += made - setup.length;
    if (made === calls.length) return;
  }
}
