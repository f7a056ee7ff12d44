import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Run } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import { runUrl } from '../urls.ts';
import { swatchOf } from './swatch.ts';

/** A run by its name and colour, which opens its page. */
export function RunLink(props: { run: Pick<Run, 'id' | 'name'>; children?: ReactNode }) {
  const { id, name } = props.run;
  const { site } = useProject();
  return (
    <Link {...runUrl(id, site)} className="run-link" title={`${name}\n${id}`}>
      <span className="swatch" style={{ background: swatchOf(id) }} aria-hidden="true" />
      <span className="run-name">{name}</span>
      {props.children}
    </Link>
  );
}
