export {
  type Aggregate,
  aggregates,
  type CompareOperator,
  type DatasetAttribute,
  type Field,
  type Filter,
  type Literal,
  type Order,
} from '../../engines/search/ast.ts';
export { type NamePart, type Span, SyntaxFault } from '../../engines/search/lexer.ts';
export { searchLimits } from '../../engines/search/limits.ts';
export {
  type ParseOptions,
  parseSyntax,
  parseSyntaxOrder,
  type SyntaxComparison,
  type SyntaxNode,
  type SyntaxOperand,
  type SyntaxOrder,
} from '../../engines/search/parser.ts';
export {
  attributeOf,
  inContexts,
  integer,
  isStorable,
  keysOf,
  nameContains,
  nodeSeek,
  property,
  type SearchedRecords,
  textRules,
} from './fields/layouts.ts';
export { parseNativeField, parseNativeFilter, parseNativeOrder } from './fields/native-grammar.ts';
export { findOperations } from './find/find-operations.ts';
export { Finder } from './find/finder.ts';
export { checkRankings, rebuildRankings } from './rankings/ranking-check.ts';
export { findRecords, type RecordPage, seekLimits } from './records/record-search.ts';
export type {
  Column,
  ColumnSearch,
  Columns,
  ExperimentActivity,
  ExperimentPulse,
  ExperimentSearch,
  FoundRun,
  RunColumns,
  RunSearch,
  RunSelection,
} from './search.ts';
export { searchOperations } from './search-operations.ts';
export { Search } from './searches.ts';
