/**
 * What facets `cairn_model` say that versions and runs of jobs are, or made: models of the registry, or logged ones. What is said is kept
 * and what follows from it with it, so that a model may be registered before or after anybody speaks of it.
 */
import type { Queries, Tx } from '../../db/db.ts';
import type { EdgeId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, joinSql, sql, valueRows } from '../../kernel/sql.ts';
import {
  findByKeys,
  type GraphNames,
  lockNodes,
  nodeKinds,
  retractEdges,
  uidOfModel,
} from '../graph/index.ts';
import { versionKey } from '../registry/index.ts';
import type { RecordScope } from './event-recorder.ts';
import type { NewFacet } from './facets.ts';
import { findForeignModels, holdForeignModels } from './foreign-models.ts';
import { mlFacets } from './lineage-event.ts';
import { modelReferenceOf } from './ml-facets.ts';
import { joinModels, referenceHash } from './model-arrivals.ts';

interface StoredClaim {
  readonly owner: NodeId;
  readonly reference: string;
  readonly edge: EdgeId | null;
}

const claimsPerStatement = 500;

/** Keeps what the facets say that hold from now on, and what follows. */
export async function claimModels(
  { tx, graph, context, project }: RecordScope,
  won: readonly NewFacet[],
): Promise<void> {
  const told = new Map(
    won
      .filter(({ scope, facet }) => facet.key === mlFacets.model && (scope === 'version' || scope === 'run'))
      .map(({ owner, scope, facet }) => [
        owner,
        { scope, reference: facet.removed ? undefined : modelReferenceOf(facet.value) },
      ]),
  );
  if (told.size === 0) return;
  const rows = await tx.many<StoredClaim>(
    sql`SELECT owner, reference, edge FROM model_claim WHERE owner ${anyOf([...told.keys()])}`,
  );
  const stored = new Map(rows.map((row) => [row.owner, row]));
  const changed = [...told].filter(([owner, { reference }]) => stored.get(owner)?.reference !== reference);
  const stale = changed.flatMap(([owner]) => stored.get(owner)?.edge ?? []);
  await retractEdges(tx, context, stale, tx.eventId);
  const gone = changed.flatMap(([owner]) => (stored.has(owner) ? owner : []));
  if (gone.length > 0) await tx.run(sql`DELETE FROM model_claim WHERE owner ${anyOf(gone)}`);
  const fresh = changed.flatMap(([owner, { scope, reference }]) =>
    reference === undefined ? [] : { owner, reference, kind: kindOf(scope) },
  );
  for (let start = 0; start < fresh.length; start += claimsPerStatement) {
    const part = fresh.slice(start, start + claimsPerStatement);
    await tx.run(sql`INSERT INTO model_claim (owner, project, hash, reference, edge)
      VALUES ${valueRows(part.map(({ owner, reference }) => [owner, project, referenceHash(reference), reference, null]))}`);
  }
  const references = [...new Set(fresh.map(({ reference }) => reference))];
  const registered = await modelsOf(tx, graph, project, references, tx);
  const unknown = references.filter((reference) => !registered.has(reference));
  if (unknown.length > 0) await holdForeignModels(tx, project);
  const models = new Map([...(await findForeignModels(tx, project, unknown)), ...registered]);
  const joined = fresh.flatMap(({ owner, kind, reference }) => {
    const model = models.get(reference);
    return model === undefined ? [] : { owner, kind, model };
  });
  await joinModels(tx, graph, context, project, joined);
}

const kindOf = (scope: NewFacet['scope']): number =>
  scope === 'run' ? nodeKinds.execution : nodeKinds.artifact;

/**
 * The models that references mean, deleted ones too. With `lock` the registered models are held until its transaction ends: a version that
 * another one is making is there after it, or finds what was claimed before.
 */
export async function modelsOf(
  queries: Queries,
  graph: Pick<GraphNames, 'types'>,
  project: ProjectId,
  references: readonly string[],
  lock?: Tx,
): Promise<ReadonlyMap<string, NodeId>> {
  const found = new Map<string, NodeId>();
  const uids = references.flatMap((reference) => uidOfModel(reference) ?? []);
  if (uids.length > 0) {
    const rows = await queries.many<{ id: NodeId; uid: string }>(sql`SELECT id, uid FROM node
      WHERE project = ${project} AND type = ${graph.types['logged-model']}
        AND uid IN (${joinSql(
          uids.map((uid) => sql`${uid}`),
          ', ',
        )})`);
    for (const { id, uid } of rows) found.set(`m-${uid}`, id);
  }
  const named = references.flatMap((reference) => {
    const slash = reference.lastIndexOf('/');
    if (slash === -1) return [];
    return { reference, name: reference.slice(0, slash), number: Number(reference.slice(slash + 1)) };
  });
  const names = [...new Set(named.map(({ name }) => name))];
  const registered = await findByKeys(queries, project, 'registered-model-name', names);
  if (registered.size === 0) return found;
  if (lock !== undefined) {
    const held = [...registered.values()];
    await lock.many(
      sql`SELECT n.id FROM node n WHERE n.id ${anyOf(held)} ORDER BY n.id ${lockNodes(lock.dialect)}`,
    );
  }
  const keys = named.flatMap(({ reference, name, number }) => {
    const model = registered.get(name);
    return model === undefined ? [] : { reference, key: versionKey(model, number) };
  });
  const versions = await findByKeys(
    queries,
    project,
    'model-version',
    keys.map(({ key }) => key),
  );
  for (const { reference, key } of keys) {
    const version = versions.get(key);
    if (version !== undefined) found.set(reference, version);
  }
  return found;
}

/** A claim of a model that is there, which says nothing yet. */
export interface OpenClaim {
  readonly owner: NodeId;
  readonly kind: number;
  readonly project: ProjectId;
  readonly model: NodeId;
}

/** Among the claims after one, and where to go on; undefined at the end. */
export async function openClaims(
  queries: Queries,
  graph: Pick<GraphNames, 'types'>,
  after: number,
): Promise<{ readonly claims: readonly OpenClaim[]; readonly next: number | undefined }> {
  const rows = await queries.many<Omit<OpenClaim, 'model'> & { readonly reference: string }>(
    sql`SELECT c.owner, n.kind, c.project, c.reference FROM model_claim c JOIN node n ON n.id = c.owner
      WHERE c.edge IS NULL AND c.owner > ${after} ORDER BY c.owner LIMIT ${claimsPerStatement}`,
  );
  const claims: OpenClaim[] = [];
  for (const [project, own] of Map.groupBy(rows, (row) => row.project)) {
    const references = [...new Set(own.map(({ reference }) => reference))];
    const registered = await modelsOf(queries, graph, project, references);
    const models = new Map([...(await findForeignModels(queries, project, references)), ...registered]);
    for (const { owner, kind, reference } of own) {
      const model = models.get(reference);
      // One that nobody has registered waits for that.
      if (model !== undefined && model !== owner) claims.push({ owner, kind, project, model });
    }
  }
  return { claims, next: rows.length < claimsPerStatement ? undefined : rows.at(-1)?.owner };
}
