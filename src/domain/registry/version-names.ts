/**
 * What versions are named: aliases (`champion`) and stages (`Production`). A change says what it expects to find, if it
 * must not overwrite what another has just decided; the one before is always known, so a change can be undone.
 */
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import { type Graph, updateNode } from '../graph/index.ts';
import { loadVersions, requireVersion, versionRows } from './model-version-store.ts';
import {
  actorsOf,
  aliasNaming,
  beginNamings,
  endNamings,
  type Naming,
  type NamingRow,
  namedNow,
  namingsOf,
  stageNaming,
} from './naming-store.ts';
import {
  activeStages,
  checkAlias,
  checkNewAlias,
  type ModelVersion,
  type Stage,
} from './registered-model.ts';
import {
  type ModelChanges,
  modelChanges,
  type RegisteredRow,
  requireRegistered,
} from './registered-model-store.ts';

/** One interval in which a version bore a name. */
export interface NamedInterval {
  readonly kind: 'alias' | 'stage';
  /** The alias, or the stage. */
  readonly name: string;
  readonly version: number;
  readonly versionUid: string;
  /** ms */
  readonly from: number;
  /** ms; undefined while it lasts. */
  readonly to: number | undefined;
  /** Who began it, and who ended it. */
  readonly by: string;
  readonly endedBy: string | undefined;
}

/** What a change of an alias expects: a version's number, null for none, undefined for whatever there is. */
export type Expected = number | null | undefined;

