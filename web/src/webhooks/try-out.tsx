/** Sends an example now and shows what it was answered. */
import { useState } from 'react';
import { type Webhook, type WebhookEvent, type WebhookTest, webhookTest } from '../api/webhooks.ts';
import { useProject } from '../layout/use-project.ts';

export function TryOut({ webhook }: { webhook: Webhook }) {
  const { project } = useProject();
  const [chosen, setChosen] = useState<WebhookEvent>();
  const [sending, setSending] = useState(false);
  const [result, setResult] = useState<WebhookTest>();
  // What it is told of may have been changed since one was chosen.
  const event = chosen !== undefined && webhook.events.includes(chosen) ? chosen : webhook.events[0];

  async function send(): Promise<void> {
    if (event === undefined) return;
    setSending(true);
    try {
      setResult(await webhookTest(project, webhook.id, event));
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      setResult({ success: false, status: null, text: null, error: said });
    }
    setSending(false);
  }

  return (
    <section className="side-section" aria-labelledby="try-title">
      <div className="panel-head">
        <h2 id="try-title">Try it out</h2>
      </div>
      <div className="try-row">
        <select
          aria-label="Event of the example"
          value={event ?? ''}
          onChange={(change) => setChosen(change.target.value as WebhookEvent)}
        >
          {webhook.events.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <button type="button" className="button" disabled={sending} onClick={() => void send()}>
          {sending ? 'Sending…' : 'Send an example'}
        </button>
      </div>
      <div role="status" className="try-result">
        {result !== undefined && !sending && <Answer result={result} />}
      </div>
    </section>
  );
}

function Answer({ result: { success, status, text, error } }: { result: WebhookTest }) {
  return (
    <>
      <p className={success ? 'good' : 'bad'}>
        {status === null
          ? (error ?? 'There was no answer.')
          : `${success ? 'Taken' : 'Not taken'}: answered ${status}`}
      </p>
      {text !== null && text !== '' && <pre className="try-text">{text}</pre>}
    </>
  );
}
