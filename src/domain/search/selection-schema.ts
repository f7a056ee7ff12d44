/** How a body says which runs. */
import { Type } from '../../kernel/schema.ts';

export const viewSchema = Type.Enum(['active', 'deleted', 'all'], { default: 'active' });
const filterLimit = 64 * 1024;

export const Selection = {
  experiments: Type.Array(Type.String(), { maxItems: 1000, description: 'Ids of experiments.' }),
  filter: Type.Optional(Type.String({ maxLength: filterLimit, description: 'See docs/guide/search.md.' })),
  view: Type.Optional(viewSchema),
};
