/** Models that a run read or made, each a link to its page. */
import { Link } from '@tanstack/react-router';
import type { LinkedModel } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { modelUrl } from '../urls.ts';

export function ModelList({ what, models }: { what: string; models: readonly LinkedModel[] }) {
  const { site } = useProject();
  return models.map(({ id, name, status, deleted, step }) => (
    <div key={id}>
      <dt>{what}</dt>
      <dd>
        {deleted ? (
          <span className="pair-value dim" title={id}>
            {name} (deleted)
          </span>
        ) : (
          <Link
            {...modelUrl(id, site)}
            className="pair-value linked"
            title={`${name}\n${id}\n${status}${step == null ? '' : `, at step ${countText(step)}`}`}
          >
            {name}
            {step != null && step !== 0 && <span className="faint"> @ {countText(step)}</span>}
          </Link>
        )}
      </dd>
    </div>
  ));
}
