/** Which tab a run's page opens on: the charts, or, where no metric has a course, what there is instead. */
import type { Run } from '../api/types.ts';
import type { ArtifactRoot } from '../artifacts/artifact-browser.tsx';
import { recognise } from '../evaluation/recognise.ts';
import { useRunFiles } from '../evaluation/use-run-files.ts';
import type { RunTab } from '../urls.ts';

export function useFirstTab(options: {
  project: string;
  run: Run;
  /** Metrics that are drawn. */
  curves: number;
  children: number;
  root: ArtifactRoot;
}): RunTab {
  const { project, run, curves, children, root } = options;
  // A curve may come while a run lasts; its page does not turn to something else before.
  const isLeft = curves === 0 && run.state !== 'running';
  const hasFiles = (root.listing?.entries.length ?? 0) > 0;
  const files = useRunFiles(project, { kind: 'run', id: run.id }, isLeft && children === 0 && hasFiles);
  if (!isLeft) return 'charts';
  if (children > 0) return 'children';
  if (!hasFiles) return 'charts';
  // Until the files are looked through, the evaluation shows the shape of what comes.
  const shows = files.data?.files.some(({ path }) => recognise(path) !== undefined) ?? !files.isError;
  return shows ? 'evaluation' : 'artifacts';
}
