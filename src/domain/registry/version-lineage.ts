/** What a version is made from, looked up in the transaction that makes it: nothing can vanish in between. */
import type { Queries, Tx } from '../../db/db.ts';
import { invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { experimentRow } from '../contexts/index.ts';
import { edgesAt, type Graph, propertiesOf, textOf } from '../graph/index.ts';
import { findModels } from '../models/index.ts';
import { findRun, type RunRow, runFromRow } from '../runs/index.ts';
import {
  latestByStage,
  loadVersions,
  noSuchVersion,
  requireVersion,
  versionNodes,
} from './model-version-store.ts';
import { aliasNaming, namedAt } from './naming-store.ts';
import { isPrompt, type ModelVersion, type NewModelVersion, stageOf } from './registered-model.ts';
import { requireRegistered } from './registered-model-store.ts';
import { isWithin, mustIdentify, type NamedVersion, parseSource, refuseSource } from './version-source.ts';

export interface Lineage {
  /** As it is kept: an alias or a stage is resolved to the number it had. */
  readonly source: string;
  /** Where clients read the files. */
  readonly location: string;
  readonly run: string;
  readonly runRow: RunRow | undefined;
  /** Where in the artifacts of the run, if that is told. */
  readonly path: string | undefined;
  readonly loggedModel: string;
  readonly loggedModelNode: NodeId | undefined;
  /** The version it is a copy of. */
  readonly copyOf: NodeId | undefined;
}

/** The run and the logged model are held until the transaction ends, so that nobody purges them before the version is there. */
export async function lineageOf(
  queries: Tx,
  graph: Graph,
  project: ProjectId,
  input: NewModelVersion,
): Promise<Lineage> {
  const prompt = isPrompt(input.tags ?? []);
  const parsed = parseSource(input.source, prompt);
  const lookup = new Lookup(queries, graph, project);
  const { source } = input;
  let [run = '', loggedModel = ''] = [input.run, input.loggedModel];
  let location = source;
  let kept = source;
  let copyOf: NodeId | undefined;
  let path: string | undefined;
  const model = await lookup.loggedModel(loggedModel, prompt);
  switch (parsed.kind) {
    case 'placeholder':
    case 'elsewhere':
      break;
    case 'version': {
      const from = await lookup.version(parsed.named, source);
      const differs =
        (input.run !== undefined && run !== from.run) ||
        (input.loggedModel !== undefined && loggedModel !== from.loggedModel);
      if (differs) {
        throw refuseSource(
          source,
          'The run_id and model_id request parameters must match the referenced model version.',
        );
      }
      kept = `models:/${from.model}/${from.version}`;
      ({ run, loggedModel, location, node: copyOf } = from);
      break;
    }
    case 'logged-model':
      if (model === undefined || parsed.id !== loggedModel) throw mustIdentify(source, 'model_id');
      location = model.location;
      break;
    case 'run':
      if (loggedModel !== '') throw mustIdentify(source, 'model_id');
      if (run !== parsed.run) {
        throw mustIdentify(
          source,
          'run_id',
          (await lookup.artifactsOfRun(run)) === undefined ? 'run' : 'source',
        );
      }
      path = parsed.path;
      break;
    case 'owned': {
      const root = loggedModel === '' ? await lookup.artifactsOfRun(run) : model?.location;
      if (root === undefined || !isWithin(source, root)) {
        if (loggedModel !== '') throw mustIdentify(source, 'model_id');
        throw mustIdentify(source, 'run_id', root === undefined && run !== '' ? 'run' : 'source');
      }
      if (loggedModel === '') path = belowRoot(source, root);
      break;
    }
  }
  if (run === '' && model !== undefined) run = model.sourceRun;
  const copied =
    copyOf === undefined || loggedModel === '' ? model : await lookup.loggedModelOfCopy(loggedModel);
  return {
    ...{ source: kept, location, run, path, loggedModel, copyOf },
    runRow: run === '' ? undefined : await findRun(queries, graph, project, run, true),
    loggedModelNode: copied?.node,
  };
}

/** `mlflow-artifacts:/0/<run>/artifacts/model` below its run's root is `model`. */
function belowRoot(source: string, root: string): string {
  const depth = (uri: string) => uri.split('/').filter((part) => part !== '').length;
  return source
    .split('/')
    .filter((part) => part !== '')
    .slice(depth(root))
    .join('/');
}

interface FoundModel {
  readonly node: NodeId;
  readonly location: string;
  readonly sourceRun: string;
}

class Lookup {
  readonly #queries: Tx;
  readonly #graph: Graph;
  readonly #project: ProjectId;

  constructor(queries: Tx, graph: Graph, project: ProjectId) {
    this.#queries = queries;
    this.#graph = graph;
    this.#project = project;
  }

  /** `not_found` for one that does not exist. */
  async loggedModel(id: string, prompt: boolean): Promise<FoundModel | undefined> {
    if (id === '' || prompt) return undefined;
    const found = await this.#loggedModel(id);
    if (found === undefined) throw mustIdentify(id, 'model_id', 'loggedModel');
    return found;
  }

  /** That of a version which is copied may have been deleted since: the version stands. */
  async loggedModelOfCopy(id: string): Promise<FoundModel | undefined> {
    return this.#loggedModel(id);
  }

  async #loggedModel(id: string): Promise<FoundModel | undefined> {
    const row = (await findModels(this.#queries, this.#graph, this.#project, [id], true)).get(id);
    if (row === undefined || row.deleted !== 0) return undefined;
    const properties = await propertiesOf(this.#queries, [row.id]);
    const names = await this.#graph.keys.names(
      this.#queries,
      properties.map(({ key }) => key),
    );
    const fact = (name: string) => {
      const property = properties.find(({ key }) => names.get(key) === name);
      return property === undefined ? '' : textOf(property);
    };
    return { node: row.id, location: fact('artifact_uri'), sourceRun: fact('source_run_id') };
  }

  async artifactsOfRun(id: string): Promise<string | undefined> {
    if (id === '' || id.includes('\0')) return undefined;
    const run = await findRun(this.#queries, this.#graph, this.#project, id, true);
    const experiment = run && (await experimentRow(this.#queries, this.#graph, run.context));
    return run && experiment && runFromRow(run, experiment, '').artifactUri;
  }

  async version(named: NamedVersion, source: string): Promise<ModelVersion> {
    const found = await findNamed(this.#queries, this.#graph, this.#project, named);
    // What a prompt says is its source is no place.
    if (isPrompt(found.tags)) {
      throw refuseSource(source, 'Prompt versions cannot be used as model version sources.');
    }
    return found;
  }
}

/** The version that a name leads to, now or at an instant (ms); a stage leads to its greatest number, now only. */
export async function findNamed(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  named: NamedVersion,
  at?: number,
): Promise<ModelVersion> {
  const model = await requireRegistered(queries, graph, project, named.name);
  const load = async (node: NodeId | undefined, what: string) => {
    const found = node && (await loadVersions(queries, graph, [node])).get(node);
    if (found === undefined) throw noSuchVersion(named.name, what);
    return found;
  };
  if (named.version !== undefined) {
    return load((await requireVersion(queries, graph, model, named.version)).id, String(named.version));
  }
  if (named.alias !== undefined && named.alias.toLowerCase() !== 'latest') {
    const naming = await namedAt(queries, model.id, aliasNaming(named.alias), at);
    if (naming === undefined) throw invalid('alias', `Registered model alias ${named.alias} not found.`);
    return load(naming.version, `alias ${named.alias}`);
  }
  const wanted =
    named.stage === undefined || /^latest$/i.test(named.stage) ? undefined : stageOf(named.stage);
  const stages = await latestByStage(queries, graph, [model.id]);
  const fitting = stages.filter(
    ({ stage }) => wanted === undefined || (stage ?? 'stage/None') === `stage/${wanted}`,
  );
  const number = Math.max(0, ...fitting.map((stage) => stage.number));
  const nodes = await versionNodes(queries, project, [{ model: model.id, number }]);
  return load([...nodes.values()][0], named.stage ?? 'latest');
}

/** Whether the logged model says itself that this run made it. */
export async function madeBy(queries: Queries, model: NodeId, run: NodeId): Promise<boolean> {
  return (await edgesAt(queries, 'target', [model], 'generated')).some(({ source }) => source === run);
}