export class VersionNames {
  readonly #graph: Graph;
  readonly #change: ModelChanges;

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#change = modelChanges(graph, journal);
  }

  /** `conflict` where the alias is not where it was expected. Naming what it names already changes nothing. */
  async setAlias(
    context: RequestContext,
    project: ProjectId,
    name: string,
    alias: string,
    version: number,
    expected?: Expected,
  ): Promise<void> {
    checkNewAlias(alias);
    await this.#change(context, project, name, 'model-version.alias', async (tx, model) => {
      const to = await requireVersion(tx, this.#graph, model, version);
      const now = await this.#current(tx, model, aliasNaming(alias));
      await this.#mustBe(tx, alias, now, expected);
      await this.#move(tx, context, model, alias, now, { node: to.id, version });
    });
  }

  /** Resolves to whether it was set. */
  async removeAlias(
    context: RequestContext,
    project: ProjectId,
    name: string,
    alias: string,
    expected?: Expected,
  ): Promise<boolean> {
    checkAlias(alias);
    return this.#change(context, project, name, 'model-version.unalias', async (tx, model) => {
      const now = await this.#current(tx, model, aliasNaming(alias));
      await this.#mustBe(tx, alias, now, expected);
      if (now === undefined) return false;
      await this.#move(tx, context, model, alias, now, undefined);
      return true;
    });
  }

  /**
   * Puts the alias back to what it was before its last change, which may be nothing. Itself a change: undone once more it
   * is as it was. Resolves to the version it names then.
   */
  async undoAlias(
    context: RequestContext,
    project: ProjectId,
    name: string,
    alias: string,
    expected?: Expected,
  ): Promise<number | null> {
    checkAlias(alias);
    return this.#change(context, project, name, 'model-version.alias-undo', async (tx, model) => {
      const naming = aliasNaming(alias);
      const [last, before] = await namingsOf(tx, model.id, { naming, limit: 2 });
      if (last === undefined) throw notFound(`Registered model alias ${alias} not found.`, 'alias');
      const now = last.to === null ? last : undefined;
      await this.#mustBe(tx, alias, now, expected);
      const back = now === undefined ? last : before?.ended === now.began ? before : undefined;
      const row = back && (await versionRows(tx, this.#graph, [back.version]))[0];
      if (back !== undefined && row === undefined) {
        throw new CairnError(
          'failed_precondition',
          `The version that ${alias} named before has been deleted.`,
          { field: 'alias' },
        );
      }
      await this.#move(tx, context, model, alias, now, row && { node: row.id, version: row.number });
      return row?.number ?? null;
    });
  }

  /** With `archive`, other versions in the stage are archived. */
  async setStage(
    context: RequestContext,
    project: ProjectId,
    name: string,
    version: number,
    stage: Stage,
    options: { readonly archive?: boolean | undefined; readonly expected?: Stage | undefined } = {},
  ): Promise<ModelVersion> {
    if (options.archive && !activeStages.includes(stage)) {
      throw invalid(
        'archive_existing_versions',
        `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ${activeStages.join(', ')}`,
      );
    }
    return this.#change(context, project, name, 'model-version.stage', async (tx, model) => {
      const row = await requireVersion(tx, this.#graph, model, version);
      const named = (await namedNow(tx, 'model', [model.id])).filter(({ naming }) =>
        naming.startsWith('stage/'),
      );
      const own = named.find((other) => other.version === row.id);
      const from = (own?.naming.slice('stage/'.length) ?? 'None') as Stage;
      if (options.expected !== undefined && options.expected !== from) {
        throw new CairnError('conflict', `Version ${version} of ${name} is in stage ${from}.`, {
          field: 'expected',
        });
      }
      const archived = options.archive
        ? named.filter(({ naming, version: other }) => naming === stageNaming(stage) && other !== row.id)
        : [];
      const now = context.clock.now();
      if (from !== stage) {
        await endNamings(tx, now, own === undefined ? [] : [own]);
        const begun = { naming: stageNaming(stage), version: row.id, after: own?.from ?? 0 };
        await beginNamings(tx, this.#graph, context, model, now, stage === 'None' ? [] : [begun]);
      }
      await endNamings(tx, now, archived);
      await beginNamings(
        tx,
        this.#graph,
        context,
        model,
        now,
        archived.map((other) => ({
          naming: stageNaming('Archived'),
          version: other.version,
          after: other.from,
        })),
      );
      const touched = archived.map((other) => other.version);
      if (touched.length > 0) {
        await tx.run(sql`UPDATE node SET updated = ${now} WHERE id ${anyOf(touched)}`);
      }
      await updateNode(tx, row.id, now, {});
      await updateNode(tx, model.id, now, {});
      tx.record({
        node: row.id,
        touched: [model.id, ...touched],
        body: { model: model.name, version, from, stage, archived: touched.length },
      });
      return (await loadVersions(tx, this.#graph, [row.id])).get(row.id)!;
    });
  }

  /** Intervals, the latest first: of one alias, or of all that versions of the model were named. */
  async history(
    _context: RequestContext,
    project: ProjectId,
    name: string,
    page: { readonly alias?: string; readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<NamedInterval>> {
    const { alias, limit, cursor } = page;
    if (alias !== undefined) checkAlias(alias);
    const fingerprint = queryFingerprint(['namings', project, name, alias ?? null]);
    const after =
      cursor === undefined ? undefined : decodeCursor(cursor, fingerprint, 2, 'cursor').map(Number);
    if (after?.some((value) => !Number.isSafeInteger(value))) throw invalid('cursor', 'Invalid page token');
    return this.#graph.db.read(async (queries) => {
      const model = await requireRegistered(queries, this.#graph, project, name);
      const rows = await namingsOf(queries, model.id, {
        ...(alias !== undefined && { naming: aliasNaming(alias) }),
        ...(after !== undefined && { before: [after[0]!, after[1]!] }),
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const numbers = await this.#numbers(queries, shown);
      const actors = await actorsOf(
        queries,
        shown.flatMap(({ ended }) => ended ?? []),
      );
      const items = shown.map((row) => intervalOf(row, numbers, actors));
      const last = shown.at(-1);
      if (rows.length <= limit || last === undefined) return { items };
      return { items, cursor: encodeCursor(fingerprint, [last.from, last.id]) };
    });
  }

  async #current(tx: ChangeTx, model: RegisteredRow, naming: Naming): Promise<NamingRow | undefined> {
    return (await namedNow(tx, 'model', [model.id])).find((row) => row.naming === naming);
  }

  async #mustBe(tx: ChangeTx, alias: string, now: NamingRow | undefined, expected: Expected): Promise<void> {
    if (expected === undefined) return;
    const [row] = now === undefined ? [] : await versionRows(tx, this.#graph, [now.version]);
    if ((row?.number ?? null) === expected) return;
    const found = row === undefined ? 'names no version' : `names version ${row.number}`;
    throw new CairnError('conflict', `The alias ${alias} ${found} now.`, { field: 'expected' });
  }

  async #move(
    tx: ChangeTx,
    context: RequestContext,
    model: RegisteredRow,
    alias: string,
    from: NamingRow | undefined,
    to: { readonly node: NodeId; readonly version: number } | undefined,
  ): Promise<void> {
    if (from?.version === to?.node) return;
    const now = context.clock.now();
    await endNamings(tx, now, from === undefined ? [] : [from]);
    const begun = to && { naming: aliasNaming(alias), version: to.node, after: from?.from ?? 0 };
    await beginNamings(tx, this.#graph, context, model, now, begun === undefined ? [] : [begun]);
    const touched = [from?.version, to?.node].filter((node) => node !== undefined);
    tx.record({
      node: model.id,
      touched,
      body: { model: model.name, alias, version: to?.version ?? null },
    });
  }

  /** Numbers and uids of versions, deleted ones too. */
  async #numbers(
    queries: Parameters<typeof versionRows>[0],
    rows: readonly NamingRow[],
  ): Promise<ReadonlyMap<NodeId, { readonly uid: string; readonly number: number }>> {
    if (rows.length === 0) return new Map();
    const found = await queries.many<{
      id: NodeId;
      uid: string;
      number: number;
    }>(sql`SELECT n.id, n.uid, v.int AS number
      FROM node n JOIN property v ON v.owner = n.id AND v.key = ${this.#graph.systemKeys.version_number}
      WHERE n.id ${anyOf([...new Set(rows.map(({ version }) => version))])}`);
    return new Map(found.map(({ id, ...row }) => [id, row]));
  }
}

function intervalOf(
  row: NamingRow,
  numbers: ReadonlyMap<NodeId, { readonly uid: string; readonly number: number }>,
  actors: ReadonlyMap<EventId, string>,
): NamedInterval {
  const kind = row.naming.startsWith('alias/') ? 'alias' : 'stage';
  const version = numbers.get(row.version);
  return {
    kind,
    name: row.naming.slice(kind.length + 1),
    version: version?.number ?? 0,
    versionUid: version?.uid ?? '',
    from: row.from,
    to: row.to ?? undefined,
    by: row.principal,
    endedBy: row.ended === null ? undefined : actors.get(row.ended),
  };
}
