export { Retention } from './retention.ts';
export { retentionOperations } from './retention-operations.ts';
