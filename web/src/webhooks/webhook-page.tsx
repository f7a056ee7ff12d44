/** One webhook: what it was sent, what waits, what was given up; trying it out, sending again, turning it off. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Connection } from '../api/event-stream.ts';
import { type Webhook, webhookDelete, webhookQuery, webhooksKey, webhookUpdate } from '../api/webhooks.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { Absent } from '../layout/absent.tsx';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { CopiedValue } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { Icon } from '../ui/icons.tsx';
import { MoreButton } from '../ui/more-button.tsx';
import { runLatestAction, showToast } from '../ui/toasts.tsx';
import { webhooksUrl } from '../urls.ts';
import { DeliveryList } from './delivery-list.tsx';
import { StateMark } from './marks.tsx';
import { Receiving } from './receiving.tsx';
import { TryOut } from './try-out.tsx';
import { useWebhooksLive } from './use-webhooks-live.ts';
import { WebhookForm } from './webhook-form.tsx';

const route = getRouteApi('/webhooks/$webhook');

export function WebhookPage() {
  const { webhook: id } = route.useParams();
  const { project, site } = useProject();
  const queries = useQueryClient();
  const webhook = useQuery(webhookQuery(project, id));
  const connection = useWebhooksLive(project);
  const name = webhook.data?.name;

  useEffect(() => {
    document.title = `${name ?? 'Webhook'} · Cairn`;
  }, [name]);
  useKeys({ u: runLatestAction });

  if (webhook.data === undefined)
    return (
      <Absent query={webhook} none="There is no such webhook here">
        <Link {...webhooksUrl(site)} className="button primary">
          All webhooks
        </Link>
      </Absent>
    );
  const row = webhook.data;

  /** Off and on again, each with its way back. */
  async function setActive(active: boolean, last = false): Promise<void> {
    try {
      await webhookUpdate(project, id, { active });
      showToast({
        text: active
          ? `${row.name} is told again, of what happens from now on`
          : `${row.name} is told nothing any more`,
        ...(last ? {} : { action: { text: 'Undo', run: () => void setActive(!active, true) } }),
      });
    } catch (error) {
      showToast({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
    }
    await queries.invalidateQueries({ queryKey: webhooksKey(project) });
  }

  return (
    <>
      <Head webhook={row} connection={connection} onActive={(active) => void setActive(active)} />
      <div className="run-page" key={id}>
        <div className="run-main">
          {!row.active && (
            <p className="hook-notice">
              It is disabled: what happens meanwhile is not told, and what waits stays where it is.{' '}
              <button type="button" className="link-button" onClick={() => void setActive(true)}>
                Enable it
              </button>
            </p>
          )}
          <DeliveryList webhook={row} />
        </div>
        <aside className="run-side" aria-label="About the webhook">
          <About webhook={row} />
          <TryOut webhook={row} />
          <Receiving signed={row.signed} />
        </aside>
      </div>
    </>
  );
}

function Head(props: { webhook: Webhook; connection: Connection; onActive: (active: boolean) => void }) {
  const { webhook, onActive } = props;
  const { project, site } = useProject();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [opened, setOpened] = useState<'change' | 'delete'>();
  const { id, name, active, waiting, failed, lastDelivered, created } = webhook;
  const close = () => setOpened(undefined);
  return (
    <header className="run-head">
      <div className="head">
        <NavOpener />
        <Link {...webhooksUrl(site)} className="crumb" aria-label="All webhooks">
          <Icon name="left" size={13} />
          <span>Webhooks</span>
        </Link>
        <span className="crumb-edge" aria-hidden="true">
          /
        </span>
        <h1 title={name}>{name}</h1>
        <div className="head-tools">
          <ConnectionMark connection={props.connection} />
          <button type="button" className="button" onClick={() => setOpened('change')}>
            <Icon name="edit" size={13} />
            Change
          </button>
          <MoreButton
            label={name}
            entries={[
              {
                kind: 'action',
                icon: active ? 'close' : 'check',
                text: active ? 'Disable' : 'Enable',
                run: () => onActive(!active),
              },
              { kind: 'divider' },
              { kind: 'action', icon: 'trash', text: 'Delete…', run: () => setOpened('delete') },
            ]}
          />
          <ThemeButton />
        </div>
      </div>
      <dl className="run-facts">
        <Fact name="State" unseen>
          <StateMark webhook={webhook} />
        </Fact>
        <Fact name="last taken">{lastDelivered === null ? 'never' : <Ago time={lastDelivered} />}</Fact>
        {waiting > 0 && <Fact name="waiting">{countText(waiting)}</Fact>}
        {failed > 0 && (
          <Fact name="given up" className="bad">
            {countText(failed)}
          </Fact>
        )}
        <Fact name="made">
          <Ago time={created} />
        </Fact>
      </dl>
      {opened === 'change' && (
        <WebhookForm
          webhook={webhook}
          onDone={() => showToast({ text: `${name} is changed` })}
          onClose={close}
        />
      )}
      {opened === 'delete' && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          action="Delete"
          onConfirm={async () => {
            await webhookDelete(project, id);
            await navigate(webhooksUrl(site));
            await queries.invalidateQueries({ queryKey: webhooksKey(project) });
            showToast({ text: `${name} deleted` });
          }}
          onClose={close}
        >
          <p>
            Its secret and the log of its deliveries go with it
            {waiting > 0 ? `, and ${countText(waiting)} that wait are never sent` : ''}. To stop it for a
            while, disable it.
          </p>
        </ConfirmDialog>
      )}
    </header>
  );
}

function About({ webhook: { id, url, description, events, signed } }: { webhook: Webhook }) {
  return (
    <section className="side-section" aria-labelledby="about-title">
      <div className="panel-head">
        <h2 id="about-title">About</h2>
      </div>
      {description !== null && <p className="hook-description">{description}</p>}
      <CopiedValue text={url} className="hook-address mono" />
      <dl className="pairs">
        <div>
          <dt>Signed</dt>
          <dd>{signed ? 'with its secret' : 'no'}</dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd>
            <CopiedValue text={id} />
          </dd>
        </div>
      </dl>
      <h3 className="hook-told">Told of</h3>
      <ul className="hook-events">
        {events.map((event) => (
          <li key={event} className="mono">
            {event}
          </li>
        ))}
      </ul>
    </section>
  );
}
