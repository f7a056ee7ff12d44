/** The frame of every page: navigation at the left, the page beside it, messages and the token prompt above all. */
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { tokenStore } from '../api/token.ts';
import { PaletteButton, PaletteHost } from '../palette/palette-host.tsx';
import { Icon, Logo } from '../ui/icons.tsx';
import { Toasts } from '../ui/toasts.tsx';
import {
  datasetsUrl,
  deploymentsUrl,
  homeUrl,
  jobsUrl,
  lineageStartUrl,
  promptsUrl,
  registryUrl,
  webhooksUrl,
} from '../urls.ts';
import { ExperimentList } from './experiment-list.tsx';
import { navigation, useNavigationOpen } from './navigation.ts';
import { ProjectPicker } from './project-picker.tsx';
import { TokenPrompt } from './token-prompt.tsx';
import { useProject } from './use-project.ts';

const places = [
  { url: datasetsUrl, icon: 'data', name: 'Datasets' },
  { url: jobsUrl, icon: 'job', name: 'Jobs' },
  { url: registryUrl, icon: 'model', name: 'Models' },
  { url: promptsUrl, icon: 'prompt', name: 'Prompts' },
  { url: deploymentsUrl, icon: 'deploy', name: 'Deployments' },
  { url: lineageStartUrl, icon: 'lineage', name: 'Lineage' },
  { url: webhooksUrl, icon: 'webhook', name: 'Webhooks' },
] as const;

export function Shell() {
  const refused = useSyncExternalStore(tokenStore.subscribe, tokenStore.isRefused);
  const open = useNavigationOpen();
  const { pathname } = useLocation();
  const { site } = useProject();

  // On a phone the navigation lies over the page: it leaves once it has been used.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the trigger
  useEffect(() => navigation.close(), [pathname]);

  return (
    <div className={open ? 'shell navigating' : 'shell'}>
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <nav className="nav" id="navigation" aria-label="Experiments">
        <Link {...homeUrl(site)} className="nav-logo">
          <Logo />
          Cairn
        </Link>
        <ProjectPicker />
        <PaletteButton />
        <ul className="nav-places">
          {places.map(({ url, icon, name }) => (
            <li key={name}>
              <Link
                {...url(site)}
                className="nav-item"
                activeOptions={{ exact: false, includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
              >
                <Icon name={icon} size={14} />
                <span className="nav-name">{name}</span>
              </Link>
            </li>
          ))}
        </ul>
        {!refused && <ExperimentList />}
      </nav>
      {open && (
        <button
          type="button"
          className="nav-veil"
          aria-label="Close the navigation"
          onClick={navigation.close}
        />
      )}
      <main className="page" id="page">
        {refused ? <TokenPrompt /> : <Outlet />}
      </main>
      <Toasts />
      {!refused && <PaletteHost />}
    </div>
  );
}
