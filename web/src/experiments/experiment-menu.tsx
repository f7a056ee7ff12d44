/** What can be done with one experiment. Deleting asks nothing: it can be undone, here and for ever in the deleted ones. */
import { useQueryClient } from '@tanstack/react-query';
import { experimentDelete, experimentRename, experimentRestore } from '../api/operations.ts';
import type { Experiment } from '../api/types.ts';
import { copyAndTell } from '../ui/copy-button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { NameDialog } from '../ui/name-dialog.tsx';
import { showToast } from '../ui/toasts.tsx';

export function ExperimentMenu(props: {
  project: string;
  experiment: Experiment;
  anchor: Element;
  renaming: boolean;
  onRename: () => void;
  onClose: () => void;
}) {
  const { project, experiment, anchor, onClose } = props;
  const { id, name } = experiment;
  const queries = useQueryClient();
  const seen = () =>
    Promise.all(
      [
        ['experiment-pages', project],
        ['experiments', project],
        ['experiment', project, id],
      ].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );

  async function change(call: typeof experimentDelete, done: string, undo?: () => void): Promise<void> {
    try {
      await call(project, id);
      await seen();
      showToast({ text: done, ...(undo === undefined ? {} : { action: { text: 'Undo', run: undo } }) });
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' });
    }
  }
  const remove = (last = false): void =>
    void change(experimentDelete, `${name} deleted with its runs`, last ? undefined : () => restore(true));
  const restore = (last = false): void =>
    void change(experimentRestore, `${name} restored`, last ? undefined : () => remove(true));

  if (props.renaming)
    return (
      <NameDialog
        title="Rename the experiment"
        action="Rename"
        value={name}
        onSave={async (next) => {
          await experimentRename(project, id, next);
          await seen();
        }}
        onClose={onClose}
      />
    );
  const deleted = experiment.lifecycle === 'deleted';
  const entries: MenuEntry[] = [
    { kind: 'heading', text: name },
    ...(deleted
      ? [{ kind: 'action', icon: 'restore', text: 'Restore', run: () => restore() } as const]
      : [{ kind: 'action', icon: 'edit', text: 'Rename', run: props.onRename } as const]),
    {
      kind: 'action',
      icon: 'copy',
      text: `Copy id ${id}`,
      run: () => void copyAndTell(id),
    },
    ...(deleted
      ? []
      : [
          { kind: 'divider' } as const,
          { kind: 'action', icon: 'trash', text: 'Delete', run: () => remove() } as const,
        ]),
  ];
  return <Menu anchor={anchor} align="end" label="Experiment" entries={entries} onClose={onClose} />;
}
