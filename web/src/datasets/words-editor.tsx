/** What people say of a dataset, edited in place; each change can be taken back, and none undoes another's unseen. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { type Dataset, datasetDescribe, datasetsKey, datasetUndo } from '../api/datasets.ts';
import { useProject } from '../layout/use-project.ts';
import { EditField } from '../run/edit-field.tsx';
import { TagEditor } from '../run/tag-list.tsx';
import { WrittenText } from '../run/written-text.tsx';
import { CopiedValue } from '../ui/copy-button.tsx';
import { showToast } from '../ui/toasts.tsx';

type Field = 'description' | 'owner' | 'licence';
interface Words {
  readonly description?: string | null;
  readonly owner?: string | null;
  readonly licence?: string | null;
  readonly tags?: Readonly<Record<string, string | null>>;
}

/** Changes that expect what was on the screen when the editing began: the page reads itself again meanwhile. */
function useWords(dataset: Dataset) {
  const { project } = useProject();
  const queries = useQueryClient();
  const before = useRef<{ [Name in Field]?: string | null }>({});
  const seen = () => queries.invalidateQueries({ queryKey: datasetsKey(project) });
  async function change(what: string, next: Words, expected: Words): Promise<void> {
    try {
      await datasetDescribe(project, dataset.uid, { ...next, expected });
    } catch (error) {
      // What the other one wrote is shown, and the own text stays in the field.
      if (error instanceof ApiProblem && error.status === 409) await seen();
      throw error;
    }
    await seen();
    showToast({
      text: `${what} changed`,
      action: {
        text: 'Undo',
        run: () =>
          void datasetUndo(project, dataset.uid, next)
            .then(seen)
            .catch((error: unknown) =>
              showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' }),
            ),
      },
    });
  }
  const ofPeople = (field: Field) => {
    const said = dataset[field];
    return said?.by === 'people' ? said.value : null;
  };
  return {
    begin: (field: Field) => {
      before.current[field] = ofPeople(field);
    },
    set: async (field: Field, text: string, name: string) => {
      const value = text.trim() === '' ? null : text;
      const expected = field in before.current ? before.current[field] : ofPeople(field);
      // Who is refused has seen by then what stands there, and may say so again.
      delete before.current[field];
      await change(name, { [field]: value }, { [field]: expected });
    },
    tag: (key: string, value: string | null, before: string | null) =>
      change(`Tag ${key}`, { tags: { [key]: value } }, { tags: { [key]: before } }),
  };
}

export function DatasetDescription({ dataset }: { dataset: Dataset }) {
  const { begin, set } = useWords(dataset);
  const { description } = dataset;
  return (
    <>
      <WrittenText
        title="Description"
        text={description?.value ?? ''}
        onEdit={() => begin('description')}
        onSave={(text) => set('description', text, 'Description')}
      />
      {description?.by === 'producer' && <p className="quiet said-by">Told by its producer.</p>}
    </>
  );
}

/** Owner and licence, as rows of a list of facts. */
export function EditedFact(props: { dataset: Dataset; field: 'owner' | 'licence'; name: string }) {
  const { dataset, field, name } = props;
  const { begin, set } = useWords(dataset);
  const [editing, setEditing] = useState(false);
  const said = dataset[field];
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {editing ? (
          <EditField
            label={name}
            value={said?.value ?? ''}
            onSave={(text) => set(field, text, name)}
            onClose={() => setEditing(false)}
          />
        ) : (
          <button
            type="button"
            className="pair-value words"
            aria-label={`Edit the ${name.toLowerCase()}: ${said?.value ?? 'not told'}${said?.by === 'producer' ? ' by its producer' : ''}`}
            title={
              said?.by === 'producer' ? 'Told by its producer. Click to say otherwise.' : 'Click to edit'
            }
            onClick={() => {
              begin(field);
              setEditing(true);
            }}
          >
            {said === null ? <span className="faint">not told</span> : said.value}
            {said?.by === 'producer' && <span className="faint"> by its producer</span>}
          </button>
        )}
      </dd>
    </div>
  );
}

export function DatasetTags({ dataset }: { dataset: Dataset }) {
  const { tag } = useWords(dataset);
  const own = dataset.tags.filter(({ by }) => by === 'people');
  const told = dataset.tags.filter(({ by }) => by === 'producer');
  return (
    <>
      <TagEditor
        tags={Object.fromEntries(own.map(({ key, value }) => [key, value]))}
        onSet={(key, value, before) => tag(key, value, before ?? null)}
        onRemove={(key, before) => tag(key, null, before)}
      />
      {told.length > 0 && (
        <dl className="pairs told-tags" aria-label="Tags told by producers">
          {told.map(({ key, value }) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>
                <CopiedValue text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
