/** Who had which part of a slot when, as boxes to draw: a lane for each slot, in it the shares stacked. Pure. */
import type { Deployment } from '../api/deployments.ts';

export interface ShareBox {
  readonly deployment: Deployment;
  /** ms */
  readonly from: number;
  /** ms; null while it lasts. */
  readonly to: number | null;
  readonly traffic: number;
  /** Of the width, 0–1. */
  readonly left: number;
  readonly width: number;
  /** Of the height, 0–1, from above. */
  readonly top: number;
  readonly height: number;
}

export interface SlotLane {
  readonly slot: string;
  readonly boxes: readonly ShareBox[];
}

export interface ShareTimeline {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly SlotLane[];
}

/** A share of nothing is drawn, too: something serves there (a shadow). */
const least = 12;

/** The slot `main` first, then by name; from the first share until now. Undefined where nothing ever served. */
export function shareTimeline(deployments: readonly Deployment[], now: number): ShareTimeline | undefined {
  const all = deployments.flatMap(({ shares }) => shares);
  if (all.length === 0) return undefined;
  const from = Math.min(...all.map((share) => share.from));
  const to = Math.max(now, ...all.map((share) => share.to ?? share.from), from + 1);
  const slots = [...new Set(deployments.map(({ slot }) => slot))].sort(
    (a, b) => Number(b === 'main') - Number(a === 'main') || (a < b ? -1 : 1),
  );
  const lanes = slots.map((slot) => ({
    slot,
    boxes: boxesOf(
      deployments.filter((each) => each.slot === slot),
      from,
      to,
    ),
  }));
  return { from, to, lanes };
}

interface Stretch {
  readonly deployment: Deployment;
  readonly from: number;
  readonly to: number | null;
  readonly traffic: number;
}

/** Between two changes the shares lie on each other, who began first above; more than the whole shares the height. */
function boxesOf(deployments: readonly Deployment[], from: number, to: number): ShareBox[] {
  const stretches: Stretch[] = deployments.flatMap((deployment) =>
    deployment.shares.map((share) => ({
      deployment,
      from: share.from,
      to: share.to,
      traffic: share.traffic,
    })),
  );
  const changes = [...new Set(stretches.flatMap((each) => [each.from, each.to ?? to]))].sort((a, b) => a - b);
  const boxes: ShareBox[] = [];
  for (const [index, start] of changes.slice(0, -1).entries()) {
    const end = changes[index + 1]!;
    const there = stretches
      .filter((each) => each.from <= start && (each.to ?? Number.POSITIVE_INFINITY) >= end)
      .sort(
        (a, b) =>
          a.deployment.started - b.deployment.started || (a.deployment.uid < b.deployment.uid ? -1 : 1),
      );
    const heights = there.map(({ traffic }) => Math.max(least, traffic));
    const whole = Math.max(
      100,
      heights.reduce((sum, height) => sum + height, 0),
    );
    let top = 0;
    for (const [place, stretch] of there.entries()) {
      const height = heights[place]! / whole;
      const box = {
        ...stretch,
        ...{ left: (start - from) / (to - from), width: (end - start) / (to - from), top, height },
      };
      top += height;
      const before = boxes.findIndex((each) => continues(each, box));
      if (before === -1) boxes.push(box);
      else boxes[before] = { ...boxes[before]!, width: box.left + box.width - boxes[before]!.left };
    }
  }
  return boxes;
}

/** The same stretch at the same height, right behind. */
function continues(a: ShareBox, b: ShareBox): boolean {
  return (
    a.deployment.uid === b.deployment.uid &&
    a.from === b.from &&
    a.top === b.top &&
    a.height === b.height &&
    Math.abs(a.left + a.width - b.left) < 1e-9
  );
}

/** What served between two instants, with the share it had first there; the greatest share of each slot first. */
export function servedDuring(
  deployments: readonly Deployment[],
  day: { readonly from: number; readonly to: number },
): { readonly deployment: Deployment; readonly shares: Deployment['shares'] }[] {
  return deployments
    .map((deployment) => ({
      deployment,
      shares: deployment.shares.filter(
        ({ from, to }) => from <= day.to && (to ?? Number.POSITIVE_INFINITY) > day.from,
      ),
    }))
    .filter(({ shares }) => shares.length > 0)
    .sort(
      (a, b) =>
        (a.deployment.slot < b.deployment.slot ? -1 : a.deployment.slot > b.deployment.slot ? 1 : 0) ||
        a.shares[0]!.from - b.shares[0]!.from,
    );
}
