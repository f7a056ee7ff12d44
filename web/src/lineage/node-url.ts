/** The page of a node; undefined where it has none. */
import type { GraphNode } from '../api/lineage.ts';
import {
  datasetUrl,
  datasetVersionUrl,
  endpointUrl,
  jobRunUrl,
  jobUrl,
  modelUrl,
  registeredUrl,
  runUrl,
  type SiteSearch,
  versionUrl,
} from '../urls.ts';

export function nodeUrl({ uid, type, kind, name, group, version }: GraphNode, site: SiteSearch) {
  if (kind === 'tombstone') return undefined;
  switch (type) {
    case 'run':
      return runUrl(uid, site);
    case 'job-run':
      return jobRunUrl(uid, site);
    case 'job':
      return jobUrl(uid, site);
    case 'dataset':
      return datasetUrl(uid, site);
    case 'dataset-version':
      return datasetVersionUrl(uid, site);
    case 'logged-model':
      return modelUrl(`m-${uid}`, site);
    case 'registered-model':
      return name === null ? undefined : registeredUrl(name, site);
    case 'model-version': {
      const model = group?.name ?? name;
      return model === null || version === null ? undefined : versionUrl(model, Number(version), site);
    }
    case 'endpoint':
      return name === null ? undefined : endpointUrl(name, site);
    case 'deployment':
      return group?.name == null ? undefined : endpointUrl(group.name, site, { deployment: uid });
    default:
      return undefined;
  }
}
