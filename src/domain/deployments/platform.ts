/** What a deployment runs on: a kind, and the facts that this kind has. Each fact is held against the kind's own rules. */
import { invalid } from '../../kernel/errors.ts';
import { type Static, Type } from '../../kernel/schema.ts';

const platformKinds = [
  'kserve',
  'seldon',
  'triton',
  'tf-serving',
  'sagemaker',
  'kubernetes',
  'batch',
  'other',
] as const;
type PlatformKind = (typeof platformKinds)[number];

const text = (description: string, maxLength = 253) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }));

export const PlatformWire = Type.Object(
  {
    kind: Type.Enum([...platformKinds]),
    url: text('Where it answers: http, https, grpc or grpcs.', 2_048),
    image: text('Container image, with its tag or digest.', 512),
    replicas: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    config: Type.Optional(
      Type.Record(Type.String(), Type.Any(), {
        description: 'What else was set, as JSON, at most 16 KiB.',
      }),
    ),
    namespace: text('kserve, seldon, kubernetes: of the cluster.', 63),
    cluster: text('kserve, seldon, kubernetes, batch, other: which cluster.'),
    service: text('kserve: name of the InferenceService.', 63),
    revision: text('kserve: of the InferenceService.'),
    runtime: text('kserve: the ServingRuntime.'),
    deployment: text('seldon: name of the SeldonDeployment.', 63),
    predictor: text('seldon: which predictor of it.', 63),
    workload: text('kubernetes: name of the Deployment, StatefulSet or Job.'),
    modelName: text('triton, tf-serving: what the model is called there.'),
    modelVersion: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'triton, tf-serving: its number there.',
      }),
    ),
    repository: text('triton, tf-serving: where the server loads models from.', 2_048),
    backend: text('triton: the backend.'),
    signature: text('tf-serving: signature of the SavedModel.'),
    region: text('sagemaker, batch, other: where.', 63),
    account: text('sagemaker: 12 digits.', 12),
    endpointName: text('sagemaker: the endpoint.', 63),
    endpointConfig: text('sagemaker: its configuration.', 63),
    variant: text('sagemaker: the production variant.', 63),
    instanceType: text('sagemaker: ml.m5.xlarge', 63),
    job: text('batch: name of the job.'),
    schedule: text('batch: cron expression, or words.'),
    output: text('batch: where predictions are written.', 2_048),
    name: text('other: what it is.'),
  },
  { title: 'Platform', additionalProperties: false },
);
export type Platform = Static<typeof PlatformWire>;
type Fact = Exclude<keyof Platform, 'kind'>;

const everywhere: readonly Fact[] = ['url', 'image', 'replicas', 'config'];
const factsOf: Readonly<Record<PlatformKind, readonly Fact[]>> = {
  kserve: ['cluster', 'namespace', 'service', 'revision', 'runtime'],
  seldon: ['cluster', 'namespace', 'deployment', 'predictor'],
  triton: ['modelName', 'modelVersion', 'repository', 'backend'],
  'tf-serving': ['modelName', 'modelVersion', 'repository', 'signature'],
  sagemaker: ['region', 'account', 'endpointName', 'endpointConfig', 'variant', 'instanceType'],
  kubernetes: ['cluster', 'namespace', 'workload'],
  batch: ['cluster', 'region', 'job', 'schedule', 'output'],
  other: ['name', 'cluster', 'region'],
};

const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const awsName = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const rules: Readonly<Partial<Record<Fact, { readonly shape: RegExp; readonly like: string }>>> = {
  namespace: { shape: label, like: 'small letters, digits and dashes' },
  service: { shape: label, like: 'small letters, digits and dashes' },
  deployment: { shape: label, like: 'small letters, digits and dashes' },
  image: { shape: /^[\w.:/@+-]+$/, like: 'like registry.example/scoring:1.4' },
  account: { shape: /^\d{12}$/, like: '12 digits' },
  endpointName: { shape: awsName, like: 'letters, digits and single dashes' },
  endpointConfig: { shape: awsName, like: 'letters, digits and single dashes' },
  variant: { shape: awsName, like: 'letters, digits and single dashes' },
  instanceType: { shape: /^ml\.[a-z0-9-]+\.[a-z0-9]+$/, like: 'like ml.m5.xlarge' },
};
const awsRegion = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** Characters of `config` as JSON. */
export const configLimit = 16_384;
/** How deep `config` may nest. */
export const configDepth = 20;

