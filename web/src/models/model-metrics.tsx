/** How good the model was, a row for each metric, data set and run. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { runQuery } from '../api/queries.ts';
import type { LoggedModel, ModelMetric } from '../api/types.ts';
import { countText, exactText, realOf, realText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { runUrl } from '../urls.ts';

const rowLimit = 300;

export function ModelMetrics({ model }: { model: LoggedModel }) {
  const metrics = [...model.metrics].sort(
    (a, b) => nameOf(a).localeCompare(nameOf(b)) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );
  const runs = new Set(metrics.map(({ run }) => run));
  return (
    <div className="result">
      <div className="panel-head">
        <h2 id="metrics-title">
          Metrics {metrics.length > 0 && <span className="faint">{countText(metrics.length)}</span>}
        </h2>
      </div>
      {metrics.length === 0 ? (
        <p className="quiet">
          None are tied to this model. <code>mlflow.log_metric("f1", 0.91, model_id=…, dataset=…)</code> ties
          one, and mlflow.models.evaluate does it by itself.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="result-scroll" tabIndex={0} role="region" aria-labelledby="metrics-title">
          <table className="facts-table model-metrics">
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">Data set</th>
                {runs.size > 1 && <th scope="col">Run</th>}
                <th scope="col" className="num">
                  Last
                </th>
                <th scope="col" className="num">
                  Min
                </th>
                <th scope="col" className="num">
                  Max
                </th>
                <th scope="col" className="num">
                  Points
                </th>
              </tr>
            </thead>
            <tbody>
              {metrics.slice(0, rowLimit).map((metric) => (
                <tr key={`${metric.key} ${metric.run} ${metric.dataset?.name} ${metric.dataset?.digest}`}>
                  <th scope="row" title={metric.key}>
                    {metric.key}
                  </th>
                  <td className="dim" title={metric.dataset?.digest}>
                    {metric.dataset?.name ?? '–'}
                  </td>
                  {runs.size > 1 && (
                    <td>
                      <RunName id={metric.run} />
                    </td>
                  )}
                  <Value value={metric.last} />
                  <Value value={metric.min} />
                  <Value value={metric.max} />
                  <td className="num dim">{countText(metric.points)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {metrics.length > rowLimit && <p className="quiet">The first {countText(rowLimit)} are shown.</p>}
    </div>
  );
}

function nameOf({ dataset }: ModelMetric): string {
  return dataset?.name ?? '';
}

function Value({ value }: { value: ModelMetric['min'] }) {
  if (value === null) return <td className="num odd">NaN</td>;
  const real = realOf(value);
  if (!Number.isFinite(real)) return <td className="num odd">{String(value)}</td>;
  return (
    <td className="num" title={exactText(value)}>
      {realText(real, false)}
    </td>
  );
}

function RunName({ id }: { id: string }) {
  const { project, site } = useProject();
  const run = useQuery({ ...runQuery(project, id), refetchInterval: false });
  return (
    <Link {...runUrl(id, site)} className="text-link">
      {run.data?.name ?? id.slice(0, 8)}
    </Link>
  );
}
