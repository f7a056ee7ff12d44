/** Makes a webhook, or changes one: where it leads, what it is told of, the secret by which it is signed. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  eventGroups,
  type Webhook,
  type WebhookEvent,
  webhookCreate,
  webhooksKey,
  webhookUpdate,
} from '../api/webhooks.ts';
import { useProject } from '../layout/use-project.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { checkName, FormDialog } from '../ui/form-dialog.tsx';
import { newSecret } from './new-secret.ts';

const usual: readonly WebhookEvent[] = ['model_version.created', 'model_version_alias.created'];

export function WebhookForm(props: {
  /** Absent = a new one. */
  webhook?: Webhook;
  onDone: (webhook: Webhook) => void;
  onClose: () => void;
}) {
  const { webhook } = props;
  const { project } = useProject();
  const queries = useQueryClient();
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhook?.events ?? usual);
  /** Undefined = as it is. */
  const [secret, setSecret] = useState<string | undefined>(webhook === undefined ? '' : undefined);

  async function save(): Promise<void> {
    const body = {
      ...{ name: checkName(name), url: url.trim(), events: [...events], description: description.trim() },
      ...(secret === undefined ? {} : { secret }),
    };
    const done =
      webhook === undefined
        ? await webhookCreate(project, body)
        : await webhookUpdate(project, webhook.id, body);
    await queries.invalidateQueries({ queryKey: webhooksKey(project) });
    props.onDone(done);
  }
  const toggle = (event: WebhookEvent) =>
    setEvents((before) =>
      before.includes(event) ? before.filter((each) => each !== event) : [...before, event],
    );

  return (
    <FormDialog
      title={webhook === undefined ? 'New webhook' : `Change ${webhook.name}`}
      action={webhook === undefined ? 'Make it' : 'Save'}
      className="webhook-dialog"
      isHeld={events.length === 0}
      onSave={save}
      onClose={props.onClose}
    >
      {() => (
        <>
          <label>
            Name
            <input
              value={name}
              maxLength={63}
              placeholder="deploy"
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <label>
            Address
            <input
              value={url}
              inputMode="url"
              spellCheck={false}
              placeholder="https://ci.example.org/hook"
              onChange={(event) => setUrl(event.target.value)}
            />
          </label>
          <label>
            What it is for <span className="visually-hidden">(may be left out)</span>
            <input
              value={description}
              placeholder="May be left out"
              onChange={(event) => setDescription(event.target.value)}
            />
          </label>
          <Secret signed={webhook?.signed ?? false} secret={secret} onChange={setSecret} />
          <div className="event-groups">
            {eventGroups.map((group) => (
              <fieldset key={group.name} className="event-group">
                <legend>{group.name}: told when</legend>
                {group.events.map(([event, words]) => (
                  <label key={event} className="event-choice" title={event}>
                    <input type="checkbox" checked={events.includes(event)} onChange={() => toggle(event)} />
                    {words}
                  </label>
                ))}
              </fieldset>
            ))}
          </div>
          {events.length === 0 && <p className="dim">Choose what it is told of.</p>}
        </>
      )}
    </FormDialog>
  );
}

function Secret(props: {
  /** Whether the webhook has one now. */
  signed: boolean;
  secret: string | undefined;
  onChange: (secret: string | undefined) => void;
}) {
  const { secret, signed, onChange } = props;
  if (secret === undefined) {
    return (
      <p className="secret-kept">
        {signed ? 'Deliveries are signed; the secret is not shown again.' : 'Deliveries are not signed.'}{' '}
        <button type="button" className="link-button" onClick={() => onChange('')}>
          {signed ? 'Change the secret' : 'Set a secret'}
        </button>
      </p>
    );
  }
  return (
    <div className="secret-row">
      <label>
        Secret
        <input
          value={secret}
          className="mono"
          autoComplete="off"
          spellCheck={false}
          placeholder={signed ? 'Empty takes the old one away' : 'Empty: deliveries are not signed'}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <button type="button" className="button" onClick={() => onChange(newSecret())}>
        Make one
      </button>
      {secret !== '' && <CopyButton text={secret} />}
    </div>
  );
}
