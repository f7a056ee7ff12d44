/** From the page of anything to its place in the graph. */
import { Link } from '@tanstack/react-router';
import { useProject } from '../layout/use-project.ts';
import { Icon } from '../ui/icons.tsx';
import { lineageUrl } from '../urls.ts';

/** `ask`: the question that people of that page have. */
export function LineageLink({ of, ask }: { of: string; ask?: 'ancestry' }) {
  const { site } = useProject();
  return (
    <Link
      {...lineageUrl(of, site, ask === undefined ? {} : { ask })}
      className="button"
      aria-label="Lineage of this"
      title="What it comes from, and what follows from it"
    >
      <Icon name="lineage" size={14} />
      <span className="wide-text">Lineage</span>
    </Link>
  );
}

/** The question, asked by one click. */
export function DeployedLink({ of }: { of: string }) {
  const { site } = useProject();
  return (
    <Link {...lineageUrl(of, site, { deployed: 'yes' })} className="button wide-only">
      <Icon name="deploy" size={14} />
      Which deployed models derive from it?
    </Link>
  );
}
