/** Beside a filter that is not understood: what one looks like. */
import { FilterText } from '../filter/filter-text.tsx';

const examples = [
  ['metrics.val_loss < 0.1', 'the last value of a metric'],
  ['metrics.val_loss.min < 0.1', 'its lowest; also max, first, mean, count'],
  ["params.optimizer = 'adamw' or params.lr < 1e-3", 'texts in quotes, numbers without'],
  ["not (attributes.status in ('FAILED', 'KILLED'))", 'parentheses, NOT, lists'],
  ["attributes.run_name like 'swift%' and tags.team is not null", 'patterns, and what was logged at all'],
  ['metrics.`val/top-5 accuracy`.max >= 0.9', 'names with other signs in backticks'],
] as const;

export function FilterHelp({ onClear }: { onClear: () => void }) {
  return (
    <div className="notice filter-help">
      <h2>This filter is not understood</h2>
      <p>The message below it says where. Filters look like this:</p>
      <dl>
        {examples.map(([filter, meaning]) => (
          <div key={filter}>
            <dt>
              <FilterText text={filter} />
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <div className="notice-actions">
        <button type="button" className="button primary" onClick={onClear}>
          Clear the filter
        </button>
      </div>
    </div>
  );
}
