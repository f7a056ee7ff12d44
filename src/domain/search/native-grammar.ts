/** The native language of filters and orders (docs/reference/search.md): MLflow's words and more. */
import type { Filter, Order } from '../../engines/search/ast.ts';
import { CairnError } from '../../kernel/errors.ts';

/** `invalid_argument` on `filter` with the place in the text; an empty text is every run. */
export function parseNativeFilter(_text: string): Filter {
  throw new CairnError('not_implemented', '');
}

/** One key of an order: `metrics.loss.min asc`. `invalid_argument` on `field` with the place in the text. */
export function parseNativeOrder(_text: string, _field = 'order'): Order {
  throw new CairnError('not_implemented', '');
}
