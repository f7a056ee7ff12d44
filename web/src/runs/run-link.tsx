import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Run } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import { runUrl, type SiteSearch } from '../urls.ts';
import { swatchOf } from './swatch.ts';

/** A run by its name and colour, which opens its page; `site` where that is of another project. */
export function RunLink(props: { run: Pick<Run, 'id' | 'name'>; site?: SiteSearch; children?: ReactNode }) {
  const { id, name } = props.run;
  const { site } = useProject();
  return (
    <Link {...runUrl(id, props.site ?? site)} className="run-link" title={`${name}\n${id}`}>
      <span className="swatch" style={{ background: swatchOf(id) }} aria-hidden="true" />
      <span className="run-name">{name}</span>
      {props.children}
    </Link>
  );
}
