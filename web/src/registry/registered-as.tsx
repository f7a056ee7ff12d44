/** Versions that were made of a run, or of one logged model: nothing where there are none. */
import { useQuery } from '@tanstack/react-query';
import { versionsOfRunQuery } from '../api/registry.ts';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { VersionLinks } from './marks.tsx';

const shown = 20;

export function RegisteredAs({ run, loggedModel }: { run: string; loggedModel?: string }) {
  const { project } = useProject();
  const found = useQuery({ ...versionsOfRunQuery(project, run), enabled: run !== '', retry: false });
  const versions = (found.data?.items ?? []).filter(
    (version) => loggedModel === undefined || version.loggedModel === loggedModel,
  );
  if (versions.length === 0) return null;
  return (
    <div className="children">
      <h3>Registered as</h3>
      <VersionLinks versions={versions.slice(0, shown)} />
      {versions.length > shown && <p className="quiet">The latest {countText(shown)} are listed.</p>}
    </div>
  );
}
