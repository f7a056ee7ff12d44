/** The order of experiments, and which of them a view shows. */
import type { Order } from '../../../engines/search/ast.ts';
import type { SortColumn } from '../../../engines/search/order.ts';
import { rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import type { View } from '../../contexts/index.ts';

export function ownView(view: View): Sql {
  return view === 'all' ? sql`` : sql` AND n.deleted = ${view === 'deleted' ? 1 : 0}`;
}

export function byNumber(descending: boolean): SortColumn {
  return { value: rawSql('n.id'), type: 'integer', descending, nullable: false };
}

/** The latest made first, those of one instant by their ids. */
export const experimentOrder: readonly Order[] = [
  { field: { kind: 'attribute', name: 'created' }, descending: true, natural: false },
  { field: { kind: 'attribute', name: 'number' }, descending: false, natural: false },
];

/** Ids of experiments are numbers: `10` comes after `9`. */
export function numbered(order: Order): Order {
  const isId = order.field.kind === 'attribute' && order.field.name === 'id';
  return isId ? { ...order, field: { kind: 'attribute', name: 'number' } } : order;
}
