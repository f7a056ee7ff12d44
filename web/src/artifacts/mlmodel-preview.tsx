/** The description of a model, for people: signature, how to load it, flavours, what it needs, an example. */
import { useQuery } from '@tanstack/react-query';
import { load } from 'js-yaml';
import { useMemo, useState } from 'react';
import type { ArtifactOwner } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { RegisterDialog } from '../registry/register-dialog.tsx';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { type ArtifactFile, fileQuery, folderOf, wholeQuery } from './file.ts';
import { kindOf } from './kind.ts';
import { type Field, loadingCode, type Mlmodel, mlmodelOf } from './mlmodel.ts';
import { Preview } from './preview.tsx';
import { type PreviewProps, PreviewSkeleton, Unreadable } from './preview-parts.tsx';
import { decode } from './text.ts';

/** An MLmodel is a few kB; a signature of ten thousand columns makes it a few hundred. */
const limit = 4_000_000;
const fieldsAtOnce = 500;

export function MlmodelPreview({ file }: PreviewProps) {
  const bytes = useQuery({ ...wholeQuery(file), enabled: file.size <= limit });
  if (file.size > limit)
    return <Unreadable reason={`It has ${sizeText(file.size)}: it is no MLmodel file.`} />;
  if (bytes.isError) return <ProblemView error={bytes.error} onRetry={() => void bytes.refetch()} />;
  if (bytes.data === undefined) return <PreviewSkeleton />;
  return <Described file={file} text={decode(bytes.data)} />;
}

function Described({ file, text }: { file: ArtifactFile; text: string }) {
  const read = useMemo(() => {
    try {
      return mlmodelOf(load(text));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }, [text]);
  if (typeof read === 'string') return <Unreadable reason={read} />;
  const folder = folderOf(file.path);
  const beside = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  return (
    <div className="model-card">
      <Signature model={read} />
      <section>
        <h3>Load it</h3>
        <LoadingCode model={read} owner={file.owner} folder={folder} />
        {/* Later clients log a model of its own beside the run: its page registers that. */}
        {file.owner.kind === 'run' && read.modelId === undefined && folder !== '' && (
          <Register run={file.owner.id} folder={folder} />
        )}
      </section>
      <section>
        <h3>Flavours</h3>
        <dl className="flavours">
          {read.flavours.map(([name, facts]) => (
            <div key={name}>
              <dt className="mono">{name}</dt>
              <dd>
                {facts.map(([key, value]) => (
                  <span key={key} title={`${key}: ${value}`}>
                    <span className="dim">{key}</span> <span className="mono">{value}</span>
                  </span>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <p className="dim">
          {[
            read.bytes === undefined ? '' : sizeText(read.bytes),
            read.mlflowVersion === undefined ? '' : `MLflow ${read.mlflowVersion}`,
            read.created === undefined ? '' : `made ${read.created.slice(0, 19)}`,
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      </section>
      <Beside file={file} path={beside('requirements.txt')} title="Requirements" />
      {read.exampleFiles.slice(0, 1).map((name) => (
        <Beside key={name} file={file} path={beside(name)} title="Input example" />
      ))}
    </div>
  );
}

function Signature({ model }: { model: Mlmodel }) {
  if (model.inputs === undefined && model.outputs === undefined)
    return (
      <section>
        <h3>Signature</h3>
        <p className="quiet">
          It was logged without one. <code>mlflow.sklearn.log_model(model, input_example=X[:5])</code> infers
          it.
        </p>
      </section>
    );
  return (
    <div className="signature">
      <Fields title="Inputs" fields={model.inputs ?? []} />
      <Fields title="Outputs" fields={model.outputs ?? []} />
      {model.params !== undefined && model.params.length > 0 && (
        <Fields title="Parameters" fields={model.params} />
      )}
    </div>
  );
}

function Fields({ title, fields }: { title: string; fields: readonly Field[] }) {
  const shapes = fields.some(({ shape }) => shape !== '');
  const defaults = fields.some(({ fallback }) => fallback !== undefined);
  return (
    <section>
      <h3>
        {title} <span className="faint">{countText(fields.length)}</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="table-frame signature-frame" tabIndex={0} role="region" aria-label={title}>
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              {shapes && <th scope="col">Shape</th>}
              {defaults && <th scope="col">Default</th>}
            </tr>
          </thead>
          <tbody>
            {fields.slice(0, fieldsAtOnce).map(({ name, type, shape, fallback, required }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields of a signature do not move
              <tr key={index}>
                <th scope="row" className="mono" title={name}>
                  {name}
                  {required === false && <span className="faint"> optional</span>}
                </th>
                <td className="mono dim" title={type}>
                  {type}
                </td>
                {shapes && <td className="mono dim">{shape}</td>}
                {defaults && <td className="mono dim">{fallback}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {fields.length > fieldsAtOnce && (
        <p className="dim">The first {countText(fieldsAtOnce)}; the text of the file has them all.</p>
      )}
    </section>
  );
}

function Register({ run, folder }: { run: string; folder: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        Register
      </button>
      {open && (
        <RegisterDialog
          what={folder}
          from={{ source: `runs:/${run}/${folder}`, run }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function LoadingCode(props: { model: Mlmodel; owner: ArtifactOwner; folder: string }) {
  const { model, owner, folder } = props;
  const uri =
    owner.uri ??
    (owner.kind === 'model'
      ? `models:/${owner.id}`
      : model.modelId === undefined
        ? `runs:/${owner.id}/${folder}`
        : `models:/${model.modelId}`);
  const code = loadingCode(model, uri, location.origin);
  return <CodeToCopy code={code} small />;
}

/** A file that lies beside the MLmodel; nothing where there is none. */
function Beside({ file, path, title }: { file: ArtifactFile; path: string; title: string }) {
  const opened = useQuery({ ...fileQuery(file.project, file.owner, path), retry: false });
  if (opened.data === undefined || kindOf(path, opened.data.size, opened.data.head).kind === 'empty')
    return null;
  return (
    <section>
      <h3>
        {title} <span className="faint mono">{path}</span>
      </h3>
      <Preview file={opened.data} />
    </section>
  );
}
