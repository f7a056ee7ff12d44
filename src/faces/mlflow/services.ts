import type { Artifacts } from '../../domain/artifacts/index.ts';
import type { Experiments, Projects } from '../../domain/contexts/index.ts';
import type { Datasets } from '../../domain/datasets/index.ts';
import type { Metrics } from '../../domain/metrics/index.ts';
import type { LoggedModels, RunLinks } from '../../domain/models/index.ts';
import type { Registry } from '../../domain/registry/index.ts';
import type { Runs } from '../../domain/runs/index.ts';
import type { Search } from '../../domain/search/index.ts';
import type { Webhooks } from '../../domain/triggers/index.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { HttpOperation, HttpReply, HttpRequest } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';

/** A project as clients of MLflow see it. Its records are all that a request of it sees and changes. */
export interface Workspace {
  readonly id: ProjectId;
  readonly name: string;
}

/** An operation that is told with each request in which project it acts (workspaces.ts); it knows of no other. */
export interface WorkspaceOperation extends Omit<HttpOperation, 'handle'> {
  handle(context: RequestContext, request: HttpRequest, project: Workspace): Promise<HttpReply>;
}

/** What the face calls. */
export interface MlflowServices {
  readonly experiments: Pick<
    Experiments,
    | 'create'
    | 'get'
    | 'getByName'
    | 'rename'
    | 'delete'
    | 'restore'
    | 'setTag'
    | 'deleteTag'
    | 'ensureDefault'
  >;
  readonly projects: Pick<Projects, 'create' | 'describe' | 'find' | 'get' | 'list'>;
  readonly runs: Pick<
    Runs,
    'create' | 'get' | 'version' | 'update' | 'delete' | 'restore' | 'setTag' | 'deleteTag'
  >;
  readonly metrics: Pick<Metrics, 'logBatch' | 'history' | 'historyColumns' | 'sample' | 'summaries'>;
  readonly search: Pick<Search, 'runsBesides' | 'experiments'>;
  readonly datasets: Pick<Datasets, 'inputsOf' | 'usesIn'>;
  readonly models: Pick<
    LoggedModels,
    'create' | 'get' | 'search' | 'points' | 'finish' | 'delete' | 'setTags' | 'deleteTag' | 'logParams'
  >;
  readonly runLinks: Pick<RunLinks, 'logInputs' | 'logOutputs' | 'appendModelHistory' | 'modelsOf'>;
  readonly registry: Registry;
  readonly webhooks: Pick<Webhooks, 'create' | 'get' | 'list' | 'update' | 'delete' | 'test'>;
  readonly artifacts: Pick<
    Artifacts,
    'put' | 'open' | 'list' | 'delete' | 'handOut' | 'openHandedOut' | 'uploads'
  >;
  /** Under which clients reach the server, if a proxy stands between; without a slash at its end. */
  readonly publicUrl?: string | undefined;
  /** Where requests act that name no workspace. */
  readonly project: Workspace;
}
