/** Registered models of an MLflow database, with their versions, aliases and stages. */
import type { ForeignDb, ForeignRow } from '../../db/foreign-db.ts';
import type { RegisteredRecord } from '../../domain/transfer/index.ts';
import { all } from './database-rows.ts';
import { instant, int, optionalInstant, text, Unreadable } from './fields.ts';
import type { Problems } from './problems.ts';

const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
/** What MLflow calls the stage of a version that was deleted. */
const deletedStage = 'Deleted_Internal';

type VersionRecord = RegisteredRecord['versions'][number];

/** `workspace` is undefined where the database knows none. One registered model at a time: a registry is small. */
export async function* registeredIn(
  db: ForeignDb,
  problems: Problems,
  workspace: string | undefined,
): AsyncGenerator<readonly RegisteredRecord[]> {
  const [within, values] = workspace === undefined ? ['', []] : ['WHERE workspace = ?', [workspace]];
  const rows = (table: string, order: string) =>
    all(db, `SELECT * FROM ${table} ${within} ORDER BY ${order}`, values);
  const byName = (list: readonly ForeignRow[]) => Map.groupBy(list, (row) => text(row.name));
  const tags = byName(await rows('registered_model_tags', 'name'));
  const aliases = byName(await rows('registered_model_aliases', 'name'));
  const versions = byName(await rows('model_versions', 'name, version'));
  const versionTags = Map.groupBy(await rows('model_version_tags', 'name, version'), keyOf);
  for (const row of await rows('registered_models', 'name')) {
    const name = text(row.name);
    const record = problems.guard(`registered model ${name}`, (): RegisteredRecord => {
      const own = versions.get(name) ?? [];
      const live = own.filter((version) => text(version.current_stage) !== deletedStage);
      const created = instant(row.creation_time, 'a registered model made at a time');
      return {
        name,
        ...described(row),
        created,
        updated: optionalInstant(row.last_updated_time, 'a registered model changed at a time') ?? created,
        tags: pairs(tags.get(name)),
        aliases: (aliases.get(name) ?? []).map((alias) => [text(alias.alias), text(alias.version)]),
        versions: live.map((version) => versionOf(version, pairs(versionTags.get(keyOf(version))))),
        deleted: own
          .filter((version) => !live.includes(version))
          .map((version) => Number(int(version.version, 'a version'))),
      };
    });
    if (record !== undefined) yield [record];
  }
}

const keyOf = (row: ForeignRow): string => JSON.stringify([text(row.name), String(row.version)]);

const pairs = (rows: readonly ForeignRow[] = []): [string, string][] =>
  rows.map((row) => [text(row.key), text(row.value)]);

const described = (row: ForeignRow): { description?: string } =>
  row.description === null ? {} : { description: text(row.description) };

function versionOf(row: ForeignRow, tags: [string, string][]): VersionRecord {
  const stage = stages.find((known) => known === text(row.current_stage));
  if (stage === undefined) throw new Unreadable('a version in a stage that MLflow does not know');
  const created = instant(row.creation_time, 'a version made at a time');
  const source = text(row.source);
  return {
    version: Number(int(row.version, 'a version')),
    ...described(row),
    created,
    updated: optionalInstant(row.last_updated_time, 'a version changed at a time') ?? created,
    creator: text(row.user_id),
    stage,
    source,
    location: text(row.storage_location) || source,
    run: text(row.run_id),
    runLink: text(row.run_link),
    loggedModel: /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1] ?? '',
    tags,
  };
}
