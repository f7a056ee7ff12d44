export { eventOperations } from './event-operations.ts';
export { nodeOperations } from './node-operations.ts';
