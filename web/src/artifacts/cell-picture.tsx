/** A picture of a table or a document: a file beside it, drawn from fetched bytes. */
import { useQuery } from '@tanstack/react-query';
import { type ArtifactFile, fileQuery, wholeQuery } from './file.ts';
import { kindOf } from './kind.ts';
import { useObjectUrl } from './object-url.ts';

/** Bytes; a larger one is named, not drawn. */
const limit = 10_000_000;

export function CellPicture({ file, path, alt }: { file: ArtifactFile; path: string; alt?: string }) {
  const opened = useQuery(fileQuery(file.project, file.owner, path));
  return opened.data === undefined ? (
    <span className="faint">{opened.isError ? `${path} is not there` : '…'}</span>
  ) : (
    <FilePicture file={opened.data} alt={alt ?? path} />
  );
}

/** The picture that a file holds; its name where it holds none. */
export function FilePicture(props: { file: ArtifactFile; alt: string; className?: string }) {
  const { file, alt } = props;
  const { kind, mime } = kindOf(file.path, file.size, file.head);
  const drawable = kind === 'image' && file.size <= limit;
  const bytes = useQuery({ ...wholeQuery(file), enabled: drawable });
  const url = useObjectUrl(drawable ? bytes.data : undefined, mime ?? '');
  if (!drawable) return <span className="faint">{file.name} is no picture that can be shown here</span>;
  return url === undefined ? null : <img className={props.className ?? 'cell-picture'} src={url} alt={alt} />;
}
