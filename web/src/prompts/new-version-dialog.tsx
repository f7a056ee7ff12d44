/** The next version of a prompt, written from what the shown one says. A conversation stays one: its messages are JSON. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type ModelVersion, registryKey, versionCreate } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { showToast } from '../ui/toasts.tsx';
import { promptUrl } from '../urls.ts';
import { promptContent, promptMark, promptSource, promptTextKey } from './prompt.ts';

export function NewVersionDialog(props: {
  name: string;
  from: ModelVersion | undefined;
  onClose: () => void;
}) {
  const { name, from } = props;
  const { project, site } = useProject();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const old = from === undefined ? undefined : promptContent(from);
  const isChat = old?.messages !== undefined;
  const [text, setText] = useState(old === undefined ? '' : isChat ? indented(old.text) : old.text);
  const [message, setMessage] = useState('');

  async function save(): Promise<void> {
    if (text.trim() === '') throw new Error('It needs a text.');
    const kept = isChat ? conversation(text) : text;
    if (kept === old?.text) throw new Error('It says the same as the version it was written from.');
    // What is asked of the model, and that it is a conversation, goes with the text.
    const inherited = (from?.tags ?? []).filter(({ key }) => key.startsWith('_mlflow_prompt_'));
    const made = await versionCreate(project, name, {
      source: promptSource,
      description: message.trim(),
      tags: [promptMark, { key: promptTextKey, value: kept }, ...inherited],
    });
    await queries.invalidateQueries({ queryKey: registryKey(project) });
    showToast({ text: `Version ${made.version} of ${name} is made` });
    void navigate(promptUrl(name, site, made.version, from?.version));
  }

  return (
    <FormDialog
      title={from === undefined ? `First version of ${name}` : `New version of ${name}`}
      action="Make it"
      className="prompt-dialog"
      onSave={save}
      onClose={props.onClose}
    >
      {(isRefused) => (
        <>
          <label>
            {isChat ? 'Messages, as JSON' : 'Text; variables stand in double braces'}
            <textarea
              value={text}
              rows={14}
              className="mono"
              aria-invalid={isRefused}
              spellCheck={!isChat}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <label>
            What is new <span className="visually-hidden">(may be left out)</span>
            <input
              value={message}
              placeholder="May be left out"
              onChange={(event) => setMessage(event.target.value)}
            />
          </label>
        </>
      )}
    </FormDialog>
  );
}

function indented(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}

/** As clients keep it; refused where it is no list of messages. */
function conversation(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${(error as Error).message}`);
  }
  const isMessage = (message: unknown) =>
    typeof (message as { role?: unknown } | null)?.role === 'string' && 'content' in (message as object);
  if (!Array.isArray(value) || value.length === 0 || !value.every(isMessage))
    throw new Error('It must be a list of messages, each with a role and a content.');
  return JSON.stringify(value);
}
