import type { Operation } from '../../kernel/operation.ts';
import type { Artifacts } from '../artifacts/index.ts';
import { aliasOperations } from './alias-operations.ts';
import { modelVersionOperations } from './model-version-operations.ts';
import { type RegistryServices, registeredModelOperations } from './registered-model-operations.ts';

export function registryOperations(
  services: RegistryServices & { readonly artifacts: Artifacts },
): Operation[] {
  return [
    ...registeredModelOperations(services),
    ...modelVersionOperations(services),
    ...aliasOperations(services),
  ];
}
