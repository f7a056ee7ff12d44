import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects } from '../contexts/index.ts';
import {
  BatchBody,
  batchLimits,
  ExperimentRecord,
  LinkRecord,
  ModelRecord,
  Refusal,
  RunRecord,
  recordKinds,
} from './records.ts';
import type { Transfers } from './transfers.ts';

interface Services {
  readonly projects: Projects;
  readonly transfers: Transfers;
}

const Instant = Type.Integer({ description: 'ms since 1970' });

export function transferOperations({ projects, transfers }: Services): Operation[] {
  return [
    operation({
      id: 'transfer.put',
      method: 'POST',
      path: '/api/v1/transfer/batches',
      permission: 'metadata:transfer',
      summary:
        'Store records of one kind with the ids and times they have elsewhere; what is here already stays as it is, and what contradicts it is refused one by one.',
      query: Type.Object(ProjectQuery),
      body: BatchBody,
      bodyLimit: batchLimits.bytes,
      output: Type.Object({
        changed: Type.Integer({ description: 'Records of which something was new.' }),
        refused: Type.Array(Refusal, { description: 'Records that were not stored, and why.' }),
      }),
      errors: ['not_found'],
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        const { changed, refused } = await transfers.put(context, project, body);
        return { changed, refused: [...refused] };
      },
    }),
    operation({
      id: 'transfer.progress',
      method: 'GET',
      path: '/api/v1/transfer/progress',
      permission: 'metadata:transfer',
      summary: 'How far moving in from a source has come.',
      query: Type.Object({
        ...ProjectQuery,
        source: Type.String({ minLength: 1, maxLength: 500, description: 'As the batches name it.' }),
      }),
      output: Type.Object({
        progress: Type.Union(
          [
            Type.Object({
              source: Type.String(),
              cursor: Type.Union([Type.String(), Type.Null()], {
                description: 'Where its reader goes on; null when all was read.',
              }),
              started: Instant,
              updated: Instant,
              actor: Type.String(),
            }),
            Type.Null(),
          ],
          { description: 'null where nothing was moved in.' },
        ),
      }),
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        return { progress: (await transfers.progress(context, project, query.source)) ?? null };
      },
    }),
    operation({
      id: 'transfer.read',
      method: 'GET',
      path: '/api/v1/transfer/records',
      permission: 'metadata:transfer',
      summary: 'What is here as records that can be moved: a page of one kind, deleted things too.',
      query: Type.Object({
        ...ProjectQuery,
        kind: Type.Enum([...recordKinds]),
        experiment: Type.Optional(
          Type.String({ description: 'Id of the experiment whose runs, models or links are wanted.' }),
        ),
        cursor: Type.Optional(Type.String({ description: '`cursor` of the page before.' })),
      }),
      output: Type.Object({
        experiments: Type.Optional(Type.Array(ExperimentRecord)),
        runs: Type.Optional(Type.Array(RunRecord)),
        models: Type.Optional(Type.Array(ModelRecord)),
        links: Type.Optional(Type.Array(LinkRecord)),
        cursor: Type.Optional(Type.String()),
      }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { experiments, runs, models, links, cursor } = await transfers.read(context, project, query);
        return {
          ...(experiments !== undefined && { experiments: [...experiments] }),
          ...(runs !== undefined && { runs: [...runs] }),
          ...(models !== undefined && { models: [...models] }),
          ...(links !== undefined && { links: [...links] }),
          ...(cursor !== undefined && { cursor }),
        };
      },
    }),
  ];
}
