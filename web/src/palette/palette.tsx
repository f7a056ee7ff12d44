/**
 * One field that finds experiments, models and runs, and offers what can be done: arrows choose, Enter opens (with Ctrl or ⌘ in a
 * new tab), Escape leaves. A combobox over a list box, as WAI-ARIA draws it.
 */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { datasetList, datasetsKey } from '../api/datasets.ts';
import { jobList, jobsKey } from '../api/jobs.ts';
import { find } from '../api/operations.ts';
import { registeredList, registryKey } from '../api/registry.ts';
import { Ago } from '../format/ago.tsx';
import { pinTheme } from '../layout/theme.ts';
import { useProject } from '../layout/use-project.ts';
import { isPrompt } from '../prompts/prompt.ts';
import { swatchOf } from '../runs/swatch.ts';
import { Icon } from '../ui/icons.tsx';
import {
  datasetsUrl,
  datasetUrl,
  deploymentsUrl,
  experimentsUrl,
  experimentUrl,
  homeUrl,
  jobsUrl,
  jobUrl,
  lineageStartUrl,
  promptsUrl,
  promptUrl,
  registeredUrl,
  registryUrl,
  runUrl,
  webhooksUrl,
} from '../urls.ts';
import { type PaletteItem, paletteGroups } from './palette-items.ts';
import { type PaletteAction, usePaletteState } from './palette-state.ts';
import { recentThings } from './recent.ts';

const addressOf = {
  run: runUrl,
  experiment: experimentUrl,
  model: registeredUrl,
  dataset: datasetUrl,
  job: jobUrl,
  prompt: promptUrl,
} as const;
const perKind = 8;
/** ms after the last key before the server is asked. */
const pause = 70;

