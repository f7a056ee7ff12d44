/** What a model or a version is, as Markdown, edited in place. */
import { useQueryClient } from '@tanstack/react-query';
import { registryKey } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { WrittenText } from '../run/written-text.tsx';

export function Description(props: { text: string | null; onSave: (text: string) => Promise<unknown> }) {
  const { project } = useProject();
  const queries = useQueryClient();
  return (
    <WrittenText
      title="Description"
      text={props.text ?? ''}
      onSave={async (next) => {
        await props.onSave(next);
        await queries.invalidateQueries({ queryKey: registryKey(project) });
      }}
    />
  );
}
