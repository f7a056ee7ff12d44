/** Makes a version of a model that was logged: asks for the registered model, which is made where there is none of the name. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useId, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { registeredCreate, registeredList, registryKey, versionCreate } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { checkName, FormDialog } from '../ui/form-dialog.tsx';
import { showToast } from '../ui/toasts.tsx';
import { versionUrl } from '../urls.ts';

/** Names offered while one is typed. */
const offered = 20;

export interface RegisteredSource {
  /** `models:/m-…` or `runs:/<run>/<folder>`. */
  readonly source: string;
  readonly run?: string;
  readonly loggedModel?: string;
}

export function RegisterDialog(props: { what: string; from: RegisteredSource; onClose: () => void }) {
  const { from } = props;
  const { project, site } = useProject();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const list = useId();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const search = useDeferredValue(name.trim());
  const known = useQuery({
    queryKey: [...registryKey(project), 'offered', search],
    queryFn: ({ signal }) =>
      registeredList(
        project,
        { search: search === '' ? undefined : search, order: '-updated', limit: offered },
        signal,
      ),
    placeholderData: (before) => before,
  });
  const names = (known.data?.items ?? []).map((each) => each.name);
  const exists = names.includes(name.trim());

  async function save(): Promise<void> {
    const wanted = checkName(name);
    await registeredCreate(project, wanted).catch((error: unknown) => {
      // It is there: this becomes its next version. A name that only reads like another is told by the next call.
      if (!(error instanceof ApiProblem && error.code === 'already_exists')) throw error;
    });
    const made = await versionCreate(project, wanted, {
      ...from,
      ...(description.trim() === '' ? {} : { description }),
    });
    await queries.invalidateQueries({ queryKey: registryKey(project) });
    showToast({ text: `Registered as version ${made.version} of ${wanted}` });
    void navigate(versionUrl(wanted, made.version, site));
  }

  return (
    <FormDialog title={`Register ${props.what}`} action="Register" onSave={save} onClose={props.onClose}>
      {(isRefused) => (
        <>
          <label>
            Registered model
            <input
              value={name}
              list={list}
              aria-invalid={isRefused}
              placeholder="A new name, or one that exists"
              onChange={(event) => setName(event.target.value)}
            />
            <datalist id={list}>
              {names.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </label>
          <label>
            What this version is <span className="visually-hidden">(may be left out)</span>
            <input
              value={description}
              placeholder="May be left out"
              onChange={(event) => setDescription(event.target.value)}
            />
          </label>
          <p className="dim" role="status">
            {name.trim() === ''
              ? 'A version never changes: it keeps its files, its run and its data, whatever is deleted.'
              : exists
                ? `This becomes the next version of ${name.trim()}.`
                : `${name.trim()} is made, and this becomes its first version.`}
          </p>
        </>
      )}
    </FormDialog>
  );
}
