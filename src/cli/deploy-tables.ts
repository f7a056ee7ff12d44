/** Endpoints and deployments, as lines for people. */
import type { Output } from '../../sdk/src/index.ts';
import { numberText, printable, textTable, timeText } from './text-table.ts';

type Endpoint = Output<'endpoint.get'>;
type Deployment = Endpoint['serving'][number];

const part = ({ traffic }: Deployment): string => `${numberText(traffic)} %`;
const slotOf = (slot: string): string => (slot === 'main' ? '' : slot);

export function endpointListLines(endpoints: readonly Endpoint[]): string[] {
  const columns = [
    { head: 'endpoint' },
    { head: 'slot' },
    { head: 'serves' },
    { head: 'traffic', right: true },
    { head: 'since (UTC)' },
    { head: 'by' },
    { head: 'on' },
  ];
  const rows = endpoints.flatMap((endpoint) => {
    const name = endpoint.deleted ? `${endpoint.name} (deleted)` : endpoint.name;
    if (endpoint.serving.length === 0) return [[name, '', 'nothing', '', '', '', '']];
    return endpoint.serving.map((one, index) => [
      index === 0 ? name : '',
      ...[
        slotOf(one.slot),
        modelText(one),
        part(one),
        timeText(one.started),
        one.by,
        one.platform?.kind ?? '',
      ],
    ]);
  });
  return textTable(columns, rows);
}

export function endpointLines(endpoint: Endpoint, server: string): string[] {
  const columns = [
    { head: 'Serves' },
    { head: 'slot' },
    { head: 'traffic', right: true },
    { head: 'since (UTC)' },
    { head: 'by' },
    { head: 'asked for' },
    { head: 'run' },
    { head: 'deployment' },
  ];
  const rows = endpoint.serving.map((one) => [
    ...[modelText(one), slotOf(one.slot), part(one), timeText(one.started), toldBy(one)],
    ...[one.model.asked === one.model.uri ? '' : one.model.asked, one.model.run ?? '', one.uid],
  ]);
  return [
    endpoint.deleted ? `${printable(endpoint.name)}, deleted` : printable(endpoint.name),
    ...(endpoint.description ? [`  ${printable(endpoint.description)}`] : []),
    `  page  ${server}/endpoint?name=${encodeURIComponent(endpoint.name)}`,
    '',
    ...(rows.length === 0 ? ['Nothing serves there.'] : textTable(columns, rows)),
  ];
}

export function historyLines(deployments: readonly Deployment[]): string[] {
  const columns = [
    { head: 'endpoint' },
    { head: 'slot' },
    { head: 'served' },
    { head: 'from (UTC)' },
    { head: 'to (UTC)' },
    { head: 'traffic', right: true },
    { head: 'ended' },
    { head: 'by' },
    { head: 'deployment' },
  ];
  return textTable(
    columns,
    deployments.map((one) => [
      ...[one.endpoint.name, slotOf(one.slot), modelText(one), timeText(one.started)],
      ...[
        one.ended === null ? 'now' : timeText(one.ended),
        sharesText(one),
        one.ending ?? '',
        toldBy(one),
        one.uid,
      ],
    ]),
  );
}

/** Who recorded it; `job roll out` where a run of that is the deployment. */
const toldBy = ({ by, jobRun }: Deployment): string => (jobRun === null ? by : `job ${jobRun.job}`);

/** `20→50→100 %` */
function sharesText({ shares, traffic }: Deployment): string {
  const parts = shares.map((share) => numberText(share.traffic));
  return `${parts.length === 0 ? numberText(traffic) : parts.join('→')} %`;
}

const modelText = ({ model }: Deployment): string => `${model.uri}${model.deleted ? ' (deleted)' : ''}`;

/** `models:/churn/3 serves prod/scoring since 2026-11-21 14:05 UTC, 20 % (01a2…)`: for eyes and for logs of pipelines. */
export function deploymentText(one: Deployment): string {
  const { endpoint, slot, started, ended, ending, uid } = one;
  const where = `${endpoint.name}${slot === 'main' ? '' : ` (${slot})`}`;
  const when =
    ended === null
      ? `serves ${where} since ${timeText(started)} UTC, ${part(one)}`
      : `served ${where} from ${timeText(started)} to ${timeText(ended)} UTC, ${ending ?? 'ended'}`;
  return printable(`${one.model.uri} ${when}  ${uid}`);
}
