import { type Download, type Operation, operation } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import type { Runs } from '../runs/index.ts';
import type { ArtifactEntry, Artifacts } from './artifacts.ts';
import { uploadLimits } from './uploads.ts';

interface Services {
  readonly projects: Projects;
  readonly runs: Runs;
  readonly artifacts: Artifacts;
}

const RunParams = Type.Object({ run: Type.String({ description: 'Id of the run.' }) });
const Path = Type.String({ description: 'Below the artifacts of the run: `plots/loss.png`.' });
const PathQuery = Type.Object({ ...ProjectQuery, path: Path });

/** One file or directory, as every listing of the native API tells it. */
export const ArtifactEntryWire = Type.Object({
  path: Type.String({ description: 'Below the artifacts of the run or model.' }),
  name: Type.String({ description: 'Last segment of the path.' }),
  directory: Type.Boolean(),
  size: Type.Union([Type.Integer(), Type.Null()], { description: 'Bytes; null for a directory.' }),
  sha256: Type.Union([Type.String(), Type.Null()], {
    description: 'Hex; null for a directory, and for a file that is not kept here.',
  }),
  updated: Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970; null for a directory.' }),
});

export function artifactOperations({ projects, runs, artifacts }: Services): Operation[] {
  /** The run's place; `not_found` for a run that is not there. */
  const placeOf = async (context: RequestContext, projectName: string, id: string) => {
    const project = await projects.resolve(context, projectName);
    const { run } = await runs.get(context, project, id);
    return [project, run.artifactUri] as const;
  };
  return [
    operation({
      id: 'artifact.list',
      method: 'GET',
      path: '/api/v1/runs/{run}/artifacts',
      permission: 'metadata:read',
      summary: 'Files and directories directly in a directory of a run, in the order of their paths.',
      params: RunParams,
      query: Type.Object({
        ...ProjectQuery,
        path: Type.Optional(Type.String({ description: 'The directory; the root when absent.' })),
        ...pageQuery(10_000, 1_000),
      }),
      output: Type.Object({ items: Type.Array(ArtifactEntryWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found', 'failed_precondition', 'not_implemented'],
      async run(context, { params, query }) {
        const place = await placeOf(context, query.project, params.run);
        const page = await artifacts.list(context, ...place, query.path ?? '', query);
        return { ...page, items: page.items.map(artifactEntryWire) };
      },
    }),
    operation({
      id: 'artifact.get',
      method: 'GET',
      path: '/api/v1/runs/{run}/artifacts/content',
      permission: 'metadata:read',
      summary:
        'The bytes of one file. Answers one range of bytes and conditions by its entity tag. Plain text, images, sound and ' +
        'film are shown by a browser, anything else is saved.',
      params: RunParams,
      query: PathQuery,
      answersBytes: true,
      output: Type.Unsafe<Download>({ type: 'string', format: 'binary' }),
      errors: ['not_found', 'failed_precondition', 'not_implemented'],
      async run(context, { params, query }) {
        const place = await placeOf(context, query.project, params.run);
        return artifacts.open(context, ...place, query.path, { inline: true });
      },
    }),
    operation({
      id: 'artifact.put',
      method: 'PUT',
      path: '/api/v1/runs/{run}/artifacts',
      permission: 'metadata:write',
      summary:
        'Store the body, of any content type and length, as one file: the whole of it or nothing. Equal bytes again ' +
        'change nothing, so a retry is harmless.',
      params: RunParams,
      query: PathQuery,
      takesBytes: true,
      bodyLimit: uploadLimits.file,
      output: ArtifactEntryWire,
      errors: ['not_found', 'failed_precondition', 'payload_too_large', 'storage_full'],
      async run(context, { params, query, bytes }) {
        const place = await placeOf(context, query.project, params.run);
        return artifactEntryWire(await artifacts.put(context, ...place, query.path, bytes));
      },
    }),
    operation({
      id: 'artifact.delete',
      method: 'DELETE',
      path: '/api/v1/runs/{run}/artifacts',
      permission: 'metadata:delete',
      summary: 'Delete one file, or a directory with all below it.',
      params: RunParams,
      query: PathQuery,
      output: Type.Null({ description: 'No content.' }),
      errors: ['not_found', 'failed_precondition'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        const place = await placeOf(context, query.project, params.run);
        await artifacts.delete(context, ...place, query.path);
        return null;
      },
    }),
  ];
}

export function artifactEntryWire({
  size,
  sha256,
  updated,
  ...entry
}: ArtifactEntry): Static<typeof ArtifactEntryWire> {
  return { ...entry, size: size ?? null, sha256: sha256 ?? null, updated: updated ?? null };
}
