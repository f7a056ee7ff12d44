/** What a version says: a text or a conversation, its variables marked; and what it asks of the model. */
import { CopyButton } from '../ui/copy-button.tsx';
import { type PromptContent, partsOf } from './prompt.ts';

export function PromptText({ content }: { content: PromptContent }) {
  const { text, messages, variables, responseFormat, modelConfig } = content;
  return (
    <>
      <div className="prompt-text">
        <CopyButton text={text} />
        {messages === undefined ? (
          <pre>
            {text === '' ? <span className="faint">It is empty.</span> : <WithVariables text={text} />}
          </pre>
        ) : (
          messages.map(({ role, content }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a version do not move
            <div key={index} className="prompt-message">
              <h3>{role}</h3>
              <pre>
                <WithVariables text={content} />
              </pre>
            </div>
          ))
        )}
      </div>
      {variables.length > 0 && (
        <p className="prompt-variables">
          Variables{' '}
          {variables.map((name) => (
            <code key={name} className="prompt-variable">
              {name}
            </code>
          ))}
        </p>
      )}
      {responseFormat !== undefined && <Json title="Response format" text={responseFormat} />}
      {modelConfig !== undefined && <Json title="Model settings" text={modelConfig} />}
    </>
  );
}

function WithVariables({ text }: { text: string }) {
  return partsOf(text).map(({ text: part, variable }, index) =>
    variable === undefined ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text do not move
      <span key={index} className="prompt-variable">
        {part}
      </span>
    ),
  );
}

function Json({ title, text }: { title: string; text: string }) {
  return (
    <details className="prompt-json">
      <summary>{title}</summary>
      <pre>{indented(text)}</pre>
    </details>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
