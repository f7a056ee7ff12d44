/** What an MLmodel file says, made ready for people: signature, flavours, how to load it. Pure; anything may be missing. */

/** One input, output or parameter. */
export interface Field {
  /** `-` for the only tensor of a model. */
  readonly name: string;
  /** `long`, `tensor float32`, `array<string>`. */
  readonly type: string;
  /** `(-1, 64)`; '' where it has none. */
  readonly shape: string;
  /** Of a parameter. */
  readonly fallback?: string;
  readonly required?: boolean;
}

export interface Mlmodel {
  readonly inputs: readonly Field[] | undefined;
  readonly outputs: readonly Field[] | undefined;
  readonly params: readonly Field[] | undefined;
  /** Name and what it says, such as `sklearn` → `sklearn_version 1.7, pickled_model model.pkl`. */
  readonly flavours: readonly (readonly [name: string, facts: readonly (readonly [string, string])[]])[];
  /** Whole file name, to be read beside the MLmodel. */
  readonly exampleFiles: readonly string[];
  readonly modelId: string | undefined;
  readonly runId: string | undefined;
  /** Where the model lies below the run's artifacts, by an older client. */
  readonly artifactPath: string | undefined;
  readonly mlflowVersion: string | undefined;
  readonly created: string | undefined;
  readonly bytes: number | undefined;
}

/** `yaml` is the parsed file. Throws a sentence where it is no MLmodel. */
export function mlmodelOf(yaml: unknown): Mlmodel {
  const root = record(yaml);
  if (root.flavors === undefined && root.signature === undefined && root.artifact_path === undefined)
    throw new Error('It names no flavours: it is no MLmodel file.');
  const signature = record(root.signature);
  const example = record(root.saved_input_example_info);
  const examples = [example.serving_input_path, example.artifact_path].flatMap((path) => text(path) ?? []);
  return {
    inputs: fields(signature.inputs),
    outputs: fields(signature.outputs),
    params: fields(signature.params),
    flavours: Object.entries(record(root.flavors)).map(([name, facts]) => [name, factsOf(record(facts))]),
    exampleFiles: [...new Set(examples)],
    modelId: text(root.model_id),
    runId: text(root.run_id),
    artifactPath: text(root.artifact_path),
    mlflowVersion: text(root.mlflow_version),
    created: text(root.utc_time_created),
    bytes: typeof root.model_size_bytes === 'number' ? root.model_size_bytes : undefined,
  };
}

/** Lines of Python that load the model from this server. */
export function loadingCode(model: Mlmodel, uri: string, server: string): string {
  const own = model.flavours.map(([name]) => name).filter((name) => name !== 'python_function');
  const python = model.flavours.some(([name]) => name === 'python_function');
  const flavour = own.length > 0 && knownFlavours.has(own[0]!) ? own[0]! : undefined;
  return [
    'import mlflow',
    `mlflow.set_tracking_uri("${server}")`,
    ...(python || flavour === undefined ? [`model = mlflow.pyfunc.load_model("${uri}")`] : []),
    ...(flavour === undefined
      ? []
      : [`${python ? '# or the native object: ' : ''}model = mlflow.${flavour}.load_model("${uri}")`]),
  ].join('\n');
}

const knownFlavours: ReadonlySet<string> = new Set(
  'catboost h2o keras langchain lightgbm onnx paddle pmdarima prophet pytorch sentence_transformers sklearn spacy spark statsmodels tensorflow transformers xgboost'.split(
    ' ',
  ),
);

/** The signature's parts are JSON texts inside of the YAML. */
function fields(value: unknown): Field[] | undefined {
  let list: unknown = value;
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  return Array.isArray(list) ? list.map((item) => fieldOf(record(item))) : undefined;
}

function fieldOf(item: Readonly<Record<string, unknown>>): Field {
  const tensor = record(item['tensor-spec']);
  const shape = item['tensor-spec'] === undefined ? item.shape : tensor.shape;
  const isTensor = item['tensor-spec'] !== undefined;
  return {
    name: text(item.name) ?? '-',
    type: isTensor ? `tensor ${text(tensor.dtype) ?? ''}`.trim() : typeText(item),
    shape: Array.isArray(shape) ? `(${shape.join(', ')})` : '',
    ...('default' in item ? { fallback: JSON.stringify(item.default) } : {}),
    ...(typeof item.required === 'boolean' ? { required: item.required } : {}),
  };
}

/** Nested types in one line: `array<{name: string, scores: array<double>}>`. */
function typeText(item: Readonly<Record<string, unknown>>): string {
  const type = text(item.type) ?? 'any';
  if (type === 'array') return `array<${typeText(record(item.items))}>`;
  if (type === 'map') return `map<string, ${typeText(record(item.values))}>`;
  if (type !== 'object') return type;
  const members = Object.entries(record(item.properties)).map(
    ([name, inside]) => `${name}: ${typeText(record(inside))}`,
  );
  return `{${members.join(', ')}}`;
}

function factsOf(facts: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== '' && value !== undefined)
    .map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
