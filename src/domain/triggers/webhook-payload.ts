/**
 * What a receiver gets: MLflow's bodies, headers and signature. A body is made of the recorded event each time it is sent and
 * is the same each time; nothing of it is stored a second time.
 */
import { createHmac } from 'node:crypto';
import { defaultProjectName } from '../contexts/index.ts';
import type { RecordedEvent } from '../events/index.ts';
import { isPrompt } from '../registry/index.ts';
import type { WebhookEvent } from './webhook.ts';

interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Bodies of the registry's events (domain/registry), as far as they are told. */
interface EventBody {
  readonly name?: string;
  readonly model?: string;
  readonly version?: number | null;
  readonly description?: string;
  readonly source?: string;
  readonly run?: string;
  readonly tags?: readonly Tag[];
  readonly removed?: readonly string[];
  readonly alias?: string;
}

/** Bodies of the events of deployments and endpoints (domain/deployments), as far as they are told. */
interface DeploymentBody {
  readonly deployment?: string;
  /** Of several that ended together. */
  readonly deployments?: readonly string[];
  readonly endpoint?: string;
  readonly slot?: string;
  readonly model?: string;
  readonly models?: readonly string[];
  readonly to?: readonly string[];
  /** ms */
  readonly at?: number;
  readonly started?: number;
  readonly ended?: number | null;
  readonly traffic?: number;
  readonly others?: string;
  readonly outcome?: string;
  /** Told of one that is there already. */
  readonly changed?: boolean;
  /** Of one that made its endpoint. */
  readonly made?: boolean;
  readonly platform?: unknown;
  readonly note?: string;
  readonly description?: string;
}

/** Body of the event that tells of a model version which came to derive from something wrong (domain/lineage). */
interface TaintBody {
  /** `models:/churn/3`, and the uid of the version. */
  readonly model?: string;
  readonly version?: string;
  readonly label?: string;
  readonly type?: string;
  readonly uri?: string | null;
  readonly of?: string;
  /** ms */
  readonly since?: number | null;
  readonly note?: string | null;
}

/** What of the log is told at all. Records that are moved in from another store are not: they are no news. */
export const toldActions = [
  'registered-model.create',
  'registered-model.tag',
  'registered-model.untag',
  'model-version.create',
  'model-version.tag',
  'model-version.untag',
  'model-version.alias',
  'model-version.alias-undo',
  'model-version.unalias',
  'deployment.record',
  'deployment.end',
  'deployment.roll-back',
  'deployment.correct',
  'deployment.retract',
  'endpoint.update',
  'endpoint.delete',
  'endpoint.restore',
  'taint.reach',
] as const;

/** Actions whose name depends on whether the model is a prompt now, which the event does not tell. */
export const asksForPrompt = (action: string): boolean =>
  /^(?:registered-model|model-version)\./.test(action) && !action.endsWith('.create');

/** What the event is called; undefined where MLflow tells nothing of it, or its body was erased. */
export function webhookEventOf(
  event: Pick<RecordedEvent, 'action' | 'body'>,
  prompt: boolean,
): WebhookEvent | undefined {
  if (event.body === undefined) return undefined;
  const body = event.body as EventBody;
  switch (event.action) {
    case 'registered-model.create':
      return isPrompt(body.tags ?? []) ? 'prompt.created' : 'registered_model.created';
    case 'model-version.create':
      return isPrompt(body.tags ?? []) ? 'prompt_version.created' : 'model_version.created';
    case 'registered-model.tag':
      return prompt ? 'prompt_tag.set' : undefined;
    case 'registered-model.untag':
      return prompt ? 'prompt_tag.deleted' : undefined;
    case 'model-version.tag':
      return prompt ? 'prompt_version_tag.set' : 'model_version_tag.set';
    case 'model-version.untag':
      return prompt ? 'prompt_version_tag.deleted' : 'model_version_tag.deleted';
    case 'model-version.alias':
    case 'model-version.alias-undo':
    case 'model-version.unalias': {
      const action = (body.version ?? null) === null ? 'deleted' : 'created';
      return prompt ? `prompt_alias.${action}` : `model_version_alias.${action}`;
    }
    case 'deployment.record':
      return (event.body as DeploymentBody).changed ? 'deployment.changed' : 'deployment.created';
    case 'deployment.end':
    case 'deployment.roll-back':
      return 'deployment.ended';
    case 'deployment.correct':
    case 'deployment.retract':
      return 'deployment.changed';
    case 'endpoint.update':
      return 'endpoint.updated';
    case 'endpoint.delete':
      return 'endpoint.deleted';
    case 'endpoint.restore':
      return 'endpoint.restored';
    case 'taint.reach':
      return 'taint.reached';
    default:
      return undefined;
  }
}

