import type { Uid } from '../../kernel/ids.ts';

/** What a logged model is called outside: `m-` and its uid, the form that MLflow's clients know. */
export function modelIdOf(uid: Uid): string {
  return `m-${uid}`;
}

/** The uid in a model's id; undefined for a text that is none. */
export function uidOfModel(id: string): Uid | undefined {
  return /^m-[0-9a-f]{32}$/.test(id) ? (id.slice(2) as Uid) : undefined;
}
