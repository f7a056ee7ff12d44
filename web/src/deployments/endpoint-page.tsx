/** One endpoint: what serves there now, what served when as a time line, and the evidence of each deployment. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import {
  type Deployment,
  deploymentsQuery,
  type Endpoint,
  endpointDescribe,
  endpointQuery,
  historyLimit,
} from '../api/deployments.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { Absent } from '../layout/absent.tsx';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { LineageLink } from '../lineage/lineage-link.tsx';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { dayOf, dayText } from '../registry/timeline.ts';
import { WrittenText } from '../run/written-text.tsx';
import { ConnectionMark } from '../runs/page-head.tsx';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { changedSearch, deploymentsUrl, type EndpointSearch } from '../urls.ts';
import { DeployedModel, percentText, RecordedBy, SlotMark, Traffic } from './deployed-model.tsx';
import { DeploymentTable } from './deployment-table.tsx';
import { Evidence } from './evidence.tsx';
import { ShareLanes } from './share-lanes.tsx';
import { servedDuring, shareTimeline } from './share-timeline.ts';
import { useDeploymentsLive } from './use-deployments-live.ts';

const route = getRouteApi('/endpoint');

export function EndpointPage() {
  const { name, on, known, deployment: chosen } = route.useSearch();
  const { project, site } = useProject();
  const navigate = route.useNavigate();
  const endpoint = useQuery(endpointQuery(project, name));
  const knownDay = known === undefined ? undefined : dayOf(known);
  const history = useQuery(deploymentsQuery(project, name, knownDay?.to));
  const connection = useDeploymentsLive(project);
  useEffect(() => {
    document.title = `${name} · Cairn`;
  }, [name]);
  const change = (part: Partial<Record<keyof EndpointSearch, string | undefined>>) =>
    void navigate({ replace: true, search: (before) => changedSearch<EndpointSearch>(before, part) });

  if (endpoint.data === undefined)
    return (
      <Absent query={endpoint} none="There is no such endpoint here">
        <Link {...deploymentsUrl(site)} className="button primary">
          All deployments
        </Link>
      </Absent>
    );
  const { uid, description, serving, deployments, created, deleted } = endpoint.data;
  const items = history.data?.items ?? [];
  const shown = items.find((one) => one.uid === chosen) ?? items[0];
  const choose = (next: string) => change({ deployment: next });
  return (
    <>
      <header className="run-head">
        <div className="head">
          <NavOpener />
          <Link {...deploymentsUrl(site)} className="crumb" aria-label="All deployments">
            <Icon name="left" size={13} />
            <span>Deployments</span>
          </Link>
          <span className="crumb-edge" aria-hidden="true">
            /
          </span>
          <h1 title={name}>{name}</h1>
          {deleted && <span className="deleted-mark">deleted</span>}
          <div className="head-tools">
            <ConnectionMark connection={connection} />
            {shown !== undefined && <LineageLink of={shown.uid} ask="ancestry" />}
            <ThemeButton />
          </div>
        </div>
        <dl className="run-facts">
          <Fact name="deployments">{countText(deployments)}</Fact>
          <Fact name="known since">
            <Ago time={created} />
          </Fact>
        </dl>
        {shown !== undefined && <TaintNotes uid={shown.uid} />}
      </header>
      <div className="run-page" key={uid}>
        <div className="run-main">
          <ServesNow serving={serving} />
          <section className="model-section" aria-labelledby="served-title">
            <div className="panel-head">
              <h2 id="served-title">What served when</h2>
              <DayField label="On the day" value={on} onDay={(day) => change({ on: day })} />
              <DayField label="As known on" value={known} onDay={(day) => change({ known: day })} />
            </div>
            {history.isError && history.data === undefined ? (
              <ProblemView error={history.error} onRetry={() => void history.refetch()} />
            ) : (
              <History items={items} on={on} known={known} chosen={shown?.uid} onChoose={choose} />
            )}
            {history.data?.cursor !== undefined && (
              <p className="quiet">
                The latest {countText(historyLimit)} are shown.{' '}
                <code>cairn deploy history {name} --limit 100000</code> has all.
              </p>
            )}
          </section>
        </div>
        <aside className="run-side" aria-label="Evidence and description">
          {shown !== undefined && <Evidence deployment={shown} />}
          <WrittenText
            title="Description"
            text={description ?? ''}
            onSave={async (text) => {
              await endpointDescribe(project, uid, text);
              await endpoint.refetch();
            }}
          />
          <Tell endpoint={endpoint.data} />
        </aside>
      </div>
    </>
  );
}

function ServesNow({ serving }: { serving: readonly Deployment[] }) {
  return (
    <section aria-labelledby="now-title">
      <div className="panel-head">
        <h2 id="now-title">Serves now</h2>
      </div>
      {serving.length === 0 && <p className="quiet">Nothing serves here.</p>}
      <ul className="serving-cards">
        {serving.map((one) => (
          <li key={one.uid} className="serving-card">
            <div className="serving-head">
              <DeployedModel model={one.model} />
              <SlotMark slot={one.slot} />
              <Traffic traffic={one.traffic} />
            </div>
            <p className="serving-facts">
              since <Ago time={one.started} /> by <RecordedBy deployment={one} />
              {one.platform !== null && <> on {one.platform.kind}</>}
              {one.rolledBack !== null && <>, rolled back to</>}
            </p>
            {one.platform?.url !== undefined && <p className="serving-url mono">{one.platform.url}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function DayField(props: {
  label: string;
  value: string | undefined;
  onDay: (day: string | undefined) => void;
}) {
  return (
    <label className="day-field">
      {props.label}
      <input
        type="date"
        value={props.value ?? ''}
        max={dayText(Date.now())}
        onChange={(event) => props.onDay(event.target.value === '' ? undefined : event.target.value)}
      />
    </label>
  );
}

function History(props: {
  items: readonly Deployment[];
  on: string | undefined;
  known: string | undefined;
  chosen: string | undefined;
  onChoose: (deployment: string) => void;
}) {
  const { items, on, known, chosen, onChoose } = props;
  const timeline = shareTimeline(items, Date.now());
  const day = on === undefined ? undefined : dayOf(on);
  if (timeline === undefined)
    return (
      <p className="quiet">
        {known === undefined ? 'Nothing ever served here.' : 'Nothing was known of it on that day.'}
      </p>
    );
  return (
    <>
      {known !== undefined && (
        <p className="known-note" role="status">
          This is how it was known at the end of that day; what was told or corrected later is left out.
        </p>
      )}
      <ShareLanes timeline={timeline} day={day} chosen={chosen} onChoose={onChoose} />
      {day !== undefined && <Served items={items} day={day} />}
      <DeploymentTable deployments={items} chosen={chosen} onChoose={onChoose} />
    </>
  );
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function Served(props: {
  items: readonly Deployment[];
  day: { readonly from: number; readonly to: number };
}) {
  const { day } = props;
  const served = servedDuring(props.items, day);
  return (
    <div className="held" role="status">
      {served.length === 0 && <p className="quiet">Nothing served on that day.</p>}
      <ul>
        {served.map(({ deployment, shares }) => {
          const [first, last] = [shares[0]!, shares.at(-1)!];
          return (
            <li key={deployment.uid}>
              <DeployedModel model={deployment.model} /> served
              {deployment.slot !== 'main' && ` in ${deployment.slot}`}
              {first.from >= day.from && <> from {clockFormat.format(first.from)}</>}
              {last.to !== null && last.to <= day.to && <> until {clockFormat.format(last.to)}</>}
              {first.from < day.from && (last.to === null || last.to > day.to) && <> all day</>}
              <span className="faint">
                , {shares.map(({ traffic }) => percentText(traffic)).join(', then ')} of the traffic, recorded
                by <RecordedBy deployment={deployment} />
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The lines by which a pipeline tells what comes next. */
function Tell({ endpoint }: { endpoint: Endpoint }) {
  const [first] = endpoint.serving.filter(({ slot }) => slot === 'main');
  const name = /^[\w./-]+$/.test(endpoint.name)
    ? endpoint.name
    : `'${endpoint.name.replaceAll("'", "'\\''")}'`;
  const model = first?.model.name ?? 'churn';
  const next = (first?.model.version ?? 0) + 1;
  return (
    <section className="side-section" aria-labelledby="tell-title">
      <div className="panel-head">
        <h2 id="tell-title">Tell what comes next</h2>
      </div>
      <CodeToCopy
        small
        code={[
          `cairn deploy record --to ${name} --model models:/${model}/${next} --traffic 10`,
          `cairn deploy roll-back ${name}`,
          `cairn deploy end ${name} --outcome failed`,
        ].join('\n')}
      />
    </section>
  );
}
