export { type Change, faceCodes, type RecordedEvent } from './event.ts';
export { countChange, countChanges, type EventFilter } from './event-store.ts';
export { Events } from './events.ts';
export { type ChangeTx, type EventTx, eventTx, Journal } from './journal.ts';
export { checkLog } from './log-check.ts';
