/** What addresses of all pages have in common. */

/** What every page carries. */
export interface SiteSearch {
  /** Absent = the project `default`. */
  project?: string;
}

export const defaultProject = 'default';

/** The search of an address with a part of it changed; what is undefined or empty is left out. */
export function changedSearch<Search>(before: object, part: ChangeOf<Search>): Search {
  const next = Object.entries({ ...before, ...part });
  return Object.fromEntries(next.filter(([, value]) => value !== undefined && value !== '')) as Search;
}
export type ChangeOf<Search> = { [Key in keyof Search]?: Search[Key] | undefined };

export function onlySite(site: SiteSearch): SiteSearch {
  return site.project === undefined ? {} : { project: site.project };
}

/** What a link to a thing of this project carries. */
export const siteOf = (project: string): SiteSearch => (project === defaultProject ? {} : { project });

export function siteSearchOf(raw: Record<string, unknown>): SiteSearch {
  const project = textOf(raw.project);
  return project === undefined || project === defaultProject ? {} : { project };
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** As it stands: blanks are part of a name. */
export const nameOf = ({ name }: Record<string, unknown>): string => (typeof name === 'string' ? name : '');
