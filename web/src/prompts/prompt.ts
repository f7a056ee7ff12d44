/** What a version of a prompt says, read out of the tags by which MLflow's clients keep it. */
import type { ModelVersion } from '../api/registry.ts';
import type { Tag } from '../api/types.ts';

export const promptMark: Tag = { key: 'mlflow.prompt.is_prompt', value: 'true' };
/** Whether a registered model is a prompt. */
export function isPrompt({ tags }: { readonly tags: readonly Tag[] }): boolean {
  return tags.some(({ key, value }) => key === promptMark.key && value.toLowerCase() === 'true');
}

export const promptTextKey = 'mlflow.prompt.text';
const typeKey = '_mlflow_prompt_type';
const formatKey = '_mlflow_prompt_response_format';
const configKey = '_mlflow_prompt_model_config';
/** MLflow's clients write this where a model has the place of its files. */
export const promptSource = 'dummy-source';

export interface PromptMessage {
  readonly role: string;
  readonly content: string;
}

export interface PromptContent {
  /** As it is kept. */
  readonly text: string;
  /** Of a conversation; undefined for a plain text. */
  readonly messages: readonly PromptMessage[] | undefined;
  /** Names in double braces, in the order in which they first stand. */
  readonly variables: readonly string[];
  /** JSON, as it is kept. */
  readonly responseFormat: string | undefined;
  readonly modelConfig: string | undefined;
}

export function promptContent({ tags }: Pick<ModelVersion, 'tags'>): PromptContent {
  const tagged = (key: string) => tags.find((tag) => tag.key === key)?.value;
  const text = tagged(promptTextKey) ?? '';
  return {
    text,
    messages: tagged(typeKey) === 'chat' ? messagesOf(text) : undefined,
    variables: [...new Set(partsOf(text).flatMap(({ variable }) => variable ?? []))],
    responseFormat: tagged(formatKey),
    modelConfig: tagged(configKey),
  };
}

/** Tags that people set themselves. */
export function ownTags(tags: readonly Tag[]): Tag[] {
  return tags.filter(({ key }) => !/^(mlflow\.prompt\.|_mlflow_)/.test(key));
}

/** Undefined where the text is no list of messages after all. */
function messagesOf(text: string): PromptMessage[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    return value.map((message: { role?: unknown; content?: unknown }) => ({
      role: String(message.role ?? ''),
      content:
        typeof message.content === 'string' ? message.content : JSON.stringify(message.content, null, 2),
    }));
  } catch {
    return undefined;
  }
}

/** For reading and comparing: a conversation has its roles on lines of their own. */
export function readableText({ text, messages }: PromptContent): string {
  if (messages === undefined) return text;
  return messages.map(({ role, content }) => `${role}:\n${content}`).join('\n\n');
}

/** The text, cut where variables stand: `Hello {{name}}!` → `Hello `, name, `!`. */
export function partsOf(text: string): { readonly text: string; readonly variable?: string }[] {
  const parts: { text: string; variable?: string }[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: match[0], variable: match[1]! });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}
