/** Answers to questions of lineage as lines for people: what was found, by which way, how each step is known, and whether it is all. */
import type { Output } from '../../sdk/src/index.ts';
import { printable, sizeText, textTable, timeText } from './text-table.ts';

type Impact = Output<'lineage.impact'>;
type Ancestry = Output<'lineage.ancestry'>;
type Found = Impact['derives'][number];
type Step = Found['path'][number];
type Node = Impact['of'];
type Serving = Found['serving'][number];
type Reason = Impact['openEnds'][number]['reason'];

/** Why a walk did not come to an end there, as people say it. */
const reasons: Readonly<Record<Reason, string>> = {
  'no-producer': 'nobody knows what made it, and nobody declared it a source',
  'no-input': 'it recorded nothing that it read',
  unbound: 'which version of it was read is not known',
  depth: 'it was not asked to look further',
  limit: 'there is more than one answer walks',
  masked: 'you may not see it',
  purged: 'its record was purged',
  untimed: 'since when it holds was not told',
  contradictory: 'it ended before it began, as it was told',
};

/** What a step of each kind says between its two ends, in the direction of time. */
const verbs: Readonly<Record<string, string>> = {
  used: 'was read by',
  generated: 'made',
  derived: 'went into',
  'version-of': 'is a version of',
  same: 'is the same as',
  binds: 'was read by',
};

const nodeText = ({ type, label, uid }: Node): string =>
  uid === '' ? 'something that you may not see' : `${printable(label)} (${type.replaceAll('-', ' ')})`;

/** From causes to effects, also where the walk went the other way. */
export const forwards = (path: readonly Step[]): Step[] =>
  path.toReversed().map((step) => ({ ...step, from: step.to, to: step.from }));

export function stepLines(path: readonly Step[], indent = '    '): string[] {
  return path.map((step) => {
    const { kind, from, to, role, strength, rule, face, principal, edge, event } = step;
    const verb = role === null ? (verbs[kind] ?? kind) : `${verbs[kind] ?? kind} (as ${printable(role)})`;
    const known = rule === null ? strength : `${strength} by ${printable(rule)}`;
    const who = face === principal ? face : `${face}, ${printable(principal)}`;
    const told = `${who}, edge ${edge}${event === null ? '' : `, event ${event}`}`;
    return `${indent}${name(from)} ${verb} ${name(to)}  [${known}; ${told}]`;
  });
}

const name = ({ label, uid }: Node): string => (uid === '' ? '…' : printable(label));

function servingText({ endpoint, slot, from, to }: Serving): string {
  const place = printable(endpoint ?? 'an endpoint');
  const since = from === null ? '' : ` since ${timeText(from)}`;
  const until = to === null ? '' : ` until ${timeText(to)}`;
  return `${place}${slot === null || slot === 'main' ? '' : ` (${printable(slot)})`}${since}${until}`;
}

function foundLines({ node, strength, hops, path, serving }: Found): string[] {
  const where = serving.map(servingText).join(', ');
  const steps = hops === 1 ? '1 step' : `${hops} steps`;
  const head = `  ${nodeText(node)}${where === '' ? '' : `, serves ${where}`}`;
  return [`${head}: ${strength}, ${steps}, uid ${node.uid}`, ...stepLines(path)];
}

/** A list under its name; nothing where it is empty. */
function listed(title: string, count: number, shown: readonly (readonly string[])[]): string[] {
  if (count === 0) return [];
  const more = count - shown.length;
  return [
    '',
    `${title} (${count}):`,
    ...shown.flat(),
    ...(more > 0 ? [`  … and ${more} more; --limit says how many are shown.`] : []),
  ];
}

