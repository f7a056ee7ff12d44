/**
 * What can be done with a registered model or a prompt as a whole. A rename can be undone; a deletion cannot, so it names what
 * is lost and asks.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type RegisteredModel, registeredDelete, registeredRename, registryKey } from '../api/registry.ts';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { useDeclareWrong } from '../lineage/use-declare-wrong.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { MoreButton } from '../ui/more-button.tsx';
import { NameDialog } from '../ui/name-dialog.tsx';
import { showToast } from '../ui/toasts.tsx';
import { promptsUrl, promptUrl, registeredUrl, registryUrl } from '../urls.ts';

export function ModelMenu({ model, of }: { model: RegisteredModel; of?: 'prompt' }) {
  const { name, aliases, versions } = model;
  const { project, site } = useProject();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [opened, setOpened] = useState<'rename' | 'delete'>();
  const wrong = useDeclareWrong({ uid: model.uid, name, type: 'registered-model' });
  const close = () => setOpened(undefined);
  const word = of ?? 'model';
  const seen = () => queries.invalidateQueries({ queryKey: registryKey(project) });
  const goTo = (to: string) =>
    of === 'prompt' ? navigate(promptUrl(to, site)) : navigate(registeredUrl(to, site));

  async function rename(from: string, to: string, last = false): Promise<void> {
    await registeredRename(project, from, to);
    // The page of the old name is left before it is asked for again.
    await goTo(to);
    await seen();
    const undo = () =>
      void rename(to, from, true).catch((error: unknown) =>
        showToast({ kind: 'failed', text: error instanceof Error ? error.message : String(error) }),
      );
    showToast({
      text: last ? `${to} is called so again` : `${from} is called ${to} now`,
      ...(last ? {} : { action: { text: 'Undo', run: undo } }),
    });
  }

  async function remove(): Promise<void> {
    await registeredDelete(project, name);
    await (of === 'prompt' ? navigate(promptsUrl(site)) : navigate(registryUrl(site)));
    await seen();
    showToast({ text: `${name} deleted${versions > 0 ? ` with ${versionsText(versions)}` : ''}` });
  }

  return (
    <>
      <MoreButton
        label={name}
        entries={[
          { kind: 'action', icon: 'edit', text: 'Rename…', run: () => setOpened('rename') },
          ...(of === undefined ? [wrong.entry] : []),
          { kind: 'divider' },
          { kind: 'action', icon: 'trash', text: 'Delete…', run: () => setOpened('delete') },
        ]}
      />
      {wrong.dialog}
      {opened === 'rename' && (
        <NameDialog
          title={`Rename the ${word}`}
          action="Rename"
          value={name}
          onSave={(to) => rename(name, to)}
          onClose={close}
        />
      )}
      {opened === 'delete' && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          action="Delete"
          // Where a program may load it, a slip of the hand is not enough.
          typed={aliases.length > 0 ? name : undefined}
          onConfirm={remove}
          onClose={close}
        >
          <p>
            {versions === 0
              ? `The ${word} has no versions.`
              : `${versionsText(versions)} ${versions === 1 ? 'goes' : 'go'} with it. This cannot be undone: the name is free again, and one that is made under it begins at version 1.`}
          </p>
          {aliases.length > 0 && (
            <p>
              Programs that load{' '}
              {aliases.slice(0, 3).map(({ alias, version }, index) => (
                <span key={alias}>
                  {index > 0 && ', '}
                  <b>{alias}</b> (v{version})
                </span>
              ))}
              {aliases.length > 3 && ` and ${countText(aliases.length - 3)} more`} will not find it.
            </p>
          )}
          {of === undefined && (
            <p className="dim">
              Runs, logged models and their files stay; so does what is known of each version’s origin.
            </p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}

const versionsText = (count: number) => `${countText(count)} ${count === 1 ? 'version' : 'versions'}`;
