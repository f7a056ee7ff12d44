/** Who is told of changes in the registry and of deployments: every webhook of a project with how it fares. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type Webhook, webhooksQuery } from '../api/webhooks.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { FootKeys, useRowKeys } from '../list/row-keys.tsx';
import { usePaletteActions } from '../palette/palette-state.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { webhooksUrl, webhookUrl } from '../urls.ts';
import { EventChips, StateMark } from './marks.tsx';
import { useWebhooksLive } from './use-webhooks-live.ts';
import { WebhookForm } from './webhook-form.tsx';

const route = getRouteApi('/webhooks');
const columns = [
  ['Name', 'name'],
  ['Address', 'address'],
  ['Told of', 'told'],
  ['State', 'fares'],
  ['Waiting', 'num'],
  ['Given up', 'num'],
  ['Last taken', 'time'],
] as const;

export function WebhooksPage() {
  const { project, site } = useProject();
  const { make } = route.useSearch();
  const navigate = useNavigate();
  const list = useQuery(webhooksQuery(project));
  const connection = useWebhooksLive(project);
  const [creating, setCreating] = useState(make === 'new');
  const items = list.data?.items ?? [];

  useEffect(() => {
    document.title = 'Webhooks · Cairn';
  }, []);
  useRowKeys();
  usePaletteActions([
    { text: 'New webhook', icon: 'webhook', also: 'notify hook event', run: () => setCreating(true) },
  ]);

  return (
    <>
      <header className="head">
        <NavOpener />
        <h1>Webhooks</h1>
        <div className="head-tools">
          <ConnectionMark connection={connection} />
          <button type="button" className="button primary" onClick={() => setCreating(true)}>
            New webhook
          </button>
          <ThemeButton />
        </div>
      </header>
      <div className="page-body list-body">
        {list.isError && list.data === undefined ? (
          <ProblemView error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isSuccess && items.length === 0 ? (
          <NoWebhooks onMake={() => setCreating(true)} />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <section className="list-scroll" tabIndex={0} aria-label="Webhooks">
            <table className="list-table webhooks-table">
              <thead>
                <tr>
                  {columns.map(([name, kind]) => (
                    <th key={name} scope="col" className={kind}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {list.isPending
                  ? Array.from({ length: 4 }, (_, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
                      <tr key={index}>
                        {columns.map(([name, kind]) => (
                          <td key={name} className={kind}>
                            <span className="bone" style={{ width: kind === 'name' ? 110 : 44 }} />
                          </td>
                        ))}
                      </tr>
                    ))
                  : items.map((webhook) => <Row key={webhook.id} webhook={webhook} />)}
              </tbody>
            </table>
          </section>
        )}
      </div>
      <footer className="foot">
        {list.isSuccess && (
          <span>
            {countText(items.length)} {items.length === 1 ? 'webhook' : 'webhooks'}
          </span>
        )}
        <FootKeys search={false} />
      </footer>
      {creating && (
        <WebhookForm
          onDone={(made) => void navigate(webhookUrl(made.id, site))}
          onClose={() => {
            setCreating(false);
            if (make === 'new') void navigate({ ...webhooksUrl(site), replace: true });
          }}
        />
      )}
    </>
  );
}

function Row({ webhook }: { webhook: Webhook }) {
  const { site } = useProject();
  const { id, name, url, events, description, waiting, failed, lastDelivered } = webhook;
  return (
    <tr>
      <th scope="row" className="name">
        <div className="list-name">
          <Link {...webhookUrl(id, site)} title={name}>
            {name}
          </Link>
          {description !== null && (
            <span className="list-note" title={description}>
              {description}
            </span>
          )}
        </div>
      </th>
      <td className="address mono" title={url}>
        {url}
      </td>
      <td className="told">
        <EventChips events={events} shown={2} />
      </td>
      <td className="fares">
        <StateMark webhook={webhook} />
      </td>
      <td className="num">{waiting === 0 ? <span className="faint">–</span> : countText(waiting)}</td>
      <td className={failed === 0 ? 'num' : 'num failed'}>
        {failed === 0 ? <span className="faint">–</span> : countText(failed)}
      </td>
      <td className="time">
        {lastDelivered === null ? <span className="faint">never</span> : <Ago time={lastDelivered} />}
      </td>
    </tr>
  );
}

function NoWebhooks({ onMake }: { onMake: () => void }) {
  const code = [
    'from mlflow import MlflowClient',
    '',
    `MlflowClient("${location.origin}").create_webhook(`,
    '    "deploy", "https://ci.example.org/hook", ["model_version_alias.created"], secret="…")',
  ].join('\n');
  return (
    <div className="notice first-run">
      <h2>Nobody is told yet</h2>
      <p>
        A webhook is an address that is told when a model is registered or deployed, a version is made, or an
        alias such as <code>champion</code> moves: so a pipeline deploys it, or a channel hears of it. Nothing
        is lost while the receiver is away.
      </p>
      <div className="notice-actions">
        <button type="button" className="button primary" onClick={onMake}>
          New webhook
        </button>
      </div>
      <p className="webhook-or">Or by MLflow’s client, or by cairn webhooks create:</p>
      <CodeToCopy code={code} />
    </div>
  );
}
