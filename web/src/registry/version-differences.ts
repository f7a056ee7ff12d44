/** What two versions have in common and where they differ, as rows: those of their runs, and their own. Pure. */
import type { VersionDifference } from '../api/lineage.ts';
import type { ModelVersion } from '../api/registry.ts';
import type { Run, RunLineage } from '../api/types.ts';
import type { Mlmodel } from '../artifacts/mlmodel.ts';
import { type ComparedPart, type ComparedRow, comparedParts, textRows } from '../compare/differences.ts';
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

/**
 * What the two are made from, at any distance: of each dataset the versions that only one of them has; and what of code and environment the
 * tags of the run, which stand in a part of their own, do not tell.
 */
export function derivedParts(
  found: VersionDifference | undefined,
  known: readonly ComparedPart[],
): ComparedPart[] {
  if (found === undefined) return [];
  const labels = (side: VersionDifference['data'][number]['from']) =>
    side.length === 0 ? undefined : side.map(({ node }) => node.label).join(', ');
  const datasets = (list: VersionDifference['data'], use: string) =>
    list.map(({ name, from, to }) => pair(`${name}${use}`, labels(from), labels(to)));
  const values = new Set(
    known.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row.values.map(({ text }) => text)))),
  );
  const fresh = ({ from, to }: VersionDifference['code'][number]) =>
    !values.has(JSON.stringify([from ?? undefined, to ?? undefined]));
  return [
    {
      name: found.complete ? 'Data it comes from' : 'Data it comes from, as far as is known',
      rows: [...datasets(found.data, ''), ...datasets(found.evaluation, ' (judged by)')],
    },
    {
      name: 'Code and packages',
      rows: [...found.code.filter(fresh), ...found.environment].map(({ name, from, to }) =>
        pair(name, from ?? undefined, to ?? undefined),
      ),
    },
  ];
}

function pair(key: string, ...texts: (string | undefined)[]): ComparedRow {
  return {
    ...{ key, differs: true },
    // Asked for in any version: it is there, and says nothing more.
    values: texts.map((text) => ({
      text: text === '' ? 'any' : text,
      exact: text ?? '',
      best: false,
      number: false,
    })),
  };
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
