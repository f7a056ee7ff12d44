/** Workspaces as records: they are the projects whose names clients of MLflow can say. */
import type { Project } from '../../domain/contexts/index.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { route } from './artifacts-route.ts';
import { endpoint } from './endpoint.ts';
import { listOf, nested, required, text } from './message-schema.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';
import { checkWorkspaceName, defaultWorkspace, isWorkspaceName } from './workspace-names.ts';
import { noWorkspace } from './workspaces.ts';

const workspace = { name: text, description: text };
const given = {
  description: text,
  default_artifact_root: text,
  trace_archival_config: nested({ location: text, retention: text }),
};
const deletionModes: readonly string[] = ['SET_DEFAULT', 'CASCADE', 'RESTRICT'];

/** Projects that one statement reads. */
const listStep = 1000;

export function workspaceEndpoints({ projects }: MlflowServices): WorkspaceOperation[] {
  const all = pathsOf('/3.0/mlflow/workspaces');
  const one = pathsOf('/3.0/mlflow/workspaces/{workspace_name}');
  return [
    ...endpoint({
      id: 'workspaces.list',
      methods: ['GET'],
      path: '',
      paths: all,
      permission: 'metadata:read',
      summary: 'Workspaces in the order of their names: projects whose names clients of MLflow can say.',
      request: {},
      response: { workspaces: listOf(nested(workspace)) },
      async run(context) {
        const found: Project[] = [];
        let cursor: string | undefined;
        do {
          const page = await projects.list(context, { limit: listStep, cursor });
          found.push(...page.items.filter(({ name }) => isWorkspaceName(name)));
          cursor = page.cursor;
        } while (cursor !== undefined);
        return { workspaces: found.map(workspaceMessage) };
      },
    }),
    ...endpoint({
      id: 'workspaces.create',
      methods: ['POST'],
      path: '',
      paths: all,
      permission: 'metadata:write',
      summary: 'Make a workspace, which is a project; its experiment Default comes with its first request.',
      request: { name: required(text), ...given },
      response: { workspace: nested(workspace) },
      status: 201,
      async run(context, { name, description, ...rest }) {
        if (name === defaultWorkspace) {
          throw invalid('name', `The '${defaultWorkspace}' workspace is reserved and cannot be created`);
        }
        checkWorkspaceName(name);
        refuseUnheld(rest);
        try {
          return { workspace: workspaceMessage(await projects.create(context, { name, description })) };
        } catch (error) {
          if (!(error instanceof CairnError) || error.code !== 'already_exists') throw error;
          throw new CairnError('already_exists', `Workspace '${name}' already exists.`, { field: 'name' });
        }
      },
    }),
    ...endpoint({
      id: 'workspaces.get',
      methods: ['GET'],
      path: '',
      paths: one,
      permission: 'metadata:read',
      summary: 'A workspace by name.',
      request: { workspace_name: required(text) },
      response: { workspace: nested(workspace) },
      async run(context, { workspace_name: name }) {
        return { workspace: workspaceMessage(await existing(projects, context, name)) };
      },
    }),
    ...endpoint({
      id: 'workspaces.update',
      methods: ['PATCH'],
      path: '',
      paths: one,
      permission: 'metadata:write',
      summary: 'Describe a workspace.',
      request: { workspace_name: required(text), ...given },
      response: { workspace: nested(workspace) },
      async run(context, { workspace_name: name, description, ...rest }) {
        checkWorkspaceName(name);
        const { default_artifact_root: root, trace_archival_config: archival } = rest;
        const told = [description, root, archival?.location, archival?.retention];
        if (told.every((value) => value === undefined)) {
          throw invalid('description', 'Workspace update must have at least one key (description)');
        }
        refuseUnheld(rest);
        const found = await existing(projects, context, name);
        if (description === undefined) return { workspace: workspaceMessage(found) };
        return { workspace: workspaceMessage(await projects.describe(context, name, description)) };
      },
    }),
    route({
      id: 'workspaces.delete',
      method: 'DELETE',
      path: one[0],
      permission: 'metadata:delete',
      summary: 'Refused: projects are kept.',
      async handle(context, { params, query }) {
        const name = params.workspace_name ?? '';
        const mode = query.get('mode') ?? 'RESTRICT';
        if (name === defaultWorkspace) {
          throw invalid('name', `The '${defaultWorkspace}' workspace is reserved and cannot be deleted`);
        }
        checkWorkspaceName(name);
        if (!deletionModes.includes(mode)) {
          throw invalid(
            'mode',
            `Invalid deletion mode '${mode}'. Must be one of: ${deletionModes.join(', ')}`,
          );
        }
        await existing(projects, context, name);
        throw new CairnError(
          'not_implemented',
          `The workspace '${name}' is kept, whatever the mode: projects are not deleted here. Delete its experiments and models.`,
        );
      },
    }),
  ];
}

function pathsOf(path: string): [string, string] {
  return [`/api${path}`, `/ajax-api${path}`];
}

async function existing(
  projects: MlflowServices['projects'],
  context: RequestContext,
  name: string,
): Promise<Project> {
  checkWorkspaceName(name);
  try {
    return await projects.get(context, name);
  } catch (error) {
    if (error instanceof CairnError && error.code === 'not_found') throw noWorkspace(name);
    throw error;
  }
}

function workspaceMessage({ name, description }: Project) {
  return { name, description: description ?? undefined };
}

/** What a workspace of MLflow may hold and a project does not; empty text, by which it is taken away, changes nothing. */
function refuseUnheld(input: {
  readonly default_artifact_root: string | undefined;
  readonly trace_archival_config:
    | { readonly location: string | undefined; readonly retention: string | undefined }
    | undefined;
}): void {
  const { default_artifact_root: root, trace_archival_config: archival } = input;
  if (root?.trim()) {
    throw invalid(
      'default_artifact_root',
      'default_artifact_root is not supported: experiments of a workspace go to the artifact root of the server, or where their artifact_location says.',
    );
  }
  for (const field of ['location', 'retention'] as const) {
    if (!archival?.[field]?.trim()) continue;
    const name = `trace_archival_config.${field}`;
    throw invalid(name, `${name} is not supported: traces are not archived here.`);
  }
}
