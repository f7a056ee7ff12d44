/**
 * The one home of the schema library (TypeBox): a schema is a JSON Schema value and a type at once, so validation,
 * OpenAPI 3.1 and TypeScript never disagree.
 */
export { type Static, type TSchema, Type } from 'typebox';

import { createRequire } from 'node:module';
import type { TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { invalid } from './errors.ts';

const compiled = new WeakMap<TSchema, Validator>();

/** The compiler is 300 files (65 ms): the first body waits for them, not every start. */
const load = createRequire(import.meta.url);
function compile(schema: TSchema): Validator {
  return (load('typebox/compile') as typeof import('typebox/compile')).Compile(schema);
}

/** The value, known to fit the schema; otherwise `invalid_argument` naming the first offending field. */
export function parseWith(schema: TSchema, value: unknown, root: string): void {
  let validator = compiled.get(schema);
  if (validator === undefined) {
    validator = compile(schema);
    compiled.set(schema, validator);
  }
  if (validator.Check(value)) return;
  const [first] = validator.Errors(value);
  const path = first === undefined ? '' : fieldPath(first.instancePath);
  const field = [root, path].filter(Boolean).join(path.startsWith('[') ? '' : '.') || 'body';
  throw invalid(field, `${field} ${first?.message ?? 'is not acceptable'}`);
}

/** `/tags/3/key` → `tags[3].key`. */
function fieldPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    );
}
