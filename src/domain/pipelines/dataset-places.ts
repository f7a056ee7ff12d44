/** Where a dataset of OpenLineage lies. */
import { canonicalDataset } from '../../engines/identity/index.ts';
import type { PlaceName } from './lineage-event.ts';

/** The place as it is written, and the one spelling that equal places share; null where its name is no place. */
export function placeOfDataset({ namespace, name }: PlaceName): {
  readonly uri: string | null;
  readonly canonicalUri: string | null;
} {
  const isPlace = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(namespace);
  const slash = namespace.endsWith('/') || name.startsWith('/') ? '' : '/';
  return {
    uri: isPlace ? `${namespace}${slash}${name}` : null,
    canonicalUri: canonicalDataset(namespace, name) ?? null,
  };
}
