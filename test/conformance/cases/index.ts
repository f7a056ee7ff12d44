import { artifactCases } from './artifacts.ts';
import type { CaseGroup } from './case-group.ts';
import { experimentCases } from './experiments.ts';
import { inputCases } from './inputs.ts';
import { loggedModelCases } from './logged-models.ts';
import { metricCases } from './metrics.ts';
import { registryCases } from './registry.ts';
import { runCases } from './runs.ts';
import { searchCases } from './search.ts';
import { webhookCases } from './webhooks.ts';
import { wireCases } from './wire.ts';

export { playGroup } from './case-group.ts';
export const caseGroups: readonly CaseGroup[] = [
  ...wireCases,
  ...experimentCases,
  ...runCases,
  ...metricCases,
  ...searchCases,
  ...inputCases,
  ...loggedModelCases,
  ...artifactCases,
  ...registryCases,
  ...webhookCases,
];
