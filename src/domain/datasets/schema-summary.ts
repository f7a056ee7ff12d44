/** The columns that a schema tells, in the forms that MLflow's clients write it. Any other text tells none. */
import { parseJsonText } from '../../kernel/json.ts';

export interface SchemaSummary {
  /** The first of them. */
  readonly columns: { readonly name: string; readonly type: string }[];
  readonly total: number;
}

/** Columns that a summary shows. */
const shownColumns = 100;

/** Null where the text tells no columns. */
export function schemaSummary(text: string | undefined): SchemaSummary | null {
  if (text === undefined || text === '') return null;
  let schema: unknown;
  try {
    schema = parseJsonText(text, 'schema');
  } catch {
    return null;
  }
  const columns = columnSpecs(schema) ?? tensorSpecs(schema);
  return columns && { columns: columns.slice(0, shownColumns), total: columns.length };
}

/** `{"mlflow_colspec": [{"type": "double", "name": "x", …}]}` of data frames. */
function columnSpecs(schema: unknown): SchemaSummary['columns'] | undefined {
  const specs = field(schema, 'mlflow_colspec');
  if (!Array.isArray(specs)) return undefined;
  return specs.map((spec, index) => {
    const type = field(spec, 'type');
    return { name: word(field(spec, 'name')) ?? String(index), type: word(type) ?? 'object' };
  });
}

/** `{"mlflow_tensorspec": {"features": …, "targets": …}}` of arrays: one spec, or one by name. */
function tensorSpecs(schema: unknown): SchemaSummary['columns'] | null {
  const tensors = field(schema, 'mlflow_tensorspec');
  if (tensors === undefined || tensors === null) return null;
  return ['features', 'targets'].flatMap((part) => {
    const found = field(tensors, part);
    const specs: unknown[] =
      typeof found === 'string' ? parsedList(found) : Array.isArray(found) ? found : [];
    return specs.map((spec) => {
      const tensor = field(spec, 'tensor-spec');
      const shape = field(tensor, 'shape');
      const type = word(field(tensor, 'dtype')) ?? 'tensor';
      return {
        name: word(field(spec, 'name')) ?? part,
        type: Array.isArray(shape) ? `${type}[${shape.map(String).join(', ')}]` : type,
      };
    });
  });
}

function parsedList(text: string): unknown[] {
  try {
    const value = parseJsonText(text, 'schema');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** Names come from outside: a page shows the beginning of a long one. */
function word(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, 500).toWellFormed() : undefined;
}
