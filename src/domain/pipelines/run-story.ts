/** What events that are recorded together say of runs. */
import type { NodeId } from '../../kernel/ids.ts';
import type { NewEvent } from './event-recorder.ts';
import type { PlaceName, RunEvent } from './lineage-event.ts';
import type { Mentions, NamedDerivation } from './mentions.ts';
import type { RunPicture } from './run-state.ts';
import type { parentsOf } from './standard-facets.ts';

/** One event, with the records that it names. */
export interface ToldRun extends NewEvent<RunEvent> {
  readonly run: NodeId;
  readonly job: NodeId;
  readonly mentions: Mentions;
  readonly derivations: readonly NamedDerivation[];
  readonly parents: ReturnType<typeof parentsOf>;
  /** Datasets that it says the run wrote. */
  readonly targets: readonly PlaceName[];
}

/** All of them that are about one run. */
export interface RunStory {
  readonly run: NodeId;
  /** Nobody had named it before. */
  readonly isNew: boolean;
  /** Earlier events told that it serves something. */
  readonly serves: boolean;
  readonly told: readonly ToldRun[];
  readonly before: RunPicture;
  /** As it is with them. */
  readonly picture: RunPicture;
}
