/** The empty state: the three lines that fill it, with this server's address in them. */
import { useQuery } from '@tanstack/react-query';
import { serverQuery } from '../api/queries.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';

export function FirstRun({ experiment }: { experiment: string | undefined }) {
  const { data: server } = useQuery(serverQuery);
  const code = exampleCode(experiment ?? 'my-first-experiment');
  return (
    <div className="notice first-run">
      <h2>{experiment === undefined ? 'No experiments yet' : 'No runs yet'}</h2>
      <p>
        Any MLflow client writes here; only its address changes. Run these three lines (after{' '}
        <code>pip install mlflow</code>) and the run appears in this table while it happens.
      </p>
      <CodeToCopy code={code} />
      {server?.authentication === true && (
        <p className="dim">
          This server asks for a token: set <code>MLFLOW_TRACKING_TOKEN</code> for the script first.
        </p>
      )}
      <p className="waiting">
        <span className="state-dot running" aria-hidden="true" /> Waiting for the first run
      </p>
    </div>
  );
}

function exampleCode(experiment: string): string {
  const name = JSON.stringify(experiment);
  return [
    `import mlflow; mlflow.set_tracking_uri("${location.origin}"); mlflow.set_experiment(${name})`,
    'mlflow.start_run(); mlflow.log_params({"lr": 3e-4, "optimizer": "adamw"})',
    'for step in range(100): mlflow.log_metric("loss", 1 / (step + 1), step)',
  ].join('\n');
}
