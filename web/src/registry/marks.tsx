/** Small signs that pages of the registry have in common. */
import { Link } from '@tanstack/react-router';
import type { ModelVersion, Stage } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { copyAndTell } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { versionUrl } from '../urls.ts';

/** Nothing for a version that is in no stage. */
export function StageMark({ stage }: { stage: Stage }) {
  return stage === 'None' ? null : <span className={`stage-mark ${stage.toLowerCase()}`}>{stage}</span>;
}

export function AliasMarks({ aliases }: { aliases: readonly string[] }) {
  return aliases.map((alias) => (
    <span key={alias} className="alias-chip">
      {alias}
    </span>
  ));
}

/** A `models:/` URI, copied by a click. */
export function UriButton({ uri }: { uri: string }) {
  return (
    <button
      type="button"
      className="uri-button"
      aria-label={`Copy ${uri}`}
      title="Click to copy"
      onClick={() => void copyAndTell(uri)}
    >
      <span className="mono">{uri}</span>
      <Icon name="copy" size={13} />
    </button>
  );
}

/** Versions that were made of something, each a link. */
export function VersionLinks({ versions }: { versions: readonly ModelVersion[] }) {
  const { site } = useProject();
  return (
    <ul className="version-links">
      {versions.map(({ uid, model, version, aliases, stage }) => (
        <li key={uid}>
          <Link
            {...versionUrl(model, version, site)}
            className="pair-value linked"
            title={`models:/${model}/${version}`}
          >
            {model} <b>v{version}</b>
          </Link>
          <AliasMarks aliases={aliases} />
          <StageMark stage={stage} />
        </li>
      ))}
    </ul>
  );
}
