/** Addresses of the pages of models, prompts and webhooks. */
import { nameOf, onlySite, type SiteSearch, siteSearchOf, textOf } from './url-parts.ts';

const numberForm = /^[1-9]\d{0,14}$/;

/** The state of the list of registered models. */
export interface RegistrySearch extends SiteSearch {
  /** Part of the name. */
  search?: string;
  /** Absent = changed last first. */
  sort?: 'name' | '-name' | 'updated';
}

export function registryUrl(search: RegistrySearch = {}) {
  return { to: '/registry', search } as const;
}

export function registrySearchOf(raw: Record<string, unknown>): RegistrySearch {
  const search = textOf(raw.search);
  const { sort } = raw;
  return {
    ...siteSearchOf(raw),
    ...(search === undefined ? {} : { search }),
    ...(sort === 'name' || sort === '-name' || sort === 'updated' ? { sort } : {}),
  };
}

/** The list of prompts has the same state. */
export function promptsUrl(search: RegistrySearch = {}) {
  return { to: '/prompts', search } as const;
}

/** A prompt: which version is read, and against which one. Its name stands where that of a model does. */
export interface PromptSearch extends SiteSearch {
  name: string;
  /** Absent = the latest. */
  version?: string;
  /** The older of two that are compared. */
  against?: string;
}

export function promptUrl(name: string, site: SiteSearch, version?: number, against?: number) {
  const search: PromptSearch = {
    ...onlySite(site),
    name,
    ...(version === undefined ? {} : { version: String(version) }),
    ...(against === undefined ? {} : { against: String(against) }),
  };
  return { to: '/prompts/prompt', search } as const;
}

export function promptSearchOf(raw: Record<string, unknown>): PromptSearch {
  const [version, against] = [textOf(raw.version), textOf(raw.against)];
  return {
    ...siteSearchOf(raw),
    name: nameOf(raw),
    ...(version !== undefined && numberForm.test(version) ? { version } : {}),
    ...(against !== undefined && numberForm.test(against) ? { against } : {}),
  };
}

export interface WebhooksSearch extends SiteSearch {
  /** The form of a new one is open. */
  make?: 'new';
}

export function webhooksUrl(site: SiteSearch) {
  return { to: '/webhooks', search: onlySite(site) as WebhooksSearch } as const;
}

export function webhooksSearchOf(raw: Record<string, unknown>): WebhooksSearch {
  return { ...siteSearchOf(raw), ...(raw.make === 'new' ? { make: 'new' } : {}) };
}

export function webhookUrl(webhook: string, site: SiteSearch) {
  return { to: '/webhooks/$webhook', params: { webhook }, search: onlySite(site) } as const;
}

/**
 * A registered model. Its name is a search parameter, not a part of the path: it may be `..`, hold a dot or an escape, and
 * no proxy or browser between changes it there.
 */
export interface RegisteredSearch extends SiteSearch {
  name: string;
  /** A day, `2026-11-20`: what was named on it. */
  on?: string;
}

export function registeredUrl(name: string, site: SiteSearch, on?: string) {
  const search: RegisteredSearch = { ...onlySite(site), name, ...(on === undefined ? {} : { on }) };
  return { to: '/registry/model', search } as const;
}

export function registeredSearchOf(raw: Record<string, unknown>): RegisteredSearch {
  const on = textOf(raw.on);
  return {
    ...siteSearchOf(raw),
    name: nameOf(raw),
    ...(on !== undefined && /^\d{4}-\d\d-\d\d$/.test(on) ? { on } : {}),
  };
}

/** One version of a registered model. */
export interface VersionSearch extends SiteSearch {
  name: string;
  version: string;
  /** The file that is shown of the artifacts. */
  file?: string;
}

export function versionUrl(name: string, version: number, site: SiteSearch) {
  const search: VersionSearch = { ...onlySite(site), name, version: String(version) };
  return { to: '/registry/version', search } as const;
}

export function versionSearchOf(raw: Record<string, unknown>): VersionSearch {
  const [version, file] = [textOf(raw.version), textOf(raw.file)];
  return {
    ...siteSearchOf(raw),
    name: nameOf(raw),
    version: version !== undefined && numberForm.test(version) ? version : '1',
    ...(file === undefined ? {} : { file }),
  };
}

export interface CompareVersionsSearch extends SiteSearch {
  name: string;
  /** Two numbers, joined by a comma. */
  versions: string;
}

export function compareVersionsUrl(name: string, versions: readonly [number, number], site: SiteSearch) {
  const search: CompareVersionsSearch = { ...onlySite(site), name, versions: versions.join(',') };
  return { to: '/registry/compare', search } as const;
}

export function compareVersionsSearchOf(raw: Record<string, unknown>): CompareVersionsSearch {
  const versions = textOf(raw.versions);
  return {
    ...siteSearchOf(raw),
    name: nameOf(raw),
    versions: versions !== undefined && /^[1-9]\d{0,14},[1-9]\d{0,14}$/.test(versions) ? versions : '1,1',
  };
}
