/** Addresses of the lineage explorer: its link holds all that it shows. */
import { onlySite, type SiteSearch, siteSearchOf, textOf } from './url-parts.ts';

/** The question whose answer stands beside the graph: what follows, or what it comes from. */
export type LineageQuestion = 'impact' | 'ancestry';

/** The list of the answer that shows. */
export type LineageList = 'derives' | 'may' | 'unknown' | 'data' | 'judged';

export interface LineageSearch extends SiteSearch {
  /** uid of the node that is asked about. */
  of: string;
  /** Absent = what derives from it. */
  ask?: Exclude<LineageQuestion, 'impact'>;
  /** Only what is deployed. */
  deployed?: 'yes';
  /** Also through inputs for judging. */
  judged?: 'yes';
  /** What is opened in the graph, see lineage/openings.ts. Absent = both sides of the node asked about. */
  open?: string;
  /** uid of a node of the answer: the way to it is drawn. */
  way?: string;
  /** The node or fold that is chosen. */
  at?: string;
  /** A day, or an instant in ISO 8601: as it was. */
  asOf?: string;
  /** As it was known. */
  knownAt?: string;
  /** Absent = the first that is not empty. */
  list?: LineageList;
  /** What is beside the graph. Absent = the answer; on a phone the answer alone. */
  view?: 'graph' | 'table';
}

type LineageStart = Pick<LineageSearch, 'ask' | 'deployed' | 'view' | 'at'>;

export function lineageUrl(of: string, site: SiteSearch, start: LineageStart = {}) {
  const search: LineageSearch = { ...onlySite(site), of, ...start };
  return { to: '/lineage', search } as const;
}

/** Where one says what to begin at. */
export const lineageStartUrl = (site: SiteSearch) => lineageUrl('', site);

const uidForm = /^[\w-]{1,64}$/;
const lists: readonly unknown[] = ['derives', 'may', 'unknown', 'data', 'judged'] satisfies LineageList[];

export function lineageSearchOf(raw: Record<string, unknown>): LineageSearch {
  const [of, open, way, at] = [textOf(raw.of), textOf(raw.open), textOf(raw.way), textOf(raw.at)];
  const [asOf, knownAt] = [instantOf(raw.asOf), instantOf(raw.knownAt)];
  return {
    ...siteSearchOf(raw),
    of: of !== undefined && uidForm.test(of) ? of : '',
    ...(raw.ask === 'ancestry' ? { ask: 'ancestry' } : {}),
    ...(raw.deployed === 'yes' ? { deployed: 'yes' } : {}),
    ...(raw.judged === 'yes' ? { judged: 'yes' } : {}),
    ...(open === undefined ? {} : { open }),
    ...(way !== undefined && uidForm.test(way) ? { way } : {}),
    ...(at === undefined ? {} : { at }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(knownAt === undefined ? {} : { knownAt }),
    ...(lists.includes(raw.list) ? { list: raw.list as LineageList } : {}),
    ...(raw.view === 'graph' || raw.view === 'table' ? { view: raw.view } : {}),
  };
}

function instantOf(raw: unknown): string | undefined {
  const text = textOf(raw);
  return text !== undefined && /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : undefined;
}
