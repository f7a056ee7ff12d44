export { Access, principals, seenIn, sees, systemContext } from './access.ts';
