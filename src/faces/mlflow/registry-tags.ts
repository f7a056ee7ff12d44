import type { Tag } from '../../domain/contexts/index.ts';
import { registryLimits } from '../../domain/registry/index.ts';
import { checkKey, checkLength } from './entity-names.ts';

/** A tag of a registered model or a version. */
export function registryTag(key = '', value = ''): Tag {
  checkKey('key', key);
  checkLength('key', 'key', key, registryLimits.tagKey);
  checkLength('value', 'value', value, registryLimits.tagValue);
  return { key, value };
}
