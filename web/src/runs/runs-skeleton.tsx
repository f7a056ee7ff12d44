/** The run table before anything is known, in its shape. */
export function RunsSkeleton() {
  return (
    <div className="page-skeleton" role="status" aria-label="Loading">
      <div className="head">
        <span className="bone" style={{ width: 180 }} />
      </div>
      {Array.from({ length: 24 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} className="skeleton-row">
          <span className="bone" style={{ width: `${9 + ((index * 37) % 7)}%` }} />
          <span className="bone" style={{ width: '6%' }} />
          <span className="bone" style={{ width: '5%' }} />
          <span className="bone" style={{ width: '5%' }} />
          <span className="bone" style={{ width: '5%' }} />
        </div>
      ))}
    </div>
  );
}
