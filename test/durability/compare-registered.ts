/** Holds a registered model as the server tells it against the model, with its versions and what they are named. */
import assert from 'node:assert/strict';
import { comparePairs } from './compare.ts';
import type { ModelRegistered } from './model.ts';
import type { Reader } from './reader.ts';

export async function compareRegistered(reader: Reader, model: ModelRegistered): Promise<void> {
  const about = `registered model ${model.name}`;
  const found = await reader.registered(model.name);
  assert.equal(found === undefined, model.deleted, `${about} is ${model.deleted ? 'deleted' : 'there'}`);
  if (found === undefined) return;
  comparePairs(pairsOf(found.tags), model.tags, `tags of ${about}`);
  const aliases = found.aliases.map(({ alias, version }) => [alias, String(version)] as const);
  comparePairs(
    new Map(aliases),
    new Map([...model.aliases].map(([alias, version]) => [alias, String(version)])),
    `aliases of ${about}`,
  );
  const versions = await reader.versions(model.name);
  assert.deepEqual(
    versions.map(({ version }) => version).sort((a, b) => a - b),
    [...model.versions.keys()].sort((a, b) => a - b),
    `versions of ${about}`,
  );
  for (const { version, source, stage, tags } of versions) {
    const wanted = model.versions.get(version)!;
    assert.deepEqual(
      { source, stage },
      { source: wanted.source, stage: wanted.stage },
      `${about}/${version}`,
    );
    comparePairs(pairsOf(tags), wanted.tags, `tags of ${about}/${version}`);
  }
}

function pairsOf(tags: readonly { readonly key: string; readonly value: string }[]): Map<string, string> {
  return new Map(tags.map(({ key, value }) => [key, value]));
}
