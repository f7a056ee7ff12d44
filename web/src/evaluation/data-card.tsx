/** Data of an evaluation, drawn; rows of one, laid out. What turns out to be something else is shown as it is. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ArtifactOwner } from '../api/types.ts';
import type { ArtifactFile } from '../artifacts/file.ts';
import { fileQuery, wholeQuery } from '../artifacts/file.ts';
import { HeldTable } from '../artifacts/json-preview.tsx';
import { Preview } from '../artifacts/preview.tsx';
import { PreviewSkeleton } from '../artifacts/preview-parts.tsx';
import { decode, encodingOf } from '../artifacts/text.ts';
import { sizeText } from '../format/sizes.ts';
import { ConfusionMatrix } from './confusion-matrix.tsx';
import { CurveChart } from './curve-chart.tsx';
import { type CurveKind, confusionOf, curvesOf, dataOf, reportTable } from './evaluation-data.ts';
import type { EvaluationItem } from './use-evaluation.ts';

/** Bytes that are parsed at once. */
const limit = 8_000_000;

export function DataCard(props: { project: string; owner: ArtifactOwner; item: EvaluationItem }) {
  const { project, owner, item } = props;
  const file = useQuery(fileQuery(project, owner, item.path));
  if (file.isError) return <p className="quiet">It did not load: {file.error.message}</p>;
  if (file.data === undefined) return <PreviewSkeleton />;
  if (item.form === 'page') return <Preview file={file.data} />;
  if (file.data.size > limit)
    return (
      <p className="quiet">It has {sizeText(file.data.size)}, too much to be drawn. Open the file instead.</p>
    );
  return <Drawn file={file.data} item={item} />;
}

function Drawn({ file, item }: { file: ArtifactFile; item: EvaluationItem }) {
  const drawable = item.form === 'data' || (item.kind === 'per-class' && file.path.endsWith('.json'));
  const bytes = useQuery({ ...wholeQuery(file), enabled: drawable });
  const label = [item.title, item.of].filter((part) => part !== '').join(', ');
  const drawn = useMemo(() => {
    if (bytes.data === undefined) return undefined;
    try {
      const data = dataOf(decode(bytes.data, encodingOf(bytes.data) ?? 'utf-8'), file.path);
      if (item.kind === 'confusion') {
        const confusion = confusionOf(data);
        return confusion && <ConfusionMatrix confusion={confusion} label={label} />;
      }
      if (item.kind === 'per-class') {
        const table = reportTable(data.json);
        return table && <HeldTable table={table} file={file} />;
      }
      const kind = item.kind as CurveKind;
      const curves = curvesOf(kind, data);
      return curves && <CurveChart kind={kind} curves={curves} label={label} />;
    } catch {
      return undefined;
    }
  }, [bytes.data, file, item.kind, label]);
  if (drawable && bytes.isPending) return <PreviewSkeleton />;
  return drawn ?? <Preview file={file} />;
}
