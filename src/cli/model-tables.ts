/** Registered models, versions and what they were named, as lines for people. */
import type { Output } from '../../sdk/src/index.ts';
import { printable, textTable, timeText } from './text-table.ts';

type Registered = Output<'registered-model.get'>;
type Version = Output<'model-version.get'>;
type Interval = Output<'registered-model.history'>['items'][number];

export function modelListLines(models: readonly Registered[]): string[] {
  const columns = [
    { head: 'name' },
    { head: 'versions', right: true },
    { head: 'latest', right: true },
    { head: 'aliases' },
    { head: 'changed (UTC)' },
  ];
  return textTable(
    columns,
    models.map((model) => [
      model.name,
      String(model.versions),
      String(Math.max(0, ...model.latest.map(({ version }) => version)) || ''),
      model.aliases.map(({ alias, version }) => `${alias}=${version}`).join(' '),
      timeText(model.updated),
    ]),
  );
}

export function modelLines(model: Registered, server: string): string[] {
  const facts: (readonly [string, string])[] = [
    ...(model.description ? [['description', printable(model.description)] as const] : []),
    ['versions', String(model.versions)],
    ['created', `${timeText(model.created)} UTC`],
    ['changed', `${timeText(model.updated)} UTC`],
    ['page', `${server}/registry/model?name=${encodeURIComponent(model.name)}`],
  ];
  const aliases = model.aliases.map(({ alias, version }) => [alias, String(version)]);
  return [
    printable(model.name),
    ...facts.map(([name, value]) => `  ${name.padEnd(11)}  ${value}`),
    ...model.tags.map(({ key, value }) => `  ${printable(key).padEnd(11)}  ${printable(value)}`),
    ...(aliases.length === 0
      ? []
      : ['', ...textTable([{ head: 'Alias' }, { head: 'version', right: true }], aliases)]),
    ...(model.latest.length === 0 ? [] : ['', 'Latest of each stage', ...versionListLines(model.latest)]),
  ];
}

export function versionListLines(versions: readonly Version[]): string[] {
  const columns = [
    { head: 'version', right: true },
    { head: 'aliases' },
    { head: 'stage' },
    { head: 'run' },
    { head: 'by' },
    { head: 'created (UTC)' },
    { head: 'description' },
  ];
  return textTable(
    columns,
    versions.map((version) => [
      String(version.version),
      version.aliases.join(' '),
      version.stage === 'None' ? '' : version.stage,
      version.run ?? '',
      version.creator,
      timeText(version.created),
      version.description ?? '',
    ]),
  );
}

/** `4  models:/fraud/4  runs:/…`: for eyes, and for `cut`. */
export function versionText(version: Version): string {
  const uri = `models:/${version.model}/${version.version}`;
  return [String(version.version), uri, version.source].map(printable).join('  ');
}

export function historyLines(intervals: readonly Interval[]): string[] {
  const columns = [
    { head: 'name' },
    { head: 'version', right: true },
    { head: 'from (UTC)' },
    { head: 'to (UTC)' },
    { head: 'by' },
    { head: 'ended by' },
  ];
  return textTable(
    columns,
    intervals.map(({ kind, name, version, from, to, by, endedBy }) => [
      kind === 'stage' ? `stage ${name}` : name,
      String(version),
      timeText(from),
      to === null ? 'now' : timeText(to),
      by,
      endedBy ?? '',
    ]),
  );
}
