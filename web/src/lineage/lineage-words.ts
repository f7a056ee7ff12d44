/** How the explorer says what nodes, steps and gaps are. Pure. */
import type { GraphEdge, GraphNode, OpenReason, Strength } from '../api/lineage.ts';
import { shortName } from '../format/names.ts';
import { countText } from '../format/numbers.ts';
import type { IconName } from '../ui/icons.tsx';
import type { Fold } from './graph.ts';

type Word = readonly [one: string, many: string, icon: IconName];

const types: Readonly<Record<string, Word>> = {
  run: ['run', 'runs', 'run'],
  'job-run': ['job run', 'job runs', 'job'],
  job: ['job', 'jobs', 'job'],
  dataset: ['dataset', 'datasets', 'data'],
  'dataset-version': ['dataset version', 'dataset versions', 'data'],
  'logged-model': ['logged model', 'logged models', 'model'],
  'model-version': ['model version', 'model versions', 'model'],
  'registered-model': ['model', 'models', 'model'],
  deployment: ['deployment', 'deployments', 'deploy'],
  endpoint: ['endpoint', 'endpoints', 'deploy'],
};

export function typeWord(type: string, count = 1): string {
  const word = types[type];
  if (word !== undefined) return word[count === 1 ? 0 : 1];
  return type === ''
    ? count === 1
      ? 'node'
      : 'nodes'
    : `${type.replaceAll('-', ' ')}${count === 1 ? '' : 's'}`;
}

export const typeIcon = (type: string): IconName => types[type]?.[2] ?? 'dots';

/** What stands first on a card and in a row: of a path its end. */
export const nodeName = (node: Named): string => shortName(wholeName(node));

/** What stands in a title. */
export function wholeName({ uid, type, name, group, version }: Named): string {
  const own = name ?? uid.slice(0, 8);
  if (type === 'job-run') return group?.name ?? own;
  if (type === 'deployment') return group?.name ?? own;
  if (type === 'model-version') return `${group?.name ?? own}${version === null ? '' : ` v${version}`}`;
  if (type === 'dataset-version') return group?.name ?? own;
  return own;
}
type Named = Pick<GraphNode, 'uid' | 'type' | 'name' | 'group' | 'version'>;

/** What stands below it: what it is, and which of its kind. */
export function nodeNote(node: GraphNode): string {
  const { type, version, group, name, kind } = node;
  const word = kind === 'tombstone' ? `purged ${typeWord(type)}` : typeWord(type);
  if (type === 'dataset-version')
    return version === null ? `version of ${dayFormat.format(node.at)}` : `version ${shortened(version)}`;
  if (type === 'run' || type === 'logged-model')
    return group?.name == null ? word : `${word} · ${group.name}`;
  if (type === 'job-run') return name === null ? word : `${word} ${name.slice(0, 8)}`;
  if (type === 'deployment') return node.state === 'running' ? 'serves' : 'served';
  return word;
}

/** The whole of it, for the ear and the hover. */
export function nodeTitle(node: GraphNode): string {
  return `${typeWord(node.type)} ${wholeName(node)}${node.type === 'dataset-version' && node.version !== null ? ` version ${node.version}` : ''}`;
}

const dayFormat = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const shortened = (text: string) => (text.length > 18 ? `${text.slice(0, 17)}…` : text);

export function foldName(fold: Fold, rest: number): string {
  if (fold.masked) return `${countText(rest)} hidden`;
  return `${rest < fold.total ? 'and ' : ''}${countText(rest)} ${rest < fold.total ? 'more ' : ''}${typeWord(fold.name.type, rest)}`;
}

export function foldNote(fold: Fold): string {
  if (fold.masked) return 'of projects that you may not see';
  if (fold.title === null) return fold.direction === 'up' ? 'that lead here' : 'that follow';
  return `${fold.name.type === 'run' || fold.name.type === 'job-run' ? 'in' : 'of'} ${fold.title}`;
}

export const strengthWords: Readonly<Record<Strength, string>> = {
  observed: 'Somebody who was there saw it: a client told it while it happened.',
  declared: 'Somebody said so, in so many words.',
  inferred: 'A rule concluded it from what was told.',
  assumed: 'Nobody said which went into which: of several outputs each may come from each input.',
};

/** What an edge says, between its two ends. */
export function edgeWord({ kind, role }: Pick<GraphEdge, 'kind' | 'role'>): string {
  switch (kind) {
    case 'used':
      return role === null || role === '' ? 'was read by' : `was read for ${role} by`;
    case 'generated':
      return 'made';
    case 'derived':
      return 'went into';
    case 'binds':
      return 'is what was read by';
    case 'same':
      return 'is the same as';
    case 'serves':
      return 'serves as';
    case 'version-of':
      return 'is a version of';
    case 'member-of':
      return 'belongs to';
    default:
      return kind;
  }
}

/** Why an answer is not the whole of it: of one node, as a sentence; and of several, as a count of them. */
export const reasonWords: Readonly<Record<OpenReason, readonly [why: string, one: string, many: string]>> = {
  'no-producer': [
    'Nothing is known to have made it, and nobody declared it a source.',
    'open end without a maker',
    'open ends without a maker',
  ],
  'no-input': [
    'It made something, and recorded nothing that it read.',
    'step that recorded no input',
    'steps that recorded no input',
  ],
  unbound: [
    'It was read, and nobody can say in which version.',
    'read of an unknown version',
    'reads of unknown versions',
  ],
  depth: ['The walk goes no deeper.', 'node at the limit of depth', 'nodes at the limit of depth'],
  limit: [
    'The walk has met its limit of nodes.',
    'node at the limit of nodes',
    'nodes at the limit of nodes',
  ],
  masked: ['You may not see it.', 'node that you may not see', 'nodes that you may not see'],
  purged: ['It was purged: what it was is not known any more.', 'purged node', 'purged nodes'],
  untimed: [
    'Nobody said since when it holds, and a day was asked about.',
    'node known without a time',
    'nodes known without a time',
  ],
  contradictory: [
    'What is told of its times contradicts itself.',
    'node with contradictory times',
    'nodes with contradictory times',
  ],
};

export function reasonText(reason: OpenReason, count: number): string {
  const [, one, many] = reasonWords[reason];
  return `${countText(count)} ${count === 1 ? one : many}`;
}