/** Tags by which MLflow marks prompts; their template is told on its own. */
const promptMarks = new Set(['mlflow.prompt.is_prompt', '_mlflow_prompt_type']);
const promptText = 'mlflow.prompt.text';

/** The body of a delivery, as JSON. */
export function payloadOf(
  name: WebhookEvent,
  project: string,
  { action, body, recorded }: Pick<RecordedEvent, 'action' | 'body' | 'recorded'>,
): string {
  return envelope(name, project, recorded, dataFor(name, action, body));
}

function dataFor(name: WebhookEvent, action: string, body: unknown): object {
  if (/^(?:deployment|endpoint)\./.test(name)) return deploymentData(action, body as DeploymentBody);
  return name === 'taint.reached' ? taintData(body as TaintBody) : dataOf(name, body as EventBody);
}

/** Which model version derives from what is wrong now, and what that is. */
function taintData({ model, version, label, type, uri, of, since, note }: TaintBody): object {
  return { model, model_uid: version, wrong: { name: label, type, uri, uid: of, since, note } };
}

/** What happened to it, in a word. */
const changes: Readonly<Record<string, string>> = {
  'deployment.roll-back': 'rolled-back',
  'deployment.correct': 'corrected',
  'deployment.retract': 'retracted',
};

/** Members that an event does not tell are absent. Times are ms since 1970. */
function deploymentData(action: string, body: DeploymentBody): object {
  const { deployment, deployments, endpoint, slot, model, models, to, at, traffic, others, outcome } = body;
  const { started, ended, platform, note, description, changed, made } = body;
  return {
    ...{ deployment, deployments, endpoint, slot, model, models, at, traffic, others },
    change: changed ? 'traffic' : changes[action],
    rolled_back_to: to,
    ...{ outcome, started, ended, platform, note, description },
    new_endpoint: made,
  };
}

function envelope(name: WebhookEvent, project: string, instant: number, data: object): string {
  const [entity, action] = name.split('.');
  // As Python writes an instant, for receivers that read it with Python.
  const timestamp = new Date(instant).toISOString().replace('Z', '000+00:00');
  // Names are free in each project: a receiver of several must know which. A server without workspaces tells none.
  const workspace = project === defaultProjectName ? undefined : project;
  return JSON.stringify({ entity, action, timestamp, data, workspace });
}

function dataOf(name: WebhookEvent, body: EventBody): object {
  const tags = Object.fromEntries((body.tags ?? []).map(({ key, value }) => [key, value]));
  const plainTags = Object.fromEntries(Object.entries(tags).filter(([key]) => !promptMarks.has(key)));
  const version = String(body.version ?? '');
  const [tag] = body.tags ?? [];
  switch (name) {
    case 'registered_model.created':
      return { name: body.name, tags, description: body.description ?? '' };
    case 'prompt.created':
      return { name: body.name, tags: plainTags, description: body.description ?? '' };
    case 'model_version.created': {
      const { model, source } = body;
      return {
        name: model,
        version,
        source,
        run_id: body.run || null,
        tags,
        description: body.description || null,
      };
    }
    case 'prompt_version.created': {
      const { [promptText]: template = null, ...others } = plainTags;
      return { name: body.model, version, template, tags: others, description: body.description || null };
    }
    case 'prompt_tag.set':
      return { name: body.name, key: tag?.key, value: tag?.value };
    case 'prompt_tag.deleted':
      return { name: body.name, key: body.removed?.[0] };
    case 'model_version_tag.set':
    case 'prompt_version_tag.set':
      return { name: body.model, version, key: tag?.key, value: tag?.value };
    case 'model_version_tag.deleted':
    case 'prompt_version_tag.deleted':
      return { name: body.model, version, key: body.removed?.[0] };
    case 'model_version_alias.created':
    case 'prompt_alias.created':
      return { name: body.model, alias: body.alias, version };
    case 'model_version_alias.deleted':
    case 'prompt_alias.deleted':
      return { name: body.model, alias: body.alias };
    default:
      return {};
  }
}

