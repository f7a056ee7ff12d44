import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client.ts';

/** A failure as a person needs it: what happened, why, what next. */
export function ProblemView(props: {
  error: unknown;
  what?: string;
  onRetry?: () => void;
  /** The page is nothing but this. */
  alone?: boolean;
  children?: ReactNode;
}) {
  const { what, next } = explain(props.error);
  const title = props.what ?? what;
  const message = props.error instanceof Error ? props.error.message : String(props.error);
  const requestId =
    props.error instanceof ApiProblem && props.error.status >= 500 ? props.error.requestId : undefined;
  return (
    <div className="notice" role="alert">
      {props.alone === true ? <h1>{title}</h1> : <h2>{title}</h2>}
      <p>{message}</p>
      <p className="dim">{next}</p>
      {requestId !== undefined && (
        <p className="dim">
          Request <code>{requestId}</code>
        </p>
      )}
      <div className="notice-actions">
        {props.onRetry !== undefined && (
          <button type="button" className="button primary" onClick={props.onRetry}>
            Try again
          </button>
        )}
        {props.children}
      </div>
    </div>
  );
}

function explain(error: unknown): { what: string; next: string } {
  if (!(error instanceof ApiProblem)) {
    return { what: 'This page failed', next: 'Reload it. If it fails again, please report what you did.' };
  }
  if (error.status === 0) {
    return {
      what: 'The server does not answer',
      next: 'Check that it runs (npx cairn serve). This page goes on by itself once it does.',
    };
  }
  if (error.status === 401) return { what: 'A token is needed', next: 'Enter the token of this server.' };
  if (error.status === 404) {
    return {
      what: 'This does not exist here',
      next: 'The link may belong to another server or project, or the thing was removed for good.',
    };
  }
  if (error.status >= 500) {
    return {
      what: 'The server failed',
      next: 'Nothing was changed. Its log says more; the request id finds it.',
    };
  }
  return { what: 'The server refused this', next: 'Change what it names and try again.' };
}
