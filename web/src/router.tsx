import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { tokenStore } from './api/token.ts';
import { HomePage, HomeProblem, mostRecentExperiment } from './layout/home-page.tsx';
import { NotFoundPage } from './layout/not-found-page.tsx';
import { Shell } from './layout/shell.tsx';
import { RunsSkeleton } from './runs/runs-skeleton.tsx';
import {
  compareDatasetsSearchOf,
  compareSearchOf,
  compareVersionsSearchOf,
  datasetsSearchOf,
  defaultProject,
  deploymentsSearchOf,
  endpointSearchOf,
  experimentsSearchOf,
  experimentUrl,
  jobSearchOf,
  jobsSearchOf,
  lineageSearchOf,
  modelSearchOf,
  onlySite,
  parseSearch,
  promptSearchOf,
  registeredSearchOf,
  registrySearchOf,
  runSearchOf,
  runsSearchOf,
  siteSearchOf,
  stringifySearch,
  versionSearchOf,
  webhooksSearchOf,
} from './urls.ts';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: HomeProblem,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: siteSearchOf,
  component: () => <HomePage empty={home.useRouteContext().empty} />,
  pendingComponent: RunsSkeleton,
  errorComponent: HomeProblem,
  beforeLoad: async ({ search }) => {
    const recent = await mostRecentExperiment(search.project ?? defaultProject).catch((error: unknown) => {
      // The frame asks for the token in the page's place, and then this runs again.
      if (tokenStore.isRefused()) return null;
      throw error;
    });
    if (typeof recent === 'string') {
      throw redirect({ ...experimentUrl(recent, onlySite(search)), replace: true });
    }
    return { empty: recent === undefined };
  },
});

const experiments = createRoute({
  getParentRoute: () => root,
  path: '/experiments',
  validateSearch: experimentsSearchOf,
  component: lazyRouteComponent(() => import('./experiments/experiments-page.tsx'), 'ExperimentsPage'),
});

const experiment = createRoute({
  getParentRoute: () => root,
  path: '/experiments/$experiment',
  validateSearch: runsSearchOf,
  component: lazyRouteComponent(() => import('./runs/runs-page.tsx'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  validateSearch: runSearchOf,
  component: lazyRouteComponent(() => import('./run/run-page.tsx'), 'RunPage'),
});

const model = createRoute({
  getParentRoute: () => root,
  path: '/models/$model',
  validateSearch: modelSearchOf,
  component: lazyRouteComponent(() => import('./models/model-page.tsx'), 'ModelPage'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: compareSearchOf,
  component: lazyRouteComponent(() => import('./compare/compare-page.tsx'), 'ComparePage'),
});

const registry = createRoute({
  getParentRoute: () => root,
  path: '/registry',
  validateSearch: registrySearchOf,
  component: lazyRouteComponent(() => import('./registry/registry-page.tsx'), 'RegistryPage'),
});

const registered = createRoute({
  getParentRoute: () => root,
  path: '/registry/model',
  validateSearch: registeredSearchOf,
  component: lazyRouteComponent(() => import('./registry/registered-page.tsx'), 'RegisteredPage'),
});

const version = createRoute({
  getParentRoute: () => root,
  path: '/registry/version',
  validateSearch: versionSearchOf,
  component: lazyRouteComponent(() => import('./registry/version-page.tsx'), 'VersionPage'),
});

const compareVersions = createRoute({
  getParentRoute: () => root,
  path: '/registry/compare',
  validateSearch: compareVersionsSearchOf,
  component: lazyRouteComponent(() => import('./registry/compare-versions-page.tsx'), 'CompareVersionsPage'),
});

const datasets = createRoute({
  getParentRoute: () => root,
  path: '/datasets',
  validateSearch: datasetsSearchOf,
  component: lazyRouteComponent(() => import('./datasets/datasets-page.tsx'), 'DatasetsPage'),
});

const dataset = createRoute({
  getParentRoute: () => root,
  path: '/datasets/$dataset',
  validateSearch: siteSearchOf,
  component: lazyRouteComponent(() => import('./datasets/dataset-page.tsx'), 'DatasetPage'),
});

const datasetVersion = createRoute({
  getParentRoute: () => root,
  path: '/dataset-versions/$version',
  validateSearch: siteSearchOf,
  component: lazyRouteComponent(() => import('./datasets/version-page.tsx'), 'DatasetVersionPage'),
});

const compareDatasets = createRoute({
  getParentRoute: () => root,
  path: '/datasets/compare',
  validateSearch: compareDatasetsSearchOf,
  component: lazyRouteComponent(() => import('./datasets/compare-datasets-page.tsx'), 'CompareDatasetsPage'),
});

const deployments = createRoute({
  getParentRoute: () => root,
  path: '/deployments',
  validateSearch: deploymentsSearchOf,
  component: lazyRouteComponent(() => import('./deployments/deployments-page.tsx'), 'DeploymentsPage'),
});

const endpoint = createRoute({
  getParentRoute: () => root,
  path: '/endpoint',
  validateSearch: endpointSearchOf,
  component: lazyRouteComponent(() => import('./deployments/endpoint-page.tsx'), 'EndpointPage'),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: jobsSearchOf,
  component: lazyRouteComponent(() => import('./jobs/jobs-page.tsx'), 'JobsPage'),
});

const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$job',
  validateSearch: jobSearchOf,
  component: lazyRouteComponent(() => import('./jobs/job-page.tsx'), 'JobPage'),
});

const jobRun = createRoute({
  getParentRoute: () => root,
  path: '/job-runs/$run',
  validateSearch: siteSearchOf,
  component: lazyRouteComponent(() => import('./jobs/job-run-page.tsx'), 'JobRunPage'),
});

const prompts = createRoute({
  getParentRoute: () => root,
  path: '/prompts',
  validateSearch: registrySearchOf,
  component: lazyRouteComponent(() => import('./prompts/prompts-page.tsx'), 'PromptsPage'),
});

const prompt = createRoute({
  getParentRoute: () => root,
  path: '/prompts/prompt',
  validateSearch: promptSearchOf,
  component: lazyRouteComponent(() => import('./prompts/prompt-page.tsx'), 'PromptPage'),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  validateSearch: webhooksSearchOf,
  component: lazyRouteComponent(() => import('./webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const webhook = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/$webhook',
  validateSearch: siteSearchOf,
  component: lazyRouteComponent(() => import('./webhooks/webhook-page.tsx'), 'WebhookPage'),
});

const lineage = createRoute({
  getParentRoute: () => root,
  path: '/lineage',
  validateSearch: lineageSearchOf,
  component: lazyRouteComponent(() => import('./lineage/lineage-page.tsx'), 'LineagePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...[home, experiments, experiment, run, model, compare],
    ...[registry, registered, version, compareVersions],
    ...[datasets, dataset, datasetVersion, compareDatasets],
    ...[jobs, job, jobRun],
    ...[deployments, endpoint, lineage],
    ...[prompts, prompt, webhooks, webhook],
  ]),
  parseSearch,
  stringifySearch,
  defaultPendingMs: 200,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
