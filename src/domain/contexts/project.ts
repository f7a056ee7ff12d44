import type { ProjectId } from '../../kernel/ids.ts';

/** The outermost group: every row of the store carries one. A context node of type `project`. */
export interface Project {
  readonly id: ProjectId;
  readonly name: string;
  readonly description: string | null;
  /** ms */
  readonly created: number;
}
