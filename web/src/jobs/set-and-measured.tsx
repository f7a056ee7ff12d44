/** What a run was set to and what it measured, where its facets say so. */
import type { Measured, WholeJobRun } from '../api/jobs.ts';
import { countText, exactText } from '../format/numbers.ts';
import { FactPairs } from './fact-pairs.tsx';

export function SetAndMeasured({ run: { parameters, metrics } }: { run: WholeJobRun }) {
  return (
    <>
      {parameters.length > 0 && (
        <section className="side-section" aria-labelledby="parameters-title">
          <div className="panel-head">
            <h2 id="parameters-title">
              Parameters <span className="faint">{countText(parameters.length)}</span>
            </h2>
          </div>
          <FactPairs facts={parameters.map(({ key, value }) => ({ name: key, text: valueText(value) }))} />
        </section>
      )}
      {metrics.length > 0 && (
        <section className="side-section" aria-labelledby="metrics-title">
          <div className="panel-head">
            <h2 id="metrics-title">
              Metrics <span className="faint">{countText(metrics.length)}</span>
            </h2>
          </div>
          <FactPairs
            facts={metrics.map((metric) => ({ name: nameOf(metric), text: exactText(metric.value) }))}
          />
        </section>
      )}
    </>
  );
}

/** Two that differ in the model, or the step, are two. */
export function nameOf({ key, step, model }: Measured): string {
  const of = model === null ? '' : ` of ${model.replace(/^models:\//, '')}`;
  return `${key}${of}${step === null ? '' : ` at step ${countText(step)}`}`;
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
