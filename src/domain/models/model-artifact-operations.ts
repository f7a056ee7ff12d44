/** The files of a logged model, read as those of a run are. */
import { type Download, type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ArtifactEntryWire, type Artifacts, artifactEntryWire } from '../artifacts/index.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import type { LoggedModels } from './logged-models.ts';

interface Services {
  readonly projects: Projects;
  readonly models: LoggedModels;
  readonly artifacts: Artifacts;
}

const ModelParams = Type.Object({ model: Type.String({ description: 'Id of the model.' }) });

export function modelArtifactOperations({ projects, models, artifacts }: Services): Operation[] {
  return [
    operation({
      id: 'model.artifact_list',
      method: 'GET',
      path: '/api/v1/models/logged/{model}/artifacts',
      permission: 'metadata:read',
      summary:
        'Files and directories directly in a directory of a logged model, in the order of their paths.',
      params: ModelParams,
      query: Type.Object({
        ...ProjectQuery,
        path: Type.Optional(Type.String({ description: 'The directory; the root when absent.' })),
        ...pageQuery(10_000, 1_000),
      }),
      output: Type.Object({ items: Type.Array(ArtifactEntryWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found', 'failed_precondition', 'not_implemented'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const { artifactUri } = await models.get(context, project, params.model);
        const page = await artifacts.list(context, project, artifactUri, query.path ?? '', query);
        return { ...page, items: page.items.map(artifactEntryWire) };
      },
    }),
    operation({
      id: 'model.artifact_get',
      method: 'GET',
      path: '/api/v1/models/logged/{model}/artifacts/content',
      permission: 'metadata:read',
      summary: 'The bytes of one file of a logged model, by the rules of a run’s files.',
      params: ModelParams,
      query: Type.Object({
        ...ProjectQuery,
        path: Type.String({ description: 'Below the artifacts of the model: `MLmodel`.' }),
      }),
      answersBytes: true,
      output: Type.Unsafe<Download>({ type: 'string', format: 'binary' }),
      errors: ['not_found', 'failed_precondition', 'not_implemented'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const { artifactUri } = await models.get(context, project, params.model);
        return artifacts.open(context, project, artifactUri, query.path, { inline: true });
      },
    }),
  ];
}