/** Holds it against the kind: facts that the kind has, in the form they have there. */
export function checkPlatform(platform: Platform | undefined, field = 'platform'): void {
  if (platform === undefined) return;
  const known = [...everywhere, ...factsOf[platform.kind]];
  for (const [fact, value] of Object.entries(platform)) {
    if (fact === 'kind' || value === undefined) continue;
    const where = `${field}.${fact}`;
    if (!known.includes(fact as Fact)) {
      throw invalid(where, `${where} is no fact of ${platform.kind}, which has ${known.join(', ')}`);
    }
    if (typeof value === 'string' && /\p{Cc}/u.test(value)) {
      throw invalid(where, `${where} must not contain control characters`);
    }
    const rule = rules[fact as Fact];
    if (rule !== undefined && !rule.shape.test(String(value)))
      throw invalid(where, `${where} must be ${rule.like}`);
  }
  if (platform.kind === 'sagemaker' && platform.region !== undefined && !awsRegion.test(platform.region)) {
    throw invalid(`${field}.region`, `${field}.region must be a region like eu-central-1`);
  }
  if (platform.url !== undefined) checkUrl(`${field}.url`, platform.url);
  if (platform.config !== undefined) checkConfig(`${field}.config`, platform.config);
}

/**
 * What a producer tells of a platform, as far as that is what Cairn knows of platforms: a kind of its own is `other` by that name, and
 * facts that the kind has not, or that are none, are left out.
 */
export function platformFrom(told: unknown, isGood: (platform: Platform) => boolean): Platform | undefined {
  if (typeof told !== 'object' || told === null || Array.isArray(told)) return undefined;
  const { kind: word, ...facts } = told as Readonly<Record<string, unknown>>;
  if (typeof word !== 'string' || word === '') return undefined;
  const kind = platformKinds.find((known) => known === word) ?? 'other';
  let platform: Platform = { kind };
  const all = kind === word ? facts : { ...facts, name: word };
  for (const fact of [...everywhere, ...factsOf[kind]]) {
    const value = all[fact];
    if (!isFact(fact, value)) continue;
    const more = { ...platform, [fact]: value } as Platform;
    if (isGood(more)) platform = more;
  }
  return platform;
}

function isFact(fact: Fact, value: unknown): boolean {
  if (fact === 'config') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (fact === 'replicas' || fact === 'modelVersion')
    return Number.isSafeInteger(value) && (value as number) >= (fact === 'replicas' ? 0 : 1);
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= ((PlatformWire.properties[fact] as { maxLength?: number }).maxLength ?? 0)
  );
}

/** It is shown as a link, and never fetched. */
function checkUrl(field: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^(https?|grpcs?):$/.test(url.protocol) || url.hostname === '') {
    throw invalid(
      field,
      `${field} must be an address that begins with http://, https://, grpc:// or grpcs://`,
    );
  }
  if (url.username !== '' || url.password !== '') throw invalid(field, `${field} must not hold a password`);
}

function checkConfig(field: string, config: object): void {
  if (depthOf(config) > configDepth) throw invalid(field, `${field} nests deeper than ${configDepth} levels`);
  const json = JSON.stringify(config, jsonSafe);
  if (json.length > configLimit)
    throw invalid(field, `${field} is longer than ${configLimit} characters of JSON`);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const part of Object.values(value)) deepest = Math.max(deepest, depthOf(part));
  return deepest + 1;
}

/** Whole numbers beyond 2^53 come as bigint, which JSON has no word for. */
const jsonSafe = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

/** The same facts, the same text: keys in their order. */
export function platformText(platform: Platform): string {
  return JSON.stringify(sorted(platform), jsonSafe);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines `__proto__` as a key like any other.
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