export function Palette({ onClose }: { onClose: () => void }) {
  const { project, site } = useProject();
  const router = useRouter();
  const navigate = useNavigate();
  const { actions: pageActions } = usePaletteState();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const asked = usePaused(text.trim(), pause);
  const [recent] = useState(() => recentThings(project));
  /** Enter was pressed before the answer: the best of it opens when it comes. */
  const [eager, setEager] = useState(false);

  const answer = useQuery({
    queryKey: ['find', project, asked],
    queryFn: ({ signal }) => find(project, asked, perKind, signal),
    placeholderData: (before) => before,
    staleTime: 5000,
  });
  const models = useQuery({
    queryKey: [...registryKey(project), 'find', asked],
    queryFn: ({ signal }) => registeredList(project, { kind: 'all', search: asked, limit: perKind }, signal),
    enabled: asked !== '',
    staleTime: 5000,
  });
  const datasets = useQuery({
    queryKey: [...datasetsKey(project), 'find', asked],
    queryFn: ({ signal }) => datasetList(project, { search: asked, order: 'name', limit: perKind }, signal),
    enabled: asked !== '',
    staleTime: 5000,
  });
  const jobs = useQuery({
    queryKey: [...jobsKey(project), 'find', asked],
    queryFn: ({ signal }) => jobList(project, { search: asked, limit: perKind }, signal),
    enabled: asked !== '',
    staleTime: 5000,
  });
  const settled =
    asked === text.trim() &&
    !answer.isPlaceholderData &&
    !answer.isPending &&
    !models.isLoading &&
    !datasets.isLoading &&
    !jobs.isLoading;

  const actions: PaletteAction[] = [
    ...pageActions,
    {
      text: 'All experiments',
      icon: 'folder',
      also: 'go to list',
      run: () => void navigate(experimentsUrl(site)),
    },
    {
      text: 'All models',
      icon: 'model',
      also: 'go to list registry registered versions aliases',
      run: () => void navigate(registryUrl(site)),
    },
    {
      text: 'All datasets',
      icon: 'data',
      also: 'go to list data versions tables schema',
      run: () => void navigate(datasetsUrl(site)),
    },
    {
      text: 'All jobs',
      icon: 'job',
      also: 'go to list pipelines runs steps openlineage',
      run: () => void navigate(jobsUrl(site)),
    },
    {
      text: 'All deployments',
      icon: 'deploy',
      also: 'go to list endpoints serving production rollout',
      run: () => void navigate(deploymentsUrl(site)),
    },
    {
      text: 'Lineage of…',
      icon: 'lineage',
      also: 'go to graph impact ancestry derive derives which deployed models trace',
      run: () => void navigate(lineageStartUrl(site)),
    },
    {
      text: 'All prompts',
      icon: 'prompt',
      also: 'go to list templates',
      run: () => void navigate(promptsUrl(site)),
    },
    {
      text: 'All webhooks',
      icon: 'webhook',
      also: 'go to list hooks deliveries notify',
      run: () => void navigate(webhooksUrl(site)),
    },
    {
      text: 'Most recent experiment',
      icon: 'right',
      also: 'go to home',
      run: () => void navigate(homeUrl(site)),
    },
    { text: 'Light theme', icon: 'sun', also: 'colour color', run: () => pinTheme('light') },
    { text: 'Dark theme', icon: 'moon', also: 'colour color', run: () => pinTheme('dark') },
    { text: 'Theme as the system', icon: 'system', also: 'colour color', run: () => pinTheme('system') },
  ];
  const groups = paletteGroups({
    text,
    found: answer.data,
    models: models.data?.items.filter((one) => !isPrompt(one)).map(({ name }) => name),
    prompts: models.data?.items.filter(isPrompt).map(({ name }) => name),
    datasets: datasets.data?.items,
    jobs: jobs.data?.items,
    recent,
    actions,
  });
  const items = groups.flatMap((group) => group.items);
  const at = Math.min(chosen, Math.max(0, items.length - 1));

  useEffect(() => {
    const element = dialog.current!;
    if (!element.open) element.showModal();
    return () => element.close();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the choice is the trigger
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, items.length]);

  function open(item: PaletteItem, elsewhere: boolean): void {
    const { to } = item;
    if (to.kind === 'action') {
      onClose();
      to.run();
      return;
    }
    if (elsewhere) {
      const address = addressOf[to.kind](to.id, site);
      window.open(router.buildLocation(address as never).href, '_blank', 'noopener');
      return;
    }
    onClose();
    void navigate(addressOf[to.kind](to.id, site) as never);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the answer is the trigger
  useEffect(() => {
    if (!eager || !settled) return;
    setEager(false);
    const first = items[0];
    if (first !== undefined) open(first, false);
  }, [eager, settled]);

  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    const count = items.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && count > 0) {
      event.preventDefault();
      setChosen((at + step + count) % count);
    } else if (event.key === 'PageDown' || event.key === 'PageUp') {
      event.preventDefault();
      setChosen(Math.max(0, Math.min(count - 1, at + (event.key === 'PageDown' ? 8 : -8))));
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const item = items[at];
      // What is here already fits the text; what the server found may be for an older one.
      if (!settled && item?.local !== true) setEager(true);
      else if (item !== undefined) open(item, event.ctrlKey || event.metaKey);
    }
  }

  let place = -1;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the palette leaves it, as Escape does
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Find experiments, models and runs, or do something"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="palette-field">
        <Icon name="search" size={16} />
        <input
          role="combobox"
          aria-label="Find experiments, models and runs, or do something"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={items.length === 0 ? undefined : `${id}-${at}`}
          placeholder="Name or id of a run, model or experiment, or what to do"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
            setEager(false);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        className="palette-list"
        role="listbox"
        aria-label="What was found"
        aria-busy={!settled}
      >
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <div className="palette-heading" aria-hidden="true">
              {group.name}
            </div>
            {group.items.map((item) => {
              place++;
              const own = place;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
                <div
                  key={item.key}
                  id={`${id}-${own}`}
                  role="option"
                  aria-selected={own === at}
                  className="palette-item"
                  onMouseMove={() => own !== at && setChosen(own)}
                  onClick={(event) => open(item, event.ctrlKey || event.metaKey)}
                >
                  <Item item={item} />
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {items.length === 0 && settled && (
        <p className="palette-none" role="status">
          Nothing is called “{text.trim()}”. A whole id finds also what is deleted.
        </p>
      )}
      {answer.isError && (
        <p className="palette-none" role="alert">
          The server did not answer: {answer.error.message}
        </p>
      )}
      {settled && answer.data?.complete === false && text.trim() !== '' && (
        <p className="palette-foot">Of older runs only ids and the beginnings of names are looked through.</p>
      )}
    </dialog>
  );
}

function Item({ item }: { item: PaletteItem }) {
  const { to, run, icon } = item;
  return (
    <>
      <span className="palette-mark">
        {to.kind === 'run' ? (
          <span className="swatch" style={{ background: swatchOf(to.id) }} />
        ) : (
          <Icon name={icon ?? 'folder'} size={14} />
        )}
      </span>
      <span className="palette-text">{item.text}</span>
      {item.detail !== undefined && <span className="palette-detail">{item.detail}</span>}
      {run !== undefined && (
        <span className="palette-when">
          {run.lifecycle === 'deleted' && <span className="deleted-mark">deleted</span>}
          <Ago time={run.started} />
          <span className={`state-dot ${run.state}`} role="img" aria-label={run.state} />
        </span>
      )}
      {to.kind === 'run' && run === undefined && <span className="palette-when">run</span>}
      {to.kind === 'experiment' && <span className="palette-when">experiment</span>}
    </>
  );
}

/** The value as it was when it last stood still for a moment. */
function usePaused<T>(value: T, wait: number): T {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return paused;
}
