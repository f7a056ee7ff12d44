/** A list of things to begin at, under its title. */
import type { ReactNode } from 'react';

export function StartList(props: {
  title: string;
  /** Items, each an `li`. */
  children: ReactNode;
  foot?: ReactNode;
}) {
  const { title } = props;
  return (
    <section className="lineage-declared" aria-label={title}>
      <h3>{title}</h3>
      <ul>{props.children}</ul>
      {props.foot}
    </section>
  );
}
