import { useSearch } from '@tanstack/react-router';
import { defaultProject, type SiteSearch } from '../urls.ts';

/** The project of the page's URL, and what a link must carry to stay in it. */
export function useProject(): { project: string; site: SiteSearch } {
  const project = useSearch({ strict: false, select: (search: SiteSearch) => search.project });
  return { project: project ?? defaultProject, site: project === undefined ? {} : { project } };
}
