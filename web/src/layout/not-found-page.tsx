import { Link } from '@tanstack/react-router';
import { homeUrl } from '../urls.ts';

export function NotFoundPage() {
  return (
    <div className="notice">
      <h1>There is no page here</h1>
      <p>The address may be mistyped, or from a newer Cairn.</p>
      <div className="notice-actions">
        <Link {...homeUrl({})} className="button primary">
          Open the most recent experiment
        </Link>
      </div>
    </div>
  );
}
