export { Access, principals, seenIn, sees } from './access.ts';
