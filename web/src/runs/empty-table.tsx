/** What stands in the table's place when there is nothing to show: because of the filter, the view, or a failure. */
import { ApiProblem } from '../api/client.ts';
import { countText } from '../format/numbers.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { FilterHelp } from './filter-help.tsx';
import { FirstRun } from './first-run.tsx';
import type { TableState } from './use-table-state.ts';

export function EmptyTable(props: { state: TableState; total: number; name: string | undefined }) {
  const { state, total, name } = props;
  const deleted = state.view === 'deleted';
  if (state.filter !== '') {
    return (
      <div className="notice">
        <h2>No run matches</h2>
        <p>
          None of the {countText(total)} {deleted ? 'deleted runs' : 'runs'} passes the filter. A comparison
          is false where the value was not logged; <code>is null</code> finds those.
        </p>
        <div className="notice-actions">
          <button type="button" className="button primary" onClick={() => state.setFilter('')}>
            Clear the filter
          </button>
        </div>
      </div>
    );
  }
  if (deleted) {
    return (
      <div className="notice">
        <h2>No deleted runs</h2>
        <p>Runs that are deleted wait here, and can be restored.</p>
      </div>
    );
  }
  return <FirstRun experiment={name ?? ''} />;
}

export function BrokenTable(props: { state: TableState; error: unknown; onRetry: () => void }) {
  const { state, error } = props;
  const field = error instanceof ApiProblem ? error.field : undefined;
  if (field === 'filter') return <FilterHelp onClear={() => state.setFilter('')} />;
  const ofOrder = field?.startsWith('order') === true;
  return (
    <ProblemView
      error={error}
      onRetry={props.onRetry}
      {...(ofOrder ? { what: 'This order is not understood' } : {})}
    >
      {state.sort !== undefined && (
        <button type="button" className="button" onClick={() => state.setSort(undefined)}>
          Newest first
        </button>
      )}
    </ProblemView>
  );
}
