/** Query parameters are text; the schema of the operation says what each of them stands for. */
import { invalid } from '../../kernel/errors.ts';
import { parseWith, type TSchema } from '../../kernel/schema.ts';

interface PropertySchema {
  readonly type?: string;
  readonly default?: unknown;
}

/** Characters of an unknown name that an error repeats. */
const shownLimit = 300;

export function readQuery(schema: TSchema | undefined, query: URLSearchParams): Record<string, unknown> {
  const properties =
    (schema as { properties?: Record<string, PropertySchema> } | undefined)?.properties ?? {};
  const values: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    if (!Object.hasOwn(properties, name)) {
      const shown = name.length > shownLimit ? `${name.slice(0, shownLimit).toWellFormed()}…` : name;
      throw invalid(shown, `${shown} is not a query parameter of this operation`);
    }
    const given = query.getAll(name);
    if (given.length > 1 && properties[name]?.type !== 'array') throw invalid(name, `${name} is given twice`);
    values[name] = properties[name]?.type === 'array' ? given : spelt(given[0]!, properties[name]?.type);
  }
  for (const [name, property] of Object.entries(properties)) {
    if (values[name] === undefined && property.default !== undefined) values[name] = property.default;
  }
  if (schema !== undefined) parseWith(schema, values, '');
  return values;
}

/** The number or boolean a text spells; otherwise the text, which the schema then refuses. */
function spelt(text: string, type: string | undefined): unknown {
  if (type === 'integer' || type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
