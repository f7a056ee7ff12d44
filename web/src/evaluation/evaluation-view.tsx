/** The evaluation of a run: what its client logged to show how good the model is, recognised and drawn. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ArtifactOwner, Run } from '../api/types.ts';
import { FilePicture } from '../artifacts/cell-picture.tsx';
import { fileQuery } from '../artifacts/file.ts';
import { PreviewSkeleton } from '../artifacts/preview-parts.tsx';
import { countText } from '../format/numbers.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { DataCard } from './data-card.tsx';
import { EvaluationCard } from './evaluation-card.tsx';
import { GalleryCard } from './gallery-card.tsx';
import { type EvaluationItem, pictureLimit, useEvaluation } from './use-evaluation.ts';
import { useRunFiles } from './use-run-files.ts';

const example = `mlflow.log_dict({"labels": names, "matrix": confusion_matrix(y, predicted).tolist()},
                "confusion_matrix.json")
fpr, tpr, threshold = roc_curve(y, score)
mlflow.log_table({"fpr": fpr, "tpr": tpr, "threshold": threshold}, "roc.json")
mlflow.log_figure(figure, "residuals.png")`;

export function EvaluationView(props: {
  project: string;
  owner: ArtifactOwner;
  run: Run;
  onOpen: (path: string) => void;
}) {
  const { project, owner, run, onOpen } = props;
  const files = useRunFiles(project, owner, true);
  const evaluation = useEvaluation(project, owner, run, files.data?.files ?? []);
  const [pictures, setPictures] = useState(pictureLimit);
  const { items, galleries } = evaluation;
  if (files.data === undefined) return <PreviewSkeleton />;
  if (items.length === 0 && galleries.length === 0)
    return evaluation.waiting > 0 ? <PreviewSkeleton /> : <Nothing />;
  const shown = items.slice(0, pictures);
  const card = (item: EvaluationItem) => (
    <EvaluationCard
      key={item.path}
      title={item.title}
      of={item.of}
      path={item.path}
      wide={isWide(item.form)}
      onOpen={onOpen}
    >
      {item.form === 'picture' ? (
        <Picture project={project} owner={owner} path={item.path} />
      ) : (
        <DataCard project={project} owner={owner} item={item} />
      )}
    </EvaluationCard>
  );
  return (
    <>
      <div className="evaluation">
        {shown.filter(({ form }) => !isWide(form)).map(card)}
        {galleries.map((gallery) => (
          <GalleryCard
            key={gallery.title}
            project={project}
            owner={owner}
            gallery={gallery}
            onOpen={onOpen}
          />
        ))}
        {shown.filter(({ form }) => isWide(form)).map(card)}
      </div>
      {items.length > shown.length && (
        <p className="more">
          {countText(items.length - shown.length)} more are not shown.{' '}
          <button type="button" className="link-button" onClick={() => setPictures(pictures + pictureLimit)}>
            Show more
          </button>
        </p>
      )}
      {(!files.data.complete || evaluation.unread > 0) && (
        <p className="more">
          This run has very many files: not all were looked through. The artifacts have them all.
        </p>
      )}
    </>
  );
}

/** Tables and pages take the whole width, below what is drawn. */
function isWide(form: EvaluationItem['form']): boolean {
  return form === 'rows' || form === 'page';
}

function Picture({ project, owner, path }: { project: string; owner: ArtifactOwner; path: string }) {
  const file = useQuery(fileQuery(project, owner, path));
  return (
    <div className="evaluation-picture">
      {file.data !== undefined && <FilePicture file={file.data} alt={path} className="evaluation-figure" />}
      {file.isError && <p className="quiet">It did not load: {file.error.message}</p>}
    </div>
  );
}

function Nothing() {
  return (
    <div className="notice evaluation-empty">
      <h2>Nothing of an evaluation is logged here</h2>
      <p>
        Cairn shows what <code>mlflow.models.evaluate</code> and autologging write by themselves. Data that
        you log is drawn: a confusion matrix, ROC and precision-recall curves, calibration, tables, pictures
        by step.
      </p>
      <CodeToCopy code={example} />
    </div>
  );
}
