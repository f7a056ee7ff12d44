import type { ErrorCode } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import { type Operation, operation } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { type Static, type TSchema, Type } from '../../kernel/schema.ts';
import type { Tag } from './experiment.ts';
import { ProjectQuery } from './project-operations.ts';
import type { Projects } from './projects.ts';

/** UTF-16 units of keys and values of tags in the native API. */
export const tagLimits = { key: 250, value: 100_000 } as const;

export const TagWire = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: tagLimits.key }),
    value: Type.String({ maxLength: tagLimits.value }),
  },
  { title: 'Tag', additionalProperties: false },
);

interface Tagged<Params extends TSchema> {
  /** What the ids of the operations begin with. */
  readonly id: string;
  /** Of the thing that bears the tags, with its parameters. */
  readonly path: string;
  readonly params: Params;
  readonly errors: readonly ErrorCode[];
  /** What removing one does, in words. */
  readonly removing: string;
  set(context: RequestContext, project: ProjectId, params: Static<Params>, tag: Tag): Promise<unknown>;
  remove(context: RequestContext, project: ProjectId, params: Static<Params>, key: string): Promise<unknown>;
}

/** Setting and removing one tag. */
export function tagOperations<Params extends TSchema>(
  { projects }: { readonly projects: Projects },
  { id, path, params, errors, removing, set, remove }: Tagged<Params>,
): Operation[] {
  const common = {
    path: `${path}/tags`,
    permission: 'metadata:write',
    params,
    output: Type.Null({ description: 'No content.' }),
    errors,
    status: 204,
    idempotent: true,
  } as const;
  return [
    operation({
      id: `${id}.tag`,
      method: 'PUT',
      summary: 'Set one tag.',
      ...common,
      query: Type.Object(ProjectQuery),
      body: TagWire,
      async run(context, { params: named, query, body }) {
        await set(context, await projects.resolve(context, query.project), named, body);
        return null;
      },
    }),
    operation({
      id: `${id}.untag`,
      method: 'DELETE',
      summary: removing,
      ...common,
      query: Type.Object({ ...ProjectQuery, key: Type.String({ minLength: 1 }) }),
      async run(context, { params: named, query }) {
        await remove(context, await projects.resolve(context, query.project), named, query.key);
        return null;
      },
    }),
  ];
}
