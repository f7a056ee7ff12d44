/**
 * Workspaces are off here (gaps.ts). A client that names one expects to see and change that one only, so it is refused, as by
 * MLflow's server when they are off there; passed over, its records would end up among everybody's.
 */
import type { HttpOperation } from '../../kernel/operation.ts';
import { featureDisabled } from './errors.ts';

const header = 'x-mlflow-workspace';

/** The operation, for requests that name no workspace. What tells clients what is off answers all. */
export function withoutWorkspace(operation: HttpOperation): HttpOperation {
  if (operation.permission === 'public') return operation;
  return {
    ...operation,
    async handle(context, request) {
      if ((request.headers[header] ?? '').trim() === '') return operation.handle(context, request);
      return featureDisabled('Workspace APIs are not available: workspaces are not enabled on this server');
    },
  };
}
