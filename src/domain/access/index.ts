export { Access, principals } from './access.ts';
