/**
 * Which code ran, and in what, as facets of OpenLineage tell it: sql, sourceCode, sourceCodeLocation of the job; processing_engine,
 * environmentVariables of the run, what names an image of a container, and our own `cairn_training`. Facets are what somebody sent: each part
 * is a text, or is not there.
 */
import { hash } from 'node:crypto';

export interface SaidOfRun {
  readonly run: ReadonlyMap<string, unknown>;
  readonly job: ReadonlyMap<string, unknown>;
}

/** Characters of a text that is told as it is; of a longer one its digest and its lines. */
const longestTold = 300;
const mostVariables = 500;

export function codeIn({ run, job }: SaidOfRun): [string, string][] {
  const place = job.get('sourceCodeLocation');
  const trained = member(run.get('cairn_training'), 'source');
  return told([
    ['source', textAt(trained, 'name')],
    ['kind of source', textAt(trained, 'type')],
    ['entry point', textAt(trained, 'entryPoint')],
    ['repository', textAt(place, 'repoUrl')],
    ['address', textAt(place, 'url')],
    ['path', textAt(place, 'path')],
    ['branch', textAt(place, 'branch')],
    ['tag', textAt(place, 'tag')],
    ['commit', textAt(place, 'version') ?? textAt(trained, 'commit')],
    ['SQL', textAt(job.get('sql'), 'query')],
    ['language', textAt(job.get('sourceCode'), 'language')],
    ['source code', textAt(job.get('sourceCode'), 'sourceCode')],
    ...imagesIn(run),
    ...imagesIn(job),
  ]);
}

export function environmentIn({ run }: SaidOfRun): [string, string][] {
  const engine = run.get('processing_engine');
  const named = member(run.get('environmentVariables'), 'environmentVariables');
  const variables = Array.isArray(named) ? named.slice(0, mostVariables) : [];
  return told([
    [`engine ${textAt(engine, 'name') ?? ''}`.trim(), textAt(engine, 'version')],
    ['adapter of OpenLineage', textAt(engine, 'openlineageAdapterVersion')],
    ...variables.map((each): Part => [`variable ${textAt(each, 'name') ?? ''}`, textAt(each, 'value')]),
  ]);
}

type Part = readonly [name: string, text: string | undefined];

/** The standard has no facet of a container: those of this name are read, and the task of Airflow's operators that run one. */
function imagesIn(facets: ReadonlyMap<string, unknown>): Part[] {
  const parts: Part[] = [['image', textAt(member(facets.get('airflow'), 'task'), 'image')]];
  for (const [key, facet] of facets) {
    if (!/docker|container/i.test(key)) continue;
    for (const name of ['image', 'imageUri', 'imageName', 'name']) parts.push(['image', textAt(facet, name)]);
    for (const name of ['digest', 'imageDigest', 'imageId'])
      parts.push(['image digest', textAt(facet, name)]);
  }
  return parts;
}

/** Of parts of one name the first that is there. */
function told(parts: readonly Part[]): [string, string][] {
  const found = new Map<string, string>();
  for (const [name, text] of parts) {
    if (text === undefined || found.has(name)) continue;
    found.set(name, text.length <= longestTold ? text : digestOf(text));
  }
  return [...found];
}

const digestOf = (text: string): string =>
  `${text.split('\n').length} lines, sha256 ${hash('sha256', text).slice(0, 16)}`;

/** Own members only: `__proto__` and its like name nothing. */
function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' && found !== '' ? found.toWellFormed() : undefined;
}
