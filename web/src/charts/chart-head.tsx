/** The first line of a chart: its metric, what is told of the place under the pointer, and the way to a large one. */
import type { Ref } from 'react';
import { Icon } from '../ui/icons.tsx';

export function ChartHead(props: {
  title: string;
  readout?: Ref<HTMLSpanElement>;
  /** Fills the screen; absent where it does already. */
  onExpand?: (() => void) | undefined;
}) {
  const { title, readout, onExpand } = props;
  return (
    <figcaption className="chart-head">
      <span className="chart-title" title={title}>
        {title}
      </span>
      {readout !== undefined && <span ref={readout} className="chart-readout" />}
      {onExpand !== undefined && (
        <button
          type="button"
          className="icon-button small chart-expand"
          aria-label={`Enlarge ${title}`}
          title="Fill the screen"
          onClick={onExpand}
        >
          <Icon name="expand" size={12} />
        </button>
      )}
    </figcaption>
  );
}
