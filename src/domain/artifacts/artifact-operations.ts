import type { ProjectId } from '../../kernel/ids.ts';
import { type Download, type Operation, operation } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { type Experiments, ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import type { Runs } from '../runs/index.ts';
import type { ArtifactEntry, Artifacts } from './artifacts.ts';
import { uploadLimits } from './uploads.ts';

interface Services {
  readonly projects: Projects;
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly artifacts: Artifacts;
}

/** What has artifacts: each kind gets the same four operations below its own path. */
export interface ArtifactHolder {
  /** Before `.list`, `.get`, `.put` and `.delete`. */
  readonly id: string;
  /** In words: `a run`. */
  readonly name: string;
  /** `/api/v1/runs/{run}` */
  readonly path: string;
  /** The parameter of the path, and what it is. */
  readonly parameter: string;
  readonly description: string;
  /** Where its artifacts are; `not_found` if it is not there. */
  uriOf(context: RequestContext, project: ProjectId, id: string): Promise<string>;
}

const EntryWire = Type.Object(
  {
    path: Type.String({ description: 'Below the artifacts of what was asked about.' }),
    name: Type.String({ description: 'Last segment of the path.' }),
    directory: Type.Boolean(),
    size: Type.Union([Type.Integer(), Type.Null()], { description: 'Bytes; null for a directory.' }),
    sha256: Type.Union([Type.String(), Type.Null()], {
      description: 'Hex; null for a directory, and for a file that is not kept here.',
    }),
    updated: Type.Union([Type.Integer(), Type.Null()], {
      description: 'ms since 1970; null for a directory.',
    }),
  },
  { title: 'ArtifactEntry' },
);

/** Artifacts of runs, and of experiments with all that their runs and models keep there. Models have theirs in the slice models. */
export function artifactOperations({ projects, experiments, runs, artifacts }: Services): Operation[] {
  const run: ArtifactHolder = {
    id: 'artifact',
    name: 'a run',
    path: '/api/v1/runs/{run}',
    parameter: 'run',
    description: 'Id of the run.',
    uriOf: async (context, project, id) => (await runs.get(context, project, id)).run.artifactUri,
  };
  const experiment: ArtifactHolder = {
    id: 'experiment-artifact',
    name: 'an experiment',
    path: '/api/v1/experiments/{experiment}',
    parameter: 'experiment',
    description: 'Id of the experiment.',
    uriOf: async (context, project, id) => (await experiments.get(context, project, id)).artifactLocation,
  };
  return [run, experiment].flatMap((holder) => holderOperations(holder, { projects, artifacts }));
}

/** The four operations on the artifacts of one kind of holder. */
export function holderOperations(
  { id, name, path, parameter, description, uriOf }: ArtifactHolder,
  { projects, artifacts }: Pick<Services, 'projects' | 'artifacts'>,
): Operation[] {
  const params = Type.Object({ [parameter]: Type.String({ description }) });
  const PathQuery = Type.Object({
    ...ProjectQuery,
    path: Type.String({ description: `Below the artifacts of ${name}: \`plots/loss.png\`.` }),
  });
  const placeOf = async (context: RequestContext, projectName: string, named: Record<string, unknown>) => {
    const project = await projects.resolve(context, projectName);
    return [project, await uriOf(context, project, named[parameter] as string)] as const;
  };
  return [
    operation({
      id: `${id}.list`,
      method: 'GET',
      path: `${path}/artifacts`,
      permission: 'metadata:read',
      summary: `Files and directories directly in a directory of ${name}, in the order of their paths.`,
      params,
      query: Type.Object({
        ...ProjectQuery,
        path: Type.Optional(Type.String({ description: 'The directory; the root when absent.' })),
        ...pageQuery(10_000, 1_000),
      }),
      output: Type.Object({ items: Type.Array(EntryWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found', 'failed_precondition', 'not_implemented'],
      async run(context, { params: named, query }) {
        const place = await placeOf(context, query.project, named);
        const page = await artifacts.list(context, ...place, query.path ?? '', query);
        return { ...page, items: page.items.map(entryWire) };
      },
    }),
    operation({
      id: `${id}.get`,
      method: 'GET',
      path: `${path}/artifacts/content`,
      permission: 'metadata:read',
      summary:
        `The bytes of one file of ${name}. Answers one range of bytes and conditions by its entity tag. Plain ` +
        'text, images, sound and film are shown by a browser, anything else is saved.',
      params,
      query: PathQuery,
      answersBytes: true,
      output: Type.Unsafe<Download>({ type: 'string', format: 'binary' }),
      errors: ['not_found', 'failed_precondition', 'not_implemented'],
      async run(context, { params: named, query }) {
        const place = await placeOf(context, query.project, named);
        return artifacts.open(context, ...place, query.path, { inline: true });
      },
    }),
    operation({
      id: `${id}.put`,
      method: 'PUT',
      path: `${path}/artifacts`,
      permission: 'metadata:write',
      summary:
        `Store the body, of any content type and length, as one file of ${name}: the whole of it or nothing. ` +
        'Equal bytes again change nothing, so a retry is harmless.',
      params,
      query: PathQuery,
      takesBytes: true,
      bodyLimit: uploadLimits.file,
      output: EntryWire,
      errors: ['not_found', 'failed_precondition', 'payload_too_large', 'storage_full'],
      async run(context, { params: named, query, bytes }) {
        const place = await placeOf(context, query.project, named);
        return entryWire(await artifacts.put(context, ...place, query.path, bytes));
      },
    }),
    operation({
      id: `${id}.delete`,
      method: 'DELETE',
      path: `${path}/artifacts`,
      permission: 'metadata:delete',
      summary: `Delete one file of ${name}, or a directory with all below it.`,
      params,
      query: PathQuery,
      output: Type.Null({ description: 'No content.' }),
      errors: ['not_found', 'failed_precondition'],
      status: 204,
      idempotent: true,
      async run(context, { params: named, query }) {
        const place = await placeOf(context, query.project, named);
        await artifacts.delete(context, ...place, query.path);
        return null;
      },
    }),
  ];
}

function entryWire({ size, sha256, updated, ...entry }: ArtifactEntry): Static<typeof EntryWire> {
  return { ...entry, size: size ?? null, sha256: sha256 ?? null, updated: updated ?? null };
}
