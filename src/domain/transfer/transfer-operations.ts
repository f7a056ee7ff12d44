import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import type { Artifacts } from '../artifacts/index.ts';
import { ProjectQuery, type Projects } from '../contexts/index.ts';
import {
  BatchBody,
  batchLimits,
  ExperimentRecord,
  LinkRecord,
  ModelRecord,
  Refusal,
  RegisteredRecord,
  RunRecord,
  recordKinds,
} from './records.ts';
import type { Transfers } from './transfers.ts';

interface Services {
  readonly projects: Projects;
  readonly artifacts: Artifacts;
  readonly transfers: Transfers;
}

const Instant = Type.Integer({ description: 'ms since 1970' });

/** Files of one answer. */
const filesOfPage = 1_000;

const FileWire = Type.Object(
  { path: Type.String(), size: Type.Integer(), sha256: Type.String() },
  { title: 'MovedFile' },
);
const Uri = Type.String({
  maxLength: 2_048,
  description: 'Where the artifacts of a run or model lie: mlflow-artifacts:/…',
});

export function transferOperations({ projects, transfers, artifacts }: Services): Operation[] {
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
        registered: Type.Optional(Type.Array(RegisteredRecord)),
        cursor: Type.Optional(Type.String()),
      }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { experiments, runs, models, links, registered, cursor } = await transfers.read(
          context,
          project,
          query,
        );
        return {
          ...(experiments !== undefined && { experiments: [...experiments] }),
          ...(runs !== undefined && { runs: [...runs] }),
          ...(models !== undefined && { models: [...models] }),
          ...(links !== undefined && { links: [...links] }),
          ...(registered !== undefined && { registered: [...registered] }),
          ...(cursor !== undefined && { cursor }),
        };
      },
    }),
    operation({
      id: 'transfer.put-file',
      method: 'PUT',
      path: '/api/v1/transfer/files',
      permission: 'metadata:transfer',
      summary:
        'Store a file that moves in, also of what is deleted; one that stands there with other bytes is not replaced.',
      query: Type.Object({
        ...ProjectQuery,
        uri: Uri,
        path: Type.String({ minLength: 1, maxLength: 1_024 }),
      }),
      bodyLimit: Number.MAX_SAFE_INTEGER,
      takesBytes: true,
      output: FileWire,
      errors: ['conflict', 'failed_precondition', 'storage_full'],
      async run(context, { query, bytes }) {
        const project = await projects.resolve(context, query.project);
        return artifacts.putMoved(context, project, query.uri, query.path, bytes);
      },
    }),
    operation({
      id: 'transfer.files',
      method: 'GET',
      path: '/api/v1/transfer/files',
      permission: 'metadata:transfer',
      summary: 'All files below a place, in folders too, in the order of their paths.',
      query: Type.Object({
        ...ProjectQuery,
        uri: Uri,
        after: Type.String({
          default: '',
          maxLength: 1_024,
          description: 'The last path of the page before.',
        }),
      }),
      output: Type.Object({ items: Type.Array(FileWire), more: Type.Boolean() }),
      errors: ['failed_precondition'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const found = await artifacts.filesBelow(project, query.uri, query.after, filesOfPage + 1);
        return { items: found.slice(0, filesOfPage), more: found.length > filesOfPage };
      },
    }),
  ];
}
