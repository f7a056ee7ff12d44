import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api/client.ts';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one; what may pass (no answer, 5xx) is tried twice more.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500),
      // The server may be this very machine: being offline is no reason not to ask.
      networkMode: 'always',
      staleTime: 2000,
    },
  },
});
