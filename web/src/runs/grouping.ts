/** What the runs of a table may be grouped by, and the runs of one group. In the URL: `params.<key>`, `tags.<key>`, `run.state`, … joined by commas. */
import { fieldText, literalText, withClause } from '../filter/field-text.ts';
import type { Column } from './columns.ts';

/** Fields of one grouping. */
export const mostGroupFields = 2;

const groupAttributes = {
  state: { title: 'State', field: 'attributes.status' },
  user: { title: 'User', field: 'attributes.user_id' },
} as const;

/** A field that every run of a group has one value of. */
export interface GroupField {
  /** As it stands in the URL. */
  readonly token: string;
  readonly title: string;
  /** In the words of the filter. */
  readonly field: string;
}

function groupFieldOf(token: string): GroupField | undefined {
  const [scope, key] = [token.slice(0, token.indexOf('.')), token.slice(token.indexOf('.') + 1)];
  if (key === '' || scope === '') return undefined;
  if (scope === 'params' || scope === 'tags') return { token, title: key, field: fieldText(scope, key) };
  const known = groupAttributes[key as keyof typeof groupAttributes];
  return scope === 'run' && known !== undefined ? { token, ...known } : undefined;
}

export function groupFieldsOf(text: string | undefined): GroupField[] {
  const tokens = [...new Set((text ?? '').split(',').map((part) => part.replaceAll('%2C', ',')))];
  return tokens.flatMap((token) => groupFieldOf(token) ?? []).slice(0, mostGroupFields);
}

export function groupText(tokens: readonly string[]): string | undefined {
  return tokens.length === 0 ? undefined : tokens.map((token) => token.replaceAll(',', '%2C')).join(',');
}

/** Fields that the columns of the table offer, and those that every run has. */
export function offeredFields(columns: readonly Column[], chosen: readonly GroupField[]): GroupField[] {
  const tokens = new Set([
    ...chosen.map(({ token }) => token),
    ...columns.flatMap(({ scope, key }) =>
      scope === 'param' ? [`params.${key}`] : scope === 'tag' ? [`tags.${key}`] : [],
    ),
    ...Object.keys(groupAttributes).map((key) => `run.${key}`),
  ]);
  return [...tokens].flatMap((token) => groupFieldOf(token) ?? []);
}

export type GroupValue = string | number | null;

/** The filter that the runs of a group pass, beside the table's; undefined where the grammar cannot write it. */
export function groupFilter(
  filter: string,
  fields: readonly GroupField[],
  values: readonly GroupValue[],
): string | undefined {
  let result = filter;
  for (const [index, { field }] of fields.entries()) {
    const value = values[index] ?? null;
    const literal = value === null ? undefined : literalText(String(value));
    if (value !== null && literal === undefined) return undefined;
    result = withClause(result, value === null ? `${field} IS NULL` : `${field} = ${literal}`);
  }
  return result;
}
