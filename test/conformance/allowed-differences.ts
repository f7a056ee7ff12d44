/**
 * Every way in which Cairn answers otherwise than the real server, one row each. A difference that no row allows fails the
 * differential test, and so does a row that no call shows any more. The first row that fits counts.
 */
import { artifacts } from './allowed/artifacts.ts';
import { everywhere, probes } from './allowed/everywhere.ts';
import { experiments, locations } from './allowed/experiments.ts';
import { links } from './allowed/links.ts';
import { metrics } from './allowed/metrics.ts';
import { registry } from './allowed/registry.ts';
import type { AllowedDifference } from './allowed/row.ts';
import { runs } from './allowed/runs.ts';
import { searches } from './allowed/searches.ts';
import { webhooks } from './allowed/webhooks.ts';

export type { AllowedDifference } from './allowed/row.ts';

export const allowedDifferences: readonly AllowedDifference[] = [
  ...everywhere,
  ...probes,
  ...experiments,
  ...locations,
  ...runs,
  ...metrics,
  ...searches,
  ...links,
  ...artifacts,
  ...registry,
  ...webhooks,
];
