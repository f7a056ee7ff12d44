/** Whose a thing is, where that is another project than the page's: what lies in one place is one for all projects. */
import { useProject } from './use-project.ts';

export function OfProject({ project }: { project: string }) {
  const { project: here } = useProject();
  if (project === here || project === '') return null;
  return (
    <span className="of-project" title={`Of the project ${project}`}>
      <span className="visually-hidden">of the project </span>
      {project}
    </span>
  );
}
