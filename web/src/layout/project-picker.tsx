import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { projectsQuery } from '../api/queries.ts';
import { defaultProject, homeUrl } from '../urls.ts';
import { useProject } from './use-project.ts';

/** Shown from the second project on: with one there is nothing to pick. */
export function ProjectPicker() {
  const { project } = useProject();
  const navigate = useNavigate();
  const { data } = useQuery(projectsQuery);
  if (data === undefined || data.items.length < 2) return null;
  return (
    <label className="project-picker">
      <span className="visually-hidden">Project</span>
      <select
        value={project}
        onChange={(event) => {
          const name = event.target.value;
          void navigate(homeUrl(name === defaultProject ? {} : { project: name }));
        }}
      >
        {data.items.map((each) => (
          <option key={each.name}>{each.name}</option>
        ))}
      </select>
    </label>
  );
}
