import { invalid } from '../../kernel/errors.ts';

/** Where requests act that name none: always there, neither made nor deleted. */
export const defaultWorkspace = 'default';

/** Characters; `shown`: of a name in the message that refuses it. */
const lengths = { least: 2, most: 63, shown: 1000 } as const;
const pattern = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const form = new RegExp(pattern);
const reserved: ReadonlySet<string> = new Set(['workspaces', 'api', 'ajax-api', 'static-files']);

/** Whether a client can name the project as its workspace. */
export function isWorkspaceName(name: string): boolean {
  return problemOf(name) === undefined;
}

/** A name that MLflow's server takes; clients check by the same rules before they ask. */
export function checkWorkspaceName(name: string): void {
  const problem = problemOf(name);
  if (problem === undefined) return;
  const shown = name.length > lengths.shown ? `${name.slice(0, lengths.shown)}…` : name;
  throw invalid('name', `Workspace name '${shown}' ${problem}`);
}

function problemOf(name: string): string | undefined {
  if (name.length < lengths.least || name.length > lengths.most)
    return `must be between ${lengths.least} and ${lengths.most} characters.`;
  if (!form.test(name))
    return `must match the pattern ${pattern} (lowercase alphanumeric with optional internal hyphens).`;
  return reserved.has(name) ? 'is reserved and cannot be used.' : undefined;
}
