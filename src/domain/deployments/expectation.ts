/** What a change expects to serve, so that two pipelines that deploy at once do not undo each other's work unseen. */
import type { Queries } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { Graph } from '../graph/index.ts';
import type { Share } from './deployment.ts';
import { loadDeployments } from './deployment-store.ts';
import { resolveModel } from './model-reference.ts';

/** `conflict` unless exactly these models serve; undefined expects nothing, an empty list that nothing serves. */
export async function mustServe(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  serving: readonly Share[],
  expected: readonly string[] | undefined,
  endpoint: string,
): Promise<void> {
  if (expected === undefined) return;
  const nodes = serving.map(({ deployment }) => deployment);
  const deployments = [...(await loadDeployments(queries, graph, nodes, {})).values()];
  const found = new Set(deployments.map(({ model }) => model.uri));
  const wanted = new Set<string>();
  for (const [index, asked] of expected.entries()) {
    // A version that is deleted serves on, and is named as it was.
    wanted.add(
      found.has(asked)
        ? asked
        : (await resolveModel(queries, graph, project, asked, `expected[${index}]`)).uri,
    );
  }
  if (wanted.size === found.size && [...wanted].every((uri) => found.has(uri))) return;
  const now = deployments.map(({ model, percent }) => `${model.uri} (${percent} %)`).join(', ');
  const message = now === '' ? `Nothing serves at ${endpoint}.` : `${endpoint} serves ${now}.`;
  throw new CairnError('conflict', message, { field: 'expected' });
}
