/** What can be done with one version beside promoting it. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type ModelVersion, registryKey, versionDelete } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { useDeclareWrong } from '../lineage/use-declare-wrong.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { MoreButton } from '../ui/more-button.tsx';
import { showToast } from '../ui/toasts.tsx';
import { promptUrl, registeredUrl } from '../urls.ts';

export function VersionMenu({ version: row, of }: { version: ModelVersion; of?: 'prompt' }) {
  const { model, version, aliases } = row;
  const { project, site } = useProject();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const wrong = useDeclareWrong({ uid: row.uid, name: `${model} v${version}`, type: 'model-version' });

  async function remove(): Promise<void> {
    await versionDelete(project, model, version);
    await (of === 'prompt' ? navigate(promptUrl(model, site)) : navigate(registeredUrl(model, site)));
    await queries.invalidateQueries({ queryKey: registryKey(project) });
    showToast({ text: `Version ${version} of ${model} deleted` });
  }

  return (
    <>
      <MoreButton
        label={`Version ${version}`}
        entries={[
          ...(of === undefined ? [wrong.entry] : []),
          { kind: 'action', icon: 'trash', text: 'Delete…', run: () => setAsking(true) },
        ]}
      />
      {wrong.dialog}
      {asking && (
        <ConfirmDialog
          title={`Delete version ${version} of ${model}?`}
          action="Delete"
          typed={aliases.length > 0 ? `${model} ${version}` : undefined}
          onConfirm={remove}
          onClose={() => setAsking(false)}
        >
          <p>This cannot be undone. Its number is never given again.</p>
          {aliases.length > 0 && (
            <p>
              {aliases.map((alias, index) => (
                <span key={alias}>
                  {index > 0 && ', '}
                  <b>{alias}</b>
                </span>
              ))}{' '}
              {aliases.length === 1 ? 'names' : 'name'} nothing then: what loads it will fail. To go back to
              the version before, roll back first.
            </p>
          )}
          {of === undefined && <p className="dim">The run and the files that it came from stay.</p>}
        </ConfirmDialog>
      )}
    </>
  );
}