export function impactLines(answer: Impact, deployed: boolean): string[] {
  const { of, derives, mayDerive, cannotSay, counts } = answer;
  const what = deployed ? 'Deployed models' : 'What';
  const none = counts.derives + counts.mayDerive + counts.cannotSay === 0;
  return [
    `${nodeText(of)}, uid ${of.uid}`,
    ...(none ? ['', `Nothing${deployed ? ' that is deployed' : ''} is known to derive from it.`] : []),
    ...listed(
      `${what} that ${deployed ? 'derive' : 'derives'} from it`,
      counts.derives,
      derives.map(foundLines),
    ),
    ...listed(`${what} that may derive from it`, counts.mayDerive, mayDerive.map(foundLines)),
    ...listed(
      'Deployed models of which nobody can say',
      counts.cannotSay,
      cannotSay.map(({ node, serving, reason, at }) => [
        `  ${nodeText(node)}, serves ${serving.map(servingText).join(', ')}, uid ${node.uid}`,
        `    comes from ${at === null ? 'something that you may not see' : nodeText(at)}: ${reasons[reason]}`,
      ]),
    ),
    '',
    ...wholeLines(answer),
  ];
}

/** Each with the step after it, which the lines before it go on from; with all steps where `ways` asks for them. */
export function ancestryLines(answer: Ancestry, ways: boolean): string[] {
  const { of, items, count, evaluation, data, judgedBy } = answer;
  const found = items.map((item) => ({ ...item, path: forwards(item.path) }));
  const shown = ways
    ? found
    : found.filter(({ path: [step] }) => step?.kind !== 'same' || step.from.label !== step.to.label);
  const records = found.length - shown.length;
  return [
    `${nodeText(of)}, uid ${of.uid}`,
    ...(count === 0 ? ['', 'Nothing is known to come before it.'] : []),
    ...listed(
      'It comes from',
      count - records,
      shown.map((item) => foundLines(ways ? item : { ...item, path: item.path.slice(0, 1) })),
    ),
    ...(records > 0 ? [`  and ${records} more records of the same things (--ways lists them)`] : []),
    ...dataTable('Data it learned from', data),
    ...listed(
      'Only judged by, which it did not learn from',
      evaluation.length,
      evaluation.map((step) => stepLines([step], '  ')),
    ),
    ...dataTable('Data it was judged by', judgedBy),
    ...nowLines(answer.untimed),
    '',
    ...wholeLines(answer),
  ];
}

const beginnings = { made: '', declared: 'declared source', unknown: 'not known' } as const;

/** Whose the data is, under which licence, how much of it, and where its record begins. */
function dataTable(title: string, data: readonly Ancestry['data'][number][]): string[] {
  if (data.length === 0) return [];
  const heads = ['data', 'licence', 'owner', 'rows', 'bytes', 'beginning', 'place'];
  const rows = data.map((each) => [
    ...[each.node.label, each.licence?.value ?? '', each.owner?.value ?? '', String(each.rows ?? '')],
    ...[each.bytes === null ? '' : sizeText(each.bytes), beginnings[each.beginning], each.uri ?? ''],
  ]);
  const lines = textTable(
    heads.map((head) => ({
      ...{ head, right: head === 'rows' || head === 'bytes' },
      place: head === 'data' || head === 'place',
    })),
    rows,
  );
  return ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** Whether it is all, and if not, why. */
function wholeLines({ complete, openEndCounts, openEnds, leftOut }: Impact | Ancestry): string[] {
  const { evaluation, weaker } = leftOut;
  const doubt = openEndCounts.length > 0 ? 'there may be more' : 'not all of it is sure';
  return [
    complete ? 'Complete: this is all.' : `Not complete: ${doubt}.`,
    ...openEndCounts.flatMap(({ reason, count }) => {
      const some = openEnds.flatMap((end) => (end.reason === reason ? [end.node] : [])).slice(0, 3);
      const named = some.map((node) => (node === null ? 'something that you may not see' : nodeText(node)));
      const more = count > named.length ? ` and ${count - named.length} more` : '';
      return `  ${named.join(', ')}${more}: ${reasons[reason]}`;
    }),
    ...(evaluation > 0
      ? [`Left out: ${evaluation} inputs that were for judging; --evaluation includes them.`]
      : []),
    ...(weaker > 0 ? [`Left out: ${weaker} steps that are known worse than was asked for.`] : []),
  ];
}

/** Of an instant that was asked about: what was told as it is now. */
export function nowLines(untimed: readonly string[]): string[] {
  if (untimed.length === 0) return [];
  return ['', `As it is now, for nothing keeps what it was then: ${untimed.join(', ')}.`];
}
