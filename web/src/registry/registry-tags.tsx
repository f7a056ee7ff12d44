/** Tags of a registered model, or of one of its versions. */
import { useQueryClient } from '@tanstack/react-query';
import { registryKey, registryTags } from '../api/registry.ts';
import type { Tag } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import { TagEditor } from '../run/tag-list.tsx';

export function RegistryTags(props: { model: string; version?: number; tags: readonly Tag[] }) {
  const { project } = useProject();
  const queries = useQueryClient();
  const { set, remove } = registryTags(project, props.model, props.version);
  const seen = () => queries.invalidateQueries({ queryKey: registryKey(project) });
  return (
    <TagEditor
      tags={Object.fromEntries(props.tags.map(({ key, value }) => [key, value]))}
      onSet={(key, value) => set(key, value).then(seen)}
      onRemove={(key) => remove(key).then(seen)}
    />
  );
}
