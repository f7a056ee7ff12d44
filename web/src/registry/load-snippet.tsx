import { CodeToCopy } from '../ui/copy-button.tsx';

/** Lines of Python that load what a `models:/` URI leads to, from this server. */
export function LoadSnippet({ uri }: { uri: string }) {
  const code = [
    'import mlflow',
    `mlflow.set_tracking_uri("${location.origin}")`,
    `model = mlflow.pyfunc.load_model("${uri}")`,
  ].join('\n');
  return (
    <section className="side-section" aria-labelledby="load-title">
      <div className="panel-head">
        <h2 id="load-title">Load it</h2>
      </div>
      <CodeToCopy code={code} small />
    </section>
  );
}
