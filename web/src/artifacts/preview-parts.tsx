/** What previews of every kind have in common. */
import type { ReactNode } from 'react';
import type { ArtifactFile } from './file.ts';
import type { FileKind } from './kind.ts';

export interface PreviewProps {
  readonly file: ArtifactFile;
  readonly kind: FileKind;
}

export function PreviewSkeleton() {
  return (
    <div className="preview preview-bones" role="status" aria-label="Loading">
      {[62, 88, 74, 91, 40].map((width) => (
        <span key={width} className="bone" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

/** The plain sentence for a file that is broken, or is not what it says. */
export function Unreadable({ reason, children }: { reason: string; children?: ReactNode }) {
  return (
    <div className="preview-plain" role="alert">
      <p>This file cannot be shown as what it is called.</p>
      <p className="dim">{reason}</p>
      {children}
    </div>
  );
}
