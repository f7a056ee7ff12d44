export type { CompareOperator, Field, Filter, Literal, Order } from '../../engines/search/ast.ts';
export { SyntaxFault } from '../../engines/search/lexer.ts';
export { searchLimits } from '../../engines/search/limits.ts';
export {
  parseSyntax,
  type SyntaxComparison,
  type SyntaxNode,
  type SyntaxOperand,
} from '../../engines/search/parser.ts';
export {
  attributeOf,
  inContexts,
  integer,
  isStorable,
  keysOf,
  nameContains,
  nodeName,
  property,
  type SearchedRecords,
  textRules,
} from './fields/layouts.ts';
export { parseNativeField, parseNativeFilter, parseNativeOrder } from './fields/native-grammar.ts';
export { findOperations } from './find/find-operations.ts';
export { Finder } from './find/finder.ts';
export { checkRankings, rebuildRankings } from './rankings/ranking-check.ts';
export { forgetRanked } from './rankings/ranking-store.ts';
export { findRecords, seekLimits } from './records/record-search.ts';
export type { Column, Columns } from './search.ts';
export { searchOperations } from './search-operations.ts';
export { Search } from './searches.ts';
