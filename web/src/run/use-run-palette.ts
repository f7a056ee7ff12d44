/** What the palette offers on the page of a run, and that the run was opened. */
import { useNavigate } from '@tanstack/react-router';
import type { Run } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import { type PaletteAction, usePaletteActions } from '../palette/palette-state.ts';
import { useRecent } from '../palette/recent.ts';
import { copyAndTell } from '../ui/copy-button.tsx';
import { experimentUrl, lineageUrl, runUrl } from '../urls.ts';

export function useRunPalette(project: string, run: Run | undefined, experiment: string | undefined): void {
  const { site } = useProject();
  const navigate = useNavigate();
  useRecent(
    project,
    run === undefined || experiment === undefined
      ? undefined
      : { kind: 'run', id: run.id, name: run.name, within: experiment },
  );
  const actions: readonly PaletteAction[] =
    run === undefined
      ? []
      : [
          { text: 'Copy the id of this run', icon: 'copy', run: () => void copyAndTell(run.id) },
          { text: 'Copy the name of this run', icon: 'copy', run: () => void copyAndTell(run.name) },
          {
            text: `Runs of ${experiment ?? 'its experiment'}`,
            icon: 'left',
            also: 'go to table back',
            run: () => void navigate(experimentUrl(run.experiment, site)),
          },
          {
            text: 'Lineage of this run',
            icon: 'lineage',
            also: 'graph derives impact ancestry',
            run: () => void navigate(lineageUrl(run.id, site)),
          },
          {
            text: 'Events of this run',
            icon: 'right',
            also: 'go to history log',
            run: () => void navigate(runUrl(run.id, { ...site, tab: 'events' })),
          },
        ];
  usePaletteActions(actions);
}
