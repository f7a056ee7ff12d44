import './tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/filter.css';
import './styles/table.css';
import './styles/run.css';
import './styles/groups.css';
import './styles/charts.css';
import './styles/charts-panel.css';
import './styles/run-parts.css';
import './styles/list.css';
import './styles/palette.css';
import './styles/artifacts.css';
import './styles/previews.css';
import './styles/evaluation.css';
import './styles/models.css';
import './styles/registry.css';
import './styles/deployments.css';
import './styles/datasets.css';
import './styles/jobs.css';
import './styles/webhooks.css';
import './styles/prompts.css';
import './styles/lineage-graph.css';
import './styles/lineage-evidence.css';
import './styles/lineage.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { mendLanguage } from './format/language.ts';
import { queries } from './query-client.ts';
import { router } from './router.tsx';

mendLanguage(navigator);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
