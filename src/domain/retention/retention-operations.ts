import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects } from '../contexts/index.ts';
import { mostNamed, purgeKinds } from './purge.ts';
import type { Retention } from './retention.ts';

const Ids = (what: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      maxItems: mostNamed,
      description: `${what}, which must be deleted; several lists add up. Where none is sent, all that is deleted.`,
    }),
  );
const Count = Type.Integer({ minimum: 0 });

export function retentionOperations({
  projects,
  retention,
}: {
  readonly projects: Projects;
  readonly retention: Retention;
}): Operation[] {
  return [
    operation({
      id: 'retention.purge',
      method: 'POST',
      path: '/api/v1/retention/purge',
      permission: 'metadata:purge',
      summary:
        'Remove for good what was deleted long enough ago, a bounded part at a time: runs, experiments, logged and registered models and their versions, with points and files. What a version that is not deleted needs stays.',
      query: Type.Object(ProjectQuery),
      body: Type.Object({
        olderThan: Type.Integer({
          minimum: 0,
          description: 'Only what was deleted at least so many ms ago.',
        }),
        runs: Ids('Only these runs'),
        experiments: Ids('Only these experiments, with all deleted runs and logged models in them'),
        loggedModels: Ids('Only these logged models'),
        dryRun: Type.Optional(
          Type.Boolean({ default: false, description: 'Count what would go, and change nothing.' }),
        ),
        cursor: Type.Optional(
          Type.String({ maxLength: 500, description: '`cursor` of the answer before: the next part.' }),
        ),
      }),
      output: Type.Object({
        kinds: Type.Array(
          Type.Object({
            kind: Type.Enum([...purgeKinds]),
            records: Count,
            held: Type.Integer({
              minimum: 0,
              description: 'Old enough, and kept: something that stays needs them.',
            }),
            points: Count,
            pointBytes: Count,
            files: Count,
            fileBytes: Type.Integer({
              minimum: 0,
              description: 'Of those files; bytes that other files name, too, stay on the disk.',
            }),
          }),
          { description: 'What this part of the work found.' },
        ),
        freed: Type.Object(
          { blobs: Count, bytes: Count },
          { description: 'Bytes of artifacts that left the disk: those that no file has named for a day.' },
        ),
        cursor: Type.Optional(Type.String({ description: 'There is more: ask again with it.' })),
      }),
      errors: ['not_found', 'failed_precondition', 'query_too_expensive'],
      async run(context, { query, body }) {
        const { runs, experiments, loggedModels } = body;
        const project = await projects.resolve(context, query.project);
        const { kinds, freed, cursor } = await retention.purge(context, project, {
          olderThan: body.olderThan,
          dryRun: body.dryRun ?? false,
          named: { runs, experiments, loggedModels },
          cursor: body.cursor,
        });
        return { kinds: [...kinds], freed, ...(cursor !== undefined && { cursor }) };
      },
    }),
  ];
}
