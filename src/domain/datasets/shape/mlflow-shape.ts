/**
 * Schemas and profiles as MLflow's clients write them with an input (mlflow.data: pandas, polars, Spark, Hugging Face,
 * NumPy, TensorFlow). Any other text tells nothing.
 */
import { countOf, flagOf, listOf, member, numberOf, objectOf, readJson, textOf } from './json-parts.ts';
import type { Field, Statistics } from './shape.ts';

/** Undefined where the text tells no fields. */
export function mlflowSchema(text: string | undefined): Field[] | undefined {
  const schema = readJson(text);
  const columns = listOf(member(schema, 'mlflow_colspec'));
  if (columns !== undefined) return columns.map(columnField);
  const tensors = objectOf(member(schema, 'mlflow_tensorspec'));
  if (tensors === undefined) return undefined;
  return ['features', 'targets'].flatMap((part) => tensorFields(part, member(tensors, part)));
}

/** `{"type": "double", "name": "x", "required": true}`; a column without a name is called by its place. */
function columnField(spec: unknown, index: number): Field {
  const required = flagOf(member(spec, 'required'));
  return {
    name: textOf(member(spec, 'name')) ?? String(index),
    ...typeOf(spec, 1),
    ...(required !== undefined && { nullable: !required }),
  };
}

/** Types nest: `array` has `items`, `map` has `values`, `object` has `properties`. */
function typeOf(spec: unknown, depth: number): Pick<Field, 'type' | 'fields'> {
  // The type of a column is an object where it nests, in some versions of the client.
  const told = member(spec, 'type');
  const inner = objectOf(told) ?? spec;
  const type = textOf(member(inner, 'type')) ?? 'object';
  if (depth > 20) return { type };
  if (type === 'array' || type === 'map') {
    const items = member(inner, type === 'array' ? 'items' : 'values');
    if (objectOf(items) === undefined) return { type };
    const of = typeOf(items, depth + 1);
    return { ...of, type: `${type}<${of.type}>` };
  }
  const properties = objectOf(member(inner, 'properties'));
  if (properties === undefined) return { type };
  const fields = Object.entries(properties).map(([name, property]) => {
    const required = flagOf(member(property, 'required'));
    return {
      name,
      ...typeOf(property, depth + 1),
      ...(required !== undefined && { nullable: !required }),
    };
  });
  return { type, fields };
}

/** One tensor, or one by name; the client writes the list as JSON in a text. */
function tensorFields(part: string, value: unknown): Field[] {
  const specs = typeof value === 'string' ? listOf(readJson(value)) : listOf(value);
  return (specs ?? []).map((spec) => {
    const tensor = member(spec, 'tensor-spec');
    const shape = listOf(member(tensor, 'shape'));
    const type = textOf(member(tensor, 'dtype')) ?? 'tensor';
    return {
      name: textOf(member(spec, 'name')) ?? part,
      type: shape === undefined ? type : `${type}[${shape.map(String).join(', ')}]`,
    };
  });
}

/** Figures that a profile has under other names; the rest of it is kept under its own. */
const known = new Set([
  'num_rows',
  'approx_count',
  'dataset_size',
  'size_in_bytes',
  'features_nbytes',
  'targets_nbytes',
]);

/** Undefined where the text tells no figures. */
export function mlflowProfile(text: string | undefined): Statistics | undefined {
  const profile = objectOf(readJson(text));
  if (profile === undefined) return undefined;
  const rows =
    countOf(profile.num_rows) ?? countOf(profile.approx_count) ?? firstLength(profile.features_shape);
  const bytes = countOf(profile.dataset_size) ?? arrayBytes(profile);
  const others = Object.entries(profile).flatMap(([name, value]) => {
    if (known.has(name) && numberOf(value) !== undefined) return [];
    const shown = textOf(value) ?? (typeof value === 'object' && value !== null ? JSON.stringify(value) : '');
    return shown === '' ? [] : [{ name, value: shown.slice(0, 2_000).toWellFormed() }];
  });
  const approximate = profile.num_rows === undefined && countOf(profile.approx_count) !== undefined;
  if (approximate) others.push({ name: 'row count', value: 'approximate' });
  if (rows === undefined && bytes === undefined && others.length === 0) return undefined;
  return { rows, bytes, columns: [], ...(others.length > 0 && { others }) };
}

/** Of an array its first dimension, of arrays by name that of the first, if they agree. */
function firstLength(shape: unknown): number | undefined {
  const shapes = objectOf(shape) === undefined ? [shape] : Object.values(shape as object);
  const lengths = new Set(shapes.map((each) => countOf(listOf(each)?.[0])));
  return lengths.size === 1 ? [...lengths][0] : undefined;
}

function arrayBytes({ features_nbytes, targets_nbytes }: Readonly<Record<string, unknown>>) {
  const features = bytesIn(features_nbytes);
  return features === undefined ? undefined : features + (bytesIn(targets_nbytes) ?? 0);
}

function bytesIn(value: unknown): number | undefined {
  const parts = Object.values(objectOf(value) ?? { value }).map(countOf);
  return parts.includes(undefined) ? undefined : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}
