/** What two versions have in common and where they differ, as rows: those of their runs, and their own. Pure. */
import type { ModelVersion } from '../api/registry.ts';
import type { Run, RunLineage } from '../api/types.ts';
import type { Mlmodel } from '../artifacts/mlmodel.ts';
import { type ComparedPart, comparedParts, textRows } from '../compare/differences.ts';
import { exactTime } from '../format/times.ts';

export interface VersionFacts {
  /** By the id of the run. */
  readonly runs: ReadonlyMap<string, Run>;
  readonly lineages: ReadonlyMap<string, RunLineage>;
  /** By the uid of the version. */
  readonly signatures: ReadonlyMap<string, Mlmodel>;
}

export function comparedVersionParts(versions: readonly ModelVersion[], facts: VersionFacts): ComparedPart[] {
  // A version that came from no run has nothing of one; two may have come from the same.
  const runs = versions.map((version) => ({ ...runOf(version, facts.runs), id: version.uid }));
  const lineages = new Map(
    versions.flatMap(({ uid, run }) => {
      const found = facts.lineages.get(run ?? '');
      return found === undefined ? [] : [[uid, found] as const];
    }),
  );
  const named = new Map(comparedParts(runs, { lineages }).map((part) => [part.name, part.rows]));
  const of = (name: string, from = name): ComparedPart => ({ name, rows: named.get(from) ?? [] });
  return [
    of('Metrics'),
    of('Parameters'),
    {
      name: 'Signature and flavours',
      rows: textRows(versions, ({ uid }) => signatureOf(facts.signatures.get(uid))),
    },
    of('Data sets'),
    of('Code and environment'),
    { name: 'Version', rows: textRows(versions, versionFacts) },
    {
      name: 'Tags of the version',
      rows: textRows(versions, ({ tags }) => Object.fromEntries(tags.map(({ key, value }) => [key, value]))),
    },
    of('Tags of the run', 'Tags'),
    of('Run'),
  ];
}

function runOf({ run, created }: ModelVersion, runs: ReadonlyMap<string, Run>): Run {
  const found = runs.get(run ?? '');
  if (found !== undefined) return found;
  return {
    ...{ id: '', name: '', user: '', state: 'finished', started: created, ended: null, lifecycle: 'active' },
    ...{ experiment: '', artifactUri: '', params: {}, tags: {}, metrics: {} },
  } as Run;
}

function signatureOf(model: Mlmodel | undefined): Record<string, string> {
  if (model === undefined) return {};
  const found: Record<string, string> = {};
  for (const [kind, fields] of [
    ['input', model.inputs],
    ['output', model.outputs],
    ['parameter', model.params],
  ] as const)
    for (const { name, type, shape, fallback } of fields ?? [])
      found[`${kind} ${name}`] = [type, shape, fallback === undefined ? '' : `= ${fallback}`]
        .filter((part) => part !== '')
        .join(' ');
  for (const [flavour, facts] of model.flavours)
    for (const [key, value] of facts) found[`${flavour}: ${key}`] = value;
  if (model.mlflowVersion !== undefined) found.MLflow = model.mlflowVersion;
  return found;
}

function versionFacts(version: ModelVersion): Record<string, string> {
  return {
    ...(version.aliases.length === 0 ? {} : { aliases: version.aliases.join(', ') }),
    stage: version.stage,
    made: exactTime(version.created),
    by: version.creator,
    source: version.source,
    ...(version.description ? { description: version.description } : {}),
  };
}
