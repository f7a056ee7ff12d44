/** The frame of one thing of an evaluation: what it shows, of which data, and the way to its file. */
import type { ReactNode } from 'react';

export function EvaluationCard(props: {
  title: string;
  /** On what: `training`. */
  of: string;
  path: string;
  wide?: boolean;
  onOpen: (path: string) => void;
  children: ReactNode;
}) {
  const { title, of, path } = props;
  return (
    <section
      className={props.wide === true ? 'evaluation-card wide' : 'evaluation-card'}
      aria-label={[title, of, path].filter((part) => part !== '').join(', ')}
    >
      <header>
        <h2>
          {title}
          {of !== '' && <span className="evaluation-of">{of}</span>}
        </h2>
        <button
          type="button"
          className="evaluation-path"
          title={`Open ${path}`}
          onClick={() => props.onOpen(path)}
        >
          {path}
        </button>
      </header>
      {props.children}
    </section>
  );
}
