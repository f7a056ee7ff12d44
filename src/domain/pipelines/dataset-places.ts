/** Where a dataset of OpenLineage lies. */
import type { PlaceName } from './lineage-event.ts';

/** The written place, and the one spelling that equal places share; null where its name is no place. */
export function placeOfDataset({ namespace, name }: PlaceName): {
  readonly uri: string | null;
  readonly canonicalUri: string | null;
} {
  return { uri: `${namespace}/${name}`, canonicalUri: null };
}
