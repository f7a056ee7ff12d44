/** What the palette lists for a text: what was found, what is recent, what can be done. Pure. */
import type { Found, FoundRun } from '../api/types.ts';
import type { IconName } from '../ui/icons.tsx';
import type { PaletteAction } from './palette-state.ts';
import type { RecentThing } from './recent.ts';

export interface PaletteItem {
  readonly key: string;
  readonly text: string;
  /** Fainter, behind the text: which experiment, what key does the same. */
  readonly detail?: string;
  readonly to:
    | { readonly kind: 'run' | 'experiment' | 'model' | 'dataset' | 'job' | 'prompt'; readonly id: string }
    | { readonly kind: 'action'; readonly run: () => void };
  readonly icon?: IconName;
  /** Known here, without the server. */
  readonly local?: true;
  readonly run?: Pick<FoundRun, 'state' | 'started' | 'lifecycle'>;
}

export interface PaletteGroup {
  readonly name: string;
  readonly items: readonly PaletteItem[];
}

/** Shown of the latest runs when nothing is typed. */
const latestShown = 5;

export function paletteGroups(options: {
  text: string;
  found: Found | undefined;
  /** Names of registered models. */
  models?: readonly string[] | undefined;
  prompts?: readonly string[] | undefined;
  datasets?:
    | readonly { readonly uid: string; readonly name: string; readonly uri: string | null }[]
    | undefined;
  jobs?: readonly { readonly uid: string; readonly name: string; readonly namespace: string }[] | undefined;
  recent: readonly RecentThing[];
  actions: readonly PaletteAction[];
}): PaletteGroup[] {
  const text = options.text.trim().toLowerCase();
  const words = text.split(/\s+/).filter((word) => word !== '');
  const holds = (target: string) => words.every((word) => target.toLowerCase().includes(word));

  const recent = options.recent.filter(({ name, within = '' }) => holds(`${name} ${within}`)).map(recentItem);
  const known = new Set(recent.map(({ key }) => key));
  const found = options.found;
  const runs = (found?.runs ?? []).map(runItem).filter(({ key }) => !known.has(key));
  const experiments = (found?.experiments ?? [])
    .map(
      ({ id, name, lifecycle }): PaletteItem => ({
        key: `experiment ${id}`,
        text: name,
        ...(lifecycle === 'deleted' ? { detail: 'deleted' } : {}),
        to: { kind: 'experiment', id },
      }),
    )
    .filter(({ key }) => !known.has(key));
  const [models, prompts] = (['model', 'prompt'] as const).map((kind) =>
    ((kind === 'model' ? options.models : options.prompts) ?? [])
      .map(
        (name): PaletteItem => ({ key: `${kind} ${name}`, text: name, icon: kind, to: { kind, id: name } }),
      )
      .filter(({ key }) => !known.has(key)),
  ) as [PaletteItem[], PaletteItem[]];
  const datasets = (options.datasets ?? [])
    .map(
      ({ uid, name, uri }): PaletteItem => ({
        key: `dataset ${uid}`,
        text: name,
        icon: 'data',
        ...(uri === null ? {} : { detail: uri }),
        to: { kind: 'dataset', id: uid },
      }),
    )
    .filter(({ key }) => !known.has(key));
  const jobs = (options.jobs ?? [])
    .map(
      ({ uid, name, namespace }): PaletteItem => ({
        key: `job ${uid}`,
        text: name,
        icon: 'job',
        detail: namespace,
        to: { kind: 'job', id: uid },
      }),
    )
    .filter(({ key }) => !known.has(key));
  const actions = options.actions
    .filter((action) => holds(`${action.text} ${action.also ?? ''}`))
    .map(
      (action): PaletteItem => ({
        key: `action ${action.text}`,
        local: true,
        text: action.text,
        icon: action.icon,
        ...(action.hint === undefined ? {} : { detail: action.hint }),
        to: { kind: 'action', run: action.run },
      }),
    );
  const groups =
    text === ''
      ? [
          { name: 'Recent', items: recent.slice(0, 7) },
          { name: 'Actions', items: actions },
          { name: 'Latest runs', items: runs.slice(0, latestShown) },
        ]
      : [
          // An id that was pasted means that thing, whatever else holds it.
          { name: 'Recent', items: recent.slice(0, 3) },
          { name: 'Experiments', items: experiments },
          { name: 'Models', items: models },
          { name: 'Prompts', items: prompts },
          { name: 'Datasets', items: datasets },
          { name: 'Jobs', items: jobs },
          { name: 'Runs', items: runs },
          { name: 'Actions', items: actions },
        ];
  return groups.filter(({ items }) => items.length > 0);
}

function recentItem({ kind, id, name, within }: RecentThing): PaletteItem {
  return {
    key: `${kind} ${id}`,
    local: true,
    text: name,
    ...(kind === 'dataset'
      ? { icon: 'data' }
      : kind === 'run' || kind === 'experiment'
        ? {}
        : { icon: kind }),
    ...(within === undefined ? {} : { detail: within }),
    to: { kind, id },
  };
}

function runItem({ id, name, state, started, lifecycle, experiment }: FoundRun): PaletteItem {
  return {
    key: `run ${id}`,
    text: name,
    detail: experiment.name,
    to: { kind: 'run', id },
    run: { state, started, lifecycle },
  };
}
