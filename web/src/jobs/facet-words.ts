/** What the standard facets of jobs and runs say, in words; a facet of another shape says nothing here and is read as JSON. Pure. */
import type { Facet } from '../api/jobs.ts';

type Members = Readonly<Record<string, unknown>>;

function membersOf(facets: readonly Facet[], key: string): Members {
  const value: unknown = facets.find((facet) => facet.key === key)?.value;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

const textIn = (members: Members, name: string): string | undefined => {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
};

function listIn(members: Members, name: string): readonly Members[] {
  const list = Object.hasOwn(members, name) ? members[name] : undefined;
  if (!Array.isArray(list)) return [];
  return list.filter((one): one is Members => typeof one === 'object' && one !== null);
}

function objectIn(members: Members, name: string): Members {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

export interface Fact {
  readonly name: string;
  readonly text: string;
  /** An address of the web. */
  readonly href?: string;
}

const fact = (name: string, text: string | undefined, href?: string): Fact[] =>
  text === undefined ? [] : [{ name, text, ...(href === undefined ? {} : { href }) }];

/** An address that may be opened: no `javascript:`, no file. */
const webAddress = (text: string | undefined): string | undefined =>
  text !== undefined && /^https?:\/\//i.test(text) ? text : undefined;

export const descriptionOf = (facets: readonly Facet[]): string | undefined =>
  textIn(membersOf(facets, 'documentation'), 'description');

/** Who is said to own it, and what for. */
export function ownersOf(facets: readonly Facet[]): string[] {
  return listIn(membersOf(facets, 'ownership'), 'owners').flatMap((owner) => {
    const [name, type] = [textIn(owner, 'name'), textIn(owner, 'type')];
    return name === undefined ? [] : [type === undefined ? name : `${name} (${type.toLowerCase()})`];
  });
}

export interface Code {
  readonly title: string;
  readonly language: string | undefined;
  readonly text: string;
}

/** SQL, and source code. */
export function codesOf(facets: readonly Facet[]): Code[] {
  const [sql, source] = [membersOf(facets, 'sql'), membersOf(facets, 'sourceCode')];
  const [query, code] = [textIn(sql, 'query'), textIn(source, 'sourceCode')];
  return [
    ...(query === undefined ? [] : [{ title: 'SQL', language: textIn(sql, 'dialect'), text: query }]),
    ...(code === undefined
      ? []
      : [{ title: 'Source code', language: textIn(source, 'language'), text: code }]),
  ];
}

export function jobFacts(facets: readonly Facet[]): Fact[] {
  const place = membersOf(facets, 'sourceCodeLocation');
  const url = textIn(place, 'url') ?? textIn(place, 'repoUrl');
  return [
    ...ownersOf(facets).map((text) => ({ name: 'Owner', text })),
    ...fact('Source', textIn(place, 'path') ?? url, webAddress(url)),
    ...fact('Branch', textIn(place, 'branch')),
    ...fact('Tag', textIn(place, 'tag')),
    ...fact('Commit', textIn(place, 'version')),
    ...tagFacts(facets),
  ];
}

export function runFacts(facets: readonly Facet[]): Fact[] {
  const [nominal, engine] = [membersOf(facets, 'nominalTime'), membersOf(facets, 'processing_engine')];
  const query = membersOf(facets, 'externalQuery');
  const engineText = [textIn(engine, 'name'), textIn(engine, 'version')]
    .filter((part) => part !== undefined)
    .join(' ');
  return [
    ...fact('For', textIn(nominal, 'nominalStartTime')),
    ...fact('Until', textIn(nominal, 'nominalEndTime')),
    ...fact('Engine', engineText === '' ? undefined : engineText),
    ...fact('Adapter', textIn(engine, 'openlineageAdapterVersion')),
    ...fact('Query', textIn(query, 'externalQueryId')),
    ...fact('Query in', textIn(query, 'source')),
    ...trainingFacts(membersOf(facets, 'cairn_training')),
    ...deploymentFacts(membersOf(facets, 'cairn_deployment')),
    ...tagFacts(facets),
  ];
}

function trainingFacts(training: Members): Fact[] {
  const source = objectIn(training, 'source');
  return [
    ...fact('Training', textIn(training, 'name')),
    ...fact('Experiment', textIn(objectIn(training, 'experiment'), 'name')),
    ...fact('By', textIn(training, 'user')),
    ...fact('Script', textIn(source, 'name')),
    ...fact('Commit', textIn(source, 'commit')),
  ];
}

/** What a run of a service serves. */
function deploymentFacts(deployment: Members): Fact[] {
  const traffic = textIn(deployment, 'traffic');
  return [
    ...fact('Serves', textIn(deployment, 'model')),
    ...fact('At', textIn(deployment, 'endpoint')),
    ...fact('Slot', textIn(deployment, 'slot')),
    ...fact('Traffic', traffic === undefined ? undefined : `${traffic} %`),
    ...fact('On', textIn(objectIn(deployment, 'platform'), 'kind')),
    ...fact('Ended', textIn(deployment, 'ending')),
  ];
}

function tagFacts(facets: readonly Facet[]): Fact[] {
  return listIn(membersOf(facets, 'tags'), 'tags').flatMap((tag) => {
    const name = textIn(tag, 'key');
    return name === undefined ? [] : fact(name, textIn(tag, 'value') ?? '');
  });
}

export interface RunError {
  readonly message: string;
  readonly language: string | undefined;
  readonly trace: string | undefined;
}

export function errorOf(facets: readonly Facet[]): RunError | undefined {
  const error = membersOf(facets, 'errorMessage');
  const message = textIn(error, 'message');
  const trace = textIn(error, 'stackTrace');
  if (message === undefined && trace === undefined) return undefined;
  return {
    message: message ?? trace!.split('\n')[0]!,
    language: textIn(error, 'programmingLanguage'),
    trace,
  };
}

/** How much was read or written, as the facets of one reading or writing count it. */
export function amountsOf(facets: readonly Facet[]): {
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
} {
  const told = ['outputStatistics', 'inputStatistics', 'dataQualityMetrics'].map((key) =>
    membersOf(facets, key),
  );
  const first = (...names: string[]) =>
    told
      .flatMap((members) => names.map((name) => (Object.hasOwn(members, name) ? members[name] : undefined)))
      .find((value): value is number => typeof value === 'number' && Number.isFinite(value));
  return { rows: first('rowCount'), bytes: first('size', 'bytes') };
}

/** `direct aggregation (masked): sum of all`, of one field. */
export function transformationText(transformations: unknown): string {
  if (!Array.isArray(transformations)) return '';
  const texts = transformations.flatMap((one): string[] => {
    if (typeof one !== 'object' || one === null) return [];
    const members = one as Members;
    const words = [textIn(members, 'type'), textIn(members, 'subtype')]
      .filter((word) => word !== undefined)
      .map((word) => word.toLowerCase())
      .join(' ');
    const text = `${words}${members.masking === true ? ' (masked)' : ''}`;
    const description = textIn(members, 'description');
    return [description === undefined ? text : text === '' ? description : `${text}: ${description}`];
  });
  return [...new Set(texts)].join(', ');
}
