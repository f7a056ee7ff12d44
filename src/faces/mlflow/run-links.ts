/** Inputs and outputs of runs, as every answer about runs carries them. */
import type { Run } from '../../domain/runs/index.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { NodeId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { RunLinksMessage } from './run-message.ts';
import type { MlflowServices, Workspace } from './services.ts';

/** Characters of datasets in one answer: schema and profile of each input of each run. */
export const linksLimit = 64 * 1024 * 1024;

/** What each of the runs is linked to. */
export async function linksOf(
  { datasets, runLinks }: MlflowServices,
  context: RequestContext,
  project: Workspace,
  runs: readonly Run[],
): Promise<(run: Run) => RunLinksMessage> {
  const nodes = runs.map((run) => run.node);
  const [inputs, models] = await Promise.all([
    datasets.inputsOf(context, project.id, nodes),
    runLinks.modelsOf(context, project.id, nodes),
  ]);
  checkSize(inputs);
  return ({ node }) => ({ datasets: inputs.get(node) ?? [], models: models.get(node) });
}

/** One large profile used by a thousand runs would be printed a thousand times. */
function checkSize(inputs: Awaited<ReturnType<MlflowServices['datasets']['inputsOf']>>): void {
  let size = 0;
  for (const list of (inputs as ReadonlyMap<NodeId, RunLinksMessage['datasets']>).values()) {
    for (const { dataset } of list) {
      size += dataset.source.length + (dataset.schema?.length ?? 0) + (dataset.profile?.length ?? 0);
    }
  }
  if (size <= linksLimit) return;
  throw new CairnError(
    'query_too_expensive',
    `The datasets of these runs are longer than ${linksLimit} characters together; ask for fewer runs with max_results.`,
  );
}
