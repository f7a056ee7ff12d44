import type { ReactNode } from 'react';

/** One of the facts in the head of a page. */
export function Fact(props: {
  name: string;
  /** The value says it all: the name is heard, not seen. */
  unseen?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div>
      <dt className={props.unseen ? 'visually-hidden' : undefined}>{props.name}</dt>
      <dd className={props.className}>{props.children}</dd>
    </div>
  );
}
