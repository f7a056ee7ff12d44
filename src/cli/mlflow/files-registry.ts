/** The registry of a file store: in `models` a folder for each registered model, in it one for each version and a file for each alias. */
import type { RegisteredRecord } from '../../domain/transfer/index.ts';
import { instant, int, optionalInstant, Unreadable } from './fields.ts';
import { type FilesReader, required, told } from './files-reader.ts';
import type { Problems } from './problems.ts';

const root = 'models';
const meta = 'meta.yaml';
const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
/** What MLflow calls the stage of a version that was deleted. */
const deletedStage = 'Deleted_Internal';

type VersionRecord = RegisteredRecord['versions'][number];

export async function* registeredIn(
  files: FilesReader,
  problems: Problems,
): AsyncGenerator<readonly RegisteredRecord[]> {
  for (const { name: folder, directory } of await files.list(root)) {
    if (!directory) continue;
    const record = await problems.guardAsync(`registered model ${folder}`, () =>
      registered(files, problems, folder),
    );
    if (record !== undefined) yield [record];
  }
}

async function registered(files: FilesReader, problems: Problems, folder: string): Promise<RegisteredRecord> {
  const map = await files.yaml(root, folder, meta);
  const created = instant(told(map, 'creation_timestamp'), 'a registered model made at a time');
  const updated = optionalInstant(
    told(map, 'last_updated_timestamp'),
    'a registered model changed at a time',
  );
  const versions: VersionRecord[] = [];
  const deleted: number[] = [];
  for (const { name: place, directory } of await files.list(root, folder)) {
    if (!directory || !place.startsWith('version-')) continue;
    await problems.guardAsync(`${place} of registered model ${folder}`, async () => {
      const version = await versionOf(files, folder, place);
      if (typeof version === 'number') deleted.push(version);
      else versions.push(version);
    });
  }
  const numbers = new Set(versions.map(({ version }) => version));
  const aliases = (await files.pairs(root, folder, 'aliases')).filter(([alias, version]) => {
    const isThere = numbers.has(Number(version));
    if (!isThere) problems.add('an alias of a version that is not there', `${alias} of ${folder}`);
    return isThere;
  });
  const description = told(map, 'description');
  return {
    name: required(map, 'name'),
    ...(description !== null && { description }),
    created,
    updated: updated ?? created,
    tags: await files.pairs(root, folder, 'tags'),
    aliases: aliases.map(([alias, version]) => [alias, String(Number(version))]),
    versions: versions.sort((a, b) => a.version - b.version),
    deleted: deleted.sort((a, b) => a - b),
  };
}

/** The number alone of one that is deleted. */
async function versionOf(files: FilesReader, folder: string, place: string): Promise<VersionRecord | number> {
  const map = await files.yaml(root, folder, place, meta);
  const number = Number(int(required(map, 'version'), 'a version'));
  if (`version-${number}` !== place) throw new Unreadable('a version whose folder is called otherwise');
  const written = told(map, 'current_stage') ?? 'None';
  if (written === deletedStage) return number;
  const stage = stages.find((known) => known === written);
  if (stage === undefined) throw new Unreadable('a version in a stage that MLflow does not know');
  const created = instant(told(map, 'creation_timestamp'), 'a version made at a time');
  const source = told(map, 'source') ?? '';
  const description = told(map, 'description');
  return {
    version: number,
    ...(description !== null && { description }),
    created,
    updated: optionalInstant(told(map, 'last_updated_timestamp'), 'a version changed at a time') ?? created,
    creator: told(map, 'user_id') ?? '',
    stage,
    source,
    location: told(map, 'storage_location') ?? source,
    run: told(map, 'run_id') ?? '',
    runLink: told(map, 'run_link') ?? '',
    loggedModel: told(map, 'model_id') ?? /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1] ?? '',
    tags: await files.pairs(root, folder, place, 'tags'),
  };
}