/** What a test sends: nothing that is. */
export function examplePayload(name: WebhookEvent, project: string, now: number): string {
  const example = { name: 'example_model', version: '1', key: 'example_key', alias: 'example_alias' };
  const tags = { example_key: 'example_value' };
  const description = 'An example';
  const { key, alias, version } = example;
  const deployed = {
    deployment: '0123456789abcdef0123456789abcdef',
    ...{ endpoint: 'example/endpoint', slot: 'main', model: 'models:/example_model/1' },
  };
  const called = { name: name.startsWith('prompt') ? 'example_prompt' : 'example_model' };
  const data = {
    'registered_model.created': { ...called, tags, description },
    'prompt.created': { ...called, tags, description },
    'model_version.created': {
      ...called,
      version,
      source: 'models:/123',
      run_id: 'abcd1234abcd5678',
      tags,
      description,
    },
    'prompt_version.created': { ...called, version, template: 'Hello {{name}}!', tags, description },
    'prompt_tag.set': { ...called, key, value: tags.example_key },
    'prompt_tag.deleted': { ...called, key },
    'model_version_tag.set': { ...called, version, key, value: tags.example_key },
    'prompt_version_tag.set': { ...called, version, key, value: tags.example_key },
    'model_version_tag.deleted': { ...called, version, key },
    'prompt_version_tag.deleted': { ...called, version, key },
    'model_version_alias.created': { ...called, alias, version },
    'prompt_alias.created': { ...called, alias, version },
    'model_version_alias.deleted': { ...called, alias },
    'prompt_alias.deleted': { ...called, alias },
    'budget_policy.exceeded': {
      budget_policy_id: 'bp-abc123',
      budget_unit: 'USD',
      budget_amount: 100,
      current_spend: 105.5,
    },
    'deployment.created': { ...deployed, traffic: 100, others: 'end', at: now },
    'deployment.changed': { ...deployed, traffic: 50, others: 'share', at: now, change: 'traffic' },
    'deployment.ended': {
      ...{ deployments: [deployed.deployment], endpoint: deployed.endpoint, slot: deployed.slot },
      ...{ models: [deployed.model], at: now, outcome: 'retired' },
    },
    'endpoint.updated': { endpoint: deployed.endpoint, description },
    'endpoint.deleted': { endpoint: deployed.endpoint, ended: 1 },
    'endpoint.restored': { endpoint: deployed.endpoint },
    'taint.reached': taintData({
      ...{
        model: deployed.model,
        version: deployed.deployment,
        label: 'example@v1',
        type: 'dataset-version',
      },
      ...{ uri: null, of: deployed.deployment, since: null, note: 'An example' },
    }),
  } satisfies Record<WebhookEvent, object>;
  return envelope(name, project, now, data[name]);
}

/** The id, the instant (s) of this attempt, and the signature of both and the body, if there is a secret. */
export function headersOf(
  id: string,
  now: number,
  body: string,
  secret: string | undefined,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'cairn-webhooks',
    'X-MLflow-Delivery-Id': id,
    'X-MLflow-Timestamp': timestamp,
  };
  if (secret !== undefined) {
    const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
    headers['X-MLflow-Signature'] = `v1,${mac}`;
  }
  return headers;
}
