/** A `models:/` URI, resolved in the transaction that records what it leads to. */
import type { Queries } from '../../db/db.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Graph } from '../graph/index.ts';
import { findModels, loadModels } from '../models/index.ts';
import { findNamed, isPrompt, parseModelUri } from '../registry/index.ts';
import { deploymentLimits } from './deployment.ts';

export interface ResolvedModel {
  readonly node: NodeId;
  readonly asked: string;
  readonly uri: string;
  /** Of the registered model. */
  readonly name?: string;
  readonly version?: number;
  readonly loggedModel?: string;
  /** Id of the run it came from. */
  readonly run?: string;
}

/** `not_found` or `invalid_argument` name `field`, whatever is wrong with it. */
export async function resolveModel(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  asked: string,
  field: string,
): Promise<ResolvedModel> {
  if (asked.length > deploymentLimits.model) {
    throw invalid(field, `${field} is longer than ${deploymentLimits.model} characters`);
  }
  if (!/^models:\//i.test(asked)) {
    throw invalid(
      field,
      `${field} must be a models:/ URI: models:/churn/3, models:/churn@champion, models:/m-…`,
    );
  }
  const named = parseModelUri(asked, field);
  try {
    if ('id' in named) return await loggedModel(queries, graph, project, asked, named.id, field);
    const found = await findNamed(queries, graph, project, named);
    if (isPrompt(found.tags)) throw invalid(field, `${asked} is a prompt, which is nothing to deploy`);
    const { node, model: name, version, run, loggedModel: logged } = found;
    return {
      ...{ node, asked, name, version, uri: `models:/${name}/${version}` },
      ...(run !== '' && { run }),
      ...(logged !== '' && { loggedModel: logged }),
    };
  } catch (error) {
    if (!(error instanceof CairnError) || error.field === field) throw error;
    throw new CairnError(error.code, error.message, { field });
  }
}

async function loggedModel(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  asked: string,
  id: string,
  field: string,
): Promise<ResolvedModel> {
  const row = (await findModels(queries, graph, project, [id])).get(id);
  const model = row?.deleted === 0 ? (await loadModels(queries, graph, [row.id])).get(row.id) : undefined;
  if (model === undefined) throw new CairnError('not_found', `No model is at ${asked}.`, { field });
  return {
    ...{ node: model.node, asked, uri: `models:/${id}`, loggedModel: id },
    ...(model.sourceRun !== '' && { run: model.sourceRun }),
  };
}
